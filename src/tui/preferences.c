// SPDX-License-Identifier: MIT
#include "tui/preferences.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/look.h"

enum { PATH_SIZE = PATH_MAX, LINE_SIZE = 128, WORD_SIZE = 32 };

/* A value, and the word for it. */
struct word {
    const char *word;
    int value;
};

static const struct word GLYPHS[] = {
    {"auto", APP_GLYPHS_AUTO}, {"ascii", APP_GLYPHS_ASCII}, {"utf8", APP_GLYPHS_UTF8}};
static const struct word COLORS[] = {
    {"auto", SCREEN_COLORS_AUTO}, {"never", 0}, {"8", 8}, {"16", 16}, {"256", 256},
    {"24bit", LOOK_TRUE_COLOR}};

enum {
    GLYPHS_COUNT = sizeof GLYPHS / sizeof *GLYPHS,
    COLORS_COUNT = sizeof COLORS / sizeof *COLORS
};

/* Where the file is; false with `err` set where the environment names no place. */
static bool find_file(char path[PATH_SIZE], struct error *err)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (state && *state == '/')
        length = snprintf(path, PATH_SIZE, "%s/fmnist-tui/screen", state);
    else if (home && *home == '/')
        length = snprintf(path, PATH_SIZE, "%s/.local/state/fmnist-tui/screen", home);
    if (length > 0 && length < PATH_SIZE)
        return true;
    error_set(err, ERROR_SYSTEM, "XDG_STATE_HOME and HOME name no directory");
    return false;
}

static int value_of(const struct word *words, size_t count, const char *word)
{
    for (size_t index = 0; index < count; index++)
        if (strcmp(words[index].word, word) == 0)
            return words[index].value;
    return words[0].value;
}

static const char *word_of(const struct word *words, size_t count, int value)
{
    for (size_t index = 0; index < count; index++)
        if (words[index].value == value)
            return words[index].word;
    return words[0].word;
}

static void take_line(struct preferences *preferences, const char *line)
{
    char name[WORD_SIZE], value[WORD_SIZE];
    if (sscanf(line, " %31[a-z] = %31s", name, value) != 2)
        return;
    if (strcmp(name, "glyphs") == 0)
        preferences->glyphs = (enum app_glyphs)value_of(GLYPHS, GLYPHS_COUNT, value);
    else if (strcmp(name, "color") == 0)
        preferences->colors = value_of(COLORS, COLORS_COUNT, value);
}

struct preferences preferences_read(void)
{
    struct preferences preferences = {APP_GLYPHS_AUTO, SCREEN_COLORS_AUTO};
    char path[PATH_SIZE], line[LINE_SIZE];
    if (!find_file(path, NULL))
        return preferences;
    FILE *file = fopen(path, "re");
    if (!file)
        return preferences;
    while (fgets(line, sizeof line, file))
        take_line(&preferences, line);
    (void)fclose(file);
    return preferences;
}

/* Makes the directories above the file that are missing. */
static bool make_directories(char path[PATH_SIZE], struct error *err)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool there = mkdir(path, 0700) == 0 || errno == EEXIST;
        if (!there)
            error_set_errno(err, errno, "%s", path);
        *slash = '/';
        if (!there)
            return false;
    }
    return true;
}

static bool write_words(FILE *file, const struct preferences *preferences)
{
    bool good = fprintf(file, "glyphs = %s\ncolor = %s\n",
                        word_of(GLYPHS, GLYPHS_COUNT, (int)preferences->glyphs),
                        word_of(COLORS, COLORS_COUNT, preferences->colors)) > 0;
    return (fclose(file) == 0) && good;
}

bool preferences_write(const struct preferences *preferences, struct error *err)
{
    char path[PATH_SIZE], fresh[PATH_SIZE + WORD_SIZE];
    if (!find_file(path, err) || !make_directories(path, err))
        return false;
    (void)snprintf(fresh, sizeof fresh, "%s.XXXXXX", path);
    int descriptor = mkstemp(fresh);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (file && write_words(file, preferences) && rename(fresh, path) == 0)
        return true;
    error_set_errno(err, errno, "%s", path);
    if (descriptor >= 0)
        (void)unlink(fresh);
    if (!file && descriptor >= 0)
        (void)close(descriptor);
    return false;
}
