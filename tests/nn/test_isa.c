// SPDX-License-Identifier: MIT
/* The choice of an instruction set, in a build that has no kernels for x86. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "fmnist/nn/network.h"

static void every_name_is_found_and_no_other(void **state)
{
    (void)state;
    enum isa isa = ISA_GENERIC;
    for (int number = 0; number < ISA_COUNT; number++) {
        assert_true(isa_find(isa_name((enum isa)number), &isa));
        assert_int_equal(isa, number);
    }
    isa = ISA_GENERIC;
    assert_false(isa_find("sse2", &isa));
    assert_false(isa_find("AVX2", &isa));
    assert_false(isa_find("", &isa));
    assert_int_equal(isa, ISA_GENERIC);
}

static void the_best_is_the_last_that_is_supported(void **state)
{
    (void)state;
    assert_int_equal(isa_best(), ISA_GENERIC);
    assert_true(isa_supported(ISA_REFERENCE) && isa_supported(ISA_GENERIC));
    assert_false(isa_supported(ISA_AVX2) || isa_supported(ISA_AVX512));
}

static void what_is_not_there_is_refused_with_what_is(void **state)
{
    (void)state;
    struct error err = {0};
    assert_true(isa_check(ISA_GENERIC, &err));
    assert_false(isa_check(ISA_AVX512, &err));
    assert_int_equal(err.code, ERROR_SYSTEM);
    assert_string_equal(err.message,
                        "this CPU or this build has no AVX-512; give one of reference, generic");
}

static void no_network_is_made_for_what_is_not_there(void **state)
{
    (void)state;
    struct error err = {0};
    struct pool *pool = pool_create(1, &err);
    assert_non_null(pool);
    assert_null(network_create(network_spec_at(0), 1, 1, ISA_AVX2, pool, &err));
    assert_non_null(strstr(err.message, "no AVX2"));
    pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_is_found_and_no_other),
        cmocka_unit_test(the_best_is_the_last_that_is_supported),
        cmocka_unit_test(what_is_not_there_is_refused_with_what_is),
        cmocka_unit_test(no_network_is_made_for_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
