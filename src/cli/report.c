// SPDX-License-Identifier: MIT
#include "cli/report.h"

static void write_classes(FILE *out, const struct evaluation *evaluation,
                          const struct dataset *dataset)
{
    (void)fprintf(out, "\n%-16s %9s %9s %9s %9s\n", "class", "precision", "recall", "F1", "images");
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        const struct class_score *score = &evaluation->classes[label];
        (void)fprintf(out, "%-16s %9.4f %9.4f %9.4f %9zu\n", dataset_class_name(dataset, label),
                      score->precision, score->recall, score->f1, score->support);
    }
}

static void write_confusion(FILE *out, const struct evaluation *evaluation,
                            const struct dataset *dataset)
{
    (void)fprintf(out, "\nconfusion matrix (rows: true class, columns: predicted)\n%-16s", "");
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        (void)fprintf(out, " %5s", dataset_class_short_name(dataset, label));
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        (void)fprintf(out, "\n%-16s", dataset_class_name(dataset, label));
        for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++)
            (void)fprintf(out, " %5zu", evaluation->confusion[label][predicted]);
    }
    (void)fputc('\n', out);
}

void report_write_tables(FILE *out, const struct evaluation *evaluation,
                         const struct dataset *dataset)
{
    write_classes(out, evaluation, dataset);
    write_confusion(out, evaluation, dataset);
}

void report_write(FILE *out, const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = &snapshot->learners[snapshot->active];
    const struct evaluation *evaluation = learner->test ? learner->test : learner->validation;
    if (!learner->test)
        (void)fprintf(out, "stopped in epoch %zu of %zu after %llu steps, before the test\n",
                      learner->epoch, learner->epochs, (unsigned long long)learner->step);
    if (!evaluation)
        return;
    (void)fprintf(out, "%s accuracy %.2f %% (%zu of %zu), loss %#.4g\n",
                  learner->test ? "test" : "last validation", 100 * evaluation->accuracy,
                  evaluation->correct, evaluation->count, evaluation->loss);
    report_write_tables(out, evaluation, snapshot->dataset);
}
