// SPDX-License-Identifier: MIT
/* Where data sets come from, what is refused, and how classes are called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/classes.h"
#include "files.h"
#include "fmnist/data/dataset.h"

static int setup(void **state)
{
    *state = malloc(sizeof(struct files));
    assert_non_null(*state);
    files_create(*state);
    (void)unsetenv("FMNIST_DATA");
    (void)setenv("XDG_DATA_HOME", "/nowhere", 1);
    return 0;
}

static int teardown(void **state)
{
    files_destroy(*state);
    free(*state);
    return 0;
}

static void check_refused(const struct files *files, const char *name, const char *message)
{
    char path[FILES_PATH_SIZE], expected[2 * FILES_PATH_SIZE];
    struct error err = {0};
    (void)snprintf(expected, sizeof expected, "%s: %s", files_path(files, name, path), message);
    assert_null(dataset_load(files->directory, NULL, NULL, &err));
    assert_string_equal(err.message, expected);
}

static void four_files_make_a_data_set(void **state)
{
    struct files *files = *state;
    char with_slash[FILES_PATH_SIZE];
    files_write_dataset(files, 50, 20);
    (void)files_path(files, "", with_slash);
    struct dataset *dataset = dataset_load(with_slash, NULL, NULL, NULL);
    assert_non_null(dataset);
    assert_int_equal(dataset_train(dataset)->count, 50);
    assert_int_equal(dataset_test(dataset)->count, 20);
    assert_int_equal(dataset_train(dataset)->pixels[3 * DATASET_PIXELS + 5], 26);
    assert_int_equal(dataset_test(dataset)->labels[13], 3);
    assert_string_equal(dataset_source(dataset), files->directory);
    assert_string_equal(dataset_name(dataset), strrchr(files->directory, '/') + 1);
    assert_string_equal(dataset_class_name(dataset, 7), "7");
    assert_false(dataset_is_sample(dataset));
    dataset_destroy(dataset);
}

static void the_named_directory_comes_before_the_environment(void **state)
{
    struct files *files = *state;
    files_write_dataset(files, 50, 20);
    (void)setenv("FMNIST_DATA", "/nowhere", 1);
    struct dataset *dataset = dataset_load(files->directory, NULL, NULL, NULL);
    assert_non_null(dataset);
    dataset_destroy(dataset);
    (void)setenv("FMNIST_DATA", files->directory, 1);
    dataset = dataset_load(NULL, NULL, NULL, NULL);
    assert_non_null(dataset);
    assert_string_equal(dataset_source(dataset), files->directory);
    dataset_destroy(dataset);
}

static void a_user_directory_comes_before_the_system_one(void **state)
{
    struct files *files = *state, parent, user;
    char path[FILES_PATH_SIZE];
    struct error err = {0};
    files_create_in(&parent, files, "fmnist-tui");
    files_create_in(&user, &parent, "data");
    files_write_dataset(&user, 30, 20);
    (void)setenv("XDG_DATA_HOME", files->directory, 1);
    struct dataset *dataset = dataset_load(NULL, NULL, NULL, NULL);
    assert_non_null(dataset);
    assert_string_equal(dataset_source(dataset), user.directory);
    dataset_destroy(dataset);
    /* One that is there but not whole is an error, not passed over. */
    assert_int_equal(remove(files_path(&user, "t10k-labels-idx1-ubyte", path)), 0);
    assert_null(dataset_load(NULL, NULL, NULL, &err));
    assert_non_null(strstr(err.message, "data/t10k-labels-idx1-ubyte[.gz] is missing"));
    files_destroy(&user);
    files_destroy(&parent);
}

static void without_the_variable_the_user_directory_is_in_home(void **state)
{
    struct files *files = *state, levels[4];
    static const char *const NAMES[] = {".local", "share", "fmnist-tui", "data"};
    char *home = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
    for (size_t level = 0; level < 4; level++)
        files_create_in(&levels[level], level ? &levels[level - 1] : files, NAMES[level]);
    files_write_dataset(&levels[3], 30, 20);
    (void)setenv("HOME", files->directory, 1);
    (void)unsetenv("XDG_DATA_HOME");
    struct dataset *dataset = dataset_load(NULL, NULL, NULL, NULL);
    if (home)
        (void)setenv("HOME", home, 1);
    free(home);
    assert_non_null(dataset);
    assert_string_equal(dataset_source(dataset), levels[3].directory);
    dataset_destroy(dataset);
    for (size_t level = 4; level-- > 0;)
        files_destroy(&levels[level]);
}

