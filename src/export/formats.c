// SPDX-License-Identifier: MIT
#include "export/formats.h"

#include "export/csv.h"
#include "export/html.h"
#include "export/run_json.h"
#include "export/tensorboard.h"

bool format_csv(struct buffer *out, const struct export_run *run, int part, struct error *err)
{
    (void)err;
    csv_write(out, run, (enum csv_table)part);
    return true;
}

bool format_json(struct buffer *out, const struct export_run *run, int part, struct error *err)
{
    (void)part;
    return run_json_write(out, run, err);
}

bool format_html(struct buffer *out, const struct export_run *run, int part, struct error *err)
{
    (void)part;
    return html_write(out, run, err);
}

bool format_events(struct buffer *out, const struct export_run *run, int part, struct error *err)
{
    return tensorboard_write(out, run, (enum tensorboard_part)part, err);
}
