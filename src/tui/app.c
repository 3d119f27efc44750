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
#include "tui/app_state.h"
#include "tui/keys.h"

/* Between two frames that no key asked for: each takes a core from training for a moment. */
static const double FRAME_SECONDS = 1.0 / 15;
static const double REFRESH_SECONDS = 1;      /* between two looks of a view for news */
static const double SUSPEND_WAIT_SECONDS = 1; /* at most, for the trainer to pause */

/* So many times in a row input may be announced without any coming: then the terminal is gone. */
enum { EMPTY_READS_MAX = 3 };

void app_end(struct app *app, int end_signal)
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

void app_observe(struct app *app)
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

bool app_suspend(struct app *app, bool whole_group, struct error *err)
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

static bool read_keys(struct app *app, struct error *err)
{
    uint32_t key;
    app->empty_reads++;
    while (!app->done && (key = screen_read_key(app->screen)) != KEYS_NONE) {
        app->empty_reads = 0;
        if (!app_press(app, key, err))
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
