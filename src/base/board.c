// SPDX-License-Identifier: MIT
#include "base/board.h"

#include <assert.h>

#include "base/clock.h"
#include "base/patience.h"

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "processes cannot share locks");

enum { LOOKS = 16 }; /* at a meeting, between two at the clock */

size_t board_size(unsigned processes, unsigned workers)
{
    return sizeof(struct board_memory) + processes * sizeof(struct board_arrival) +
           workers * sizeof(struct board_share);
}

void board_place(struct board *board, void *memory)
{
    board->memory = memory;
    board->arrivals = (struct board_arrival *)(board->memory + 1);
    board->shares = (struct board_share *)(board->arrivals + board->processes);
    board->late = board->processes;
}

void board_begin(struct board *board, size_t count)
{
    assert(count < (size_t)1 << BOARD_TASK_BITS);
    board->job++;
    board->count = count;
}

/* The first task of a worker's share: they differ by one task at most. */
static size_t share_begin(const struct board *board, unsigned worker)
{
    size_t each = board->count / board->workers, more = board->count % board->workers;
    return worker * each + (worker < more ? worker : more);
}

bool board_take(struct board *board, unsigned worker, size_t *index)
{
    size_t end = share_begin(board, worker + 1);
    const uint64_t mask = ((uint64_t)1 << BOARD_TASK_BITS) - 1;
    atomic_uint_least64_t *place = &board->shares[worker].place;
    uint64_t seen = atomic_load_explicit(place, memory_order_relaxed);
    for (;;) {
        bool opened = seen >> BOARD_TASK_BITS == board->job;
        uint64_t next = opened ? seen & mask : share_begin(board, worker);
        if (next >= end)
            return false;
        if (atomic_compare_exchange_weak_explicit(place, &seen,
                                                  board->job << BOARD_TASK_BITS | (next + 1),
                                                  memory_order_relaxed, memory_order_relaxed)) {
            *index = next;
            return true;
        }
    }
}

bool board_failed(const struct board *board)
{
    return board->memory && atomic_load_explicit(&board->memory->failed, memory_order_relaxed);
}

void board_give_up(struct board *board)
{
    if (board->memory)
        atomic_store(&board->memory->failed, true);
}

static bool wait_for(const struct board *board, unsigned process, double start)
{
    const atomic_uint_least64_t *meetings = &board->arrivals[process].meetings;
    for (unsigned looks = 0;; looks++) {
        if (atomic_load_explicit(meetings, memory_order_acquire) >= board->meeting)
            return true;
        if (board_failed(board) ||
            (looks % LOOKS == 0 && patience_over(start, board->limit, board->hurried_at)))
            return false;
        if (looks < board->spins)
            spin_pause();
        else
            patience_rest(start);
    }
}

bool board_meet(struct board *board)
{
    if (!board->memory)
        return true;
    if (board_failed(board))
        return false;
    board->meeting++;
    atomic_store_explicit(&board->arrivals[board->process].meetings, board->meeting,
                          memory_order_release);
    double start = clock_seconds();
    for (unsigned process = 0; process < board->processes; process++) {
        if (wait_for(board, process, start))
            continue;
        if (!board_failed(board))
            board->late = process;
        board_give_up(board);
        return false;
    }
    return true;
}
