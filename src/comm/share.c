// SPDX-License-Identifier: MIT
/* Memory that the ranks of a host share: the lowest of them makes a file without a name, and the
 * others find it among that process's open files. Linux has both; elsewhere nothing is shared. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "fmnist/comm/comm.h"

/* What a rank tells the others: where its file is, and whether it has the memory. */
struct offer {
    bool good;
    int file;
    long process;
    uint64_t token; /* that lies in the memory at first: then it is this file */
};

/* One rank's part. */
struct sharing {
    struct comm *comm;
    struct offer *offers; /* of all ranks */
    unsigned host;        /* the lowest rank on this one's host */
    int file;
    size_t bytes;
    uint64_t *memory;
};

static struct offer *own_offer(const struct sharing *sharing)
{
    return &sharing->offers[comm_rank(sharing->comm)];
}

static unsigned lowest_of_host(const struct comm *comm)
{
    unsigned rank = 0;
    while (strcmp(comm_host(comm, rank), comm_host(comm, comm_rank(comm))) != 0)
        rank++;
    return rank;
}

static int make_file(size_t bytes)
{
#ifdef MFD_CLOEXEC
    int file = memfd_create("fmnist-tui", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, (off_t)bytes) == 0)
        return file;
    (void)close(file);
#else
    (void)bytes;
    errno = ENOSYS;
#endif
    return -1;
}

/* Hosts may have one name and be two: then it is any file, or none. */
static int open_file(const struct offer *offer, size_t bytes)
{
    char path[64];
    struct stat status;
    (void)snprintf(path, sizeof path, "/proc/%ld/fd/%d", offer->process, offer->file);
    int file = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0 || (fstat(file, &status) == 0 && status.st_size == (off_t)bytes))
        return file;
    (void)close(file);
    errno = ENOENT;
    return -1;
}

static void map_file(struct sharing *sharing, struct error *err)
{
    void *pages = MAP_FAILED;
    if (sharing->file >= 0)
        pages = mmap(NULL, sharing->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, sharing->file, 0);
    if (pages == MAP_FAILED)
        error_set_errno(err, errno, "cannot share %zu bytes with the other ranks of the host",
                        sharing->bytes);
    else
        sharing->memory = pages;
}

/* On the lowest rank: makes the memory, with a token in it that others know it by. */
static void make_memory(struct sharing *sharing, struct error *err)
{
    struct offer *offer = own_offer(sharing);
    sharing->file = make_file(sharing->bytes);
    map_file(sharing, err);
    offer->good = sharing->memory;
    offer->file = sharing->file;
    offer->process = (long)getpid();
    offer->token = (uint64_t)(clock_seconds() * 1e9) ^ (uint64_t)getpid() << 32;
    if (sharing->memory)
        *sharing->memory = offer->token;
}

/* On the others: finds it. */
static void find_memory(struct sharing *sharing, struct error *err)
{
    const struct offer *offer = &sharing->offers[sharing->host];
    if (offer->good) {
        sharing->file = open_file(offer, sharing->bytes);
        map_file(sharing, err);
    } else {
        error_set(err, ERROR_SYSTEM, "rank %u cannot share %zu bytes", sharing->host,
                  sharing->bytes);
    }
    own_offer(sharing)->good = sharing->memory && *sharing->memory == offer->token;
}

static bool tell_all(struct sharing *sharing)
{
    return comm_gather(sharing->comm, sharing->offers, sizeof *sharing->offers);
}

static bool all_good(const struct sharing *sharing)
{
    for (unsigned rank = 0; rank < comm_size(sharing->comm); rank++)
        if (!sharing->offers[rank].good)
            return false;
    return true;
}

/* Makes, finds and compares; true where all ranks have the memory, with zeros in it. */
static bool share(struct sharing *sharing, struct error *err)
{
    bool lowest = sharing->host == comm_rank(sharing->comm);
    if (lowest)
        make_memory(sharing, err);
    bool told = tell_all(sharing);
    if (told && !lowest)
        find_memory(sharing, err);
    if (!told || !tell_all(sharing) || !all_good(sharing)) {
        if (!comm_failed(sharing->comm, err) && sharing->memory)
            error_set(err, ERROR_SYSTEM, "another rank cannot share %zu bytes", sharing->bytes);
        return false;
    }
    if (lowest && sharing->memory)
        *sharing->memory = 0;
    return tell_all(sharing) || !comm_failed(sharing->comm, err);
}

void *comm_share(struct comm *comm, size_t bytes, struct error *err)
{
    struct sharing sharing = {
        .comm = comm, .host = lowest_of_host(comm), .file = -1, .bytes = bytes};
    if (sharing.bytes < sizeof *sharing.memory)
        sharing.bytes = sizeof *sharing.memory;
    sharing.offers = memory_array(comm_size(comm), sizeof *sharing.offers, err);
    bool good = sharing.offers && share(&sharing, err);
    if (sharing.file >= 0)
        (void)close(sharing.file);
    if (!good && sharing.memory)
        (void)munmap(sharing.memory, sharing.bytes);
    free(sharing.offers);
    return good ? sharing.memory : NULL;
}
