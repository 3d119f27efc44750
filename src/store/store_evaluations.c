// SPDX-License-Identifier: MIT
#include "store/store_evaluations.h"

#include <stdlib.h>

#include "store/answers.h"
#include "store/rows.h"
#include "store/store_parts.h"

static void bind_key(struct query *query, int64_t run, const struct evaluation *evaluation)
{
    query_bind_integer(query, run);
    query_bind_integer(query, evaluation->part);
    query_bind_size(query, evaluation->step);
}

/* What there was goes first, with all that belongs to it. */
static bool write_figures(struct database *database, int64_t run,
                          const struct evaluation *evaluation, struct error *err)
{
    struct query query =
        query_begin(database, "DELETE FROM evaluations WHERE run = ? AND part = ? AND step = ?");
    bind_key(&query, run, evaluation);
    if (!query_run(&query, err))
        return false;
    query = query_begin(database, "INSERT INTO evaluations (run, part, step, epoch, count, correct,"
                                  " loss, accuracy) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    bind_key(&query, run, evaluation);
    query_bind_real(&query, evaluation->epoch);
    query_bind_size(&query, evaluation->count);
    query_bind_size(&query, evaluation->correct);
    query_bind_real(&query, evaluation->loss);
    query_bind_real(&query, evaluation->accuracy);
    return query_run(&query, err);
}

static bool write_confusion(struct database *database, int64_t run,
                            const struct evaluation *evaluation, struct error *err)
{
    struct query query = query_begin(database, "INSERT INTO confusion VALUES (?, ?, ?, ?, ?, ?)");
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++) {
            if (evaluation->confusion[label][predicted] == 0)
                continue;
            bind_key(&query, run, evaluation);
            query_bind_size(&query, label);
            query_bind_size(&query, predicted);
            query_bind_size(&query, evaluation->confusion[label][predicted]);
            query_repeat(&query);
        }
    return query_end(&query, err);
}

static bool write_classes(struct database *database, int64_t run,
                          const struct evaluation *evaluation, struct error *err)
{
    struct query query =
        query_begin(database, "INSERT INTO classes VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (size_t class = 0; class < DATASET_CLASSES; class ++) {
        const struct class_score *score = &evaluation->classes[class];
        bind_key(&query, run, evaluation);
        query_bind_size(&query, class);
        query_bind_size(&query, score->support);
        query_bind_real(&query, score->precision);
        query_bind_real(&query, score->recall);
        query_bind_real(&query, score->f1);
        query_repeat(&query);
    }
    return query_end(&query, err);
}

static bool write_answers(struct database *database, int64_t run,
                          const struct evaluation *evaluation, struct error *err)
{
    size_t size;
    void *bytes = answers_pack(evaluation, &size, err);
    if (!bytes)
        return false;
    struct query query = query_begin(database, "INSERT INTO answers VALUES (?, ?, ?, ?)");
    bind_key(&query, run, evaluation);
    query_bind_bytes(&query, bytes, size);
    bool good = query_run(&query, err);
    free(bytes);
    return good;
}

bool evaluation_write(struct database *database, int64_t run, const struct evaluation *evaluation,
                      bool answers, struct error *err)
{
    return write_figures(database, run, evaluation, err) &&
           write_confusion(database, run, evaluation, err) &&
           write_classes(database, run, evaluation, err) &&
           (!answers || write_answers(database, run, evaluation, err));
}

/* Whether the archive has dropped the evaluation of that step. */
static bool archive_dropped(const struct archive *archive, uint64_t step)
{
    if (!archive || archive->count == 0 || step > archive->evaluations[archive->count - 1]->step)
        return false;
    for (size_t place = 0; place < archive->count; place++)
        if (archive->evaluations[place]->step == step)
            return false;
    return true;
}

/* The steps whose answers no checkpoint needs: that is the last evaluation before each. */
static bool list_needless(struct database *database, int64_t run, struct rows *steps,
                          struct error *err)
{
    struct query query = query_begin(
        database,
        "SELECT step FROM answers WHERE run = ?1 AND part = 0 AND step NOT IN"
        " (SELECT max(e.step) FROM checkpoints AS c JOIN evaluations AS e"
        "  ON e.run = c.run AND e.part = 0 AND e.step <= c.step WHERE c.run = ?1 GROUP BY c.step)");
    query_bind_integer(&query, run);
    while (!steps->failed && query_next(&query)) {
        uint64_t *step = rows_append(steps, err);
        if (step)
            *step = query_size(&query);
    }
    return query_end(&query, steps->failed ? NULL : err) && !steps->failed;
}

