// SPDX-License-Identifier: MIT
/* Evaluations of a run that goes on, without their answers. */
#include "store/store_evaluations.h"
#include "store/store_parts.h"

static bool read_confusion(struct database *database, int64_t run, struct evaluation *kept,
                           struct error *err)
{
    struct query query = query_begin(database, "SELECT label, predicted, images FROM confusion"
                                               " WHERE run = ? AND part = ? AND step = ?");
    query_bind_integer(&query, run);
    query_bind_integer(&query, kept->part);
    query_bind_size(&query, kept->step);
    while (query_next(&query)) {
        uint64_t label = query_size(&query), predicted = query_size(&query);
        if (label < DATASET_CLASSES && predicted < DATASET_CLASSES)
            kept->confusion[label][predicted] = (size_t)query_size(&query);
    }
    return query_end(&query, err);
}

/* The evaluation that the query is at, with a reference: from `before` where that has it. */
static const struct evaluation *take_figures(struct query *query, int64_t run,
                                             const struct archive *before, struct error *err)
{
    struct evaluation kept = {.part = EVALUATION_VALIDATION, .step = query_size(query)};
    const struct evaluation *known = archive_find(before, kept.step);
    if (known)
        return evaluation_share(known);
    kept.epoch = query_real(query);
    kept.count = (size_t)query_size(query);
    kept.loss = query_real(query);
    return read_confusion(query->database, run, &kept, err) ? evaluation_restore_figures(&kept, err)
                                                            : NULL;
}

/* All in one statement's view of the database, so that no row goes away meanwhile. */
bool store_read_figures(struct store *store, int64_t id, const struct archive *before,
                        const struct archive **archive, struct error *err)
{
    bool good = true;
    struct query query = query_begin(
        &store->database, "SELECT step, epoch, count, loss FROM answers NATURAL JOIN evaluations"
                          " WHERE run = ? AND part = 0 ORDER BY step");
    query_bind_integer(&query, id);
    *archive = NULL;
    while (good && query_next(&query))
        good = evaluation_archive(archive, take_figures(&query, id, before, err), err);
    if (query_end(&query, good ? err : NULL) && good)
        return true;
    archive_release(*archive);
    *archive = NULL;
    return false;
}
