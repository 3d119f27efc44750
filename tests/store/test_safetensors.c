// SPDX-License-Identifier: MIT
/* Files of tensors come back bit for bit, and each kind of bad file has its own message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "example.h"
#include "faults.h"
#include "files.h"

enum { PAYLOAD_MAX = 1000, BYTES_MAX = 4096 };

static int setup(void **state)
{
    *state = malloc(sizeof(struct files));
    assert_non_null(*state);
    files_create(*state);
    return 0;
}

static int teardown(void **state)
{
    files_destroy(*state);
    free(*state);
    return 0;
}

/* Opens the directory's file "x", which must fail with PATH and `message`. */
static void check_refused(const struct files *files, const char *message)
{
    char path[FILES_PATH_SIZE], expected[2 * FILES_PATH_SIZE];
    struct error err = {0};
    struct safetensors *file = safetensors_open(files_path(files, "x", path), PAYLOAD_MAX, &err);
    (void)snprintf(expected, sizeof expected, "%s: %s", path, message);
    assert_string_equal(file ? "accepted" : err.message, expected);
}

/* Writes "x": the length of a header, the header, a payload of zeros. */
static void write_file(const struct files *files, const char *header, size_t payload)
{
    unsigned char bytes[BYTES_MAX] = {0};
    size_t length = strlen(header);
    assert_true(8 + length + payload <= sizeof bytes);
    bytes[0] = (unsigned char)length;
    bytes[1] = (unsigned char)(length >> 8);
    memcpy(bytes + 8, header, length);
    files_write(files, "x", bytes, 8 + length + payload);
}

static void what_is_written_is_read_bit_for_bit(void **state)
{
    struct example example;
    struct error err = {0};
    char path[FILES_PATH_SIZE];
    example_fill(&example);
    assert_true(example_write(&example, files_path(*state, "x", path), &err));
    struct safetensors *file = safetensors_open(path, PAYLOAD_MAX, &err);
    assert_non_null(file);
    assert_true(example_is(&example, file, &err));
    assert_non_null(safetensors_hash(file));
    assert_string_equal(safetensors_hash(file), safetensors_fact(file, "sha256"));
    assert_null(safetensors_fact(file, "other"));
    assert_string_equal(safetensors_tensor_at(file, 0).name, "state.steps");
    assert_string_equal(safetensors_tensor_at(file, 5).name, "bytes");
    safetensors_close(file);
}

static void the_hash_is_known_before_the_file_is_written(void **state)
{
    struct example example;
    struct error err = {0};
    char path[FILES_PATH_SIZE];
    example_fill(&example);
    struct safetensors_draft *draft =
        safetensors_prepare(example.tensors, EXAMPLE_TENSORS, example.facts, EXAMPLE_FACTS, &err);
    assert_non_null(draft);
    assert_true(safetensors_write(draft, files_path(*state, "x", path), &err));
    struct safetensors *file = safetensors_open(path, PAYLOAD_MAX, &err);
    assert_non_null(file);
    assert_string_equal(safetensors_hash(file), safetensors_draft_hash(draft));
    safetensors_close(file);
    safetensors_draft_destroy(draft);
}

static void a_file_without_tensors_or_hash_is_one(void **state)
{
    struct error err = {0};
    char path[FILES_PATH_SIZE];
    write_file(*state, "{}", 0);
    struct safetensors *file = safetensors_open(files_path(*state, "x", path), 0, &err);
    assert_non_null(file);
    assert_int_equal(safetensors_count(file), 0);
    assert_null(safetensors_hash(file));
    safetensors_close(file);
}

#define F32(shape, offsets) "{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define A(text) "{\"a\":" text "}"