static bool drop_answers(struct database *database, int64_t run, uint64_t step, struct error *err)
{
    struct query query =
        query_begin(database, "DELETE FROM answers WHERE run = ? AND part = 0 AND step = ?");
    query_bind_integer(&query, run);
    query_bind_size(&query, step);
    return query_run(&query, err);
}

static bool drop_old_tests(struct database *database, int64_t run, struct error *err)
{
    struct query query =
        query_begin(database, "DELETE FROM answers WHERE run = ?1 AND part = 1 AND step NOT IN"
                              " (SELECT step FROM answers WHERE run = ?1 AND part = 1"
                              "  ORDER BY step DESC LIMIT 2)");
    query_bind_integer(&query, run);
    return query_run(&query, err);
}

bool evaluations_thin(struct database *database, int64_t run, const struct archive *archive,
                      struct error *err)
{
    struct rows rows = {.size = sizeof(uint64_t)};
    size_t count;
    bool good = list_needless(database, run, &rows, err);
    uint64_t *steps = rows_end(&rows, good, &count);
    for (size_t place = 0; good && place < count; place++)
        good = !archive_dropped(archive, steps[place]) ||
               drop_answers(database, run, steps[place], err);
    free(steps);
    return good && drop_old_tests(database, run, err);
}

bool evaluations_cut(struct database *database, int64_t run, struct evaluation_end end,
                     struct error *err)
{
    struct query query =
        query_begin(database, "DELETE FROM evaluations WHERE run = ?"
                              " AND ((part = 0 AND step > ?) OR (part = 1 AND step > ?))");
    query_bind_integer(&query, run);
    query_bind_integer(&query, end.validation);
    query_bind_integer(&query, end.test);
    return query_run(&query, err);
}

/* Evaluations with answers, as take_evaluation() reads them. */
#define SELECT_ANSWERED                                                                            \
    "SELECT part, step, epoch, count, loss, data FROM answers NATURAL JOIN evaluations"            \
    " WHERE run = ? AND part = ? AND step <= ? "

static struct query begin_answered(struct database *database, const char *sql, int64_t run,
                                   enum evaluation_part part, uint64_t last_step)
{
    struct query query = query_begin(database, sql);
    query_bind_integer(&query, run);
    query_bind_integer(&query, part);
    query_bind_size(&query, last_step < INT64_MAX ? last_step : INT64_MAX);
    return query;
}

/* The evaluation that the query is at, with a reference: from `before` where that has it. */
static const struct evaluation *take_evaluation(struct query *query, const struct archive *before,
                                                struct error *err)
{
    size_t size;
    struct evaluation kept = {.part =
                                  query_integer(query) ? EVALUATION_TEST : EVALUATION_VALIDATION};
    kept.step = query_size(query);
    const struct evaluation *known = archive_find(before, kept.step);
    if (known && evaluation_answered(known))
        return evaluation_share(known);
    kept.epoch = query_real(query);
    kept.count = (size_t)query_size(query);
    kept.loss = query_real(query);
    const void *bytes = query_bytes(query, &size);
    return answers_unpack(&kept, bytes, size, err);
}

bool evaluation_archive(const struct archive **archive, const struct evaluation *evaluation,
                        struct error *err)
{
    const struct archive *more = evaluation ? archive_add(*archive, evaluation, err) : NULL;
    evaluation_release(evaluation);
    if (!more)
        return false;
    archive_release(*archive);
    *archive = more;
    return true;
}

bool store_read_archive(struct store *store, int64_t id, uint64_t last_step,
                        const struct archive *before, const struct archive **archive,
                        struct error *err)
{
    bool good = true;
    struct query query = begin_answered(&store->database, SELECT_ANSWERED "ORDER BY step", id,
                                        EVALUATION_VALIDATION, last_step);
    *archive = NULL;
    while (good && query_next(&query))
        good = evaluation_archive(archive, take_evaluation(&query, before, err), err);
    if (query_end(&query, good ? err : NULL) && good)
        return true;
    archive_release(*archive);
    *archive = NULL;
    return false;
}

/* The newest evaluation of that part up to a step; *evaluation is NULL where there is none. */
static bool read_newest(struct store *store, int64_t id, enum evaluation_part part,
                        uint64_t last_step, const struct evaluation **evaluation, struct error *err)
{
    struct query query = begin_answered(
        &store->database, SELECT_ANSWERED "ORDER BY step DESC LIMIT 1", id, part, last_step);
    bool found = query_next(&query);
    *evaluation = found ? take_evaluation(&query, NULL, err) : NULL;
    bool good = !found || *evaluation;
    if (query_end(&query, good ? err : NULL) && good)
        return true;
    evaluation_release(*evaluation);
    *evaluation = NULL;
    return false;
}

