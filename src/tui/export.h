// SPDX-License-Identifier: MIT
/* Images of an evaluation as PNG files in the current directory, looking as on the screen (cropped
 * and inverted, where they are), with names that tell what is on them. Main thread only. */
#ifndef FMNIST_TUI_EXPORT_H
#define FMNIST_TUI_EXPORT_H

#include <stdbool.h>

#include "tui/gallery.h"
#include "tui/png_file.h"

/* The selected image, 224 x 224: fmnist-validation-4711-shirt-as-coat-lenet-step3240.png. `name`
 * gets the file's name. False with `err` set where it cannot be written. */
bool export_image(const struct gallery_list *list, const struct gallery *gallery,
                  const struct scene *scene, char name[PNG_FILE_NAME_SIZE], struct error *err);

/* The images on the screen, in the same rows, 112 x 112 each:
 * fmnist-validation-1-to-24-of-771-lenet-step3240.png. */
bool export_page(const struct gallery_list *list, const struct gallery *gallery,
                 const struct scene *scene, char name[PNG_FILE_NAME_SIZE], struct error *err);

#endif
