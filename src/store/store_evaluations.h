// SPDX-License-Identifier: MIT
/* Evaluations of a run: written within a transaction, thinned, cut, and read. */
#ifndef STORE_STORE_EVALUATIONS_H
#define STORE_STORE_EVALUATIONS_H

#include "fmnist/store/store.h"
#include "store/database.h"

/* Writes an evaluation, in place of one of the same part and step; with its answers, or only the
 * figures. */
bool evaluation_write(struct database *database, int64_t run, const struct evaluation *evaluation,
                      bool answers, struct error *err);

/* Drops answers on the validation part that neither the archive has, nor a checkpoint would need to
 * go on from, and those on the test part but for the newest two. */
bool evaluations_thin(struct database *database, int64_t run, const struct archive *archive,
                      struct error *err);

/* Replaces the archive by one with this evaluation, too, whose reference it takes over; false with
 * `err` set where memory is short, or there is none to add. */
bool evaluation_archive(const struct archive **archive, const struct evaluation *evaluation,
                        struct error *err);

/* Which evaluations come before something: those up to these steps; -1: none. */
struct evaluation_end {
    int64_t validation, test;
};

/* Drops what is beyond that. */
bool evaluations_cut(struct database *database, int64_t run, struct evaluation_end end,
                     struct error *err);

#endif