bool store_read_test(struct store *store, int64_t id, uint64_t last_step,
                     const struct evaluation **test, struct error *err)
{
    return read_newest(store, id, EVALUATION_TEST, last_step, test, err);
}

bool store_read_validation(struct store *store, int64_t id, uint64_t last_step,
                           const struct evaluation **validation, struct error *err)
{
    return read_newest(store, id, EVALUATION_VALIDATION, last_step, validation, err);
}

/* The evaluation of that part and step in a list by rising step and part, from *place on; NULL
 * where it has none. */
static struct run_evaluation *find_listed(struct run_evaluation *list, size_t count, size_t *place,
                                          uint64_t step, enum evaluation_part part)
{
    while (*place < count &&
           (list[*place].step < step || (list[*place].step == step && list[*place].part < part)))
        ++*place;
    bool found = *place < count && list[*place].step == step && list[*place].part == part;
    return found ? &list[*place] : NULL;
}

/* A query whose rows begin with step and part, and that of the list which the row is about. */
static struct run_evaluation *next_listed(struct query *query, struct run_evaluation *list,
                                          size_t count, size_t *place)
{
    while (query_next(query)) {
        uint64_t step = query_size(query);
        enum evaluation_part part = query_integer(query) ? EVALUATION_TEST : EVALUATION_VALIDATION;
        struct run_evaluation *found = find_listed(list, count, place, step, part);
        if (found)
            return found;
    }
    return NULL;
}

static bool add_confusion(struct database *database, int64_t id, struct run_evaluation *list,
                          size_t count, struct error *err)
{
    size_t place = 0;
    struct run_evaluation *evaluation;
    struct query query = query_begin(
        database, "SELECT step, part, label, predicted, images FROM confusion WHERE run = ?"
                  " ORDER BY step, part");
    query_bind_integer(&query, id);
    while ((evaluation = next_listed(&query, list, count, &place))) {
        uint64_t label = query_size(&query), predicted = query_size(&query);
        if (label < DATASET_CLASSES && predicted < DATASET_CLASSES)
            evaluation->confusion[label][predicted] = (size_t)query_size(&query);
    }
    return query_end(&query, err);
}

static bool add_classes(struct database *database, int64_t id, struct run_evaluation *list,
                        size_t count, struct error *err)
{
    size_t place = 0;
    struct run_evaluation *evaluation;
    struct query query = query_begin(
        database, "SELECT step, part, class, support, precision, recall, f1 FROM classes"
                  " WHERE run = ? ORDER BY step, part");
    query_bind_integer(&query, id);
    while ((evaluation = next_listed(&query, list, count, &place))) {
        uint64_t class = query_size(&query);
        if (class >= DATASET_CLASSES)
            continue;
        struct class_score *score = &evaluation->classes[class];
        score->support = (size_t)query_size(&query);
        score->precision = query_real(&query);
        score->recall = query_real(&query);
        score->f1 = query_real(&query);
    }
    return query_end(&query, err);
}

static void take_figures(struct query *query, struct run_evaluation *evaluation)
{
    evaluation->part = query_integer(query) ? EVALUATION_TEST : EVALUATION_VALIDATION;
    evaluation->step = query_size(query);
    evaluation->epoch = query_real(query);
    evaluation->count = (size_t)query_size(query);
    evaluation->correct = (size_t)query_size(query);
    evaluation->loss = query_real(query);
    evaluation->accuracy = query_real(query);
    evaluation->answers = query_integer(query) != 0;
}

bool store_list_evaluations(struct store *store, int64_t id, struct run_evaluation **evaluations,
                            size_t *count, struct error *err)
{
    struct database *database = &store->database;
    struct rows rows = {.size = sizeof(struct run_evaluation)};
    struct query query = query_begin(
        database, "SELECT part, step, epoch, count, correct, loss, accuracy,"
                  " EXISTS (SELECT 1 FROM answers AS a WHERE a.run = e.run AND a.part = e.part"
                  "         AND a.step = e.step)"
                  " FROM evaluations AS e WHERE run = ? ORDER BY step, part");
    query_bind_integer(&query, id);
    while (!rows.failed && query_next(&query)) {
        struct run_evaluation *evaluation = rows_append(&rows, err);
        if (evaluation)
            take_figures(&query, evaluation);
    }
    bool good = query_end(&query, rows.failed ? NULL : err) && !rows.failed &&
                add_confusion(database, id, rows.items, rows.count, err) &&
                add_classes(database, id, rows.items, rows.count, err);
    *evaluations = rows_end(&rows, good, count);
    return good;
}