static const struct {
    const char *header;
    size_t payload;
    const char *message;
} BAD_HEADERS[] = {
    {"", 0, "the header is not valid at byte 0: '[' or '{' expected near end of file"},
    {"[]", 0, "the header is no JSON object"},
    {"{\"a\"", 0, "the header is not valid at byte 4: ':' expected near end of file"},
    {"{} {}", 0, "the header is not valid at byte 4: end of file expected near '{'"},
    {"{\"a\":1,\"a\":2}", 0,
     "the header is not valid at byte 10: duplicate object key near '\"a\"'"},
    {"{\"\\u0000\":1}", 0,
     "the header is not valid at byte 9: NUL byte in object key not supported near '\"\\u0000\"'"},
    {"{\"__metadata__\":[]}", 0, "__metadata__ is no JSON object"},
    {"{\"__metadata__\":{\"k\":7}}", 0, "the fact \"k\" in __metadata__ is no text"},
    {A("7"), 0, "tensor \"a\": is described by no JSON object"},
    {A("{}"), 0, "tensor \"a\": its dtype is missing, or no text"},
    {A("{\"dtype\":4}"), 0, "tensor \"a\": its dtype is missing, or no text"},
    {A("{\"dtype\":\"BF16\"}"), 0,
     "tensor \"a\": its dtype is BF16, which is not read here; convert it to F32"},
    {A("{\"dtype\":\"F32\"}"), 0, "tensor \"a\": its shape is missing, or no array"},
    {A(F32("[1,1,1,1,1,1,1,1,1]", "[0,4]")), 4, "tensor \"a\": its shape has more than 8 sizes"},
    {A(F32("[-1]", "[0,4]")), 4, "tensor \"a\": its shape holds something that is no size"},
    {A(F32("[1.0]", "[0,4]")), 4, "tensor \"a\": its shape holds something that is no size"},
    {A(F32("[\"1\"]", "[0,4]")), 4, "tensor \"a\": its shape holds something that is no size"},
    {A("{\"dtype\":\"F32\",\"shape\":[1]}"), 4,
     "tensor \"a\": its data_offsets are missing, or not two sizes"},
    {A(F32("[1]", "[0,4,8]")), 4, "tensor \"a\": its data_offsets are missing, or not two sizes"},
    {A(F32("[1]", "[-4,0]")), 4, "tensor \"a\": its data_offsets are missing, or not two sizes"},
    {A(F32("[1]", "[4,0]")), 4, "tensor \"a\": its data_offsets run backwards"},
    {A(F32("[2]", "[0,4]")), 4, "tensor \"a\": its data_offsets do not fit its shape and dtype"},
    {A(F32("[4294967296,4294967296]", "[0,4]")), 4, "tensor \"a\": its shape is too large"},
    {A(F32("[4611686018427387904]", "[0,0]")), 0, "tensor \"a\": its shape is too large"},
    {A(F32("[9223372036854775807,9223372036854775807,0]", "[0,0]")), 0,
     "tensor \"a\": its shape is too large"},
    {A(F32("[99999999999999999999]", "[0,4]")), 4,
     "the header is not valid at byte 49: too big integer near '99999999999999999999'"},
    {A("{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":0}"), 4,
     "tensor \"a\": has more than dtype, shape and data_offsets"},
    {A(F32("[2]", "[0,8]")), 4, "tensor \"a\": its bytes go past the end of the file"},
    {A(F32("[1]", "[4,8]")), 8, "tensor \"a\": there is a hole before its bytes"},
    {A(F32("[1]", "[0,4]")), 6, "2 bytes follow the last tensor"},
    {"{}", 6, "6 bytes follow the last tensor"},
    {"{\"a\":" F32("[1]", "[0,4]") ",\"b\":" F32("[1]", "[8,12]") "}", 12,
     "tensor \"b\": there is a hole before its bytes"},
    {"{\"a\":" F32("[2]", "[0,8]") ",\"b\":" F32("[2]", "[4,12]") "}", 12,
     "tensor \"b\": its bytes overlap those of another"},
    {"{\"a\":" F32("[1]", "[0,4]") ",\"b\":" F32("[1]", "[0,4]") "}", 4,
     "tensor \"b\": its bytes overlap those of another"},
    {"{\"\\u001b[31m\":7}", 0, "tensor \"?[31m\": is described by no JSON object"},
    {"{\"__metadata__\":{\"sha256\":\"12\"}}", 0,
     "its SHA-256 is not the one it names: damaged, or changed by another program"},
};

