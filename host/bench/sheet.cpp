// SPDX-License-Identifier: Apache-2.0
// Tables as text and as JSON.
#include "bench/sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace hilbert::bench {
namespace {

bool is_exact(const Spread& s) { return s.low == s.high; }

std::string cell(const Spread& s, const Column& c) {
  const std::string value = fmt::format("{:.{}f}", s.median * c.scale, c.digits);
  return is_exact(s) ? value : fmt::format("{} ±{:.1f}%", value, 100 * s.relative());
}

/// Characters as a terminal counts them: "±" is one.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padding(std::size_t to, const std::string& text) { return std::string(to - width(text), ' '); }

}  // namespace

Table::Table(std::string title, std::vector<Column> columns) : title_(std::move(title)), columns_(std::move(columns)) {
  std::set<std::string> names{"name"};
  for (const Column& c : columns_) {
    if (!names.insert(c.name).second) throw std::logic_error("two columns '" + c.name + "' in the table " + title_);
  }
}

void Table::row(std::string name, std::vector<Spread> figures) {
  figures.resize(columns_.size());
  rows_.push_back({std::move(name), std::move(figures)});
}

std::string Table::text() const {
  std::size_t first = width(title_);
  for (const Row& r : rows_) first = std::max(first, width(r.name) + 2);
  std::string heading = title_ + padding(first, title_);
  std::vector<std::string> lines;
  for (const Row& r : rows_) lines.push_back("  " + r.name + padding(first - 2, r.name));
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::vector<std::string> cells;
    std::size_t widest = width(columns_[i].name);
    for (const Row& r : rows_) {
      cells.push_back(cell(r.figures[i], columns_[i]));
      widest = std::max(widest, width(cells.back()));
    }
    heading += "  " + padding(widest, columns_[i].name) + columns_[i].name;
    for (std::size_t j = 0; j < rows_.size(); ++j) lines[j] += "  " + padding(widest, cells[j]) + cells[j];
  }
  std::string out = heading + '\n';
  for (const std::string& line : lines) out += line + '\n';
  for (const std::string& n : notes_) out += "  " + n + '\n';
  return out;
}

nlohmann::ordered_json Table::json() const {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Row& r : rows_) {
    nlohmann::ordered_json row{{"name", r.name}};
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Spread& s = r.figures[i];
      const double scale = columns_[i].scale;
      if (is_exact(s)) {
        row[columns_[i].name] = s.median * scale;
      } else {
        row[columns_[i].name] = {{"median", s.median * scale}, {"low", s.low * scale}, {"high", s.high * scale}};
      }
    }
    rows.push_back(std::move(row));
  }
  return {{"title", title_}, {"notes", notes_}, {"rows", std::move(rows)}};
}

}  // namespace hilbert::bench
