// SPDX-License-Identifier: MIT
#include "tui/app.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "tui/appearance.h"
#include "tui/console.h"
#include "tui/filter_words.h"
#include "tui/frame.h"
#include "tui/keeping.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/signals.h"
#include "tui/steering.h"

/* Between two frames that no key asked for: each takes a core from training for a moment. */
static const double FRAME_SECONDS = 1.0 / 15;
static const double INTERRUPT_SECONDS = 2;    /* between two Ctrl-C that quit without asking */
static const double REFRESH_SECONDS = 1;      /* between two looks of a view for news */
static const double SUSPEND_WAIT_SECONDS = 1; /* at most, for the trainer to pause */

/* So many times in a row input may be announced without any coming: then the terminal is gone. */
enum { EMPTY_READS_MAX = 3 };

struct app {
    struct session session;
    const struct snapshot *snapshot; /* the newest, with a reference */
    struct signals *signals;
    struct screen *screen;
    struct canvas *canvas; /* as large as the screen */
    struct frame frame;
    struct appearance appearance;
    struct steering steering;
    struct keeping keeping;
    char failure[ERROR_MESSAGE_SIZE]; /* the trainer's notice that was shown last */
    bool hinted;                      /* the hint about unknown keys was given, */
    bool hinted_sequence;             /* and that about unknown sequences */
    struct observation observed;      /* what the trainer was last told to look at */
    double interrupted_at;            /* clock_seconds() of the last Ctrl-C */
    int empty_reads;
    bool dirty;  /* something changed since the last frame */
    bool urgent; /* and a key changed it: no waiting for the next frame's time */
    double drawn_at;
    double refreshed_at; /* clock_seconds() of a view's last look for news */
    bool done;
    int end_signal; /* the reason, where it is a signal */
    int64_t resume; /* the run to go on with after it; 0: none */
};

static void app_end(struct app *app, int end_signal)
{
    app->done = true;
    app->end_signal = end_signal;
}

static void app_draw(struct app *app)
{
    frame_draw(&app->frame, app->canvas, app->steering.notice);
    screen_show(app->screen, app->canvas);
    app->dirty = app->urgent = false;
    app->drawn_at = clock_seconds();
}

/* Passes on what the trainer has to tell, once; a failure is no notice, it gets a box. */
static void show_failure(struct app *app)
{
    const struct error *failure = &app->snapshot->failure;
    if (failure->code != ERROR_NONE && app->snapshot->state != TRAINER_FAILED &&
        strcmp(failure->message, app->failure) != 0)
        steering_notice(&app->steering, REQUEST_NONE, "%s", failure->message);
    memcpy(app->failure, failure->message, sizeof app->failure);
}

/* Passes on what became of checkpoints. */
static void show_keeping(struct app *app)
{
    char text[STEERING_NOTICE_SIZE];
    if (keeping_update(&app->keeping, app->snapshot, text, sizeof text))
        steering_notice(&app->steering, REQUEST_NONE, "%s", text);
}

/* Tells the trainer what the shown view needs to see, where that has changed. */
static void app_observe(struct app *app)
{
    struct observation wish = views_observation(&app->frame.views, &app->frame.scene);
    if (!observation_equal(&wish, &app->observed) &&
        session_send(app->session, (struct run_command){.kind = RUN_OBSERVE, .observation = wish}))
        app->observed = wish;
}

static void app_update(struct app *app)
{
    session_acknowledge(app->session);
    snapshot_release(app->snapshot);
    app->snapshot = session_snapshot(app->session);
    app->dirty = true;
    scene_update(&app->frame.scene, app->snapshot);
    views_update(&app->frame.views, &app->frame.scene);
    steering_update(&app->steering, app->snapshot);
    show_failure(app);
    show_keeping(app);
    app_observe(app);
    if (log_pane_has_news(&app->frame.log))
        steering_notice(&app->steering, REQUEST_NONE, "something was printed; L shows it");
}

/* Makes the canvas as large as the screen. */
static bool app_fit(struct app *app, struct error *err)
{
    canvas_destroy(app->canvas);
    app->canvas = canvas_create(screen_rows(app->screen), screen_columns(app->screen), err);
    app->dirty = app->urgent = true;
    return app->canvas;
}

/* Waits until the trainer shows that it does not train, but not for long. */
static void await_pause(struct app *app)
{
    double deadline = clock_seconds() + SUSPEND_WAIT_SECONDS;
    while (app->snapshot->state == TRAINER_TRAINING || app->snapshot->state == TRAINER_EVALUATING) {
        double left = deadline - clock_seconds();
        struct pollfd polled = {.fd = session_descriptor(app->session), .events = POLLIN};
        if (left <= 0 || (poll(&polled, 1, (int)ceil(left * 1000)) < 0 && errno != EINTR))
            return;
        if (polled.revents)
            app_update(app);
    }
}

/* Pauses the training, gives the terminal back, stops; and the same backwards once continued. */
static bool app_suspend(struct app *app, bool whole_group, struct error *err)
{
    bool watched = app->snapshot->origin == SNAPSHOT_WATCHED; /* somebody else sees it */
    bool ran = !watched && steering_runs(&app->steering, app->snapshot);
    if (ran) {
        steering_pause(&app->steering);
        await_pause(app);
    }
    screen_suspend(app->screen);
    signals_suspend(app->signals, whole_group);
    if (!screen_resume(app->screen, err))
        return false;
    if (ran)
        steering_resume(&app->steering);
    return app_fit(app, err);
}

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
        dialog_open(&app->frame.dialog, DIALOG_QUIT, "%s is in epoch %zu of %zu.", learner->title,
                    learner->epoch, learner->epochs);
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
    if (kind == DIALOG_QUIT)
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
        keeping_ask(&app->keeping);
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

