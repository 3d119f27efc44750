// SPDX-License-Identifier: MIT
/* The program where address space is limited: OpenBLAS by itself would hang then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/resource.h>

#include "run.h"

/* Runs it with that much address space. Sanitizers need terabytes of it. */
static struct run *run_limited(rlim_t megabytes, const char *arguments)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip();
#endif
    struct rlimit before, limit;
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    limit = before;
    limit.rlim_cur = megabytes << 20;
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
    struct run *run = run_program(arguments);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    return run;
}

static void what_needs_no_blas_runs_with_little(void **state)
{
    (void)state;
    struct run *run = run_limited(130, "--version");
    assert_int_equal(run->status, 0);
    run_free(run);
    run = run_limited(400, "train --sample --epochs 1 --threads 1 --isa generic");
    assert_int_equal(run->status, 0);
    run_free(run);
}

static void what_needs_more_than_there_is_is_refused(void **state)
{
    (void)state;
    struct run *run = run_limited(400, "train --sample --epochs 1 --isa reference --threads 4");
    assert_int_equal(run->status, 1);
    assert_non_null(strstr(run->err, "fmnist-tui: OpenBLAS needs 128 MiB of address space for each "
                                     "of 4 threads; raise the limit"));
    run_free(run);
    run = run_limited(2000, "train --sample --epochs 1 --isa reference --threads 4");
    assert_int_equal(run->status, 0);
    run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_needs_no_blas_runs_with_little),
        cmocka_unit_test(what_needs_more_than_there_is_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
