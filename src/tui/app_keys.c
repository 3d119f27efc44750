// SPDX-License-Identifier: MIT
/* What keys do: to the program itself, to dialogs and lines that are open, to the training, to the
 * view. */
#include <signal.h>

#include "base/clock.h"
#include "tui/app_state.h"
#include "tui/console.h"
#include "tui/filter_words.h"
#include "tui/keys.h"

static const double INTERRUPT_SECONDS = 2; /* between two Ctrl-C that quit without asking */

static const struct learner_snapshot *app_learner(const struct app *app)
{
    return &app->snapshot->learners[app->snapshot->active];
}

static void ask_quit(struct app *app)
{
    const struct learner_snapshot *learner = app_learner(app);
    if (!steering_unfinished(app->snapshot))
        app_end(app, 0);
    else
        dialog_open(&app->frame.dialog, *learner->record.run ? DIALOG_LEAVE : DIALOG_QUIT,
                    "%s is in epoch %zu of %zu.", learner->title, learner->epoch, learner->epochs);
}

static void ask_restart(struct app *app)
{
    const struct learner_snapshot *learner = app_learner(app);
    if (app->snapshot->learner_count == 0 || !learner->started)
        steering_notice(&app->steering, REQUEST_NONE, "not loaded yet");
    else if (app->snapshot->origin == SNAPSHOT_REPLAYED)
        steering_restart(&app->steering); /* back to its start: nothing is lost */
    else
        dialog_open(&app->frame.dialog, DIALOG_RESTART, "%s has made %llu steps.", learner->title,
                    (unsigned long long)learner->step);
}

static void delete_run(struct app *app)
{
    struct error err = {0};
    if (!views_answer(&app->frame.views, NULL, &app->frame.scene, &err))
        steering_notice(&app->steering, REQUEST_NONE, "%s", err.message);
}

static void answer_dialog(struct app *app, uint32_t key)
{
    enum dialog_kind kind = app->frame.dialog.kind;
    if (dialog_press(&app->frame.dialog, key) != DIALOG_YES)
        return;
    if (kind == DIALOG_QUIT || kind == DIALOG_LEAVE)
        app_end(app, 0);
    else if (kind == DIALOG_DELETE)
        delete_run(app);
    else
        steering_restart(&app->steering);
}

static void interrupt(struct app *app)
{
    double now = clock_seconds();
    if (now - app->interrupted_at < INTERRUPT_SECONDS)
        app_end(app, 0);
    else
        ask_quit(app);
    app->interrupted_at = now;
}

static void switch_glyphs(struct app *app)
{
    char notice[APPEARANCE_NOTICE_SIZE];
    appearance_switch_glyphs(&app->appearance, app->screen, &app->frame.scene.look, notice);
    steering_notice(&app->steering, REQUEST_NONE, "%s", notice);
}

static void switch_colors(struct app *app)
{
    char notice[APPEARANCE_NOTICE_SIZE];
    appearance_switch_colors(&app->appearance, app->screen, &app->frame.scene.look, notice);
    steering_notice(&app->steering, REQUEST_NONE, "%s", notice);
}

static void switch_mouse(struct app *app)
{
    if (!screen_switch_mouse(app->screen))
        steering_notice(&app->steering, REQUEST_NONE, "this terminal has no mouse");
    else if (screen_has_mouse(app->screen))
        steering_notice(&app->steering, REQUEST_NONE, "the mouse works here");
    else
        steering_notice(&app->steering, REQUEST_NONE, "the mouse selects text in the terminal");
}

/* What to tell about a key that does nothing: but for a paste, once. */
static void hint(struct app *app, uint32_t key)
{
    if (key == KEYS_PASTE) {
        steering_notice(&app->steering, REQUEST_NONE, "pasted text does nothing here");
    } else if (key == KEYS_SEQUENCE) {
        if (!app->hinted_sequence)
            steering_notice(
                &app->steering, REQUEST_NONE,
                "the terminal sent a key that is not known here; ? shows those that are");
        app->hinted_sequence = true;
    } else {
        if (!app->hinted)
            steering_notice(&app->steering, REQUEST_NONE,
                            "this key does nothing; ? shows those that do");
        app->hinted = true;
    }
}

