// SPDX-License-Identifier: Apache-2.0
// Transactions as packets, for every port.
#include "hilbert/port.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <hilbert/error.hpp>

namespace hilbert {

static_assert(std::endian::native == std::endian::little, "headers and registers are copied as they lie in memory");
static_assert(sizeof(PortHeader) == 8);

void check_stall_probability(double probability, const std::string& where) {
  if (probability >= 0.0 && probability < 1.0) return;  // so that what is no number is refused
  throw Error(ExitCode::bad_input, fmt::format("stall probability {} is not in 0 <= p < 1", probability), where);
}

std::string_view to_string(PortOp op) { return op == PortOp::read ? "read" : "write"; }

std::string_view to_string(PortStatus status) {
  return regs::entry(regs::job::port_status_values, static_cast<std::uint32_t>(status)).text;
}

std::string to_string(const PortHeader& request) {
  return fmt::format("{} of {} beats at {:#010x}", to_string(static_cast<PortOp>(request.op)), request.count,
                     request.address);
}

PortHeader header_of(std::span<const std::byte> beat) {
  PortHeader header;
  std::memcpy(&header, beat.data(), sizeof header);
  return header;
}

void fill_header(std::span<std::byte> beat, const PortHeader& header) {
  std::fill(beat.begin(), beat.end(), std::byte{0});
  std::memcpy(beat.data(), &header, sizeof header);
}

PortResult ResponseReader::result() const {
  const auto status = static_cast<PortStatus>(status_.count & 0xFF);
  return {status, status == PortStatus::ok ? 0 : status_.address};
}

std::string ResponseReader::problem() const {
  return fmt::format(
      "beat {} of the response, last = {}, op {:#04x} tag {:#04x}, is not the status beat of tag {:#04x}", beats_,
      last_, status_.op, status_.tag, request_.tag);
}

PortHeader Port::next_request(PortOp op, std::uint32_t address, std::size_t bytes) {
  const std::size_t beats = bytes / word_bytes();
  if (bytes % word_bytes() != 0) {
    throw Error(ExitCode::bad_input, fmt::format("{} bytes are not whole beats of {}", bytes, word_bytes()));
  }
  if (beats == 0 || beats > max_burst_beats) {
    throw Error(ExitCode::bad_input, fmt::format("a burst has 1 to {} beats, not {}", max_burst_beats, beats));
  }
  return {static_cast<std::uint8_t>(op), ++tag_, static_cast<std::uint16_t>(beats), address};
}

PortResult Port::transact(const PortHeader& request, std::span<const std::byte> in, std::span<std::byte> out) {
  const auto fail = [&](std::string what) {
    throw Error(ExitCode::machine, std::move(what), fmt::format("host port, {}", to_string(request)),
                "host and chip are out of step: reset the device");
  };
  const Packet packet = make_request(request.op, request.tag, request.count, request.address, in);
  const std::vector<Packet> responses = exchange({&packet, 1});
  if (responses.size() != 1) fail(fmt::format("{} responses to one request", responses.size()));
  const std::span<const std::byte> response = responses.front();
  const std::size_t word = word_bytes();
  if (response.empty() || response.size() % word != 0) {
    fail(fmt::format("a response of {} bytes, not of whole beats of {}", response.size(), word));
  }
  ResponseReader reader(request, out);
  for (std::size_t at = 0; at < response.size(); at += word) {
    const bool last = at + word == response.size();
    if (reader.take(response.subspan(at, word), last) == ResponseReader::Took::wrong) fail(reader.problem());
  }
  return reader.result();
}

PortResult Port::read(std::uint32_t address, std::span<std::byte> out) {
  return transact(next_request(PortOp::read, address, out.size()), {}, out);
}

PortResult Port::write(std::uint32_t address, std::span<const std::byte> in) {
  return transact(next_request(PortOp::write, address, in.size()), in, {});
}

PortResult Port::read_registers(std::uint32_t address, std::span<std::uint32_t> out) {
  const std::size_t word = word_bytes();
  beats_.resize(out.size() * word);
  const PortResult result = read(address, beats_);
  for (std::size_t i = 0; i < out.size(); ++i) std::memcpy(&out[i], beats_.data() + i * word, sizeof out[i]);
  return result;
}

PortResult Port::write_registers(std::uint32_t address, std::span<const std::uint32_t> in) {
  const std::size_t word = word_bytes();
  beats_.assign(in.size() * word, std::byte{0});
  for (std::size_t i = 0; i < in.size(); ++i) std::memcpy(beats_.data() + i * word, &in[i], sizeof in[i]);
  return write(address, beats_);
}

Packet Port::make_request(std::uint8_t op, std::uint8_t tag, std::uint16_t count, std::uint32_t address,
                          std::span<const std::byte> data) const {
  Packet packet(word_bytes());
  fill_header(packet, {op, tag, count, address});
  packet.insert(packet.end(), data.begin(), data.end());
  return packet;
}

}  // namespace hilbert
