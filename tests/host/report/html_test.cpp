// SPDX-License-Identifier: Apache-2.0
// The page: well formed, self-contained, and its curves where they belong.
#include "report/html.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <regex>
#include <set>
#include <string>
#include <vector>

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
  for (const char* piece : {"<rect class=\"node\" x=\"0.0\" y=\"150.0\"",
                            "<rect class=\"node\" x=\"150.0\" y=\"150.0\"", "<rect class=\"node\" x=\"0.0\" y=\"0.0\"",
                            "<line x1=\"54.0\" y1=\"172.0\" x2=\"150.0\" y2=\"172.0\" stroke-width=\"8.00\"/>",
                            "<line x1=\"54.0\" y1=\"182.0\" x2=\"150.0\" y2=\"182.0\" stroke-width=\"1.50\"/>",
                            "<line x1=\"22.0\" y1=\"150.0\" x2=\"22.0\" y2=\"54.0\" stroke-width=\"1.50\"/>",
                            ">1.2M</text>", ">950</text>", ">dead</text>", "<g class=\"up\">", "<g class=\"down\">"}) {
    EXPECT_NE(svg.find(piece), std::string::npos) << piece << '\n' << svg;
  }
}

/// What a viewer reads of a picture: every text with its anchor, measured by digits of DejaVu Sans at 12 units, is
/// within the view, and beside no node that it does not belong to.
TEST(Html, NoTextOfAMeshIsCut) {
  for (const std::vector<std::string>& trouble : {std::vector<std::string>{},
                                                  {"no partner"},
                                                  {"hunting", "1 of 4 lanes", "4294967295 errors"},
                                                  {"the partner hears no lane"},
                                                  {"a lane is too far behind another"}}) {
    for (const auto& [width, height] : {std::pair{1u, 1u}, {2u, 2u}, {1u, 3u}, {5u, 2u}}) {
      Mesh mesh{"m", width, height, {}, {}};
      for (unsigned y = 0; y < height; ++y) {
        for (unsigned x = 0; x < width; ++x) {
          mesh.nodes.push_back({x, y, "(" + std::to_string(x) + ", " + std::to_string(y) + ")"});
          if (x + 1 < width) mesh.links.push_back({x, y, true, Mesh::State::worn, 9.99e8, 9.99e8, trouble, ""});
          if (y + 1 < height) mesh.links.push_back({x, y, false, Mesh::State::down, 9.99e8, 9.99e8, trouble, ""});
        }
      }
      const std::string svg = to_svg(mesh);
      double left = 0, top = 0, across = 0, down = 0;
      ASSERT_EQ(
          std::sscanf(svg.c_str() + svg.find("viewBox"), "viewBox=\"%lf %lf %lf %lf", &left, &top, &across, &down), 4);
      const std::regex texts("<text[^>]* x=\"([-0-9.]+)\" y=\"([-0-9.]+)\" text-anchor=\"([a-z]+)\">([^<]*)<");
      const std::regex nodes("<rect class=\"node\" x=\"([-0-9.]+)\" y=\"([-0-9.]+)\"");
      std::size_t count = 0;
      for (auto it = std::sregex_iterator(svg.begin(), svg.end(), texts); it != std::sregex_iterator(); ++it, ++count) {
        const double wide = 0.636 * 12 * static_cast<double>((*it)[4].length()), x = std::stod((*it)[1]);
        const std::string anchor = (*it)[3];
        const double from = anchor == "start" ? x : anchor == "middle" ? x - wide / 2 : x - wide, to = from + wide;
        const double base = std::stod((*it)[2]);
        EXPECT_GE(from, left) << (*it)[0];
        EXPECT_LE(to, left + across) << (*it)[0];
        EXPECT_GE(base - 12, top) << (*it)[0];
        EXPECT_LE(base + 3, top + down) << (*it)[0];
        if ((*it)[0].str().find("name") != std::string::npos) continue;
        for (auto node = std::sregex_iterator(svg.begin(), svg.end(), nodes); node != std::sregex_iterator(); ++node) {
          const double nx = std::stod((*node)[1]), ny = std::stod((*node)[2]);
          const bool apart = to <= nx || from >= nx + 54 || base + 3 <= ny || base - 9 >= ny + 54;
          EXPECT_TRUE(apart) << (*it)[0] << " runs into the node at " << nx << ", " << ny;
        }
      }
      EXPECT_EQ(count, mesh.nodes.size() + mesh.links.size() * (2 + trouble.size()));
    }
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
