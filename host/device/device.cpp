// SPDX-License-Identifier: Apache-2.0
// What every device can be asked through its interface alone.
#include "hilbert/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <hilbert/regs/tile.hpp>

namespace hilbert {

namespace r = regs::tile;

UncorrectableError::UncorrectableError(std::uint32_t address, std::string where)
    : Error(ExitCode::machine, fmt::format("uncorrectable memory error in the word at {:#010x}", address),
            std::move(where), "write the word again to heal it"),
      address_(address) {}

std::vector<std::string_view> to_words(const Abilities& can) {
  std::vector<std::string_view> words;
  for (const auto& [has, word] : {std::pair{can.time, "time"},
                                  {can.stalls, "stalls"},
                                  {can.trace, "trace"},
                                  {can.inject, "inject"},
                                  {can.remote, "remote"},
                                  {can.board, "board"}}) {
    if (has) words.emplace_back(word);
  }
  return words;
}

std::string describe_activity(Device& device) {
  const auto read = [&](std::uint32_t offset) { return device.read_register(register_base + offset); };
  const std::uint32_t status = read(r::status);
  const std::uint32_t head = read(r::queue_head);
  const std::uint32_t tail = read(r::queue_tail);
  const bool enabled = (read(r::ctrl) & r::ctrl_enable_mask) != 0;

  std::string text = fmt::format("queue {}: {} of {} submitted jobs completed (head {}, tail {})",
                                 enabled ? "enabled" : "not enabled (CTRL.ENABLE = 0)", head, tail, head, tail);
  if ((status & r::status_busy_mask) == 0) {
    text += "; no job is running";
  } else {
    const auto opcode = static_cast<model::Opcode>((status & r::status_opcode_mask) >> r::status_opcode_lsb);
    const std::uint32_t state = (status & r::status_seq_state_mask) >> r::status_seq_state_lsb;
    text += fmt::format("; {} {}{}", model::to_string(opcode), regs::entry(r::seq_state_values, state & 7u).text,
                        (state & 8u) != 0 ? ", the next descriptor being fetched or ready" : "");
    const std::uint32_t stall = (status & r::status_stall_mask) >> r::status_stall_lsb;
    for (const regs::Value& cause : r::stall_values) {
      if ((stall >> cause.value & 1u) != 0) text += fmt::format(", waits for {}", cause.text);
    }
    if ((status & r::status_waiting_mask) != 0) {
      text += ", semaphores";
      for (std::uint32_t i = 0; i < r::sem_count; ++i) text += fmt::format(" {}", read(r::sem + 4 * i));
    }
  }
  if ((status & r::status_queue_error_mask) != 0) text += "; a QUEUE_TAIL was refused";
  if ((status & r::status_job_error_mask) != 0) {
    const std::uint32_t last = read(r::last_error);
    text += fmt::format("; last error {} in word {} of a {}", model::to_string(static_cast<model::Status>(last & 0xFF)),
                        last >> 8 & 0xFF, model::to_string(static_cast<model::Opcode>(last >> 24)));
  }
  if ((read(r::poison_status) & r::poison_status_valid_mask) != 0) {
    text += fmt::format("; uncorrectable word at {:#010x}", read(r::poison_addr));
  }
  return text;
}

namespace {

struct Cover {
  std::uint32_t first;  ///< address of the first word that a range touches
  std::vector<std::byte> words;
};

Cover cover(const Device& device, std::uint32_t address, std::size_t size) {
  const std::uint64_t word = device.capabilities().geometry.word_bytes();
  const std::uint64_t first = address / word * word;
  const std::uint64_t end = (address + std::uint64_t{size} + word - 1) / word * word;
  return {static_cast<std::uint32_t>(first), std::vector<std::byte>(end - first)};
}

}  // namespace

void read_bytes(Device& device, std::uint32_t address, std::span<std::byte> out) {
  if (out.empty()) return;
  Cover range = cover(device, address, out.size());
  const auto copy = [&] { std::copy_n(range.words.begin() + (address - range.first), out.size(), out.begin()); };
  try {
    device.read_words(range.first, range.words);
  } catch (const UncorrectableError&) {
    copy();
    throw;
  }
  copy();
}

void write_bytes(Device& device, std::uint32_t address, std::span<const std::byte> in) {
  if (in.empty()) return;
  Cover range = cover(device, address, in.size());
  const std::size_t word = device.capabilities().geometry.word_bytes();
  const std::span<std::byte> words(range.words);
  const bool partial_first = address != range.first;
  const bool partial_last = (address + in.size()) % word != 0;
  if (partial_first) device.read_words(range.first, words.first(word));
  if (partial_last && (words.size() > word || !partial_first)) {
    device.read_words(static_cast<std::uint32_t>(range.first + words.size() - word), words.last(word));
  }
  std::copy(in.begin(), in.end(), words.begin() + (address - range.first));
  device.write_words(range.first, words);
}

}  // namespace hilbert
