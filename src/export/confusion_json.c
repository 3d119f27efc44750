// SPDX-License-Identifier: MIT
#include "export/confusion_json.h"

static json_t *row_json(const size_t images[DATASET_CLASSES])
{
    json_t *row = json_array();
    for (size_t predicted = 0; row && predicted < DATASET_CLASSES; predicted++)
        if (json_array_append_new(row, json_integer((json_int_t)images[predicted])) != 0) {
            json_decref(row);
            row = NULL;
        }
    return row;
}

json_t *confusion_json(const size_t confusion[DATASET_CLASSES][DATASET_CLASSES])
{
    json_t *rows = json_array();
    for (size_t label = 0; rows && label < DATASET_CLASSES; label++)
        if (json_array_append_new(rows, row_json(confusion[label])) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    return rows;
}
