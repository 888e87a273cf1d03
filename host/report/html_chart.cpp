// SPDX-License-Identifier: Apache-2.0
// Line charts in SVG.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/html.hpp"
#include "report/markup.hpp"

namespace hilbert::report {
namespace {

// The drawing's size and the margins of its plot, in SVG units; the page scales it.
constexpr double width = 860, height = 300, left = 56, right = 16, top = 26, bottom = 40;
constexpr std::size_t most_hits = 250;  ///< points of a line that answer to the mouse

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;

  void include(double v) { low = std::min(low, v), high = std::max(high, v); }
  [[nodiscard]] bool empty() const { return !(low <= high); }
  [[nodiscard]] double share(double v) const { return (v - low) / (high - low); }
};

/// 1, 2 or 5 times a power of ten, so that about `count` steps make the range.
double tick_step(const Range& range, int count) {
  const double raw = (range.high - range.low) / count;
  double step = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {2.0, 2.5, 2.0}) {
    if (step < raw * 0.999) step *= factor;
  }
  return step;
}

struct Axes {
  Range x, y;

  [[nodiscard]] double px(double v) const { return left + x.share(v) * (width - left - right); }
  [[nodiscard]] double py(double v) const { return height - bottom - y.share(v) * (height - top - bottom); }
};

Axes fit(const Chart& chart) {
  Axes axes;
  for (const Series& series : chart.series) {
    for (const Point& p : series.points) {
      if (!std::isfinite(p.x) || !std::isfinite(p.y)) continue;
      axes.x.include(p.x);
      axes.y.include(p.y);
    }
  }
  if (chart.y_range) axes.y = {chart.y_range->first, chart.y_range->second};
  for (Range* range : {&axes.x, &axes.y}) {
    if (range->empty()) *range = {0, 1};
    if (range->low == range->high) *range = {range->low - 0.5, range->high + 0.5};
  }
  if (!chart.y_range) {
    if (axes.y.low > 0 && axes.y.low < axes.y.high / 2) axes.y.low = 0;
    const double step = tick_step(axes.y, 5);
    axes.y = {std::floor(axes.y.low / step) * step, std::ceil(axes.y.high / step) * step};
  }
  return axes;
}

std::string number(const Chart& chart, double v, double step) {
  if (chart.percent) return fmt::format("{:.{}f} %", 100 * v, step < 0.01 ? 1 : 0);
  const int digits = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  return fmt::format("{:.{}f}", v, digits);
}

}  // namespace

std::string to_svg(const Chart& chart) {
  const Axes axes = fit(chart);
  std::string svg =
      fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", width, height, escaped(chart.title));
  const auto ticks = [](const Range& range, double step, auto&& draw) {
    for (double i = std::ceil(range.low / step - 1e-9); i * step <= range.high + step * 1e-9; ++i)
      draw(i * step + 0.0);  // no -0
  };
  const double y_step = tick_step(axes.y, 5), x_step = std::max(tick_step(axes.x, 8), 1.0);
  ticks(axes.y, y_step, [&](double v) {
    svg += fmt::format(
        "<path class=\"grid\" d=\"M{:.1f} {:.1f}H{:.1f}\"/><text x=\"{:.1f}\" y=\"{:.1f}\" "
        "text-anchor=\"end\">{}</text>\n",
        left, axes.py(v), width - right, left - 8, axes.py(v) + 4, number(chart, v, y_step));
  });
  ticks(axes.x, x_step, [&](double v) {
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:g}</text>\n", axes.px(v),
                       height - bottom + 18, v);
  });
  svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", width - right, height - 4,
                     escaped(chart.x_label));

  double key = left;  // the legend, in a line above the plot
  for (const Series& series : chart.series) {
    const char* kind = series.line == Line::faint ? "faint" : series.line == Line::bold ? "bold" : "dashed";
    const int colour = series.line == Line::dashed ? 1 : 0;
    svg += fmt::format("<path class=\"s{} {}\" d=\"M{:.1f} 10h22\"/><text x=\"{:.1f}\" y=\"14\">{}</text>\n", colour,
                       kind, key, key + 28, escaped(series.name));
    key += 28 + 7.0 * static_cast<double>(series.name.size()) + 24;

    std::string path;
    bool pen = false;
    for (const Point& p : series.points) {
      const bool drawn = std::isfinite(p.x) && std::isfinite(p.y);
      if (drawn) {
        const double y = std::clamp(p.y, axes.y.low, axes.y.high);
        path += fmt::format("{}{:.1f} {:.1f}", pen ? 'L' : 'M', axes.px(p.x), axes.py(y));
      }
      pen = drawn;
    }
    svg += fmt::format("<path class=\"s{} {}\" d=\"{}\"/>\n", colour, kind, path);
    if (series.line != Line::bold) continue;
    const std::size_t stride = series.points.size() / most_hits + 1;
    for (std::size_t i = 0; i < series.points.size(); i += stride) {
      const Point& p = series.points[i];
      if (!std::isfinite(p.x) || !std::isfinite(p.y)) continue;
      svg +=
          fmt::format("<circle class=\"hit\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"><title>{} {:g}: {}</title></circle>\n",
                      axes.px(p.x), axes.py(std::clamp(p.y, axes.y.low, axes.y.high)), escaped(chart.x_label), p.x,
                      number(chart, p.y, 0.001));
    }
  }
  return svg + "</svg>\n";
}

}  // namespace hilbert::report