static bool press(struct app *app, uint32_t key, struct error *err)
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

static bool read_keys(struct app *app, struct error *err)
{
    uint32_t key;
    app->empty_reads++;
    while (!app->done && (key = screen_read_key(app->screen)) != KEYS_NONE) {
        app->empty_reads = 0;
        if (!press(app, key, err))
            return false;
    }
    if (app->empty_reads >= EMPTY_READS_MAX)
        app_end(app, SIGHUP);
    return true;
}

static bool take_signals(struct app *app, struct error *err)
{
    struct signal_events events = signals_take(app->signals);
    if (events.end) {
        app_end(app, events.end);
        return true;
    }
    if (events.suspend)
        return app_suspend(app, false, err);
    if (events.continued) {
        /* Stopped by SIGSTOP: no chance to tidy up, and the shell has set the terminal its way. */
        screen_suspend(app->screen);
        return screen_resume(app->screen, err) && app_fit(app, err);
    }
    return !events.resized || (screen_resize(app->screen, err) && app_fit(app, err));
}

/* Milliseconds to sleep: for ever when there is nothing to draw or to look for. */
static int sleep_time(const struct app *app)
{
    double since = app->dirty ? app->drawn_at + FRAME_SECONDS : app->refreshed_at + REFRESH_SECONDS;
    if (!app->dirty && !views_can_refresh(&app->frame.views))
        return -1;
    double left = since - clock_seconds();
    return (app->dirty && app->urgent) || left <= 0 ? 0 : (int)ceil(left * 1000);
}

/* Lets the view look for news where it is time. */
static void app_refresh(struct app *app)
{
    double now = clock_seconds();
    if (!views_can_refresh(&app->frame.views) || now - app->refreshed_at < REFRESH_SECONDS)
        return;
    app->refreshed_at = now;
    app->dirty = views_refresh(&app->frame.views, &app->frame.scene) || app->dirty;
}

/* Sleeps until something happens, and acts on it. */
static bool app_turn(struct app *app, struct error *err)
{
    /* With a frame due, newer snapshots are left for the one after: they come more often. */
    struct pollfd polled[] = {
        {.fd = screen_input(), .events = POLLIN},
        {.fd = screen_output(app->screen)},
        {.fd = signals_descriptor(app->signals), .events = POLLIN},
        {.fd = app->dirty ? -1 : session_descriptor(app->session), .events = POLLIN},
    };
    app_refresh(app);
    if (app->dirty && sleep_time(app) == 0) {
        app_draw(app);
        return true;
    }
    if (poll(polled, sizeof polled / sizeof polled[0], sleep_time(app)) < 0) {
        if (errno == EINTR)
            return true;
        error_set_errno(err, errno, "cannot wait for keys");
        return false;
    }
    if (polled[2].revents && !take_signals(app, err))
        return false;
    if ((polled[0].revents | polled[1].revents) & (POLLHUP | POLLERR | POLLNVAL))
        app_end(app, app->end_signal ? app->end_signal : SIGHUP);
    else if (polled[0].revents && !read_keys(app, err))
        return false;
    if (polled[3].revents)
        app_update(app);
    return true;
}

static bool app_open(struct app *app, const struct app_settings *settings, struct error *err)
{
    if (!views_open(&app->frame.views, err))
        return false;
    app->signals = signals_create(err);
    if (!app->signals)
        return false;
    struct screen_settings wish = appearance_begin(&app->appearance, settings);
    app->screen = screen_open(&wish, err);
    if (!app->screen)
        return false;
    signals_set_rescue(app->signals, screen_rescue(app->screen));
    app->frame.log.log = screen_log(app->screen);
    app->frame.scene.store = settings->store;
    app->frame.scene.can_resume = settings->can_resume;
    app->frame.scene.look = appearance_look(&app->appearance, settings, app->screen);
    return app_fit(app, err);
}

static void app_close(struct app *app)
{
    if (app->signals)
        signals_set_rescue(app->signals, NULL);
    screen_close(app->screen);
    if (app->signals && !app->end_signal)
        app->end_signal = signals_take(app->signals).end; /* it came while we were closing */
    signals_destroy(app->signals);
    canvas_destroy(app->canvas);
    views_close(&app->frame.views);
    snapshot_release(app->snapshot);
}

bool app_run(struct session session, const struct app_settings *settings, struct app_result *result,
             struct error *err)
{
    struct app app = {.session = session,
                      .steering = {.session = session},
                      .interrupted_at = -INFINITY,
                      .refreshed_at = -INFINITY,
                      .drawn_at = -INFINITY};
    bool good = app_open(&app, settings, err);
    if (good) {
        app_update(&app);
        good = read_keys(&app, err); /* those that came in while the terminal was asked */
        app.empty_reads = 0;
    }
    while (good && !app.done)
        good = app_turn(&app, err);
    app_close(&app);
    *result = (struct app_result){.signal = app.end_signal, .resume = app.resume};
    return good;
}

void app_raise(int signal_number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
    (void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}
