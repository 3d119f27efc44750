// SPDX-License-Identifier: MIT
/*
 * A link between two tap devices that is as slow as it is told to be, for kernels without netem:
 *
 *     delay_line FIRST SECOND GBIT_A_SECOND MILLISECONDS
 *
 * Makes both devices, says "ready", and passes frames from each to the other until it is ended. A
 * frame leaves when the one before has, and its own bits have, at that rate; it arrives so many
 * milliseconds later. While too many frames are under way none are taken in, so that none are lost:
 * the kernel has the sender wait. What it costs is what is seen at a high rate without delay.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_SIZE = 65536 + 64, FRAMES = 1024, MORE_BYTES = 300000, BATCH = 16 };

static const double NANO = 1e9;

struct frame {
    double arrives;
    size_t size;
    unsigned char bytes[FRAME_SIZE];
};

/* One direction. */
struct direction {
    int from, to;
    double second_a_byte, delay;
    double free_at;     /* when the last frame has left */
    size_t room, bytes; /* that may be, and are, under way */
    size_t first, count;
    struct frame *frames;
};

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / NANO;
}

static void fail(const char *what)
{
    (void)fprintf(stderr, "delay_line: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int open_tap(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    (void)snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (tap < 0 || ioctl(tap, TUNSETIFF, &request) != 0)
        fail(name);
    return tap;
}

static bool has_room(const struct direction *direction)
{
    return direction->count < FRAMES && direction->bytes < direction->room;
}

/* Takes in what has been sent; true where that was anything. */
static bool take(struct direction *direction)
{
    bool any = false;
    for (int number = 0; number < BATCH && has_room(direction); number++) {
        struct frame *frame = &direction->frames[(direction->first + direction->count) % FRAMES];
        ssize_t size = read(direction->from, frame->bytes, sizeof frame->bytes);
        if (size <= 0)
            break;
        double time = now();
        if (direction->free_at < time)
            direction->free_at = time;
        direction->free_at += (double)size * direction->second_a_byte;
        frame->size = (size_t)size;
        frame->arrives = direction->free_at + direction->delay;
        direction->bytes += frame->size;
        direction->count++;
        any = true;
    }
    return any;
}

/* Gives out what has arrived; returns when the next frame will, or a second from now. */
static double give(struct direction *direction)
{
    double time = now();
    while (direction->count > 0) {
        struct frame *frame = &direction->frames[direction->first];
        if (frame->arrives > time)
            return frame->arrives;
        /* A device that is down takes nothing, as a wire would not keep it. */
        (void)!write(direction->to, frame->bytes, frame->size);
        direction->bytes -= frame->size;
        direction->first = (direction->first + 1) % FRAMES;
        direction->count--;
    }
    return time + 1;
}

static void pass(struct direction both[2])
{
    for (;;) {
        double next = now() + 1;
        bool any = false;
        for (int number = 0; number < 2; number++) {
            any |= take(&both[number]);
            double due = give(&both[number]);
            next = due < next ? due : next;
        }
        double left = any ? 0 : next - now();
        struct timespec limit = {.tv_nsec = left > 0 ? (long)(left * (NANO - 1)) : 0};
        struct pollfd polled[2];
        for (int number = 0; number < 2; number++)
            polled[number] = (struct pollfd){.fd = has_room(&both[number]) ? both[number].from : -1,
                                             .events = POLLIN};
        if (!any && ppoll(polled, 2, &limit, NULL) < 0 && errno != EINTR)
            fail("poll");
    }
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        (void)fputs("usage: delay_line FIRST SECOND GBIT_A_SECOND MILLISECONDS\n", stderr);
        return 2;
    }
    double rate = strtod(argv[3], NULL) * 1e9 / 8, delay = strtod(argv[4], NULL) / 1e3;
    if (!(rate > 0) || !(delay >= 0)) {
        (void)fputs("delay_line: a rate above 0 and a delay of 0 or more are needed\n", stderr);
        return 2;
    }
    int taps[2] = {open_tap(argv[1]), open_tap(argv[2])};
    struct direction both[2];
    for (int number = 0; number < 2; number++) {
        both[number] = (struct direction){.from = taps[number],
                                          .to = taps[1 - number],
                                          .second_a_byte = 1 / rate,
                                          .delay = delay,
                                          .room = (size_t)(rate * delay) + MORE_BYTES,
                                          .frames = calloc(FRAMES, sizeof *both[number].frames)};
        if (!both[number].frames)
            fail("frames");
    }
    (void)prctl(PR_SET_TIMERSLACK, 1000UL); /* a millionth of a second */
    (void)puts("ready");
    (void)fflush(stdout);
    pass(both);
}
