// SPDX-License-Identifier: MIT
#include "export/csv.h"

#include <string.h>

#include "export/number.h"

static void write_names(struct buffer *out, const char *names)
{
    buffer_print(out, "%s\r\n", names);
}

static void write_text(struct buffer *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        buffer_text(out, text);
        return;
    }
    buffer_character(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buffer_character(out, '"');
        buffer_character(out, *text);
    }
    buffer_character(out, '"');
}

/* Writes numbers with commas between them, and what comes after the last. */
static void write_numbers(struct buffer *out, const double *numbers, size_t count,
                          const char *after)
{
    for (size_t index = 0; index < count; index++) {
        char text[NUMBER_SIZE];
        buffer_print(out, "%s%s", index > 0 ? "," : "", number_text(numbers[index], text));
    }
    buffer_text(out, after);
}

static void write_epochs(struct buffer *out, const struct export_run *run)
{
    write_names(out, "epoch,step,seconds,learning_rate,train_loss,train_accuracy,validation_loss,"
                     "validation_accuracy,images_per_second");
    for (size_t index = 0; index < run->counts.epochs; index++) {
        const struct epoch_point *point = history_epoch(run->history, index);
        const double numbers[] = {(double)point->epoch,
                                  (double)point->step,
                                  (double)point->seconds,
                                  (double)point->learning_rate,
                                  (double)point->train_loss,
                                  (double)point->train_accuracy,
                                  (double)point->loss,
                                  (double)point->accuracy,
                                  (double)point->images_per_second};
        write_numbers(out, numbers, sizeof numbers / sizeof *numbers, "\r\n");
    }
}

static void write_steps(struct buffer *out, const struct export_run *run)
{
    write_names(out, "step,seconds,learning_rate,loss,accuracy");
    for (size_t index = 0; index < run->counts.steps; index++) {
        const struct step_point *point = history_step(run->history, index);
        const double numbers[] = {(double)point->step, (double)point->seconds,
                                  (double)point->learning_rate, (double)point->loss,
                                  (double)point->accuracy};
        write_numbers(out, numbers, sizeof numbers / sizeof *numbers, "\r\n");
    }
}

/* Which evaluation the line belongs to. */
static void write_evaluation(struct buffer *out, const struct run_evaluation *evaluation)
{
    const double numbers[] = {evaluation->epoch, (double)evaluation->step};
    buffer_print(out, "%s,", export_part_name(evaluation->part));
    write_numbers(out, numbers, 2, ",");
}

static void write_class(struct buffer *out, const struct export_run *run, size_t label)
{
    buffer_print(out, "%zu,", label);
    write_text(out, run->class_names[label]);
    buffer_character(out, ',');
}

static void write_classes(struct buffer *out, const struct export_run *run)
{
    write_names(out, "part,epoch,step,class,name,images,precision,recall,f1");
    for (size_t index = 0; index < run->evaluation_count; index++) {
        for (size_t label = 0; label < DATASET_CLASSES; label++) {
            const struct class_score *score = &run->evaluations[index].classes[label];
            const double numbers[] = {(double)score->support, score->precision, score->recall,
                                      score->f1};
            write_evaluation(out, &run->evaluations[index]);
            write_class(out, run, label);
            write_numbers(out, numbers, sizeof numbers / sizeof *numbers, "\r\n");
        }
    }
}

static void write_confusion(struct buffer *out, const struct export_run *run)
{
    write_names(out, "part,epoch,step,true_class,true_name,predicted_class,predicted_name,images");
    for (size_t index = 0; index < run->evaluation_count; index++) {
        for (size_t pair = 0; pair < (size_t)DATASET_CLASSES * DATASET_CLASSES; pair++) {
            size_t label = pair / DATASET_CLASSES, predicted = pair % DATASET_CLASSES;
            write_evaluation(out, &run->evaluations[index]);
            write_class(out, run, label);
            write_class(out, run, predicted);
            buffer_print(out, "%zu\r\n", run->evaluations[index].confusion[label][predicted]);
        }
    }
}

static void write_events(struct buffer *out, const struct export_run *run)
{
    write_names(out, "unix_seconds,step,seconds,kind,detail,rate_before,rate");
    for (size_t index = 0; index < run->event_count; index++) {
        const struct run_event *event = &run->events[index];
        const double places[] = {(double)event->step, event->seconds};
        const double rates[] = {event->before, event->after};
        buffer_print(out, "%.3f,", event->at);
        write_numbers(out, places, 2, ",");
        write_text(out, event->kind);
        buffer_character(out, ',');
        write_text(out, event->detail);
        buffer_character(out, ',');
        if (event->after > 0)
            write_numbers(out, rates, 2, "\r\n");
        else
            buffer_text(out, ",\r\n");
    }
}

void csv_write(struct buffer *out, const struct export_run *run, enum csv_table table)
{
    static void (*const writers[])(struct buffer *, const struct export_run *) = {
        [CSV_EPOCHS] = write_epochs,   [CSV_STEPS] = write_steps,
        [CSV_CLASSES] = write_classes, [CSV_CONFUSION] = write_confusion,
        [CSV_EVENTS] = write_events,
    };
    writers[table](out, run);
}
