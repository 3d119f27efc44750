# Tests of this part.
check_PROGRAMS += test_rounds
test_rounds_SOURCES = tests/bench/test_rounds.c
test_rounds_LDADD = libbench.a $(TEST_LIBS)

# The scripts in bench/.
dist_check_SCRIPTS += tests/bench/compare.sh tests/bench/scripts.sh
