# The program under mpirun.
dist_check_SCRIPTS += tests/mpi/ranks.sh
