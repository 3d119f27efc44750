// SPDX-License-Identifier: MIT
/*
 * What the workers of a pool take the tasks of a job from: threads of one process, or of several
 * that share the board's memory. Every worker has a share of the tasks. It takes them first, and
 * then those that others have not come to, so that in the next job over the same data it finds in
 * its cache what it wrote in this one.
 *
 * Processes have a job in common by running the same jobs in the same order; no one hands them
 * out. A share says which job it is of, and whoever comes first to one of an earlier job opens it.
 */
#ifndef FMNIST_BASE_BOARD_H
#define FMNIST_BASE_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BOARD_TASK_BITS = 24, BOARD_LINE = 64 };

/* The number of a job, and below it in BOARD_TASK_BITS bits the next of the share's tasks. */
struct board_share {
    _Alignas(BOARD_LINE) atomic_uint_least64_t place;
};

/* What the processes of a board share, with zeros at first; behind it lies a board_arrival for each
 * of them, and a board_share for each of their workers. */
struct board_memory {
    _Alignas(BOARD_LINE) atomic_bool failed;
};

/* How often a process has come to a meeting. */
struct board_arrival {
    _Alignas(BOARD_LINE) atomic_uint_least64_t meetings;
};

/* One process's view of it. */
struct board {
    unsigned workers, first; /* of all processes; the number of this one's first */
    unsigned processes, process;
    struct board_memory *memory; /* NULL: one process */
    struct board_arrival *arrivals;
    struct board_share *shares;
    uint64_t job, meeting;
    size_t count;                     /* tasks of the job */
    unsigned spins;                   /* looks at a meeting before others may have the core */
    double limit;                     /* seconds of a meeting */
    const _Atomic double *hurried_at; /* see base/patience.h */
    unsigned late; /* the process that did not come to one in time; `processes`: none */
};

/* What the memory of several processes takes. */
size_t board_size(unsigned processes, unsigned workers);

/* Says where everything is in it. */
void board_place(struct board *board, void *memory);

/* Begins a job of `count` tasks, below 2 to the power BOARD_TASK_BITS. */
void board_begin(struct board *board, size_t count);

/* Takes a task of the job from the share of a worker; false where none is left there. */
bool board_take(struct board *board, unsigned worker, size_t *index);

/* Waits until all processes are here; true at once where there is one. False: one was not in time,
 * now or at a meeting before. What a process has written before it, others see after it. */
bool board_meet(struct board *board);

/* Ends all meetings, for good. */
void board_give_up(struct board *board);
bool board_failed(const struct board *board);

/* Lets the core know that this thread only waits. */
static inline void spin_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
