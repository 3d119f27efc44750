# Tests of this part.
train_test_libs = libtraintest.a libtrain.a libnn.a libdata.a libcomm.a libbase.a $(OPENBLAS_LIBS) \
	$(ZLIB_LIBS) $(NETTLE_LIBS) $(TEST_LIBS)

check_LIBRARIES += libtraintest.a
libtraintest_a_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
libtraintest_a_SOURCES = \
	tests/train/excerpt.c \
	tests/train/excerpt.h \
	tests/train/watch.c \
	tests/train/watch.h

check_PROGRAMS += \
	test_allocations \
	test_anatomy \
	test_archive \
	test_divergence \
	test_evaluate \
	test_evaluation \
	test_goals \
	test_history \
	test_latency \
	test_observer \
	test_queue \
	test_resume \
	test_same_bits \
	test_statistics \
	test_team \
	test_trainer
test_allocations_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/base
test_allocations_SOURCES = tests/base/allocations.c tests/base/allocations.h \
	tests/train/test_allocations.c
test_allocations_LDADD = $(train_test_libs)
test_anatomy_SOURCES = tests/train/test_anatomy.c
test_anatomy_LDADD = $(train_test_libs)
test_archive_SOURCES = tests/train/test_archive.c
test_archive_LDADD = $(train_test_libs)
test_divergence_SOURCES = tests/train/test_divergence.c
test_divergence_LDADD = $(train_test_libs)
test_evaluate_SOURCES = tests/train/test_evaluate.c
test_evaluate_LDADD = $(train_test_libs)
test_evaluation_SOURCES = tests/train/test_evaluation.c
test_evaluation_LDADD = $(train_test_libs)
test_goals_SOURCES = tests/train/test_goals.c
test_goals_LDADD = $(train_test_libs)
test_history_SOURCES = tests/train/test_history.c
test_history_LDADD = $(train_test_libs)
test_latency_SOURCES = tests/train/test_latency.c
test_latency_LDADD = $(train_test_libs)
test_observer_SOURCES = tests/train/test_observer.c
test_observer_LDADD = $(train_test_libs)
test_queue_SOURCES = tests/train/test_queue.c
test_queue_LDADD = $(train_test_libs)
test_resume_SOURCES = tests/train/test_resume.c
test_resume_LDADD = $(train_test_libs)
test_same_bits_SOURCES = tests/train/test_same_bits.c
test_same_bits_LDADD = $(train_test_libs)
test_statistics_SOURCES = tests/train/test_statistics.c
test_statistics_LDADD = $(train_test_libs)
test_team_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_team_SOURCES = tests/comm/crew.c tests/comm/crew.h tests/train/test_team.c
test_team_LDADD = $(train_test_libs)
test_trainer_CPPFLAGS = $(AM_CPPFLAGS) $(ZLIB_CFLAGS) $(CMOCKA_CFLAGS)
test_trainer_SOURCES = tests/data/files.c tests/data/files.h tests/train/test_trainer.c
test_trainer_LDADD = $(train_test_libs)
