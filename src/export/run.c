// SPDX-License-Identifier: MIT
#include "export/run.h"

#include <stdlib.h>

void export_run_release(struct export_run *run)
{
    dataset_destroy(run->dataset);
    evaluation_release(run->test);
    evaluation_release(run->validation);
    free(run->events);
    free(run->evaluations);
    history_release(run->history);
    *run = (struct export_run){0};
}

const char *export_run_model(const struct export_run *run)
{
    const struct network_spec *spec = network_spec_find(run->row.model);
    return spec ? network_spec_title(spec) : run->row.model;
}

const struct evaluation *export_run_answers(const struct export_run *run)
{
    return run->test ? run->test : run->validation;
}

const struct run_evaluation *export_run_figures(const struct export_run *run,
                                                enum evaluation_part part)
{
    for (size_t index = run->evaluation_count; index-- > 0;)
        if (run->evaluations[index].part == part)
            return &run->evaluations[index];
    return NULL;
}

const uint8_t *export_run_pixels(const struct export_run *run, const struct evaluation *evaluation,
                                 size_t place)
{
    if (!run->dataset)
        return NULL;
    const struct image_set *set = evaluation->part == EVALUATION_TEST ? dataset_test(run->dataset)
                                                                      : dataset_train(run->dataset);
    size_t image = evaluation->images[place];
    return image < set->count ? set->pixels + image * DATASET_PIXELS : NULL;
}

const char *export_part_name(enum evaluation_part part)
{
    return part == EVALUATION_TEST ? "test" : "validation";
}
