// SPDX-License-Identifier: MIT
/* The command `export`: a recorded run in formats that other programs read. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "export/csv.h"
#include "export/folder.h"
#include "export/formats.h"
#include "export/tensorboard.h"

/* One file, whose content goes to standard output where no other place is named. */
static bool export_file(const struct options *options, const struct export_run *run,
                        const struct export_file *file, struct error *err)
{
    struct export_file named = *file;
    struct buffer content;
    if (options->output && strcmp(options->output, "-") != 0) {
        named.path = options->output;
        return export_folder("", &named, 1, options->force, run, err);
    }
    if (!export_render(file, run, &content, err))
        return false;
    (void)fwrite(content.bytes, 1, content.size, stdout); /* main() sees whether that went well */
    buffer_free(&content);
    return true;
}

static bool export_csv(const struct options *options, const struct export_run *run,
                       struct error *err)
{
    static const struct export_file files[] = {
        {"epochs.csv", format_csv, CSV_EPOCHS},   {"steps.csv", format_csv, CSV_STEPS},
        {"classes.csv", format_csv, CSV_CLASSES}, {"confusion.csv", format_csv, CSV_CONFUSION},
        {"events.csv", format_csv, CSV_EVENTS},
    };
    if (!options->output || strcmp(options->output, "-") == 0)
        return export_file(options, run, &files[0], err);
    return export_folder(options->output, files, sizeof files / sizeof *files, options->force, run,
                         err);
}

static bool export_json(const struct options *options, const struct export_run *run,
                        struct error *err)
{
    static const struct export_file file = {"the JSON object", format_json, 0};
    return export_file(options, run, &file, err);
}

static bool export_html(const struct options *options, const struct export_run *run,
                        struct error *err)
{
    static const struct export_file file = {"the HTML document", format_html, 0};
    return export_file(options, run, &file, err);
}

static bool export_tensorboard(const struct options *options, const struct export_run *run,
                               struct error *err)
{
    char paths[TENSORBOARD_PARTS][TENSORBOARD_PATH_SIZE];
    struct export_file files[TENSORBOARD_PARTS];
    size_t count = 0;
    for (int part = 0; part < TENSORBOARD_PARTS; part++) {
        if (part == TENSORBOARD_TEST && !export_run_figures(run, EVALUATION_TEST))
            continue;
        tensorboard_path(run, (enum tensorboard_part)part, paths[part]);
        files[count++] = (struct export_file){paths[part], format_events, part};
    }
    return export_folder(options->output, files, count, options->force, run, err);
}

/* A format and what exports it. */
struct format {
    const char *option;
    bool (*export)(const struct options *options, const struct export_run *run, struct error *err);
};

/* The one format that was asked for; NULL with `err` set where there is not just one. */
static const struct format *chosen_format(const struct options *options, struct error *err)
{
    static const struct format formats[] = {{"--csv", export_csv},
                                            {"--json", export_json},
                                            {"--html", export_html},
                                            {"--tensorboard", export_tensorboard}};
    const bool asked[] = {options->csv, options->json, options->html, options->tensorboard};
    const struct format *chosen = NULL;
    for (size_t number = 0; number < sizeof asked / sizeof *asked; number++) {
        if (!asked[number])
            continue;
        if (chosen) {
            error_set(err, ERROR_USAGE, "%s and %s exclude each other", chosen->option,
                      formats[number].option);
            return NULL;
        }
        chosen = &formats[number];
    }
    if (!chosen)
        error_set(err, ERROR_USAGE, "give a format: --csv, --json, --html or --tensorboard");
    return chosen;
}

/* Whether the format can go where it shall. */
static bool check_output(const struct options *options, struct error *err)
{
    bool standard = !options->output || strcmp(options->output, "-") == 0;
    if (options->tensorboard && standard)
        error_set(err, ERROR_USAGE,
                  "--tensorboard writes several files; give a folder: --output "
                  "DIR");
    else if (options->html && standard && isatty(STDOUT_FILENO))
        error_set(err, ERROR_USAGE,
                  "HTML is not for a terminal; give a file: --output FILE.html, "
                  "or redirect the output");
    else
        return true;
    return false;
}

static bool load(const struct options *options, struct export_run *run, struct error *err)
{
    struct run_row row;
    struct store *store = store_open(options->store_directory, STORE_READ, err);
    bool good = store && store_find_run(store, options->arguments[0], &row, err) &&
                export_run_load(run, store, row.id, options->trainer.data_directory, err);
    store_close(store);
    return good;
}

static int run_export(const struct options *options)
{
    struct error err = {0};
    struct export_run run;
    const struct format *format = chosen_format(options, &err);
    if (!format || !check_output(options, &err) || !load(options, &run, &err))
        return command_fail(&err);
    bool good = format->export(options, &run, &err);
    export_run_release(&run);
    return good ? STATUS_DONE : command_fail(&err);
}

const struct command COMMAND_EXPORT = {
    .name = "export",
    .summary = "write a recorded run as CSV, JSON, HTML or for TensorBoard",
    .arguments = "RUN",
    .least = 1,
    .most = 1,
    .options = "csv json html tensorboard output force data store",
    .run = run_export,
};
