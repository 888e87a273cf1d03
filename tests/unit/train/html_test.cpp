// SPDX-License-Identifier: Apache-2.0
// The page: well formed, self-contained, and its curves where they belong.
#include "report/html.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace hilbert::report {
namespace {

/// Empty if every tag is closed in order.
std::string unbalanced(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return "a tag does not end";
    const std::string tag = html.substr(at + 1, end - at - 1);
    if (tag.front() == '!' || tag.back() == '/') continue;
    const std::string name = tag.substr(0, tag.find_first_of(" >"));
    if (name == "meta") continue;
    if (name.front() != '/') {
      open.push_back(name);
    } else if (open.empty() || open.back() != name.substr(1)) {
      return name + " closes nothing";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back() + " stays open";
}

Page page() {
  Page p;
  p.title = "A <title> & \"more\"";
  p.headline = {{"82 %", "right"}};
  p.charts.push_back({"Loss", "step", {{"a & b", {{1, 2}, {2, NAN}, {3, 0.5}}, Line::bold}}, false, {}});
  p.charts.push_back({"Accuracy", "step", {{"x", {{1, 0.1}, {2, 0.9}}, Line::dashed}}, true, {{0.0, 1.0}}});
  p.charts.push_back({"Nothing", "step", {}, false, {}});
  p.meshes.push_back({"Mesh & more", 2, 2, {{0, 0, "<0>"}, {1, 0, "1"}, {0, 1, "2"}}, {}});
  p.meshes[0].links.push_back({0, 0, true, Mesh::State::worn, 7, 0, {"<3> errors"}, "a & b"});
  p.tables = {{"T", {{"name", "<value>"}}}};
  return p;
}

TEST(Html, IsWellFormedAndSelfContained) {
  const std::string html = to_html(page());
  EXPECT_EQ(unbalanced(html), "");
  for (const char* outside : {"http", "src=", "@import", "url(", "<script", "<link"}) {
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  }
  EXPECT_NE(html.find("A &lt;title&gt; &amp; &quot;more&quot;"), std::string::npos);
  EXPECT_NE(html.find("&lt;value&gt;"), std::string::npos);
  EXPECT_EQ(html.find("nan"), std::string::npos);
  EXPECT_NE(html.find("prefers-color-scheme: dark"), std::string::npos);
  EXPECT_EQ(html, to_html(page()));
}

/// Nodes 150 apart, 54 wide; a link reaches from side to side, its directions 5 from its middle.
TEST(Html, LinksOfAMeshReachFromNodeToNode) {
  Mesh mesh{"m", 2, 2, {{0, 0, "a"}, {1, 0, "b"}, {0, 1, "c"}}, {}};
  mesh.links.push_back({0, 0, true, Mesh::State::good, 1'234'000, 0, {}, ""});
  mesh.links.push_back({0, 0, false, Mesh::State::down, 0, 950, {"dead"}, ""});
  const std::string svg = to_svg(mesh);
  for (const char* piece :
       {"viewBox=\"0 0 228 228\"", "<rect class=\"node\" x=\"12.0\" y=\"162.0\"",
        "<rect class=\"node\" x=\"162.0\" y=\"162.0\"", "<rect class=\"node\" x=\"12.0\" y=\"12.0\"",
        "<line x1=\"66.0\" y1=\"184.0\" x2=\"162.0\" y2=\"184.0\" stroke-width=\"8.00\"/>",
        "<line x1=\"66.0\" y1=\"194.0\" x2=\"162.0\" y2=\"194.0\" stroke-width=\"1.50\"/>",
        "<line x1=\"34.0\" y1=\"162.0\" x2=\"34.0\" y2=\"66.0\" stroke-width=\"1.50\"/>", ">1.2M</text>", ">950</text>",
        ">dead</text>", "<g class=\"up\">", "<g class=\"down\">"}) {
    EXPECT_NE(svg.find(piece), std::string::npos) << piece << '\n' << svg;
  }
}

/// The plot's corners: x from 56 to 844, y from 260 (bottom) to 26 (top).
TEST(Html, PointsAreWhereTheirValuesSay) {
  Chart chart{"c", "x", {{"s", {{0, 0}, {5, 0.25}, {10, 1}}, Line::bold}}, true, {{0.0, 1.0}}};
  EXPECT_NE(to_svg(chart).find("M56.0 260.0L450.0 201.5L844.0 26.0"), std::string::npos) << to_svg(chart);
  EXPECT_NE(to_svg(chart).find(">40 %<"), std::string::npos);
  EXPECT_EQ(to_svg(chart).find(">-0"), std::string::npos);
  chart.series[0].points[1].y = INFINITY;  // a gap
  EXPECT_NE(to_svg(chart).find("M56.0 260.0M844.0 26.0"), std::string::npos) << to_svg(chart);
}

TEST(Html, AxesSurviveOddData) {
  for (const double scale : {1e-9, 1.0, 1e9}) {
    for (const auto& ys : {std::vector<double>{0, 0}, {3, 3}, {-1, 1}, {5, 5.01}, {NAN, NAN}}) {
      Chart chart{"c", "x", {{"s", {{0, ys[0] * scale}, {1, ys[1] * scale}}, Line::bold}}, false, {}};
      const std::string svg = to_svg(chart);
      EXPECT_LT(svg.size(), 6000u);  // a sane number of ticks
      EXPECT_EQ(svg.find("nan"), std::string::npos);
      EXPECT_EQ(svg.find("inf"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace hilbert::report
