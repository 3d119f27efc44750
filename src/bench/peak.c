// SPDX-License-Identifier: MIT
#include "bench/peak.h"

#include <stdatomic.h>

#include "base/clock.h"

enum { CHAINS = 12, REPEATS = 200000, TASKS_PER_THREAD = 8 };

enum { LANES_GENERIC = 4, LANES_AVX2 = 8, LANES_AVX512 = 16 };

#define PEAK_NAME peak_generic
#define PEAK_TARGET
#define PEAK_VECTOR vector_generic
#define PEAK_LANES LANES_GENERIC
#include "bench/peak_kernel.h"

#ifdef HAVE_X86_KERNELS
#define PEAK_NAME peak_avx2
#define PEAK_TARGET __attribute__((target("avx2,fma")))
#define PEAK_VECTOR vector_avx2
#define PEAK_LANES LANES_AVX2
#include "bench/peak_kernel.h"

#define PEAK_NAME peak_avx512
#define PEAK_TARGET __attribute__((target("avx512f")))
#define PEAK_VECTOR vector_avx512
#define PEAK_LANES LANES_AVX512
#include "bench/peak_kernel.h"
#endif

/* Long enough for a system that first puts all threads on one core to spread them. */
static const double MEASURE_SECONDS = 0.15;

struct peak_kernel {
    float (*run)(size_t repeats, float start);
    size_t lanes;
};

static struct peak_kernel peak_kernel(enum isa isa)
{
#ifdef HAVE_X86_KERNELS
    if (isa == ISA_AVX512)
        return (struct peak_kernel){peak_avx512, LANES_AVX512};
    if (isa == ISA_AVX2)
        return (struct peak_kernel){peak_avx2, LANES_AVX2};
#endif
    (void)isa;
    return (struct peak_kernel){peak_generic, LANES_GENERIC};
}

struct peak_job {
    struct peak_kernel kernel;
    atomic_bool used; /* the result is: what nobody uses would not be computed */
};

static void peak_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    struct peak_job *job = context;
    if (job->kernel.run(REPEATS, (float)index) > 0)
        atomic_store_explicit(&job->used, true, memory_order_relaxed);
}

double peak_measure(struct pool *pool, enum isa isa)
{
    struct peak_job job = {.kernel = peak_kernel(isa == ISA_REFERENCE ? isa_best() : isa)};
    size_t tasks = (size_t)pool_threads(pool) * TASKS_PER_THREAD;
    double operations = 2.0 * CHAINS * REPEATS * (double)(job.kernel.lanes * tasks), best = 0;
    double start = clock_seconds(), end = start + MEASURE_SECONDS;
    while (start < end) {
        pool_run_all(pool, tasks, peak_task, &job);
        double now = clock_seconds(), rate = operations / (now - start);
        best = rate > best ? rate : best;
        start = now;
    }
    return best;
}
