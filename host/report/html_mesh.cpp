// SPDX-License-Identifier: Apache-2.0
// Nodes on a grid and what flows between them, in SVG.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/html.hpp"
#include "report/markup.hpp"

namespace hilbert::report {
namespace {

constexpr double closest = 150, side = 54, margin = 12;  // SVG units: from node to node at least, of a node, around all
constexpr double thinnest = 1.5, thickest = 8, gap = 5;  // strokes, and from a link's middle to its two directions
constexpr double glyph = 8, ascent = 12, descent = 4, line_height = 14;  // of text of 12 units, rather more than less

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

/// Which font draws the page is not known. Digits of DejaVu Sans, a wide one, take 0.636 of its size, and most letters
/// less.
double width_of(std::string_view text) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  return glyph * static_cast<double>(text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues)));
}

enum class Anchor : std::uint8_t { start, middle, end };

/// The elements of a picture, and how far they reach: nothing is cut, whatever is written and wherever.
class Drawing {
 public:
  void line(double x1, double y1, double x2, double y2, double stroke) {
    reach(std::min(x1, x2), std::min(y1, y2), std::max(x1, x2), std::max(y1, y2));
    svg_ += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke-width=\"{:.2f}\"/>\n", x1,
                        y1, x2, y2, stroke);
  }
  void node(double x, double y) {
    reach(x, y, x + side, y + side);
    svg_ += fmt::format(
        "<rect class=\"node\" x=\"{0:.1f}\" y=\"{1:.1f}\" width=\"{2:.0f}\" height=\"{2:.0f}\" rx=\"4\"/>\n", x, y,
        side);
  }
  void text(double x, double y, Anchor anchor, std::string_view content, std::string_view kind = {}) {
    constexpr std::array<std::string_view, 3> names{"start", "middle", "end"};
    const double wide = width_of(content), west = x - wide * static_cast<double>(anchor) / 2;
    reach(west, y - ascent, west + wide, y + descent);
    svg_ += fmt::format("<text{} x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
                        kind.empty() ? "" : fmt::format(" class=\"{}\"", kind), x, y,
                        names[static_cast<std::size_t>(anchor)], escaped(content));
  }
  void open(std::string_view kind, std::string_view note) {
    svg_ += fmt::format("<g class=\"{}\"><title>{}</title>\n", kind, escaped(note));
  }
  void close() { svg_ += "</g>\n"; }

  /// The whole element, with a margin around what was drawn.
  [[nodiscard]] std::string finished(std::string_view title) const {
    const double x = std::floor(left_ - margin), y = std::floor(top_ - margin);
    return fmt::format(
        "<svg class=\"mesh\" style=\"max-width: {2:.0f}px\" viewBox=\"{0:.0f} {1:.0f} {2:.0f} {3:.0f}\" role=\"img\" "
        "aria-label=\"{4}\">\n{5}</svg>\n",
        x, y, std::ceil(right_ + margin) - x, std::ceil(bottom_ + margin) - y, escaped(title), svg_);
  }

 private:
  void reach(double west, double north, double east, double south) {
    left_ = std::min(left_, west), top_ = std::min(top_, north);
    right_ = std::max(right_, east), bottom_ = std::max(bottom_, south);
  }

  std::string svg_;
  double left_ = 0, top_ = 0, right_ = side, bottom_ = side;  // the node in the north-west, there or not
};

/// From node to node, so that no text of a link runs into a node or into the text of the next link.
double pitch_of(const Mesh& mesh) {
  double pitch = closest;
  for (const Mesh::Link& link : mesh.links) {
    const double flow = std::max(width_of(compact(link.forth)), width_of(compact(link.back)));
    double trouble = 0;
    for (const std::string& text : link.trouble) trouble = std::max(trouble, width_of(text));
    // Eastwards between two nodes; northwards from the link to what stands to the left of the next.
    pitch = std::max(pitch, link.east ? side + margin + std::max(trouble, flow)
                                      : 2 * (gap + 8) + margin + std::max(trouble, flow) + width_of("999M"));
  }
  return std::ceil(pitch);
}

}  // namespace

std::string to_svg(const Mesh& mesh) {
  const double pitch = pitch_of(mesh);
  const auto px = [&](double x) { return side / 2 + pitch * x; };
  const auto py = [&](double y) { return side / 2 + pitch * (std::max(mesh.height, 1U) - 1 - y); };  // y + 1 is up
  double most = 1;
  for (const Mesh::Link& link : mesh.links) most = std::max({most, link.forth, link.back});

  Drawing drawing;
  for (const Mesh::Link& link : mesh.links) {
    const double ax = px(link.x), ay = py(link.y);
    const bool east = link.east;
    drawing.open(style_of(link), link.note);
    const auto direction = [&](double flow, double sign) {  // +1: forth, above or to the left
      const double dx = east ? 0 : -sign * gap, dy = east ? -sign * gap : 0;
      const double reach = pitch - side / 2;
      drawing.line(ax + dx + (east ? side / 2 : 0), ay + dy - (east ? 0 : side / 2), ax + dx + (east ? reach : 0),
                   ay + dy - (east ? 0 : reach), thinnest + (thickest - thinnest) * std::sqrt(flow / most));
      drawing.text(east ? ax + pitch / 2 : ax - sign * (gap + 8),
                   east ? ay - sign * (gap + 10) + 4 : ay - pitch / 2 + 4,
                   east       ? Anchor::middle
                   : sign > 0 ? Anchor::end
                              : Anchor::start,
                   compact(flow));
    };
    direction(link.forth, 1);
    direction(link.back, -1);
    for (std::size_t i = 0; i < link.trouble.size(); ++i) {
      drawing.text(east ? ax + pitch / 2 : ax + gap + 8,
                   (east ? ay + 34 : ay - pitch / 2 + 18) + line_height * static_cast<double>(i),
                   east ? Anchor::middle : Anchor::start, link.trouble[i], "trouble");
    }
    drawing.close();
  }
  for (const Mesh::Node& node : mesh.nodes) {
    drawing.node(px(node.x) - side / 2, py(node.y) - side / 2);
    drawing.text(px(node.x), py(node.y) + 4, Anchor::middle, node.name, "name");
  }
  return drawing.finished(mesh.title);
}

}  // namespace hilbert::report
