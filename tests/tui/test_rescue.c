// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/rescue.h"

/* Turns standard error to a file for one call; returns what was written, in `text`. */
static void release_into(struct rescue *rescue, char *text, size_t size)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    int saved = dup(STDERR_FILENO);
    assert_true(saved >= 0);
    assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
    rescue->standard_error = dup(STDERR_FILENO);
    rescue_release_output(rescue);
    assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    (void)close(saved);
    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    (void)fclose(file);
}

static void stray_output_is_kept_and_comes_out_at_the_end(void **state)
{
    (void)state;
    struct rescue rescue = {.terminal = -1, .log = -1};
    struct stat before, during, after;
    char text[64];
    (void)fflush(stdout);
    assert_int_equal(fstat(STDOUT_FILENO, &before), 0);
    assert_true(rescue_capture_output(&rescue, NULL));
    assert_int_equal(fstat(STDOUT_FILENO, &during), 0);
    (void)printf("through stdio\n");
    (void)fflush(stdout);
    ssize_t written = write(STDOUT_FILENO, "past it\n", 8);
    release_into(&rescue, text, sizeof text);
    assert_int_equal(fstat(STDOUT_FILENO, &after), 0);
    assert_int_equal(written, 8);
    assert_true(during.st_ino != before.st_ino);
    assert_int_equal(after.st_ino, before.st_ino);
    assert_string_equal(text, "through stdio\npast it\n");
}

static void the_sequence_is_written_to_the_terminal(void **state)
{
    (void)state;
    int ends[2];
    char bytes[8];
    assert_int_equal(pipe(ends), 0);
    const struct rescue rescue = {
        .terminal = ends[1], .log = -1, .sequence = "leave", .sequence_length = 5};
    rescue_terminal(&rescue);
    assert_int_equal(read(ends[0], bytes, sizeof bytes), 5);
    assert_memory_equal(bytes, "leave", 5);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stray_output_is_kept_and_comes_out_at_the_end),
        cmocka_unit_test(the_sequence_is_written_to_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