static void a_directory_that_is_not_there_is_refused(void **state)
{
    struct error err = {0};
    (void)state;
    assert_null(dataset_load("/nowhere", NULL, NULL, &err));
    assert_string_equal(err.message,
                        "/nowhere: cannot read data from it: No such file or directory");
    assert_null(dataset_load("/dev/null", NULL, NULL, &err));
    assert_string_equal(err.message, "/dev/null: cannot read data from it: Not a directory");
}

static void a_missing_file_is_named(void **state)
{
    check_refused(*state, "train-images-idx3-ubyte[.gz] is missing",
                  "give --data DIR or install dataset-fashion-mnist");
}

static void images_of_another_size_are_refused(void **state)
{
    files_write_dataset(*state, 50, 20);
    files_write_array(*state, "t10k-images-idx3-ubyte", 3, (const uint32_t[]){2, 32, 30}, 1920, 0);
    check_refused(*state, "t10k-images-idx3-ubyte", "images of 32x30 pixels; 28x28 expected");
}

static void counts_that_disagree_are_refused(void **state)
{
    files_write_dataset(*state, 50, 20);
    files_write_array(*state, "train-labels-idx1-ubyte", 1, (const uint32_t[]){49}, 49, 0);
    check_refused(*state, "train-labels-idx1-ubyte", "49 labels for 50 images");
}

static void a_label_out_of_range_is_refused(void **state)
{
    files_write_dataset(*state, 50, 20);
    files_write_array(*state, "t10k-labels-idx1-ubyte", 1, (const uint32_t[]){20}, 20, 46);
    check_refused(*state, "t10k-labels-idx1-ubyte",
                  "label 46 at item 0; only data sets of 10 classes can be used");
}

static void classes_txt_names_the_classes(void **state)
{
    static const char text[] = "top\r\nTrouser\nTrain\nDress\nT\xC3\xA9\n\xE6\x9C\xAC\nTr x\nTr\n"
                               "B\nBa";
    static const char *const SHORT[] = {"to", "Tr", "Ta", "Dr", "#0", "#1", "Tx", "#2", "B", "Ba"};
    struct files *files = *state;
    files_write_dataset(files, 50, 20);
    files_write(files, "classes.txt", text, sizeof text - 1);
    struct dataset *dataset = dataset_load(files->directory, NULL, NULL, NULL);
    assert_non_null(dataset);
    assert_string_equal(dataset_class_name(dataset, 0), "top");
    assert_string_equal(dataset_class_name(dataset, 4), "T\xC3\xA9");
    assert_string_equal(dataset_class_name(dataset, 9), "Ba");
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        assert_string_equal(dataset_class_short_name(dataset, label), SHORT[label]);
    dataset_destroy(dataset);
}

static void fashion_names_in_classes_txt_keep_their_short_names(void **state)
{
    static const char text[] = "T-shirt/top\nTrouser\nPullover\nDress\nCoat\nSandal\nShirt\n"
                               "Sneaker\nBag\nAnkle boot\n";
    char path[FILES_PATH_SIZE];
    struct classes classes;
    bool found;
    files_write(*state, "classes.txt", text, sizeof text - 1);
    assert_true(classes_read(&classes, files_path(*state, "classes.txt", path), &found, NULL));
    assert_true(found);
    assert_string_equal(classes.short_names[0], "Ts");
    assert_string_equal(classes.short_names[7], "Sn");
}

static void bad_names_have_their_own_message(void **state)
{
    static const struct {
        const char *text;
        size_t size;
        const char *message;
    } CASES[] = {
        {"", 0, "the file is empty"},
        {"a\nb\n", 4, "2 lines; one name for each of 10 classes expected"},
        {"a\n\nb\n", 5, "line 2 is empty"},
        {"a\nb\tc\n", 6, "line 2 holds a control character"},
        {"a\n\xC2\x9B\n", 5, "line 2 holds a control character"},
        {"a\nb\0c\n", 6, "line 2 holds a zero byte"},
        {"a\nb\n\xC3\n", 6, "line 3 is not UTF-8"},
        {"\xED\xA0\x80\n", 4, "line 1 is not UTF-8"},
        {"\xF0\x9F", 2, "line 1 is not UTF-8"},
        {"12345678901234567890123456789012\n", 33, "line 1 is too long; 31 bytes fit"},
        {"0\n1\n2\n3\n4\n5\n6\n7\n8\n9\nx\n", 22,
         "line 11 is one too many; one name for each of 10 classes expected"},
    };
    for (size_t item = 0; item < sizeof CASES / sizeof *CASES; item++) {
        files_write_dataset(*state, 50, 20);
        files_write(*state, "classes.txt", CASES[item].text, CASES[item].size);
        check_refused(*state, "classes.txt", CASES[item].message);
    }
}

