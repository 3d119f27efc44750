// SPDX-License-Identifier: MIT
/* The whole screen with the view of the network's layers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"
#include "staged_layers.h"

enum { STEPS = 345, LENET, ALEXNET };

static const struct look EIGHT_COLORS = {.glyphs = GLYPHS_UTF8, .colors = 8};
static const struct look LIGHT = {.glyphs = GLYPHS_UTF8, .colors = 256, .light_background = true};

struct stage {
    struct session *session;
    struct staged_layers *layers;
};

static struct stage open_network(size_t model)
{
    struct stage stage = {.session = session_open(STEPS)};
    stage.layers = staged_layers_create(stage.session->staged);
    stage.session->staged->snapshot.active = model == ALEXNET;
    free(session_draw(stage.session, 24, 80)); /* the model has changed */
    session_press(stage.session, REQUEST_VIEW_4);
    return stage;
}

static void close_network(struct stage *stage)
{
    staged_layers_destroy(stage->layers, stage->session->staged);
    session_close(stage->session);
}

static struct observation wish(const struct stage *stage)
{
    return views_observation(&stage->session->frame.views, &stage->session->frame.scene);
}

/* Opens the layer of that number, from 0, and brings what the view asks for. */
static void open_layer(struct stage *stage, size_t layer)
{
    session_press(stage->session, REQUEST_FIRST);
    for (size_t down = 0; down < layer; down++)
        session_press(stage->session, REQUEST_DOWN);
    session_press(stage->session, REQUEST_ENTER);
    const struct observation subject = wish(stage);
    staged_layers_study(stage->layers, stage->session->staged, &subject);
}

static void check_all(struct session *session, const struct session_screen *screens, size_t count)
{
    for (size_t index = 0; index < count; index++)
        session_check(session, &screens[index]);
}

static void every_size_and_glyph_set_draws_its_stored_screen(void **state)
{
    (void)state;
    static const struct session_screen SCREENS[] = {
        {"network-utf8", 12, 40, &SESSION_UTF8},
        {"network-utf8", 24, 80, &SESSION_UTF8},
        {"network-utf8", 40, 120, &SESSION_UTF8},
        {"network-utf8", 60, 200, &SESSION_UTF8},
        {"network-ascii", 12, 40, &SESSION_ASCII_PLAIN},
        {"network-ascii", 24, 80, &SESSION_ASCII_PLAIN},
        {"network-ascii", 40, 120, &SESSION_ASCII_PLAIN},
        {"network-ascii", 60, 200, &SESSION_ASCII_PLAIN},
    };
    struct stage stage = open_network(ALEXNET);
    check_all(stage.session, SCREENS, sizeof SCREENS / sizeof *SCREENS);
    close_network(&stage);
}

static void lenet_has_a_table_too(void **state)
{
    (void)state;
    static const struct session_screen SCREENS[] = {
        {"network-lenet", 12, 40, &SESSION_UTF8},
        {"network-lenet", 24, 80, &SESSION_UTF8},
    };
    struct stage stage = open_network(LENET);
    check_all(stage.session, SCREENS, sizeof SCREENS / sizeof *SCREENS);
    close_network(&stage);
}

static void an_open_layer_draws_its_stored_screen(void **state)
{
    (void)state;
    static const struct session_screen SCREENS[] = {
        {"layer-plain", 12, 40, &SESSION_UTF8_PLAIN},
        {"layer-plain", 24, 80, &SESSION_UTF8_PLAIN},
        {"layer-plain", 40, 120, &SESSION_UTF8_PLAIN},
        {"layer-plain", 60, 200, &SESSION_UTF8_PLAIN},
        {"layer-ascii", 12, 40, &SESSION_ASCII_PLAIN},
        {"layer-ascii", 24, 80, &SESSION_ASCII_PLAIN},
        {"layer-ascii", 40, 120, &SESSION_ASCII_PLAIN},
        {"layer-ascii", 60, 200, &SESSION_ASCII_PLAIN},
    };
    struct stage stage = open_network(LENET);
    open_layer(&stage, 3);
    check_all(stage.session, SCREENS, sizeof SCREENS / sizeof *SCREENS);
    close_network(&stage);
}