/* Requests that hold whatever is open on top; false for all others. */
static bool act_always(struct app *app, enum request request)
{
    switch (request) {
    case REQUEST_INTERRUPT:
        interrupt(app);
        return true;
    case REQUEST_ABORT:
        app_end(app, SIGQUIT);
        return true;
    case REQUEST_REDRAW:
        screen_forget(app->screen);
        return true;
    case REQUEST_GLYPHS:
        switch_glyphs(app);
        return true;
    case REQUEST_COLORS:
        switch_colors(app);
        return true;
    case REQUEST_MOUSE:
        switch_mouse(app);
        return true;
    default:
        return false;
    }
}

/* Does what a view asked for as it acted. */
static void grant_wish(struct app *app)
{
    const struct scene_wish wish = app->frame.scene.wish;
    app->frame.scene.wish = (struct scene_wish){.question = QUESTION_NONE};
    if (wish.question == QUESTION_DELETE)
        dialog_open(&app->frame.dialog, DIALOG_DELETE, "%s", wish.text);
    else if (wish.question != QUESTION_NONE)
        prompt_open(&app->frame.prompt, wish.question == QUESTION_NAME ? PROMPT_NAME : PROMPT_RUNS,
                    wish.text);
    if (wish.open)
        (void)session_send(app->session,
                           (struct run_command){.kind = RUN_OPEN, .number = (uint64_t)wish.open});
    if (wish.resume) {
        app->resume = wish.resume;
        app_end(app, 0);
    }
}

/* Requests to the view that is shown, or to all. */
static void act_on_screen(struct app *app, enum request request)
{
    struct scene *scene = &app->frame.scene;
    scene->notice = NULL;
    if (!views_act(&app->frame.views, request, scene))
        (void)scene_act(scene, request);
    if (scene->notice)
        steering_notice(&app->steering, REQUEST_NONE, "%s", scene->notice);
    grant_wish(app);
}

/* What `/` opens: a search where the help is open, the view's own filter, or that of images. */
static void open_filter(struct app *app)
{
    if (app->frame.help.open)
        prompt_open(&app->frame.prompt, PROMPT_SEARCH, "");
    else if (views_act(&app->frame.views, REQUEST_FILTER, &app->frame.scene))
        grant_wish(app);
    else
        prompt_open(&app->frame.prompt, PROMPT_FILTER, app->frame.scene.filter.text);
}

/* Requests to the program itself, the trainer, or the view. */
static void act(struct app *app, enum request request, uint32_t key)
{
    switch (request) {
    case REQUEST_NONE:
        hint(app, key);
        break;
    case REQUEST_QUIT:
        ask_quit(app);
        break;
    case REQUEST_SAVE:
        keeping_ask(&app->keeping, app->snapshot);
        (void)steering_act(&app->steering, request, app->snapshot);
        break;
    case REQUEST_RESTART:
        ask_restart(app);
        break;
    case REQUEST_HELP:
        app->frame.help = (struct help){.open = true};
        break;
    case REQUEST_PRINTED:
        app->frame.log.open = true;
        app->frame.log.back = 0;
        break;
    case REQUEST_COMMAND:
        prompt_open(&app->frame.prompt, PROMPT_COMMAND, "");
        break;
    case REQUEST_FILTER:
        open_filter(app);
        break;
    default:
        if (!steering_act(&app->steering, request, app->snapshot))
            act_on_screen(app, request);
        break;
    }
}

/* The key that a click or a turn of the wheel counts as, by what was drawn there last; KEYS_IGNORED
 * for a click on nothing, and while a line is typed, to which a click would add a letter. */
