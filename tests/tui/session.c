// SPDX-License-Identifier: MIT
#include "session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 4096, NAME_SIZE = 128, SCREEN_BYTES_MAX = 1 << 20 };

const struct look SESSION_UTF8 = {.glyphs = GLYPHS_UTF8, .colors = 256};
const struct look SESSION_UTF8_PLAIN = {.glyphs = GLYPHS_UTF8, .colors = 0};
const struct look SESSION_ASCII_PLAIN = {.glyphs = GLYPHS_ASCII, .colors = 0};

static void update(struct session *session)
{
    scene_update(&session->frame.scene, &session->staged->snapshot);
    views_update(&session->frame.views, &session->frame.scene);
}

struct session *session_open(size_t steps)
{
    struct session *session = calloc(1, sizeof *session);
    assert_non_null(session);
    session->staged = staged_create(steps);
    session->frame.scene.look = SESSION_UTF8;
    assert_true(views_open(&session->frame.views, NULL));
    update(session);
    return session;
}

void session_close(struct session *session)
{
    views_close(&session->frame.views);
    staged_destroy(session->staged);
    free(session);
}

void session_press(struct session *session, enum request request)
{
    struct scene *scene = &session->frame.scene;
    scene->notice = NULL;
    if (!views_act(&session->frame.views, request, scene))
        assert_true(scene_act(scene, request));
}

char *session_draw(struct session *session, int rows, int columns)
{
    struct canvas *canvas = canvas_create(rows, columns, NULL);
    assert_non_null(canvas);
    update(session);
    frame_draw(&session->frame, canvas, "");
    char *text = canvas_to_text(canvas);
    assert_non_null(text);
    canvas_destroy(canvas);
    return text;
}

void session_expect(struct session *session, int rows, int columns, const char *text)
{
    char *drawn = session_draw(session, rows, columns);
    if (!strstr(drawn, text))
        fail_msg("'%s' is not in:\n%s", text, drawn);
    free(drawn);
}

static char *read_golden(const char *path)
{
    char *text = calloc(SCREEN_BYTES_MAX, 1);
    assert_non_null(text);
    FILE *file = fopen(path, "r");
    if (file) {
        (void)fread(text, 1, SCREEN_BYTES_MAX - 1, file);
        (void)fclose(file);
    }
    return text;
}

static void write_golden(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

void session_compare(const char *name, const char *drawn)
{
    char path[PATH_SIZE];
    const char *source = getenv("FMNIST_SOURCE"), *wish = getenv("FMNIST_GOLDEN");
    (void)snprintf(path, sizeof path, "%s/tests/tui/golden/%s.txt", source ? source : ".", name);
    if (wish && strcmp(wish, "update") == 0)
        write_golden(path, drawn);
    char *golden = read_golden(path);
    if (strcmp(drawn, golden) != 0)
        fail_msg("not the screen of %s, which is:\n%s\nbut:\n%s", path, golden, drawn);
    free(golden);
}

void session_check(struct session *session, const struct session_screen *screen)
{
    char name[NAME_SIZE];
    (void)snprintf(name, sizeof name, "%s-%dx%d", screen->name, screen->columns, screen->rows);
    session->frame.scene.look = *screen->look;
    char *drawn = session_draw(session, screen->rows, screen->columns);
    session_compare(name, drawn);
    free(drawn);
}

void session_draw_all_sizes(struct session *session)
{
    for (int rows = 1; rows <= 100; rows += rows < 30 ? 1 : 7) {
        for (int columns = 1; columns <= 300; columns += columns < 100 ? 3 : 23) {
            char *text = session_draw(session, rows, columns);
            assert_true(strlen(text) > 0);
            free(text);
        }
    }
}
