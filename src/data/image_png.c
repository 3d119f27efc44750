// SPDX-License-Identifier: MIT
/* PNG through libpng's simplified interface, which knows all kinds of it. */
#include <png.h>

#include "data/image_format.h"

enum { SIGNATURE_SIZE = 8 };

bool image_source_is_png(const struct image_source *source)
{
    return source->size >= SIGNATURE_SIZE && png_sig_cmp(source->bytes, 0, SIGNATURE_SIZE) == 0;
}

static bool fail(const struct image_source *source, const png_image *png, struct error *err)
{
    error_set(err, ERROR_FORMAT, "%s: damaged PNG file: %s", source->name, png->message);
    return false;
}

bool image_parse_png(const struct image_source *source, struct image *image, struct error *err)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    const png_color background = {source->background, source->background, source->background};
    if (!png_image_begin_read_from_memory(&png, source->bytes, source->size))
        return fail(source, &png, err);
    if (!image_allocate(source, png.height, png.width, image, err)) {
        png_image_free(&png);
        return false;
    }
    png.format = PNG_FORMAT_GRAY;
    png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB; /* else 16 bits without a gamma would count as linear */
    if (png_image_finish_read(&png, &background, image->pixels, 0, NULL))
        return true;
    image_free(image);
    return fail(source, &png, err);
}
