// SPDX-License-Identifier: Apache-2.0
// Transactions over the two streams of the host port's pins.
#include "hilbert/tb/host_port.hpp"

#include <fmt/format.h>

#include <hilbert/error.hpp>
#include <utility>

namespace hilbert::tb {

namespace {

/// Seeds of the two directions: one seed, two unrelated sequences.
constexpr std::uint64_t response_stream = 0x9E37'79B9'7F4A'7C15;

}  // namespace

HostPort::HostPort(Chip& chip, const HostPortOptions& options)
    : chip_(chip),
      pins_(chip.host()),
      options_(options),
      driver_(pins_, Stalls(options.seed, options.stall_probability)),
      monitor_(pins_, Stalls(options.seed ^ response_stream, options.stall_probability)),
      header_(pins_.req_data.size()) {
  check_stall_probability(options.stall_probability, "host port");
}

HostPort::HostPort(std::unique_ptr<Chip> chip, const HostPortOptions& options) : HostPort(*chip, options) {
  owned_ = std::move(chip);
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

PortResult HostPort::transact(const PortHeader& request, std::span<const std::byte> in, std::span<std::byte> out) {
  doing_ = to_string(request);
  fill_header(header_, request);
  driver_.send(header_, in.empty());
  if (!in.empty()) driver_.send(in, true);

  ResponseReader reader(request, out);
  pump([&](std::span<const std::byte> beat, bool last) {
    const ResponseReader::Took took = reader.take(beat, last);
    if (took == ResponseReader::Took::wrong) fail(reader.problem());
    return took == ResponseReader::Took::status;
  });
  return reader.result();
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

void HostPort::idle(std::uint64_t clocks) {
  doing_ = "idling";
  driver_.drive();
  monitor_.hold();
  chip_.run(clocks);
  if (pins_.rsp_valid != 0) fail("the chip offers a response that nobody asked for");
}

bool HostPort::irq() {
  chip_.settle();
  return pins_.irq != 0;
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
