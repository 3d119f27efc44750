// SPDX-License-Identifier: MIT
#include "tui/png_file.h"

#include <errno.h>
#include <fcntl.h>
#include <png.h>
#include <stdio.h>
#include <unistd.h>

enum { COPIES_MAX = 9999 };

/* Creates a file that was not there, under a name that begins with the stem. */
static FILE *create(const char *stem, char name[PNG_FILE_NAME_SIZE], struct error *err)
{
    for (int copy = 1; copy <= COPIES_MAX; copy++) {
        if (copy == 1)
            (void)snprintf(name, PNG_FILE_NAME_SIZE, "%.140s.png", stem);
        else
            (void)snprintf(name, PNG_FILE_NAME_SIZE, "%.140s-%d.png", stem, copy);
        int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor < 0 && errno == EEXIST)
            continue;
        FILE *file = descriptor >= 0 ? fdopen(descriptor, "wb") : NULL;
        if (file)
            return file;
        error_set_errno(err, errno, "cannot write %s here", name);
        if (descriptor >= 0)
            (void)close(descriptor);
        return NULL;
    }
    error_set(err, ERROR_SYSTEM, "%s: there are too many of that name", name);
    return NULL;
}

bool png_file_create(const char *stem, const struct png_picture *picture,
                     char name[PNG_FILE_NAME_SIZE], struct error *err)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = picture->width,
                       .height = picture->height,
                       .format = PNG_FORMAT_GRAY};
    FILE *file = create(stem, name, err);
    if (!file)
        return false;
    bool good = png_image_write_to_stdio(&image, file, 0, picture->pixels, 0, NULL);
    if (!good)
        error_set(err, ERROR_SYSTEM, "cannot write %s: %s", name, image.message);
    if (fclose(file) != 0 && good) {
        error_set_errno(err, errno, "cannot write %s", name);
        good = false;
    }
    if (!good)
        (void)unlink(name);
    return good;
}