static void a_classes_txt_that_is_a_pipe_is_refused_at_once(void **state)
{
    char path[FILES_PATH_SIZE];
    files_write_dataset(*state, 50, 20);
    assert_int_equal(mkfifo(files_path(*state, "classes.txt", path), 0600), 0);
    check_refused(*state, "classes.txt", "is a device or pipe, not a file");
}

static void a_classes_txt_without_end_is_refused(void **state)
{
    char text[6000];
    memset(text, 'x', sizeof text);
    files_write_dataset(*state, 50, 20);
    files_write(*state, "classes.txt", text, sizeof text);
    check_refused(*state, "classes.txt", "too long; ten short lines expected");
}

static void the_sample_is_balanced_and_says_what_it_is(void **state)
{
    (void)state;
    struct dataset *dataset = dataset_load_sample(NULL);
    assert_non_null(dataset);
    size_t counts[2][DATASET_CLASSES] = {{0}};
    assert_int_equal(dataset_train(dataset)->count, 6000);
    assert_int_equal(dataset_test(dataset)->count, 1000);
    for (size_t item = 0; item < 6000; item++)
        counts[0][dataset_train(dataset)->labels[item]]++;
    for (size_t item = 0; item < 1000; item++)
        counts[1][dataset_test(dataset)->labels[item]]++;
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        assert_int_equal(counts[0][label], 600);
        assert_int_equal(counts[1][label], 100);
    }
    assert_true(dataset_is_sample(dataset));
    assert_string_equal(dataset_name(dataset), "Fashion-MNIST sample");
    assert_string_equal(dataset_class_name(dataset, 9), "Ankle boot");
    dataset_destroy(dataset);
}

/* A copy is like the original, wherever it lies, and outlives it. */
static void a_copy_is_the_same_data_set(void **state)
{
    struct files *files = *state;
    files_write_dataset(files, 50, 20);
    struct dataset *dataset = dataset_load(files->directory, NULL, NULL, NULL);
    assert_non_null(dataset);
    size_t size = dataset_copy_size(dataset);
    void *memory = malloc(size);
    assert_non_null(memory);
    dataset_copy(dataset, memory);
    struct dataset *copy = dataset_at(memory, NULL);
    assert_non_null(copy);
    const struct image_set *sets[][2] = {{dataset_train(dataset), dataset_train(copy)},
                                         {dataset_test(dataset), dataset_test(copy)}};
    for (size_t set = 0; set < 2; set++) {
        size_t count = sets[set][0]->count;
        assert_int_equal(sets[set][1]->count, count);
        assert_ptr_not_equal(sets[set][1]->pixels, sets[set][0]->pixels);
        assert_memory_equal(sets[set][1]->pixels, sets[set][0]->pixels, count * DATASET_PIXELS);
        assert_memory_equal(sets[set][1]->labels, sets[set][0]->labels, count);
    }
    assert_string_equal(dataset_sha256(copy), dataset_sha256(dataset));
    assert_string_equal(dataset_class_name(copy, 7), dataset_class_name(dataset, 7));
    dataset_destroy(dataset);
    assert_string_equal(dataset_source(copy), files->directory);
    assert_false(dataset_is_sample(copy));
    dataset_destroy(copy);
    free(memory);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(four_files_make_a_data_set),
        TEST(a_copy_is_the_same_data_set),
        TEST(the_named_directory_comes_before_the_environment),
        TEST(a_user_directory_comes_before_the_system_one),
        TEST(without_the_variable_the_user_directory_is_in_home),
        TEST(a_directory_that_is_not_there_is_refused),
        TEST(a_missing_file_is_named),
        TEST(images_of_another_size_are_refused),
        TEST(counts_that_disagree_are_refused),
        TEST(a_label_out_of_range_is_refused),
        TEST(classes_txt_names_the_classes),
        TEST(fashion_names_in_classes_txt_keep_their_short_names),
        TEST(bad_names_have_their_own_message),
        TEST(a_classes_txt_that_is_a_pipe_is_refused_at_once),
        TEST(a_classes_txt_without_end_is_refused),
        TEST(the_sample_is_balanced_and_says_what_it_is),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
