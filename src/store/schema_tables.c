// SPDX-License-Identifier: MIT
/*
 * The tables, a text for each version. A text that was released is not changed any more.
 *
 * Moments are seconds since 1970 (UTC). A number that is NULL is not known, or not a number. `part`
 * is 0 for validation, 1 for test. `seed` has its 64 bits in a signed number.
 */
#include "store/schema.h"

#define PARENT_RUN "run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE"
#define PARENT_EVALUATION "run INTEGER NOT NULL, part INTEGER NOT NULL, step INTEGER NOT NULL"
#define PARENT_EVALUATION_KEY                                                                      \
    "FOREIGN KEY (run, part, step) REFERENCES evaluations (run, part, step) ON DELETE CASCADE"

static const char VERSION_1[] =
    "CREATE TABLE runs ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " name TEXT NOT NULL DEFAULT '',"
    " model TEXT NOT NULL CHECK (model <> ''),"
    " state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'waiting', 'finished', 'stopped',"
    "                                      'failed', 'interrupted')),"
    " started_at REAL NOT NULL,"
    " updated_at REAL NOT NULL,"
    " ended_at REAL,"
    " resumes INTEGER NOT NULL DEFAULT 0,"
    /* where and how */
    " host TEXT NOT NULL,"
    " program TEXT NOT NULL," /* version */
    " isa TEXT NOT NULL,"
    " blas_core TEXT NOT NULL,"
    " threads INTEGER NOT NULL,"
    /* what */
    " epochs INTEGER NOT NULL," /* to make in all */
    " batch INTEGER NOT NULL,"
    " initial_learning_rate REAL,"
    " seed INTEGER NOT NULL,"
    " weight_count INTEGER NOT NULL,"
    " steps_per_epoch INTEGER NOT NULL,"
    " data_name TEXT NOT NULL,"
    " data_source TEXT NOT NULL,"
    " data_sha256 TEXT NOT NULL,"
    " train_count INTEGER NOT NULL,"
    " validation_count INTEGER NOT NULL,"
    " test_count INTEGER NOT NULL,"
    /* how far */
    " step INTEGER NOT NULL DEFAULT 0,"
    " epochs_done REAL NOT NULL DEFAULT 0,"
    " seconds REAL NOT NULL DEFAULT 0," /* of training and evaluation */
    " learning_rate REAL,"              /* of the next update */
    " images_per_second REAL,"
    " eta_seconds REAL,"
    " train_loss REAL," /* moving averages */
    " train_accuracy REAL,"
    " best_accuracy REAL," /* validation */
    " best_epoch INTEGER NOT NULL DEFAULT 0,"
    " test_accuracy REAL,"
    " test_loss REAL,"
    " message TEXT NOT NULL DEFAULT '');"

    /* A block of consecutive training steps: for each loss, accuracy, learning rate and seconds as
     * float32, little-endian. */
    "CREATE TABLE steps (" PARENT_RUN ","
    " first INTEGER NOT NULL CHECK (first > 0),"
    " count INTEGER NOT NULL CHECK (count > 0),"
    " data BLOB NOT NULL CHECK (length(data) = 16 * count),"
    " PRIMARY KEY (run, first));"

    /* The points of the validation curves; `number` counts from 0. */
    "CREATE TABLE epochs (" PARENT_RUN ","
    " number INTEGER NOT NULL,"
    " step INTEGER NOT NULL,"
    " epoch REAL,"
    " validation_loss REAL, validation_accuracy REAL,"
    " train_loss REAL, train_accuracy REAL,"
    " learning_rate REAL,"
    " images_per_second REAL,"
    " seconds REAL,"
    " PRIMARY KEY (run, number)) WITHOUT ROWID;"

    /* `number` counts the events of the curves from 0; others have none. */
    "CREATE TABLE events ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, " PARENT_RUN ","
    " number INTEGER,"
    " at REAL NOT NULL,"
    " step INTEGER NOT NULL,"
    " seconds REAL,"
    " kind TEXT NOT NULL CHECK (kind <> ''),"
    " detail TEXT NOT NULL DEFAULT '',"
    " before REAL, after REAL,"
    " UNIQUE (run, number));"

    "CREATE TABLE evaluations (" PARENT_RUN ","
    " part INTEGER NOT NULL CHECK (part IN (0, 1)),"
    " step INTEGER NOT NULL,"
    " epoch REAL NOT NULL,"
    " count INTEGER NOT NULL CHECK (count > 0),"
    " correct INTEGER NOT NULL CHECK (correct BETWEEN 0 AND count),"
    " loss REAL,"
    " accuracy REAL NOT NULL,"
    " PRIMARY KEY (run, part, step)) WITHOUT ROWID;"

    /* Cells with images only. */
    "CREATE TABLE confusion (" PARENT_EVALUATION ","
    " label INTEGER NOT NULL, predicted INTEGER NOT NULL,"
    " images INTEGER NOT NULL CHECK (images > 0),"
    " PRIMARY KEY (run, part, step, label, predicted), " PARENT_EVALUATION_KEY ") WITHOUT ROWID;"

    "CREATE TABLE classes (" PARENT_EVALUATION ","
    " class INTEGER NOT NULL,"
    " support INTEGER NOT NULL,"
    " precision REAL NOT NULL, recall REAL NOT NULL, f1 REAL NOT NULL,"
    " PRIMARY KEY (run, part, step, class), " PARENT_EVALUATION_KEY ") WITHOUT ROWID;"

    /* What the network answered on each image (src/store/answers.h). */
    "CREATE TABLE answers (" PARENT_EVALUATION ","
    " data BLOB NOT NULL,"
    " PRIMARY KEY (run, part, step), " PARENT_EVALUATION_KEY ");"

    /* Files in checkpoints/RUN/; what the run's curves held then. */
    "CREATE TABLE checkpoints (" PARENT_RUN ","
    " step INTEGER NOT NULL,"
    " epoch REAL NOT NULL,"
    " accuracy REAL,"
    " best INTEGER NOT NULL CHECK (best IN (0, 1)),"
    " stem TEXT NOT NULL CHECK (stem <> ''),"
    " bytes INTEGER NOT NULL,"
    " saved_at REAL NOT NULL,"
    " epoch_points INTEGER NOT NULL,"
    " event_points INTEGER NOT NULL,"
    " test_step INTEGER," /* of the newest evaluation on the test part */
    " PRIMARY KEY (run, step));"

    /* The newest anatomy of the run's layers; trends are float32, little-endian, three a point:
     * norms of weights, gradients, updates. */
    "CREATE TABLE anatomies ("
    " run INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,"
    " norms_step INTEGER NOT NULL,"
    " step_seconds REAL NOT NULL,"
    " idle_step INTEGER NOT NULL,"
    " idle_images INTEGER NOT NULL);"
    "CREATE TABLE layers ("
    " run INTEGER NOT NULL REFERENCES anatomies (run) ON DELETE CASCADE,"
    " layer INTEGER NOT NULL,"
    " kind TEXT NOT NULL, name TEXT NOT NULL,"
    " channels INTEGER NOT NULL, height INTEGER NOT NULL, width INTEGER NOT NULL,"
    " weight_count INTEGER NOT NULL,"
    " filters INTEGER NOT NULL,"
    " stage INTEGER NOT NULL,"
    " forward_seconds REAL, backward_seconds REAL,"
    " weights REAL, gradients REAL, updates REAL,"
    " idleness INTEGER NOT NULL, idle REAL,"
    " trend BLOB NOT NULL,"
    " PRIMARY KEY (run, layer));"

    /* What other programs want the run to do. */
    "CREATE TABLE commands ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, " PARENT_RUN ","
    " at REAL NOT NULL,"
    " kind TEXT NOT NULL,"
    " number INTEGER NOT NULL DEFAULT 0,"
    " rate REAL,"
    " taken_at REAL);"
    "CREATE INDEX waiting_commands ON commands (run) WHERE taken_at IS NULL;";

const char *const SCHEMA_MIGRATIONS[SCHEMA_VERSION] = {VERSION_1};
