// SPDX-License-Identifier: MIT
/* OpenBLAS works with one thread in each of the pool's, whatever the environment asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <cblas.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fmnist/nn/blas.h"
#include "rig.h"

/* OpenBLAS reads these before main(). */
static const char *const VARIABLES[] = {"OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS",
                                        "OMP_NUM_THREADS"};
static const char *const ASKED = "4";

static void the_environment_has_no_say(void **state)
{
    (void)state;
    struct rig rig;
    if (openblas_get_num_threads() < 2) /* one CPU, or a build without threads */
        skip();
    rig_open(&rig, (struct rig_settings){.spec = network_spec_find("alexnet"),
                                         .batch = 2,
                                         .threads = 2,
                                         .salt = 1,
                                         .isa = ISA_REFERENCE});
    assert_int_equal(openblas_get_num_threads(), 1);
    rig_step(&rig);
    assert_int_equal(openblas_get_num_threads(), 1);
    rig_close(&rig);
}

static void more_callers_than_memory_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    assert_true(blas_prepare(1, 0, &err));
    assert_false(blas_prepare(1, SIZE_MAX / 2, &err));
    assert_int_equal(err.code, ERROR_MEMORY);
    assert_non_null(strstr(err.message, "for each of 1 threads"));
    assert_false(blas_prepare(1, SIZE_MAX, &err));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_has_no_say),
        cmocka_unit_test(more_callers_than_memory_are_refused),
    };
    (void)argc;
    const char *now = getenv(VARIABLES[0]);
    if (!now || strcmp(now, ASKED) != 0) {
        for (size_t variable = 0; variable < sizeof VARIABLES / sizeof *VARIABLES; variable++)
            (void)setenv(VARIABLES[variable], ASKED, 1);
        (void)execv(argv[0], argv);
        return EXIT_FAILURE;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
