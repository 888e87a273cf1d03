// SPDX-License-Identifier: Apache-2.0
// Nodes on a grid and what flows between them, in SVG.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html.hpp"
#include "report/markup.hpp"

namespace hilbert::report {
namespace {

constexpr double pitch = 150, side = 54, margin = 12;    // SVG units: from node to node, of a node, around all
constexpr double thinnest = 1.5, thickest = 8, gap = 5;  // strokes, and from a link's middle to its two directions

std::string_view style_of(const Mesh::Link& link) {
  switch (link.state) {
    case Mesh::State::good:
      return "up";
    case Mesh::State::worn:
      return "worn";
    default:
      return "down";
  }
}

/// 950, 1.2k, 34k, 5.6M
std::string compact(double n) {
  constexpr std::string_view units = " kMGT";
  std::size_t unit = 0;
  while (n >= 999.5 && unit + 1 < units.size()) n /= 1000, ++unit;
  if (unit == 0) return fmt::format("{:.0f}", n);
  return fmt::format("{:.{}f}{}", n, n < 9.95 ? 1 : 0, units[unit]);
}

}  // namespace

std::string to_svg(const Mesh& mesh) {
  const double width = pitch * std::max(mesh.width, 1u) - (pitch - side) + 2 * margin;
  const double height = pitch * std::max(mesh.height, 1u) - (pitch - side) + 2 * margin;
  const auto px = [&](double x) { return margin + side / 2 + pitch * x; };
  const auto py = [&](double y) { return height - margin - side / 2 - pitch * y; };  // y + 1 is up
  double most = 1;
  for (const Mesh::Link& link : mesh.links) most = std::max({most, link.forth, link.back});

  std::string svg = fmt::format(
      "<svg class=\"mesh\" style=\"max-width: {0:.0f}px\" viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" "
      "aria-label=\"{2}\">\n",
      width, height, escaped(mesh.title));
  for (const Mesh::Link& link : mesh.links) {
    const double ax = px(link.x), ay = py(link.y);
    const bool east = link.east;
    svg += fmt::format("<g class=\"{}\"><title>{}</title>\n", style_of(link), escaped(link.note));
    const auto direction = [&](double flow, double sign) {  // +1: forth, above or to the left
      const double dx = east ? 0 : -sign * gap, dy = east ? -sign * gap : 0;
      const double reach = pitch - side / 2;
      svg += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke-width=\"{:.2f}\"/>\n",
                         ax + dx + (east ? side / 2 : 0), ay + dy - (east ? 0 : side / 2), ax + dx + (east ? reach : 0),
                         ay + dy - (east ? 0 : reach), thinnest + (thickest - thinnest) * std::sqrt(flow / most));
      const double tx = east ? ax + pitch / 2 : ax - sign * (gap + 8);
      const double ty = east ? ay - sign * (gap + 10) + 4 : ay - pitch / 2 + 4;
      svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", tx, ty,
                         east       ? "middle"
                         : sign > 0 ? "end"
                                    : "start",
                         compact(flow));
    };
    direction(link.forth, 1);
    direction(link.back, -1);
    for (std::size_t i = 0; i < link.trouble.size(); ++i) {
      const double down = 14 * static_cast<double>(i);
      svg += fmt::format("<text class=\"trouble\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
                         east ? ax + pitch / 2 : ax + gap + 8, (east ? ay + 34 : ay - pitch / 2 + 18) + down,
                         east ? "middle" : "start", escaped(link.trouble[i]));
    }
    svg += "</g>\n";
  }
  for (const Mesh::Node& node : mesh.nodes) {
    svg += fmt::format(
        "<rect class=\"node\" x=\"{0:.1f}\" y=\"{1:.1f}\" width=\"{2:.0f}\" height=\"{2:.0f}\" rx=\"4\"/>\n"
        "<text class=\"name\" x=\"{3:.1f}\" y=\"{4:.1f}\" text-anchor=\"middle\">{5}</text>\n",
        px(node.x) - side / 2, py(node.y) - side / 2, side, px(node.x), py(node.y) + 4, escaped(node.name));
  }
  return svg + "</svg>\n";
}

}  // namespace hilbert::report