static void filters_of_the_first_layer_stand_in_rows(void **state)
{
    (void)state;
    static const struct session_screen SCREEN = {"layer-first", 24, 80, &SESSION_ASCII_PLAIN};
    struct stage stage = open_network(ALEXNET);
    open_layer(&stage, 0);
    session_check(stage.session, &SCREEN);
    close_network(&stage);
}

static void layers_without_filters_have_maps_alone(void **state)
{
    (void)state;
    static const struct session_screen SCREEN = {"layer-maps", 24, 80, &SESSION_ASCII_PLAIN};
    struct stage stage = open_network(LENET);
    open_layer(&stage, 5);
    session_check(stage.session, &SCREEN);
    session_expect(stage.session, 24, 80, "6 avg pool: 16 maps 4x4, ");
    session_press(stage.session, REQUEST_BACK);
    open_layer(&stage, 10);
    session_expect(stage.session, 24, 80, "11 linear: 10 maps 1x1, ");
    close_network(&stage);
}

static void every_layer_of_both_networks_can_be_opened(void **state)
{
    (void)state;
    for (size_t model = LENET; model <= ALEXNET; model++) {
        struct stage stage = open_network(model);
        const struct snapshot *snapshot = &stage.session->staged->snapshot;
        size_t count = snapshot->learners[snapshot->active].anatomy->layer_count;
        for (size_t layer = 0; layer < count; layer++) {
            open_layer(&stage, layer);
            assert_int_equal(wish(&stage).layer, layer);
            session_expect(stage.session, 24, 80, " maps ");
            session_press(stage.session, REQUEST_BACK);
        }
        close_network(&stage);
    }
}

static void the_line_below_tells_of_the_selected_layer(void **state)
{
    (void)state;
    struct stage stage = open_network(ALEXNET);
    session_expect(stage.session, 24, 80, "\n1 conv feature_extractor.0: norm of weights 2.95");
    session_press(stage.session, REQUEST_DOWN);
    session_expect(stage.session, 24, 80, "\n2 ReLU, computed and timed together with layer 1");
    session_press(stage.session, REQUEST_LAST);
    session_expect(stage.session, 24, 80, "\n19 linear classifier.3: norm of weights 16.2");
    session_press(stage.session, REQUEST_PAGE_UP);
    session_press(stage.session, REQUEST_PAGE_UP);
    session_expect(stage.session, 24, 80, "\n1 conv feature_extractor.0");
    close_network(&stage);
}

static void tab_goes_from_filters_to_maps(void **state)
{
    (void)state;
    struct stage stage = open_network(LENET);
    open_layer(&stage, 3);
    session_expect(stage.session, 12, 40, "16 filters 6x5x5");
    session_press(stage.session, REQUEST_RIGHT);
    session_press(stage.session, REQUEST_DOWN);
    session_expect(stage.session, 12, 40, "filter 1 input 1");
    session_press(stage.session, REQUEST_NEXT_PANEL);
    session_expect(stage.session, 12, 40, "16 maps 8x8");
    session_press(stage.session, REQUEST_LAST);
    session_expect(stage.session, 12, 40, "map 15");
    session_press(stage.session, REQUEST_PREVIOUS_PANEL);
    session_expect(stage.session, 12, 40, "filter 1 input 1");
    session_press(stage.session, REQUEST_LAST);
    session_expect(stage.session, 12, 40, "filter 15 input 5");
    close_network(&stage);
}