static void each_bad_header_has_its_own_message(void **state)
{
    for (size_t item = 0; item < sizeof BAD_HEADERS / sizeof *BAD_HEADERS; item++) {
        write_file(*state, BAD_HEADERS[item].header, BAD_HEADERS[item].payload);
        check_refused(*state, BAD_HEADERS[item].message);
    }
}

static void json_that_is_nested_too_deeply_is_refused(void **state)
{
    char header[BYTES_MAX - 8];
    memset(header, '[', sizeof header);
    memcpy(header, "{\"a\":", 5);
    header[sizeof header - 1] = '\0';
    write_file(*state, header, 0);
    check_refused(*state, "the header is not valid at byte 2053: maximum parsing depth reached "
                          "near '['");
}

static void lengths_of_the_header_that_cannot_be_are_refused(void **state)
{
    const unsigned char huge[10] = {255, 255, 255, 255, 255, 255, 255, 255, '{', '}'};
    const unsigned char large[10] = {1, 0, 16, 0, 0, 0, 0, 0, '{', '}'};
    const unsigned char past[10] = {3, 0, 0, 0, 0, 0, 0, 0, '{', '}'};
    files_write(*state, "x", "", 0);
    check_refused(*state, "no safetensors file: it has only 0 bytes");
    files_write(*state, "x", huge, 7);
    check_refused(*state, "no safetensors file: it has only 7 bytes");
    files_write(*state, "x", huge, sizeof huge);
    check_refused(*state, "no safetensors file, or a header of 18446744073709551615 bytes, "
                          "where 1048576 are the most");
    files_write(*state, "x", large, sizeof large);
    check_refused(*state, "no safetensors file, or a header of 1048577 bytes, where 1048576 are "
                          "the most");
    files_write(*state, "x", past, sizeof past);
    check_refused(*state, "cut short: a header of 3 bytes does not fit in 10");
}

static void a_payload_larger_than_expected_is_refused_before_it_is_read(void **state)
{
    char path[FILES_PATH_SIZE];
    write_file(*state, A(F32("[274877906944]", "[0,1099511627776]")), 0);
    long header = (long)strlen(A(F32("[274877906944]", "[0,1099511627776]")));
    if (truncate(files_path(*state, "x", path), 8 + header + (1L << 40)) != 0)
        skip(); /* no sparse files of that size here */
    check_refused(*state, "1099511627776 bytes of tensors, where at most 1000 are expected");
}

static void what_is_no_file_is_refused(void **state)
{
    char path[FILES_PATH_SIZE];
    check_refused(*state, "cannot open: No such file or directory");
    assert_int_equal(mkdir(files_path(*state, "x", path), 0700), 0);
    check_refused(*state, "is a directory, not a file");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    check_refused(*state, "is a device or pipe, not a file");
}

static void shorten(void *context)
{
    assert_int_equal(truncate(context, 20), 0);
}

static void grow(void *context)
{
    FILE *file = fopen(context, "ab");
    assert_non_null(file);
    (void)fputs("more", file);
    (void)fclose(file);
}

static void a_file_that_changes_while_it_is_read_is_refused(void **state)
{
    struct example example;
    struct error err = {0};
    char path[FILES_PATH_SIZE];
    example_fill(&example);
    assert_true(example_write(&example, files_path(*state, "x", path), &err));
    faults_before_read(grow, path);
    check_refused(*state, "grew while it was read");
    assert_true(example_write(&example, path, &err));
    faults_before_read(shorten, path);
    check_refused(*state, "was cut short while it was read");
}

