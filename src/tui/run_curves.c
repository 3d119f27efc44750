// SPDX-License-Identifier: MIT
#include "tui/run_curves.h"

#include <stdlib.h>

#include "base/memory.h"

void run_curves_clear(struct run_curves *curves)
{
    for (size_t number = 0; number < curves->count; number++)
        free(curves->curves[number].points);
    *curves = (struct run_curves){.count = 0};
}

/* Keeps of the evaluations what is drawn. */
static void keep_points(struct run_curve *curve, const struct run_evaluation *evaluations,
                        size_t count)
{
    curve->points = memory_array(count, sizeof *curve->points, NULL);
    for (size_t index = 0; curve->points && index < count; index++) {
        const struct run_evaluation *evaluation = &evaluations[index];
        if (evaluation->part != EVALUATION_VALIDATION)
            continue;
        struct run_chart_point *point = &curve->points[curve->count++];
        point->epoch = evaluation->epoch;
        point->values[CURVE_LOSS] = evaluation->loss;
        point->values[CURVE_ACCURACY] = evaluation->accuracy;
    }
}

static struct run_curve read_curve(struct store *store, const struct run_row *run)
{
    struct run_curve curve = {.run = run->id, .step = run->step, .resumes = run->resumes};
    struct run_evaluation *evaluations;
    size_t count;
    if (store_list_evaluations(store, run->id, &evaluations, &count, NULL)) {
        keep_points(&curve, evaluations, count);
        free(evaluations);
    }
    return curve;
}

/* Takes what was read of a run out of the curves; nothing where that is not up to date. */
static struct run_curve take_curve(struct run_curves *curves, const struct run_row *run)
{
    for (size_t number = 0; number < curves->count; number++) {
        struct run_curve *curve = &curves->curves[number], taken = *curve;
        if (curve->run != run->id || curve->step != run->step || curve->resumes != run->resumes)
            continue;
        *curve = (struct run_curve){.run = 0};
        return taken;
    }
    return (struct run_curve){.run = 0};
}

void run_curves_follow(struct run_curves *curves, struct store *store,
                       const struct run_row *const *runs, size_t count)
{
    struct run_curves newer = {.count = count};
    for (size_t number = 0; number < count; number++) {
        newer.curves[number] = take_curve(curves, runs[number]);
        if (newer.curves[number].run == 0)
            newer.curves[number] = read_curve(store, runs[number]);
    }
    run_curves_clear(curves);
    *curves = newer;
}
