// SPDX-License-Identifier: MIT
#include "export/html.h"

#include <stdlib.h>

#include "base/memory.h"
#include "export/html_parts.h"

void html_text(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            buffer_text(out, "&amp;");
            break;
        case '<':
            buffer_text(out, "&lt;");
            break;
        case '>':
            buffer_text(out, "&gt;");
            break;
        case '"':
            buffer_text(out, "&quot;");
            break;
        case '\'':
            buffer_text(out, "&#39;");
            break;
        default:
            buffer_character(out, *text);
        }
    }
}

void html_print(struct buffer *out, const char *format, va_list args)
{
    struct buffer text = {0};
    buffer_print_list(&text, format, args);
    buffer_character(&text, '\0');
    if (text.failed)
        out->failed = true;
    else
        html_text(out, (const char *)text.bytes);
    buffer_free(&text);
}

static bool write_curves(struct buffer *out, const struct export_run *run, struct error *err)
{
    if (run->counts.steps == 0 && run->counts.epochs == 0) {
        buffer_text(out,
                    "<section><h2>Curves</h2>\n<p>No training step is recorded.</p></section>\n");
        return true;
    }
    struct curve *curve = memory_array(1, sizeof *curve, err);
    if (!curve)
        return false;
    curve_update(curve, run->history, run->counts.steps);
    buffer_text(out, "<section><h2>Curves</h2>\n");
    html_chart(out, run, curve, CURVE_LOSS);
    html_chart(out, run, curve, CURVE_ACCURACY);
    html_epochs(out, run);
    buffer_text(out, "</section>\n");
    curve_release(curve);
    free(curve);
    return true;
}

static void write_classes(struct buffer *out, const struct export_run *run)
{
    const struct run_evaluation *evaluation = export_run_figures(run, EVALUATION_TEST);
    if (!evaluation)
        evaluation = export_run_figures(run, EVALUATION_VALIDATION);
    buffer_text(out, "<section><h2>Classes</h2>\n");
    if (evaluation) {
        html_matrix(out, run, evaluation);
        html_classes(out, run, evaluation);
    } else {
        buffer_text(out, "<p>No evaluation has been made.</p>\n");
    }
    buffer_text(out, "</section>\n");
}

bool html_write(struct buffer *out, const struct export_run *run, struct error *err)
{
    html_head(out, run);
    html_summary(out, run);
    bool good = write_curves(out, run, err);
    if (good) {
        write_classes(out, run);
        good = html_gallery(out, run, err);
    }
    html_events(out, run);
    buffer_text(out, "</main></body></html>\n");
    return good;
}
