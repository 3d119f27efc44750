// SPDX-License-Identifier: MIT
#include "bench/machine.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "fmnist/base/pool.h"

enum { TRIPS = 2000, TRIP_ROUNDS = 15, SPINS = 100000, LINE_SIZE = 512 };

const char *machine_cpu(char *name, size_t size)
{
    char line[LINE_SIZE];
    (void)snprintf(name, size, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line, file)) {
        const char *value = strchr(line, ':');
        if (!value || strncmp(line, "model name", 10) != 0)
            continue;
        line[strcspn(line, "\n")] = '\0';
        (void)snprintf(name, size, "%s", value + 1 + strspn(value + 1, " "));
        break;
    }
    if (file)
        (void)fclose(file);
    return name;
}

/* A ball that two threads play: even numbers are this thread's turn, odd ones the other's. */
struct ball {
    _Alignas(64) atomic_size_t hits;
};

/* Waits for hit number `hit`; where the other thread has no core, lets it have this one. */
static void ball_wait(struct ball *ball, size_t hit)
{
    for (size_t spin = 1; atomic_load_explicit(&ball->hits, memory_order_acquire) != hit; spin++)
        if (spin % SPINS == 0)
            (void)sched_yield();
}

static void *ball_return(void *context)
{
    struct ball *ball = context;
    for (size_t hit = 1; hit < (size_t)2 * TRIPS * TRIP_ROUNDS; hit += 2) {
        ball_wait(ball, hit);
        atomic_store_explicit(&ball->hits, hit + 1, memory_order_release);
    }
    return NULL;
}

static void ball_play(struct ball *ball, struct rounds *rounds)
{
    size_t hit = 0;
    for (int round = 0; round < TRIP_ROUNDS; round++) {
        double start = clock_seconds();
        for (int trip = 0; trip < TRIPS; trip++, hit += 2) {
            ball_wait(ball, hit);
            atomic_store_explicit(&ball->hits, hit + 1, memory_order_release);
        }
        ball_wait(ball, hit);
        rounds_add(rounds, (clock_seconds() - start) / TRIPS);
    }
}

bool machine_round_trip(struct rounds *rounds, struct error *err)
{
    struct ball ball = {0};
    pthread_t other;
    rounds->count = 0;
    if (pool_default_threads() < 2)
        return true;
    int result = pthread_create(&other, NULL, ball_return, &ball);
    if (result != 0) {
        error_set_errno(err, result, "cannot start a thread");
        return false;
    }
    ball_play(&ball, rounds);
    (void)pthread_join(other, NULL);
    return true;
}

size_t machine_peak_memory(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0 || usage.ru_maxrss < 0)
        return 0;
#ifdef __APPLE__
    return (size_t)usage.ru_maxrss;
#else
    return (size_t)usage.ru_maxrss * 1024;
#endif
}