static void z_makes_pictures_larger_until_they_cannot_be(void **state)
{
    (void)state;
    struct stage stage = open_network(LENET);
    open_layer(&stage, 2);
    char *before = session_draw(stage.session, 24, 80);
    session_press(stage.session, REQUEST_SMALLER);
    char *small = session_draw(stage.session, 24, 80);
    assert_string_not_equal(before, small);
    session_press(stage.session, REQUEST_LARGER);
    char *again = session_draw(stage.session, 24, 80);
    assert_string_equal(before, again);
    for (int press = 0; press < 20; press++) {
        session_press(stage.session, REQUEST_LARGER);
        free(session_draw(stage.session, 24, 80));
    }
    session_press(stage.session, REQUEST_SMALLER);
    session_draw_all_sizes(stage.session);
    free(again);
    free(small);
    free(before);
    close_network(&stage);
}

static void it_asks_for_what_it_shows_and_for_nothing_when_it_is_gone(void **state)
{
    (void)state;
    struct stage stage = open_network(LENET);
    assert_true(wish(&stage).watched && !wish(&stage).opened);
    open_layer(&stage, 4);
    assert_true(wish(&stage).opened);
    assert_int_equal(wish(&stage).layer, 4);
    session_press(stage.session, REQUEST_VIEW_1);
    assert_false(wish(&stage).watched || wish(&stage).opened);
    session_press(stage.session, REQUEST_VIEW_4);
    assert_true(wish(&stage).opened);
    stage.session->staged->snapshot.active = 1; /* another model has other layers */
    free(session_draw(stage.session, 24, 80));
    assert_true(wish(&stage).watched && !wish(&stage).opened);
    close_network(&stage);
}

static void the_image_is_the_one_that_was_looked_at_last(void **state)
{
    (void)state;
    struct stage stage = open_network(LENET);
    const struct evaluation *evaluation = stage.session->staged->snapshot.learners[0].validation;
    open_layer(&stage, 0);
    assert_int_equal(wish(&stage).image, evaluation->images[evaluation->mistakes[0]]);
    session_press(stage.session, REQUEST_VIEW_3);
    free(session_draw(stage.session, 40, 120));
    session_press(stage.session, REQUEST_RIGHT);
    session_press(stage.session, REQUEST_RIGHT);
    session_press(stage.session, REQUEST_VIEW_4);
    assert_int_equal(wish(&stage).image, evaluation->images[evaluation->mistakes[2]]);
    assert_int_equal(wish(&stage).part, EVALUATION_VALIDATION);
    session_press(stage.session, REQUEST_VIEW_1);
    free(session_draw(stage.session, 40, 120));
    session_press(stage.session, REQUEST_NEXT_PANEL); /* from the charts, which use arrows too, */
    session_press(stage.session, REQUEST_NEXT_PANEL); /* to the matrix */
    session_press(stage.session, REQUEST_RIGHT);
    session_press(stage.session, REQUEST_VIEW_4);
    assert_int_equal(wish(&stage).image, evaluation->images[evaluation->mistakes[1]]);
    close_network(&stage);
}

static void a_layer_that_was_not_looked_into_yet_says_so(void **state)
{
    (void)state;
    struct stage stage = open_network(LENET);
    session_press(stage.session, REQUEST_ENTER);
    session_expect(stage.session, 24, 80, "looking into the layer ...");
    session_press(stage.session, REQUEST_RIGHT);
    session_press(stage.session, REQUEST_NEXT_PANEL);
    session_draw_all_sizes(stage.session);
    close_network(&stage);
}

/* As at the very start: shapes are known, nothing has been measured. */
static void before_the_first_step_there_are_shapes(void **state)
{
    (void)state;
    struct stage stage = open_network(LENET);
    struct anatomy unmeasured = *stage.session->staged->snapshot.learners[0].anatomy;
    unmeasured.norms_step = unmeasured.trend_count = unmeasured.idle_images = 0;
    unmeasured.step_seconds = 0;
    stage.session->staged->snapshot.learners[0].anatomy = &unmeasured;
    session_expect(stage.session, 24, 80, "11 layers, ");
    session_expect(stage.session, 24, 80, " 1 conv         6x24x24     156\n");
    session_draw_all_sizes(stage.session);
    stage.session->staged->snapshot.learners[0].anatomy = NULL;
    session_expect(stage.session, 24, 80, "nothing is known of the layers yet");
    session_press(stage.session, REQUEST_ENTER);
    session_press(stage.session, REQUEST_DOWN);
    session_draw_all_sizes(stage.session);
    close_network(&stage);
}