static void a_tensor_must_be_what_is_expected(void **state)
{
    struct example example;
    struct error err = {0};
    char path[FILES_PATH_SIZE], expected[2 * FILES_PATH_SIZE];
    float values[EXAMPLE_WEIGHTS];
    example_fill(&example);
    assert_true(example_write(&example, files_path(*state, "x", path), &err));
    struct safetensors *file = safetensors_open(path, PAYLOAD_MAX, &err);
    assert_non_null(file);
    static const struct {
        const char *name;
        enum safetensors_type type;
        size_t rank, sizes[4];
        const char *message;
    } wrong[] = {
        {"other", SAFETENSORS_F32, 1, {1}, "there is no tensor \"other\""},
        {"layer.0.weight",
         SAFETENSORS_I32,
         4,
         {2, 3, 5, 2},
         "tensor \"layer.0.weight\" has the dtype F32, I32 expected"},
        {"layer.0.weight",
         SAFETENSORS_F32,
         4,
         {3, 2, 5, 2},
         "tensor \"layer.0.weight\" has the shape 2 x 3 x 5 x 2, 3 x 2 x 5 x 2 expected"},
        {"layer.0.weight",
         SAFETENSORS_F32,
         1,
         {60},
         "tensor \"layer.0.weight\" has the shape 2 x 3 x 5 x 2, 60 expected"},
        {"state.number",
         SAFETENSORS_F64,
         1,
         {1},
         "tensor \"state.number\" has the shape (), 1 expected"},
    };
    for (size_t item = 0; item < sizeof wrong / sizeof *wrong; item++) {
        assert_false(safetensors_read_tensor(file, wrong[item].name, wrong[item].type,
                                             wrong[item].rank, wrong[item].sizes, values, &err));
        (void)snprintf(expected, sizeof expected, "%s: %s", path, wrong[item].message);
        assert_string_equal(err.message, expected);
    }
    safetensors_close(file);
}

static void what_cannot_be_described_is_not_written(void **state)
{
    (void)state;
    static const float value = 1;
    static const struct {
        const char *first, *second;
        size_t size;
        struct safetensors_fact fact;
        const char *message;
    } wrong[] = {
        {"a", "a", 1, {"k", "v"}, "tensor \"a\" comes twice, or has a name that is taken"},
        {"__metadata__",
         "b",
         1,
         {"k", "v"},
         "tensor \"__metadata__\" comes twice, or has a name that is taken"},
        {"a", "b", 1, {"sha256", "v"}, "fact \"sha256\" comes twice, or has a name that is taken"},
        {"a",
         "b",
         1,
         {"k", "\xFF"},
         "fact \"k\" cannot be described: no memory, or text that is not UTF-8"},
        {"\xFF",
         "b",
         1,
         {"k", "v"},
         "tensor \"?\" cannot be described: no memory, or text that is not UTF-8"},
        {"a", "b", SIZE_MAX / 2, {"k", "v"}, "tensor \"a\" is too large"},
    };
    for (size_t item = 0; item < sizeof wrong / sizeof *wrong; item++) {
        const struct safetensors_tensor tensors[] = {
            {wrong[item].first, SAFETENSORS_F32, 1, {wrong[item].size}, &value},
            {wrong[item].second, SAFETENSORS_F32, 1, {1}, &value},
        };
        struct error err = {0};
        assert_null(safetensors_prepare(tensors, 2, &wrong[item].fact, 1, &err));
        assert_string_equal(err.message, wrong[item].message);
    }
}

static void a_header_that_could_not_be_read_is_not_written(void **state)
{
    (void)state;
    struct error err = {0};
    char *text = malloc(SAFETENSORS_HEADER_MAX + 1);
    assert_non_null(text);
    memset(text, 'x', SAFETENSORS_HEADER_MAX);
    text[SAFETENSORS_HEADER_MAX] = '\0';
    const struct safetensors_fact fact = {"k", text};
    assert_null(safetensors_prepare(NULL, 0, &fact, 1, &err));
    assert_string_equal(err.message, "the header of a safetensors file would take 1048680 bytes");
    free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read_bit_for_bit),
        TEST(the_hash_is_known_before_the_file_is_written),
        TEST(a_file_without_tensors_or_hash_is_one),
        TEST(each_bad_header_has_its_own_message),
        TEST(json_that_is_nested_too_deeply_is_refused),
        TEST(lengths_of_the_header_that_cannot_be_are_refused),
        TEST(a_payload_larger_than_expected_is_refused_before_it_is_read),
        TEST(what_is_no_file_is_refused),
        TEST(a_file_that_changes_while_it_is_read_is_refused),
        TEST(a_tensor_must_be_what_is_expected),
        TEST(what_cannot_be_described_is_not_written),
        TEST(a_header_that_could_not_be_read_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
