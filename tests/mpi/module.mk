# The program under mpirun.
dist_check_SCRIPTS += tests/mpi/binding.sh tests/mpi/faults.sh tests/mpi/ranks.sh tests/mpi/steering.sh
EXTRA_DIST += tests/mpi/mpi.sh tests/mpi/tsan.supp
