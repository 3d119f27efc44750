// SPDX-License-Identifier: MIT
#include "export/png.h"

#include <png.h>
#include <stdlib.h>

#include "base/memory.h"

uint8_t *png_encode(const struct png_pixels *picture, size_t *size, struct error *err)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = picture->width,
                       .height = picture->height,
                       .format = picture->color ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY};
    png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
    uint8_t *encoded = memory_array(bytes, 1, err);
    if (!encoded)
        return NULL;
    if (!png_image_write_to_memory(&image, encoded, &bytes, 0, picture->pixels, 0, NULL)) {
        error_set(err, ERROR_MEMORY, "cannot make a picture: %s", image.message);
        free(encoded);
        return NULL;
    }
    *size = bytes;
    return encoded;
}
