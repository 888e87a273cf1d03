// SPDX-License-Identifier: Apache-2.0
// The fixture of the conformance suite.
#include "conformance.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <hilbert/number.hpp>
#include <iostream>

#include "support/random.hpp"

namespace hilbert::conformance {

void PrintTo(const Backend& backend, std::ostream* out) {
  *out << backend.uri << ", stalls with probability " << backend.stall_probability;
}

std::vector<Backend> backends() {
  std::vector<Backend> list;
  for (const std::string& uri : available_devices()) list.push_back({uri});
  // Stalls matter to the host port alone, which is the same in every chip: one configuration is enough, the fastest.
  for (const std::string& uri : available_devices()) {
    if (abilities_of(uri).stalls && uri.ends_with(":small")) list.push_back({uri, 0.4});
  }
  return list;
}

std::string name_of(const testing::TestParamInfo<Backend>& info) {
  std::string name = info.param.uri + (info.param.stall_probability > 0 ? "_stalls" : "");
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

Conformance::Conformance()
    : random_(run_seed()),
      device_(open_device(GetParam().uri,
                          {.trace_path = {}, .seed = run_seed(), .stall_probability = GetParam().stall_probability})) {}

void Conformance::TearDown() {
  if (!HasFailure()) return;
  std::cout << "tile: " << describe_activity(*device_) << '\n';
}

Bytes Conformance::read_memory(std::uint32_t address, std::size_t size) {
  Bytes bytes(size);
  device_->read_words(address, bytes);
  return bytes;
}

void Conformance::put(const model::Words& words) {
  device_->write_words(descriptor_address(geometry(), put_), std::as_bytes(std::span(words)));
  ++put_;
}

void Conformance::wait_for_all() {
  constexpr std::uint64_t patience = 2'000'000;
  if (!wait_until([&] { return read(r::queue_head) == put_; }, patience)) {
    FAIL() << "jobs do not complete: " << describe_activity(*device_);
  }
}

model::Completion Conformance::completion(std::uint32_t index) {
  model::Words words;
  device_->read_words(completion_address(geometry(), index), std::as_writable_bytes(std::span(words)));
  return model::Completion::unpack(words);
}

model::Completion Conformance::run(const model::Words& words) {
  put(words);
  ring();
  wait_for_all();
  return completion(static_cast<std::uint16_t>(put_ - 1));
}

bool Conformance::inject(std::uint32_t address, std::uint32_t lane, std::uint32_t bit0, std::uint32_t bit1) {
  write(r::inject_addr, address);
  write(r::inject_bits,
        bit0 << r::inject_bits_bit0_lsb | bit1 << r::inject_bits_bit1_lsb | lane << r::inject_bits_lane_lsb);
  write(r::inject_go, r::inject_go_go_mask);
  EXPECT_TRUE(wait_until([&] { return (read(r::inject_go) & r::inject_go_go_mask) == 0; }, 10'000));
  return (read(r::inject_go) & r::inject_go_error_mask) == 0;
}

}  // namespace hilbert::conformance
