// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "export/crc32c.h"

/* RFC 3720, appendix B.4. */
static void it_is_that_of_rfc_3720(void **state)
{
    (void)state;
    uint8_t bytes[32];
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(crc32c(bytes, sizeof bytes), 0x8A9136AA);
    memset(bytes, 0xFF, sizeof bytes);
    assert_int_equal(crc32c(bytes, sizeof bytes), 0x62A8AB43);
    for (uint8_t byte = 0; byte < sizeof bytes; byte++)
        bytes[byte] = byte;
    assert_int_equal(crc32c(bytes, sizeof bytes), 0x46DD794E);
    for (uint8_t byte = 0; byte < sizeof bytes; byte++)
        bytes[byte] = (uint8_t)(31 - byte);
    assert_int_equal(crc32c(bytes, sizeof bytes), 0x113FDB5C);
}

static void it_is_the_check_value_of_catalogues(void **state)
{
    (void)state;
    assert_int_equal(crc32c("123456789", 9), 0xE3069283);
    assert_int_equal(crc32c("", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_that_of_rfc_3720),
        cmocka_unit_test(it_is_the_check_value_of_catalogues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
