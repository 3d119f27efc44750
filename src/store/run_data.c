// SPDX-License-Identifier: MIT
#include "store/run_data.h"

#include <inttypes.h>
#include <string.h>

/* What dataset_source() says of the sample. */
static const char SAMPLE_SOURCE[] = "embedded sample";

static bool is_of_run(const struct run_row *row, const struct dataset *dataset)
{
    return !*row->data_sha256 || strcmp(row->data_sha256, dataset_sha256(dataset)) == 0;
}

/* Takes a data set that was loaded, unless it is another one than the run's. */
static struct dataset *check(const struct run_row *row, struct dataset *dataset)
{
    if (!dataset || is_of_run(row, dataset))
        return dataset;
    dataset_destroy(dataset);
    return NULL;
}

/* From where the user says, and nowhere else. */
static struct dataset *load_named(const struct run_row *row, const struct run_data_place *place,
                                  dataset_progress progress, void *context, struct error *err)
{
    struct dataset *dataset = place->sample
                                  ? dataset_load_sample(err)
                                  : dataset_load(place->directory, progress, context, err);
    if (!dataset || is_of_run(row, dataset))
        return dataset;
    error_set(err, ERROR_USAGE,
              "run %" PRId64 " was trained on other data than those in %s: %s, %s", row->id,
              dataset_source(dataset), row->data_name, row->data_source);
    dataset_destroy(dataset);
    return NULL;
}

struct dataset *run_data_load(const struct run_row *row, const struct run_data_place *place,
                              dataset_progress progress, void *context, struct error *err)
{
    struct dataset *dataset = NULL;
    if (place->sample || place->directory)
        return load_named(row, place, progress, context, err);
    if (strcmp(row->data_source, SAMPLE_SOURCE) == 0)
        dataset = check(row, dataset_load_sample(NULL));
    else if (*row->data_source)
        dataset = check(row, dataset_load(row->data_source, progress, context, NULL));
    if (!dataset)
        dataset = check(row, dataset_load(NULL, progress, context, NULL));
    if (!dataset)
        error_set(err, ERROR_USAGE,
                  "run %" PRId64 " was trained on %s from %s, which are not there any more: name "
                  "their folder with --data DIR",
                  row->id, row->data_name, row->data_source);
    return dataset;
}
