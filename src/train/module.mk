noinst_LIBRARIES += libtrain.a
libtrain_a_SOURCES = \
	include/fmnist/train/anatomy.h \
	include/fmnist/train/archive.h \
	include/fmnist/train/evaluation.h \
	include/fmnist/train/history.h \
	include/fmnist/train/snapshot.h \
	include/fmnist/train/statistics.h \
	include/fmnist/train/study.h \
	include/fmnist/train/trainer.h \
	src/train/anatomist.h \
	src/train/anatomy.c \
	src/train/archive.c \
	src/train/draft.h \
	src/train/evaluation.c \
	src/train/history.c \
	src/train/learner.c \
	src/train/learner.h \
	src/train/mailbox.c \
	src/train/mailbox.h \
	src/train/meter.h \
	src/train/observer.c \
	src/train/observer.h \
	src/train/queue.c \
	src/train/queue.h \
	src/train/shared_snapshot.h \
	src/train/snapshot.c \
	src/train/statistics.c \
	src/train/study.c \
	src/train/trainer.c
