// SPDX-License-Identifier: Apache-2.0
// On Verilator's copy of the FST library.
#include "hilbert/tb/waveform.hpp"

#include <gtkwave/fstapi.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <numeric>

namespace hilbert::tb {
namespace {

std::vector<std::string_view> parts_of(std::string_view name) {
  std::vector<std::string_view> parts;
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    parts.push_back(name.substr(0, dot));
    name.remove_prefix(dot + 1);
  }
  parts.push_back(name);
  return parts;
}

}  // namespace

Waveform::Waveform(const std::filesystem::path& path) : writer_(fstWriterCreate(path.c_str(), 1)), path_(path) {
  if (writer_ == nullptr) throw Error(ExitCode::machine, "cannot write the waveform", path.string());
  fstWriterSetTimescale(writer_, -9);
  fstWriterSetPackType(writer_, FST_WR_PT_LZ4);
}

Waveform::~Waveform() {
  if (writer_ != nullptr) fstWriterClose(writer_);
}

std::uint32_t Waveform::add(std::string_view name, std::uint32_t width) {
  signals_.push_back({std::string(name), width, 0, {}});
  return static_cast<std::uint32_t>(signals_.size() - 1);
}

void Waveform::start() {
  std::vector<std::uint32_t> order(signals_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(
      order, [&](std::uint32_t a, std::uint32_t b) { return parts_of(signals_[a].name) < parts_of(signals_[b].name); });
  std::vector<std::string> open;
  for (const std::uint32_t i : order) {
    Signal& signal = signals_[i];
    const std::vector<std::string_view> parts = parts_of(signal.name);
    std::size_t same = 0;
    while (same < open.size() && same + 1 < parts.size() && open[same] == parts[same]) ++same;
    for (; open.size() > same; open.pop_back()) fstWriterSetUpscope(writer_);
    for (; open.size() + 1 < parts.size(); open.emplace_back(parts[open.size()])) {
      fstWriterSetScope(writer_, FST_ST_VCD_MODULE, std::string(parts[open.size()]).c_str(), nullptr);
    }
    signal.handle = fstWriterCreateVar(writer_, FST_VT_VCD_REG, FST_VD_IMPLICIT, signal.width,
                                       std::string(parts.back()).c_str(), 0);
  }
  for (; !open.empty(); open.pop_back()) fstWriterSetUpscope(writer_);
}

void Waveform::time(std::uint64_t ns) { fstWriterEmitTimeChange(writer_, ns); }

void Waveform::value(std::uint32_t number, const std::byte* data) {
  Signal& signal = signals_[number];
  std::string text(signal.width, '0');
  for (std::uint32_t bit = 0; bit < signal.width; ++bit) {
    if ((std::to_integer<unsigned>(data[bit / 8]) >> bit % 8 & 1) != 0) text[signal.width - 1 - bit] = '1';
  }
  if (text == signal.last) return;
  fstWriterEmitValueChange(writer_, signal.handle, text.c_str());
  signal.last = std::move(text);
}

void Waveform::close() {
  fstWriterClose(writer_);
  writer_ = nullptr;
  std::error_code error;
  if (std::filesystem::file_size(path_, error) == 0 || error) {
    throw Error(ExitCode::machine, "the waveform was not written", path_.string(), "is the disk full?");
  }
}

}  // namespace hilbert::tb
