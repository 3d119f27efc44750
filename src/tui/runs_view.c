// SPDX-License-Identifier: MIT
/*
 * The view of the stored runs: the list, and of the runs that are marked, or the selected one, the
 * curves over one another and what is known of them, or in which settings they differ.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "fmnist/store/run_facts.h"
#include "tui/runs_parts.h"

enum { BEST_SIZE = 64, NAME_BYTES_MAX = 40 };

static const double READ_SECONDS = 4; /* at most, between two looks for runs that died */

static struct view *runs_open(struct error *err)
{
    return memory_array(1, sizeof(struct view), err);
}

static void runs_close(struct view *view)
{
    run_table_clear(&view->table);
    run_curves_clear(&view->curves);
    free(view);
}

static void read_runs(struct view *view, struct store *store)
{
    struct run_row *runs;
    size_t count;
    view->failure = (struct error){0};
    view->read_at = clock_seconds();
    if (store_list_runs(store, &runs, &count, &view->failure) &&
        run_table_take(&view->table, runs, count, &view->failure))
        view->read = true;
}

bool runs_refresh(struct view *view, const struct scene *scene)
{
    if (!scene->store)
        return false;
    bool changed = store_changed(scene->store);
    if (view->read && !changed && clock_seconds() - view->read_at < READ_SECONDS)
        return false;
    read_runs(view, scene->store);
    return true;
}

static void move(struct view *view, long distance)
{
    if (view->focus != RUNS_DETAILS) {
        run_table_move(&view->table, distance);
        view->first_line = 0;
    } else if (distance < 0) {
        size_t back = (size_t)-distance;
        view->first_line -= back < view->first_line ? back : view->first_line;
    } else {
        view->first_line += (size_t)distance;
    }
}

static void mark(struct view *view, struct scene *scene)
{
    if (!run_table_mark(&view->table)) {
        (void)snprintf(view->notice, sizeof view->notice, "%d runs are marked, no more can be",
                       RUN_MARKS_MAX);
        scene->notice = view->notice;
        return;
    }
    run_table_move(&view->table, 1);
}

/* Asks the user something about a run. */
static void ask(struct view *view, struct scene *scene, enum scene_question question,
                const struct run_row *run)
{
    view->question = scene->wish.question = question;
    view->asked = run ? run->id : 0;
}

static void ask_name(struct view *view, struct scene *scene)
{
    const struct run_row *run = run_table_selected(&view->table);
    if (!run)
        return;
    ask(view, scene, QUESTION_NAME, run);
    (void)snprintf(scene->wish.text, sizeof scene->wish.text, "%s", run->name);
}

/* The selected run as it is now: its process may have ended since the list was read. */
static const struct run_row *selected_now(struct view *view, const struct scene *scene)
{
    if (scene->store)
        read_runs(view, scene->store);
    return run_table_selected(&view->table);
}

/* How many bytes of a name have room, in whole characters. */
static int name_bytes(const char *name)
{
    size_t bytes = 0, length;
    while (name[bytes] && (length = utf8_length(name + bytes)) > 0 &&
           bytes + length <= NAME_BYTES_MAX)
        bytes += length;
    return (int)bytes;
}

static void ask_delete(struct view *view, struct scene *scene)
{
    const struct run_row *run = selected_now(view, scene);
    char best[BEST_SIZE];
    if (!run)
        return;
    if (run->live) {
        (void)snprintf(view->notice, sizeof view->notice,
                       "run %" PRId64 " is being trained; end that first", run->id);
        scene->notice = view->notice;
        return;
    }
    ask(view, scene, QUESTION_DELETE, run);
    run_write_best(run, best, sizeof best);
    (void)snprintf(scene->wish.text, sizeof scene->wish.text,
                   "Run %" PRId64 "%s%.*s, %s, %.5g epoch%s%s%s%s.", run->id, *run->name ? " " : "",
                   name_bytes(run->name), run->name, run_title(run), run->epochs_done,
                   fabs(run->epochs_done - 1) < 1e-9 ? "" : "s", *best ? ", " : "", best,
                   *best ? " %" : "");
}

/* Whether a run could begin in place of what is on the screen. */
static bool nothing_trains(const struct scene *scene)
{
    const struct snapshot *snapshot = scene->snapshot;
    return snapshot->origin != SNAPSHOT_TRAINED || snapshot->state == TRAINER_FINISHED ||
           snapshot->state == TRAINER_FAILED;
}

