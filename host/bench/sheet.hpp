// SPDX-License-Identifier: Apache-2.0
// Tables of measured figures, as text and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/side_by_side.hpp"

namespace hilbert::bench {

struct Column {
  std::string name;    ///< with its unit: "M MAC/s"
  int digits = 1;      ///< after the point
  double scale = 1.0;  ///< figures are printed times this
};

/// A figure a row and column; measured ones are printed as median and, in per cent, half the distance of the quartiles.
class Table {
 public:
  /// Throws std::logic_error where two columns have one name: as JSON the second would take the first one's place.
  Table(std::string title, std::vector<Column> columns);

  void row(std::string name, std::vector<Spread> figures);
  /// A line under the table: what it means, how it came about.
  void note(std::string text) { notes_.push_back(std::move(text)); }

  [[nodiscard]] std::string text() const;
  /// {"title", "notes", "rows": [{"name", column: number or {"median", "low", "high"}}]}, numbers as printed.
  [[nodiscard]] nlohmann::ordered_json json() const;

 private:
  struct Row {
    std::string name;
    std::vector<Spread> figures;
  };
  std::string title_;
  std::vector<Column> columns_;
  std::vector<Row> rows_;
  std::vector<std::string> notes_;
};

}  // namespace hilbert::bench