static void a_gradient_that_is_no_number_leaves_a_mark(void **state)
{
    (void)state;
    struct stage stage = open_network(LENET);
    struct anatomy broken = *stage.session->staged->snapshot.learners[0].anatomy;
    broken.layers[0].norms.gradients = broken.layers[0].trend[10].gradients = NAN;
    for (size_t sample = 0; sample < broken.trend_count; sample++)
        broken.layers[0].trend[sample].gradients = NAN;
    stage.session->staged->snapshot.learners[0].anatomy = &broken;
    session_expect(stage.session, 60, 200, "nan !!!!!");
    stage.session->staged->snapshot.learners[0].anatomy = NULL;
    close_network(&stage);
}

static void every_size_and_look_can_be_drawn(void **state)
{
    (void)state;
    const struct look *const LOOKS[] = {&SESSION_UTF8, &SESSION_ASCII_PLAIN, &EIGHT_COLORS, &LIGHT};
    struct stage stage = open_network(ALEXNET);
    session_draw_all_sizes(stage.session);
    open_layer(&stage, 4);
    for (size_t index = 0; index < sizeof LOOKS / sizeof *LOOKS; index++) {
        stage.session->frame.scene.look = *LOOKS[index];
        session_draw_all_sizes(stage.session);
    }
    close_network(&stage);
}

static void layers_of_a_run_that_is_trained_elsewhere_say_of_which_step_they_are(void **state)
{
    (void)state;
    struct stage stage = open_network(LENET);
    struct snapshot *snapshot = &stage.session->staged->snapshot;
    struct anatomy seen = *snapshot->learners[0].anatomy;
    snapshot->learners[0].anatomy = &seen;
    seen.idle_images = 64;
    seen.idle_step = 108;
    session_press(stage.session, REQUEST_DOWN); /* to a tanh */
    free(session_draw(stage.session, 60, 200));
    snapshot->origin = SNAPSHOT_WATCHED;
    session_expect(stage.session, 60, 200, ", idle units of step 108");
    session_expect(stage.session, 60, 200, " in 64 images at step 108");
    session_press(stage.session, REQUEST_ENTER);
    assert_true(wish(&stage).opened);
    session_expect(stage.session, 24, 80, "looking into the layer ...");
    snapshot->learners[0].unseen = true;
    session_expect(stage.session, 24, 80, "no checkpoint up to this step can be looked into");
    snapshot->learners[0].unseen = false;
    snapshot->learners[0].anatomy = NULL;
    close_network(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_and_glyph_set_draws_its_stored_screen),
        cmocka_unit_test(lenet_has_a_table_too),
        cmocka_unit_test(layers_of_a_run_that_is_trained_elsewhere_say_of_which_step_they_are),
        cmocka_unit_test(an_open_layer_draws_its_stored_screen),
        cmocka_unit_test(filters_of_the_first_layer_stand_in_rows),
        cmocka_unit_test(layers_without_filters_have_maps_alone),
        cmocka_unit_test(every_layer_of_both_networks_can_be_opened),
        cmocka_unit_test(the_line_below_tells_of_the_selected_layer),
        cmocka_unit_test(tab_goes_from_filters_to_maps),
        cmocka_unit_test(z_makes_pictures_larger_until_they_cannot_be),
        cmocka_unit_test(it_asks_for_what_it_shows_and_for_nothing_when_it_is_gone),
        cmocka_unit_test(the_image_is_the_one_that_was_looked_at_last),
        cmocka_unit_test(a_layer_that_was_not_looked_into_yet_says_so),
        cmocka_unit_test(before_the_first_step_there_are_shapes),
        cmocka_unit_test(a_gradient_that_is_no_number_leaves_a_mark),
        cmocka_unit_test(every_size_and_look_can_be_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