static void resume(struct view *view, struct scene *scene)
{
    const struct run_row *run = selected_now(view, scene);
    if (!run)
        return;
    scene->notice = view->notice;
    if (run->live)
        (void)snprintf(view->notice, sizeof view->notice, "run %" PRId64 " is in training already",
                       run->id);
    else if (run->checkpoints == 0)
        (void)snprintf(view->notice, sizeof view->notice,
                       "run %" PRId64 " has no checkpoint to go on from", run->id);
    else if (!scene->can_resume || !nothing_trains(scene))
        (void)snprintf(view->notice, sizeof view->notice,
                       "a run is open here: fmnist-tui --resume %" PRId64 " goes on with that one",
                       run->id);
    else {
        scene->notice = NULL;
        scene->wish.resume = run->id;
    }
}

/* Shows the selected run in all views, where that is possible; else all that is known of it. */
static void open_run(struct view *view, struct scene *scene)
{
    const struct run_row *run = run_table_selected(&view->table);
    if (!run)
        return;
    if (scene->snapshot->origin != SNAPSHOT_TRAINED) {
        scene->wish.open = run->id;
        scene->wanted = REQUEST_VIEW_1;
        return;
    }
    view->focus = RUNS_DETAILS;
    (void)snprintf(view->notice, sizeof view->notice,
                   "fmnist-tui watch %" PRId64 " shows it in all views", run->id);
    scene->notice = view->notice;
}

/* Selects the run that was clicked; opens it where it is selected already. */
static void pick(struct view *view, struct scene *scene)
{
    if (view->table.selected == scene->picked)
        open_run(view, scene);
    run_table_select(&view->table, scene->picked);
    view->first_line = 0;
}

/* One step back: to the list, to all runs, to none marked. */
static bool step_back(struct view *view)
{
    if (view->focus != RUNS_LIST)
        view->focus = RUNS_LIST;
    else if (*view->table.filter)
        (void)run_table_set_filter(&view->table, "", NULL);
    else if (view->table.mark_count > 0)
        view->table.mark_count = 0;
    else
        return false;
    return true;
}

/* Requests that move something. */
static bool act_on_place(struct view *view, enum request request)
{
    int panels = RUNS_PANELS;
    long page = view->page > 0 ? (long)view->page : 1, all = 1 << 20;
    switch (request) {
    case REQUEST_UP:
        move(view, -1);
        return true;
    case REQUEST_DOWN:
        move(view, 1);
        return true;
    case REQUEST_PAGE_UP:
        move(view, -page);
        return true;
    case REQUEST_PAGE_DOWN:
        move(view, page);
        return true;
    case REQUEST_FIRST:
        move(view, -all);
        return true;
    case REQUEST_LAST:
        move(view, all);
        return true;
    case REQUEST_LEFT:
        view->first_run -= view->first_run > 0;
        return true;
    case REQUEST_RIGHT:
        view->first_run++;
        return true;
    case REQUEST_NEXT_PANEL:
        view->focus = (enum runs_panel)(((int)view->focus + 1) % panels);
        return true;
    case REQUEST_PREVIOUS_PANEL:
        view->focus = (enum runs_panel)(((int)view->focus + panels - 1) % panels);
        return true;
    case REQUEST_BACK:
        return step_back(view);
    default:
        return false;
    }
}

static bool runs_act(struct view *view, enum request request, struct scene *scene)
{
    if (!view->read) /* the keys came faster than the first drawing */
        (void)runs_refresh(view, scene);
    switch (request) {
    case REQUEST_ORDER:
        run_table_sort_next(&view->table);
        return true;
    case REQUEST_PART:
        mark(view, scene);
        return true;
    case REQUEST_ALL:
        run_table_mark_all(&view->table);
        return true;
    case REQUEST_LOG:
        view->log = !view->log;
        return true;
    case REQUEST_FILTER:
        ask(view, scene, QUESTION_FILTER, NULL);
        (void)snprintf(scene->wish.text, sizeof scene->wish.text, "%s", view->table.filter);
        return true;
    case REQUEST_RENAME:
        ask_name(view, scene);
        return true;
    case REQUEST_DELETE:
        ask_delete(view, scene);
        return true;
    case REQUEST_RESUME:
        resume(view, scene);
        return true;
    case REQUEST_ENTER:
        open_run(view, scene);
        return true;
    case REQUEST_PICK_RUN:
        pick(view, scene);
        return true;
    default:
        return act_on_place(view, request);
    }
}

static bool runs_answer(struct view *view, const char *line, struct scene *scene, struct error *err)
{
    bool good = true;
    if (view->question == QUESTION_FILTER)
        return run_table_set_filter(&view->table, line, err);
    if (view->question == QUESTION_NAME)
        good = store_rename_run(scene->store, view->asked, line, err);
    else if (view->question == QUESTION_DELETE)
        good = store_remove_run(scene->store, view->asked, err);
    read_runs(view, scene->store);
    return good;
}

const struct view_operations VIEW_RUNS = {
    .name = "Runs",
    .open = runs_open,
    .close = runs_close,
    .draw = runs_draw,
    .act = runs_act,
    .answer = runs_answer,
    .refresh = runs_refresh,
};