static uint32_t pointed_key(struct app *app, uint32_t key)
{
    int row, column;
    screen_mouse(app->screen, &row, &column);
    const struct zone *zone = canvas_zone_at(app->canvas, row, column);
    bool click = key == KEYS_CLICK, chart = zone && zone->key == KEYS_CHART;
    if (!zone || app->frame.prompt.kind != PROMPT_CLOSED || (!click && !chart))
        return click ? KEYS_IGNORED : key;
    app->frame.scene.picked = chart ? (size_t)(column - zone->area.column) : zone->number;
    if (click)
        return zone->key;
    return key == KEYS_WHEEL_UP ? KEYS_CHART_WHEEL_UP : KEYS_CHART_WHEEL_DOWN;
}

/* Takes the filter that was typed and shows what it leaves; a line that makes no sense stays open.
 */
static void set_filter(struct app *app)
{
    struct error err = {0};
    if (scene_set_filter(&app->frame.scene, app->frame.prompt.editor.text, &err))
        act_on_screen(app, REQUEST_VIEW_3);
    else
        prompt_complain(&app->frame.prompt, PROMPT_FILTER, err.message);
}

/* Gives the view the line that it asked for; one that makes no sense stays open. */
static void answer_view(struct app *app, enum prompt_kind kind)
{
    struct error err = {0};
    if (!views_answer(&app->frame.views, app->frame.prompt.editor.text, &app->frame.scene, &err))
        prompt_complain(&app->frame.prompt, kind, err.message);
}

/* Gives a key to the line that is being typed, and acts on what comes of it. */
static void type(struct app *app, uint32_t key)
{
    struct prompt *prompt = &app->frame.prompt;
    enum prompt_kind kind = prompt->kind;
    enum prompt_event event = prompt_press(prompt, key);
    if (kind == PROMPT_SEARCH) {
        help_search(&app->frame.help, event == PROMPT_LEFT ? "" : prompt->editor.text);
    } else if (kind == PROMPT_COMMAND && event == PROMPT_ACCEPTED) {
        enum request request = console_run(prompt->editor.text, &app->steering, app->snapshot);
        if (request != REQUEST_NONE)
            act(app, request, KEYS_NONE);
    } else if (kind == PROMPT_FILTER && event == PROMPT_ACCEPTED) {
        set_filter(app);
    } else if ((kind == PROMPT_RUNS || kind == PROMPT_NAME) && event == PROMPT_ACCEPTED) {
        answer_view(app, kind);
    } else if (event == PROMPT_COMPLETE) {
        filter_complete(&prompt->editor, app->snapshot->dataset);
    }
}

/* Whether the line that is being typed takes a key that may mean this: all but those by which one
 * leaves the program or sees it again. */
static bool is_typed(const struct app *app, enum request request)
{
    return app->frame.prompt.kind != PROMPT_CLOSED && app->frame.dialog.kind == DIALOG_CLOSED &&
           request != REQUEST_INTERRUPT && request != REQUEST_ABORT && request != REQUEST_REDRAW;
}

bool app_press(struct app *app, uint32_t key, struct error *err)
{
    if (key == KEYS_CLICK || key == KEYS_WHEEL_UP || key == KEYS_WHEEL_DOWN)
        key = pointed_key(app, key);
    if (key == KEYS_IGNORED)
        return true;
    enum request request = keys_request(key);
    steering_notice(&app->steering, REQUEST_NONE, "%s", "");
    app->dirty = app->urgent = true;
    if (request == REQUEST_SUSPEND)
        return app_suspend(app, true, err);
    if (is_typed(app, request)) {
        type(app, key);
        return true;
    }
    if (act_always(app, request))
        return true;
    if (app->frame.dialog.kind != DIALOG_CLOSED)
        answer_dialog(app, key);
    else if ((!app->frame.help.open || !help_act(&app->frame.help, request)) &&
             (!app->frame.log.open || !log_pane_act(&app->frame.log, request)))
        act(app, request, key);
    app_observe(app);
    return true;
}
