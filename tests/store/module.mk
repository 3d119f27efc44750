# Tests of this part.
store_test_libs = libstore.a libbase.a $(JANSSON_LIBS) $(NETTLE_LIBS) $(ZLIB_LIBS) $(TEST_LIBS)
store_test_files = tests/data/files.c tests/data/files.h tests/store/faults.c tests/store/faults.h
store_test_cppflags = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(ZLIB_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests/data

# Sends these calls to faults.c.
store_faults = -Wl,--wrap=open,--wrap=openat,--wrap=write,--wrap=read,--wrap=fsync,--wrap=close \
	-Wl,--wrap=renameat,--wrap=fstat,--wrap=fcntl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
	-Wl,--wrap=strdup,--wrap=strndup

check_PROGRAMS += test_atomic_file
test_atomic_file_CPPFLAGS = $(store_test_cppflags)
test_atomic_file_LDFLAGS = $(AM_LDFLAGS) $(store_faults)
test_atomic_file_SOURCES = $(store_test_files) tests/store/test_atomic_file.c
test_atomic_file_LDADD = $(store_test_libs)

check_PROGRAMS += test_safetensors test_safetensors_damage
test_safetensors_CPPFLAGS = $(store_test_cppflags)
test_safetensors_LDFLAGS = $(AM_LDFLAGS) $(store_faults)
test_safetensors_SOURCES = $(store_test_files) \
	tests/store/example.c \
	tests/store/example.h \
	tests/store/test_safetensors.c
test_safetensors_LDADD = $(store_test_libs)
test_safetensors_damage_CPPFLAGS = $(store_test_cppflags)
test_safetensors_damage_LDFLAGS = $(AM_LDFLAGS) $(store_faults)
test_safetensors_damage_SOURCES = $(store_test_files) \
	tests/store/example.c \
	tests/store/example.h \
	tests/store/test_safetensors_damage.c
test_safetensors_damage_LDADD = $(store_test_libs)

# Python's package reads what this writes, and the other way round.
EXTRA_PROGRAMS += store_peer
store_peer_SOURCES = tests/store/example.c tests/store/example.h tests/store/store_peer.c
store_peer_LDADD = $(store_test_libs)
check_DATA = store_peer$(EXEEXT) checkpoint_peer$(EXEEXT)
dist_check_SCRIPTS += tests/store/safetensors_peer.sh
EXTRA_DIST += tests/store/safetensors_peer.py

check_PROGRAMS += test_checkpoint_file
checkpoint_test_libs = libstore.a libtrain.a libnn.a libdata.a libcomm.a libbase.a $(JANSSON_LIBS) \
	$(OPENBLAS_LIBS) $(NETTLE_LIBS) $(ZLIB_LIBS) $(TEST_LIBS)
test_checkpoint_file_CPPFLAGS = $(store_test_cppflags)
test_checkpoint_file_LDFLAGS = $(AM_LDFLAGS) $(store_faults)
test_checkpoint_file_SOURCES = $(store_test_files) tests/store/test_checkpoint_file.c
test_checkpoint_file_LDADD = $(checkpoint_test_libs)

# PyTorch takes our weights, and we take its.
EXTRA_PROGRAMS += checkpoint_peer
checkpoint_peer_SOURCES = tests/store/checkpoint_peer.c
checkpoint_peer_LDADD = $(checkpoint_test_libs)
dist_check_SCRIPTS += tests/store/checkpoint_peer.sh
EXTRA_DIST += tests/store/checkpoint_peer.py

# The run store.
run_store_test_libs = libruntest.a libstore.a libtrain.a libnn.a libdata.a libcomm.a libbase.a \
	$(SQLITE_LIBS) $(JANSSON_LIBS) $(OPENBLAS_LIBS) $(NETTLE_LIBS) $(PNG_LIBS) $(ZLIB_LIBS) \
	$(TEST_LIBS)
check_LIBRARIES += libruntest.a
libruntest_a_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
libruntest_a_SOURCES = tests/store/staged_run.c tests/store/staged_run.h

check_PROGRAMS += test_best test_disk_faults test_waiting_saves
test_best_CPPFLAGS = $(recording_cppflags)
test_best_SOURCES = $(recording_files) tests/store/test_best.c
test_best_LDADD = libtraintest.a $(run_store_test_libs)
test_disk_faults_CPPFLAGS = $(recording_cppflags)
test_disk_faults_SOURCES = $(recording_files) tests/store/disk.c tests/store/disk.h \
	tests/store/test_disk_faults.c
test_disk_faults_LDADD = libtraintest.a $(run_store_test_libs)
test_waiting_saves_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
test_waiting_saves_SOURCES = tests/store/test_waiting_saves.c
test_waiting_saves_LDADD = $(run_store_test_libs)
check_PROGRAMS += test_full_disk test_killed test_run_recorder test_store test_store_faults \
	test_store_files test_watcher
recording_files = tests/store/recording.c tests/store/recording.h
recording_cppflags = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(CMOCKA_CFLAGS) -I$(top_srcdir)/tests/train
test_full_disk_CPPFLAGS = $(recording_cppflags)
test_full_disk_SOURCES = $(recording_files) tests/store/test_full_disk.c
test_full_disk_LDADD = libtraintest.a $(run_store_test_libs)
test_killed_CPPFLAGS = $(recording_cppflags)
test_killed_SOURCES = $(recording_files) tests/store/test_killed.c
test_killed_LDADD = libtraintest.a $(run_store_test_libs)
test_run_recorder_CPPFLAGS = $(recording_cppflags)
test_run_recorder_SOURCES = $(recording_files) tests/store/test_run_recorder.c
test_run_recorder_LDADD = libtraintest.a $(run_store_test_libs)
test_store_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(CMOCKA_CFLAGS)
test_store_SOURCES = tests/store/test_store.c
test_store_LDADD = $(run_store_test_libs)
test_store_files_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(CMOCKA_CFLAGS)
test_store_files_SOURCES = tests/store/test_store_files.c
test_store_files_LDADD = $(run_store_test_libs)
test_watcher_CPPFLAGS = $(recording_cppflags)
test_watcher_SOURCES = tests/store/test_watcher.c
test_watcher_LDADD = libtraintest.a $(run_store_test_libs)
test_store_faults_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(CMOCKA_CFLAGS)
test_store_faults_LDFLAGS = $(AM_LDFLAGS) $(store_faults)
test_store_faults_SOURCES = tests/store/faults.c tests/store/faults.h tests/store/test_store_faults.c
test_store_faults_LDADD = $(run_store_test_libs)
