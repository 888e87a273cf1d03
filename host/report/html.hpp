// SPDX-License-Identifier: Apache-2.0
// A report as one HTML file: facts in tables, line charts and meshes in inline SVG. No network, no script; light and
// dark.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilbert::report {

struct Point {
  double x = 0, y = 0;
};

enum class Line {
  faint,  ///< thin: single measurements behind their mean
  bold,   ///< what the reader is to see; points answer to the mouse
  dashed  ///< a level to compare with
};

struct Series {
  std::string name;
  std::vector<Point> points;  ///< x not falling; numbers that are not finite leave a gap
  Line line = Line::bold;
};

/// y is labelled as it is, or, with `percent`, as 100 y %.
struct Chart {
  std::string title, x_label;
  std::vector<Series> series;
  bool percent = false;
  std::optional<std::pair<double, double>> y_range;  ///< from the points otherwise, with 0 where it is near
};

/// Nodes at whole coordinates, north up, and links from each to its eastern or northern neighbour, drawn as two lines,
/// one a direction, the thicker the more flows.
struct Mesh {
  enum class State { good, worn, down };
  struct Node {
    unsigned x = 0, y = 0;
    std::string name;
  };
  struct Link {
    unsigned x = 0, y = 0;  ///< of its western or southern end
    bool east = true;
    State state = State::good;
    double forth = 0, back = 0;        ///< what flows, in any unit
    std::vector<std::string> trouble;  ///< a few words each, below the link
    std::string note;                  ///< shown to the mouse
  };
  std::string title;
  unsigned width = 1, height = 1;
  std::vector<Node> nodes;
  std::vector<Link> links;
};

struct Table {
  std::string title;
  std::vector<std::pair<std::string, std::string>> rows;  ///< name and value
};

struct Page {
  std::string title, lead;
  std::vector<std::pair<std::string, std::string>> headline;  ///< the few numbers that matter: value and what it is
  std::vector<Mesh> meshes;
  std::vector<Chart> charts;
  std::vector<Table> tables;
};

/// The page, UTF-8, complete. The same page gives the same bytes.
[[nodiscard]] std::string to_html(const Page& page);

/// The <svg> element.
[[nodiscard]] std::string to_svg(const Chart& chart);
[[nodiscard]] std::string to_svg(const Mesh& mesh);

}  // namespace hilbert::report
