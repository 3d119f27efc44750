// SPDX-License-Identifier: MIT
/*
 * Ranks of one host work like threads of one process: they share all arrays and take tasks from one
 * pool, so nothing is sent between them and nothing is computed twice. Where there are several
 * hosts these divide the work (nn/team.h), and one rank of each exchanges for all.
 */
#ifndef FMNIST_COMM_UNITE_H
#define FMNIST_COMM_UNITE_H

#include "fmnist/base/pool.h"
#include "fmnist/comm/comm.h"

/* Makes the pools of ranks that share a host one, before networks are made with them. *team is who
 * divides the work then: the hosts, a comm of the caller's, to be closed before the pool; NULL
 * where there is one; or `comm` itself where nothing is shared: some rank is not willing, each has
 * a host of its own, a host's ranks do not follow one another, or memory cannot be shared. False
 * with `err` set where ranks were lost or memory is short. All ranks call it at the same time. */
bool comm_unite(struct comm *comm, struct pool *pool, bool willing, struct comm **team,
                struct error *err);

#endif
