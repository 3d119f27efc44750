// SPDX-License-Identifier: MIT
#include "cli/document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "export/confusion_json.h"

static json_t *json_classes(const struct evaluation *evaluation, const struct dataset *dataset)
{
    json_t *classes = json_array();
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        const struct class_score *score = &evaluation->classes[label];
        json_array_append_new(classes, json_pack("{s:s, s:f, s:f, s:f, s:I}", "name",
                                                 dataset_class_name(dataset, label), "precision",
                                                 score->precision, "recall", score->recall, "f1",
                                                 score->f1, "images", (json_int_t)score->support));
    }
    return classes;
}

json_t *document_evaluation(const struct evaluation *evaluation, const struct dataset *dataset)
{
    if (!evaluation)
        return json_null();
    return json_pack("{s:f, s:f, s:I, s:I, s:o, s:o}", "accuracy", evaluation->accuracy, "loss",
                     evaluation->loss, "correct", (json_int_t)evaluation->correct, "images",
                     (json_int_t)evaluation->count, "classes", json_classes(evaluation, dataset),
                     "confusion", confusion_json(evaluation->confusion));
}

json_t *document_data(const struct dataset *dataset)
{
    return json_pack("{s:o, s:o, s:s, s:b}", "name", document_text(dataset_name(dataset)), "source",
                     document_text(dataset_source(dataset)), "sha256", dataset_sha256(dataset),
                     "sample", dataset_is_sample(dataset));
}

json_t *document_text(const char *text)
{
    json_t *json = json_string(text);
    char *plain = json ? NULL : strdup(text);
    if (!plain)
        return json;
    utf8_clean(plain);
    json = json_string(plain);
    free(plain);
    return json;
}

bool document_write(FILE *out, json_t *document, struct error *err)
{
    if (!document) {
        error_set(err, ERROR_MEMORY, "no memory for the result, or a number that JSON cannot hold");
        return false;
    }
    bool written = json_dumpf(document, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF &&
                   fflush(out) == 0;
    if (!written)
        error_set_errno(err, errno, "cannot write the result");
    json_decref(document);
    return written;
}
