// SPDX-License-Identifier: Apache-2.0
// The page around the charts.
#include "report/html.hpp"

#include <fmt/format.h>

#include "report/markup.hpp"

namespace hilbert::report {
namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --paper: #fcfcfb; --ink: #1b1c1e; --quiet: #63666b; --rule: #dfe0e2; --a: #2563b8; --b: #b4540a; --bad: #c0271d; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #17181a; --ink: #e9eaec; --quiet: #9b9fa6; --rule: #33363a; --a: #7fb0f5; --b: #f0a565; --bad: #ff8a80; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
       font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1rem; margin: 2rem 0 .4rem; }
p { margin: 0; color: var(--quiet); max-width: 46rem; }
.headline { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.75rem 0 0; padding: 0; }
.headline div { display: flex; flex-direction: column; }
.headline dd { order: -1; margin: 0; font-size: 1.7rem; font-weight: 600; line-height: 1.2; }
.headline dt { color: var(--quiet); font-size: .85rem; }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0 2.5rem; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { padding: .25rem 0; border-top: 1px solid var(--rule); text-align: left; vertical-align: top; font-weight: normal; }
th { color: var(--quiet); padding-right: 1rem; }
td { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--quiet); }
svg .grid { stroke: var(--rule); }
svg .s0 { stroke: var(--a); } svg .s1 { stroke: var(--b); }
svg .bold, svg .faint, svg .dashed { fill: none; stroke-linejoin: round; }
svg .bold { stroke-width: 2; } svg .faint { stroke-width: 1; opacity: .35; } svg .dashed { stroke-width: 1.5; stroke-dasharray: 6 4; }
svg.mesh { margin: .75rem 0; }
svg .node { fill: none; stroke: var(--ink); stroke-width: 1.5; } svg .name { fill: var(--ink); font-weight: 600; }
svg .up { stroke: var(--a); } svg .worn { stroke: var(--b); } svg .down { stroke: var(--bad); stroke-dasharray: 5 4; }
svg g text { stroke: none; } svg .worn .trouble { fill: var(--b); } svg .down .trouble { fill: var(--bad); }
svg .hit { fill: transparent; stroke: none; } svg .hit:hover { fill: var(--ink); }
)";

}  // namespace

std::string to_html(const Page& page) {
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n"
      "<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n<p>{2}</p>\n",
      escaped(page.title), style, escaped(page.lead));
  if (!page.headline.empty()) {
    html += "<dl class=\"headline\">\n";
    for (const auto& [value, what] : page.headline) {
      html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(what), escaped(value));
    }
    html += "</dl>\n";
  }
  for (const Mesh& mesh : page.meshes) html += fmt::format("<h2>{}</h2>\n{}", escaped(mesh.title), to_svg(mesh));
  for (const Chart& chart : page.charts) html += fmt::format("<h2>{}</h2>\n{}", escaped(chart.title), to_svg(chart));
  html += "<div class=\"tables\">\n";
  for (const Table& table : page.tables) {
    html += fmt::format("<section><h2>{}</h2>\n<table>\n", escaped(table.title));
    for (const auto& [name, value] : table.rows) {
      html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(name), escaped(value));
    }
    html += "</table></section>\n";
  }
  return html + "</div>\n</body>\n</html>\n";
}

}  // namespace hilbert::report
