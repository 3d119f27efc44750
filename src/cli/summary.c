// SPDX-License-Identifier: MIT
#include "cli/summary.h"

#include "cli/progress.h"
#include "cli/shell_word.h"
#include "fmnist/train/statistics.h"

enum { WORST_CLASSES = 3 };

static void write_progress(FILE *out, const struct snapshot *snapshot,
                           const struct learner_snapshot *learner)
{
    char time[24];
    double epochs = (double)learner->step / (double)learner->steps_per_epoch;
    (void)fprintf(out, "%s on %s: %.3g of %zu epochs, %llu steps, %s\n", learner->title,
                  dataset_name(snapshot->dataset), epochs, learner->epochs,
                  (unsigned long long)learner->step,
                  progress_duration(learner->train_seconds, time, sizeof time));
}

static void write_accuracies(FILE *out, const struct snapshot *snapshot,
                             const struct learner_snapshot *learner)
{
    const struct evaluation *test = learner->test;
    if (learner->best_epoch > 0)
        (void)fprintf(out, "  best validation accuracy  %.2f +- %.2f %% (epoch %zu)\n",
                      100 * learner->best_accuracy,
                      100 *
                          statistics_two_errors(learner->best_accuracy, snapshot->validation_count),
                      learner->best_epoch);
    if (!test)
        return;
    (void)fprintf(out, "  test accuracy             %.2f +- %.2f %%", 100 * test->accuracy,
                  100 * statistics_two_errors(test->accuracy, test->count));
    if (test->step != learner->step)
        (void)fprintf(out, " (epoch %.3g)", test->epoch);
    (void)fputc('\n', out);
}

/* The class with the lowest recall above that of `before`, in the order of recall, then number;
 * DATASET_CLASSES where there is none. `before` DATASET_CLASSES: the lowest of all. */
static size_t next_worst(const struct evaluation *evaluation, size_t before)
{
    const struct class_score *classes = evaluation->classes;
    double least = before < DATASET_CLASSES ? classes[before].recall : -1;
    size_t found = DATASET_CLASSES;
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        double recall = classes[label].recall;
        bool after = recall > least || (recall >= least && label > before);
        if (classes[label].support > 0 && after &&
            (found == DATASET_CLASSES || recall < classes[found].recall))
            found = label;
    }
    return found;
}

static void write_worst(FILE *out, const struct snapshot *snapshot,
                        const struct learner_snapshot *learner)
{
    const struct evaluation *test = learner->test, *evaluation = learner->validation;
    if (test && (!evaluation || test->step >= evaluation->step))
        evaluation = test;
    size_t label = DATASET_CLASSES;
    if (!evaluation)
        return;
    (void)fprintf(out, "  worst classes             ");
    for (int number = 0; number < WORST_CLASSES; number++) {
        label = next_worst(evaluation, label);
        if (label == DATASET_CLASSES)
            break;
        (void)fprintf(out, "%s%s %.0f %%", number ? ", " : "",
                      dataset_class_name(snapshot->dataset, label),
                      100 * evaluation->classes[label].recall);
    }
    (void)fprintf(out, " right\n");
}

/* The arguments that make the same run, those with their default values left out. */
static void write_arguments(FILE *out, const struct snapshot *snapshot, const char *store,
                            const struct trainer_settings *settings)
{
    (void)fprintf(out, " --model %s", snapshot->learners[snapshot->active].name);
    if (settings->epochs != TRAINER_DEFAULTS.epochs)
        (void)fprintf(out, " --epochs %zu", settings->epochs);
    if (settings->batch != TRAINER_DEFAULTS.batch)
        (void)fprintf(out, " --batch %zu", settings->batch);
    if (settings->learning_rate != TRAINER_DEFAULTS.learning_rate)
        (void)fprintf(out, " --lr %.9g", settings->learning_rate);
    if (settings->seed != TRAINER_DEFAULTS.seed)
        (void)fprintf(out, " --seed %llu", (unsigned long long)settings->seed);
    if (settings->sample)
        (void)fprintf(out, " --sample");
    shell_word_option(out, "data", settings->data_directory);
    shell_word_option(out, "store", store);
    (void)fputc('\n', out);
}

void summary_write(FILE *out, const struct snapshot *snapshot, const struct recording *recording,
                   const struct trainer_settings *settings)
{
    bool trained = false;
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &snapshot->learners[model];
        if (!learner->started || learner->step == 0)
            continue;
        trained = true;
        write_progress(out, snapshot, learner);
        write_accuracies(out, snapshot, learner);
        write_worst(out, snapshot, learner);
    }
    if (!trained)
        return;
    if (!recording_tell(recording, snapshot, out))
        (void)fprintf(out, "Weights are not kept. ");
    (void)fprintf(out, "To train again, or without screens, with a report:\n  fmnist-tui");
    write_arguments(out, snapshot, recording->directory, settings);
    (void)fprintf(out, "  fmnist-tui train");
    write_arguments(out, snapshot, recording->directory, settings);
}
