// SPDX-License-Identifier: Apache-2.0
// Transactions over the two streams of the host port.
#include "hilbert/tb/host_port.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <hilbert/error.hpp>

namespace hilbert::tb {

static_assert(std::endian::native == std::endian::little, "headers and registers are copied as they lie in memory");

namespace {

constexpr std::array<std::string_view, 6> status_names{"ok",         "bad op",   "bad address",
                                                       "misaligned", "poisoned", "bad count or length"};

/// Seeds of the two directions: one seed, two unrelated sequences.
constexpr std::uint64_t response_stream = 0x9E37'79B9'7F4A'7C15;

struct Header {
  std::uint8_t op;
  std::uint8_t tag;
  std::uint16_t count;  ///< of a response: the status in the low byte
  std::uint32_t address;
};
static_assert(sizeof(Header) == 8);

Header header_of(std::span<const std::byte> beat) {
  Header header;
  std::memcpy(&header, beat.data(), sizeof header);
  return header;
}

void fill_header(std::span<std::byte> beat, const Header& header) {
  std::fill(beat.begin(), beat.end(), std::byte{0});
  std::memcpy(beat.data(), &header, sizeof header);
}

}  // namespace

std::string_view to_string(PortStatus status) {
  const auto index = static_cast<std::size_t>(status);
  return index < status_names.size() ? status_names[index] : "?";
}

HostPort::HostPort(Chip& chip, const HostPortOptions& options)
    : chip_(chip),
      pins_(chip.host()),
      options_(options),
      driver_(pins_, Stalls(options.seed, options.stall_probability)),
      monitor_(pins_, Stalls(options.seed ^ response_stream, options.stall_probability)),
      header_(pins_.req_data.size()) {
  if (!(options.stall_probability >= 0.0 && options.stall_probability < 1.0)) {
    throw Error(ExitCode::bad_input,
                fmt::format("stall probability {} is not in 0 <= p < 1", options.stall_probability));
  }
}

/// Clocks until every pending beat is sent and on_beat, called for each response beat, returned true: that was the
/// last.
template <class OnBeat>
void HostPort::pump(OnBeat on_beat) {
  std::uint64_t quiet = 0;
  bool answered = false;
  response_beats_ = 0;
  while (!answered || !driver_.done()) {
    driver_.drive();
    if (answered) {
      monitor_.hold();
    } else {
      monitor_.drive();
    }
    chip_.settle();
    const bool sent = driver_.sample();
    const bool got = monitor_.sample();
    if (got) {
      ++response_beats_;
      answered = on_beat(monitor_.beat(), monitor_.last());
    }
    chip_.edge();
    quiet = sent || got ? 0 : quiet + 1;
    if (quiet > options_.watchdog) fail(fmt::format("nothing moved for {} clocks", options_.watchdog));
  }
}

PortResult HostPort::transact(PortOp op, std::uint32_t address, std::size_t beats, std::span<const std::byte> in,
                              std::span<std::byte> out) {
  if (beats == 0 || beats > max_burst_beats) {
    throw Error(ExitCode::bad_input, fmt::format("a burst has 1 to {} beats, not {}", max_burst_beats, beats));
  }
  doing_ = fmt::format("{} of {} beats at {:#010x}", op == PortOp::read ? "read" : "write", beats, address);
  ++tag_;
  fill_header(header_, {static_cast<std::uint8_t>(op), tag_, static_cast<std::uint16_t>(beats), address});
  driver_.send(header_, in.empty());
  if (!in.empty()) driver_.send(in, true);

  const std::size_t word = word_bytes();
  const std::size_t expected = out.size() / word;
  PortResult result;
  pump([&](std::span<const std::byte> beat, bool last) {
    if (response_beats_ <= expected && !last) {
      std::memcpy(out.data() + (response_beats_ - 1) * word, beat.data(), word);
      return false;
    }
    const Header status = header_of(beat);
    if (!last || response_beats_ != expected + 1 || status.op != (static_cast<std::uint8_t>(op) | 0x80) ||
        status.tag != tag_) {
      fail(fmt::format(
          "beat {} of the response, last = {}, op {:#04x} tag {:#04x}, is not the status beat of tag {:#04x}",
          response_beats_, last, status.op, status.tag, tag_));
    }
    result = result_of(beat);
    return true;
  });
  return result;
}

PortResult HostPort::read(std::uint32_t address, std::span<std::byte> out) {
  return transact(PortOp::read, address, out.size() / word_bytes(), {}, out);
}

PortResult HostPort::write(std::uint32_t address, std::span<const std::byte> in) {
  return transact(PortOp::write, address, in.size() / word_bytes(), in, {});
}

PortResult HostPort::read_registers(std::uint32_t address, std::span<std::uint32_t> out) {
  const std::size_t word = word_bytes();
  beats_.resize(out.size() * word);
  const PortResult result = transact(PortOp::read, address, out.size(), {}, beats_);
  for (std::size_t i = 0; i < out.size(); ++i) std::memcpy(&out[i], beats_.data() + i * word, sizeof out[i]);
  return result;
}

PortResult HostPort::write_registers(std::uint32_t address, std::span<const std::uint32_t> in) {
  const std::size_t word = word_bytes();
  beats_.assign(in.size() * word, std::byte{0});
  for (std::size_t i = 0; i < in.size(); ++i) std::memcpy(beats_.data() + i * word, &in[i], sizeof in[i]);
  return transact(PortOp::write, address, in.size(), beats_, {});
}

std::vector<Packet> HostPort::exchange(std::span<const Packet> requests) {
  doing_ = fmt::format("exchange of {} raw packets", requests.size());
  std::vector<Packet> responses;
  if (requests.empty()) return responses;
  for (const Packet& request : requests) driver_.send(request, true);
  Packet response;
  pump([&](std::span<const std::byte> beat, bool last) {
    response.insert(response.end(), beat.begin(), beat.end());
    if (last) responses.push_back(std::exchange(response, {}));
    return responses.size() == requests.size();
  });
  return responses;
}

Packet HostPort::make_request(std::uint8_t op, std::uint8_t tag, std::uint16_t count, std::uint32_t address,
                              std::span<const std::byte> data) const {
  Packet packet(word_bytes());
  fill_header(packet, {op, tag, count, address});
  packet.insert(packet.end(), data.begin(), data.end());
  return packet;
}

PortResult HostPort::result_of(std::span<const std::byte> status_beat) {
  const Header header = header_of(status_beat);
  const auto status = static_cast<PortStatus>(header.count & 0xFF);
  return {status, status == PortStatus::ok ? 0 : header.address};
}

void HostPort::idle(std::uint64_t clocks) {
  doing_ = "idling";
  driver_.drive();
  monitor_.hold();
  chip_.run(clocks);
  if (pins_.rsp_valid != 0) fail("the chip offers a response that nobody asked for");
}

void HostPort::restart() {
  driver_.forget();
  monitor_.hold();
  chip_.reset();
}

void HostPort::fail(const std::string& what) {
  std::string who;
  if (driver_.offered()) {
    who = "the host offers a request beat and waits for the chip's req_ready";
  } else if (!driver_.done()) {
    who = "the host has request beats left to offer";
  } else if (pins_.rsp_valid != 0) {
    who = "the chip offers a response beat";
  } else {
    who = "the host has sent its whole request and waits for the chip's rsp_valid";
  }
  throw Error(
      ExitCode::machine,
      fmt::format("host port, {}: {}; {}; {} response beats arrived; req valid/ready {}/{}, rsp valid/ready {}/{}",
                  doing_, what, who, response_beats_, pins_.req_valid, pins_.req_ready, pins_.rsp_valid,
                  pins_.rsp_ready),
      fmt::format("clock {}", chip_.clocks()), "reset the chip; a build with HILBERT_TRACE shows the waveform");
}

}  // namespace hilbert::tb
