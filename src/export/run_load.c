// SPDX-License-Identifier: MIT
#include "export/run.h"

#include <string.h>

#include "base/utf8.h"
#include "data/classes.h"

static const char FASHION_NAME[] = "Fashion-MNIST", SAMPLE_SOURCE[] = "embedded sample";

static void clean_texts(struct export_run *run)
{
    struct run_row *row = &run->row;
    char *const texts[] = {row->name,        row->model,     row->host,      row->program,
                           row->isa,         row->blas_core, row->data_name, row->data_source,
                           row->data_sha256, row->message};
    for (size_t text = 0; text < sizeof texts / sizeof *texts; text++)
        utf8_clean(texts[text]);
    for (size_t event = 0; event < run->event_count; event++) {
        utf8_clean(run->events[event].kind);
        utf8_clean(run->events[event].detail);
    }
}

/* Keeps the data set where it is the run's. */
static bool accept_dataset(struct export_run *run, struct dataset *dataset)
{
    if (dataset && strcmp(dataset_sha256(dataset), run->row.data_sha256) != 0) {
        error_set(&run->missing, ERROR_FORMAT,
                  "%s: holds other images than the run was trained on (SHA-256 %.12s..., not "
                  "%.12s...); name their folder with --data",
                  dataset_source(dataset), dataset_sha256(dataset), run->row.data_sha256);
        dataset_destroy(dataset);
        return false;
    }
    run->dataset = dataset;
    return dataset;
}

/* The one that the run was trained on, wherever it is found; `missing` is about the place that the
 * user named, if any. */
static void find_dataset(struct export_run *run, const char *data_directory)
{
    const char *source = run->row.data_source;
    if (data_directory &&
        accept_dataset(run, dataset_load(data_directory, NULL, NULL, &run->missing)))
        return;
    const struct error named = run->missing;
    if (strcmp(source, SAMPLE_SOURCE) == 0)
        (void)accept_dataset(run, dataset_load_sample(&run->missing));
    else if (!accept_dataset(run, dataset_load(source, NULL, NULL, &run->missing)))
        (void)accept_dataset(run, dataset_load(NULL, NULL, NULL, &run->missing));
    if (data_directory)
        run->missing = named;
    utf8_clean(run->missing.message);
}

/* Without the data set its name tells what the classes are called. */
static void name_classes(struct export_run *run)
{
    struct classes classes;
    if (strncmp(run->row.data_name, FASHION_NAME, sizeof FASHION_NAME - 1) == 0)
        classes_set_fashion(&classes);
    else
        classes_set_digits(&classes);
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        const char *name =
            run->dataset ? dataset_class_name(run->dataset, label) : classes.names[label];
        (void)strncpy(run->class_names[label], name, DATASET_CLASS_NAME_SIZE - 1);
    }
}

/* The newest evaluation on the validation part whose answers are kept. */
static bool read_validation(struct export_run *run, struct store *store, struct error *err)
{
    const struct archive *archive;
    if (!store_read_archive(store, run->row.id, UINT64_MAX, NULL, &archive, err))
        return false;
    if (archive && archive->count > 0)
        run->validation = evaluation_share(archive->evaluations[archive->count - 1]);
    archive_release(archive);
    return true;
}

bool export_run_load(struct export_run *run, struct store *store, int64_t id,
                     const char *data_directory, struct error *err)
{
    *run = (struct export_run){.history = history_create(err)};
    if (!run->history || !store_read_run(store, id, &run->row, err) ||
        !store_read_history(store, id, UINT64_MAX, run->history, &run->counts, err) ||
        !store_list_evaluations(store, id, &run->evaluations, &run->evaluation_count, err) ||
        !store_list_events(store, id, &run->events, &run->event_count, err) ||
        !read_validation(run, store, err) ||
        !store_read_test(store, id, UINT64_MAX, &run->test, err)) {
        export_run_release(run);
        return false;
    }
    find_dataset(run, data_directory);
    clean_texts(run);
    name_classes(run);
    return true;
}
