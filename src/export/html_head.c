// SPDX-License-Identifier: MIT
#include "export/html_parts.h"

#include <inttypes.h>

/* Colours of Okabe and Ito, which people with any colour vision tell apart, darker on light
 * backgrounds and lighter on dark ones. */
static const char STYLE[] =
    ":root{--back:#fff;--ink:#1b1f24;--soft:#57606a;--rule:#d0d7de;--pane:#f6f8fa;"
    "--train:#0072b2;--val:#b84a00;--good:#007a59;--bad:#d55e00;--mark:#8250df}\n"
    "@media(prefers-color-scheme:dark){:root{--back:#0d1117;--ink:#e6edf3;--soft:#9aa4af;"
    "--rule:#3d444d;--pane:#161b22;--train:#56b4e9;--val:#f0a030;--good:#2fb48b;--bad:#e5793f;"
    "--mark:#b392f0}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\n"
    "main{max-width:960px;margin:0 auto;padding:1rem}\n"
    "h1{font-size:1.6rem;margin:.5rem 0 0}h2{font-size:1.2rem;margin:2rem 0 .5rem}\n"
    "p{margin:.3rem 0}.soft,figcaption{color:var(--soft);font-size:.875rem}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem;"
    "margin:1rem 0}\n"
    ".tiles div{background:var(--pane);border:1px solid var(--rule);border-radius:6px;"
    "padding:.6rem .8rem}\n"
    ".tiles b{display:block;font-size:1.25rem;font-weight:600;white-space:nowrap}\n"
    ".tiles small{font-size:.7em;font-weight:400}\n"
    "table{margin:.75rem "
    "0;border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.2rem .7rem;border-bottom:1px solid var(--rule);text-align:right;"
    "vertical-align:top}\n"
    "th:first-child,td:first-child,td.text,th.text{text-align:left}\n"
    ".settings th{font-weight:400;color:var(--soft);white-space:nowrap}\n"
    ".settings td{text-align:left;overflow-wrap:anywhere}\n"
    ".wide{overflow-x:auto}figure{margin:1rem 0}\n"
    "svg{display:block;width:100%;height:auto;font:12px system-ui,sans-serif;fill:var(--ink)}\n"
    ".matrix{max-width:720px}\n"
    ".grid{stroke:var(--rule);stroke-width:1}.tick{fill:var(--soft)}\n"
    ".band{fill:var(--train);fill-opacity:.2;stroke:var(--train);stroke-opacity:.25;"
    "stroke-width:2}\n"
    ".smooth{fill:none;stroke:var(--train);stroke-width:7;stroke-linejoin:round}\n"
    ".val{fill:none;stroke:var(--val);stroke-width:5;stroke-opacity:.6}\n"
    ".point{fill:var(--val)}.best{fill:var(--back);stroke:var(--val);stroke-width:2.5}\n"
    ".event{stroke:var(--mark);stroke-width:1.5;stroke-dasharray:5 3}\n"
    ".pause{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:2 3}\n"
    ".broken{fill:var(--bad);font-weight:700}\n"
    ".right{fill:var(--good)}.wrong{fill:var(--bad)}.cell{stroke:var(--rule)}\n"
    ".key{display:inline-block;width:1.4em;height:.7em;margin:0 .3em 0 .9em;border-radius:2px}\n"
    ".bar{display:inline-block;height:.6em;background:var(--train);border-radius:2px}\n"
    ".gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(116px,1fr));gap:.75rem;"
    "padding:0;list-style:none}\n"
    ".gallery li{font-size:.8rem;line-height:1.3}\n"
    ".gallery img{width:112px;height:112px;image-rendering:pixelated;"
    "border:1px solid var(--rule);display:block}\n";

void html_head(struct buffer *out, const struct export_run *run)
{
    buffer_text(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "img-src data:; style-src 'unsafe-inline'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n");
    buffer_print(out, "<meta name=\"generator\" content=\"%s\">\n<title>Run %" PRId64 ": ",
                 PACKAGE_STRING, run->row.id);
    html_text(out, export_run_model(run));
    buffer_text(out, " on ");
    html_text(out, run->row.data_name);
    buffer_print(out, "</title>\n<style>\n%s</style></head>\n<body><main>\n", STYLE);
}
