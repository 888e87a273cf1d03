// SPDX-License-Identifier: Apache-2.0
// A device over packets in memory is the device behind them: every word, register, refusal and interrupt.
#include <gtest/gtest.h>

#include <algorithm>
#include <hilbert/model/tile.hpp>
#include <hilbert/regs/tile.hpp>

#include "device/port_device.hpp"
#include "packet_model.hpp"
#include "support/random.hpp"

namespace hilbert {
namespace {

namespace r = regs::tile;
using Bytes = std::vector<std::byte>;

struct Pair {
  explicit Pair(const char* uri) : direct(open_device(uri)) {
    auto model = std::make_unique<PacketModel>(open_device(uri));
    port = model.get();
    over_packets = std::make_unique<device::PortDevice>(
        std::move(model), device::Origin{.uri = "packets:", .kind = "chip over packets", .can = {}});
  }
  std::unique_ptr<Device> direct;
  PacketModel* port;
  std::unique_ptr<device::PortDevice> over_packets;
};

class OverPackets : public testing::TestWithParam<const char*> {
 protected:
  Pair pair_{GetParam()};
  Device& direct_ = *pair_.direct;
  Device& device_ = *pair_.over_packets;
};

INSTANTIATE_TEST_SUITE_P(Chips, OverPackets,
                         testing::Values("model:small", "model:full", "model:4x8x2", "model:node", "model:4x4x1",
                                         "model:2x8x2?banks=8&bank_bytes=256"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace_if(
                               name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

TEST_P(OverPackets, TellsItsGeometryWithoutBeingAskedForOne) {
  const Capabilities &known = device_.capabilities(), &right = direct_.capabilities();
  EXPECT_EQ(known.geometry, right.geometry);
  EXPECT_EQ(known.controller_bytes, right.controller_bytes);
  EXPECT_EQ(known.map_hash, right.map_hash);
  EXPECT_EQ(known.uri, "packets:");
  EXPECT_EQ(known.description.substr(0, 19), "chip over packets, ");
}

TEST_P(OverPackets, MemoryIsTheChips) {
  Random random(seed_of(1));
  const std::uint32_t word = direct_.capabilities().geometry.word_bytes();
  const std::uint32_t words = direct_.capabilities().geometry.data_bytes() / word;
  for (int i = 0; i < 200; ++i) {
    const auto first = static_cast<std::uint32_t>(random() % words);
    const auto count = 1 + static_cast<std::uint32_t>(random() % (words - first));
    Bytes data(count * word);
    for (std::byte& b : data) b = static_cast<std::byte>(random());
    device_.write_words(first * word, data);
    direct_.write_words(first * word, data);
  }
  Bytes got(words * word), right(words * word);
  device_.read_words(0, got);
  direct_.read_words(0, right);
  EXPECT_EQ(got, right);
}

TEST_P(OverPackets, PoisonHasItsAddressAndTheOtherWords) {
  const std::uint32_t word = direct_.capabilities().geometry.word_bytes();
  Bytes data(4 * word, std::byte{0x5A});
  device_.write_words(0, data);
  device_.write_register(register_base + r::inject_addr, 2 * word);
  device_.write_register(register_base + r::inject_bits,
                         3u << r::inject_bits_bit0_lsb | 17u << r::inject_bits_bit1_lsb);
  device_.write_register(register_base + r::inject_go, r::inject_go_go_mask);
  Bytes out(data.size());
  try {
    device_.read_words(0, out);
    FAIL() << "a poisoned word was read";
  } catch (const UncorrectableError& error) {
    EXPECT_EQ(error.address(), 2 * word);
    EXPECT_EQ(error.code(), ExitCode::machine);
  }
  EXPECT_TRUE(std::equal(out.begin(), out.begin() + 2 * word, data.begin()));
  EXPECT_TRUE(std::equal(out.begin() + 3 * word, out.end(), data.begin())) << "what follows has been delivered";
  device_.write_words(2 * word, std::span(data).first(word));
  EXPECT_NO_THROW(device_.read_words(0, out));
}

TEST_P(OverPackets, AJobRunsAndInterrupts) {
  const model::Geometry& g = direct_.capabilities().geometry;
  model::Descriptor job;
  job.opcode = model::Opcode::fill;
  job.irq = true;
  job.m = 1, job.n = 1;
  job.seed = 0x1234'5678;
  job.d_at = {g.word_bytes(), g.word_bytes()};
  const model::Words words = job.pack();
  EXPECT_FALSE(device_.interrupt());
  device_.write_words(queue_base, std::as_bytes(std::span(words)));
  device_.write_register(register_base + r::irq_enable, r::irq_status_done_mask);
  device_.write_register(register_base + r::ctrl, r::ctrl_enable_mask);
  device_.write_register(register_base + r::queue_tail, 1);
  device_.idle(100);
  EXPECT_EQ(pair_.port->idled, 100U);
  EXPECT_EQ(device_.read_register(register_base + r::queue_head), 1U);
  EXPECT_TRUE(device_.interrupt());
  std::uint32_t value = 0;
  Bytes out(g.word_bytes());
  device_.read_words(g.word_bytes(), out);
  std::memcpy(&value, out.data(), 4);
  EXPECT_EQ(value, 0x1234'5678U);
}

TEST_P(OverPackets, ResetIsTheChips) {
  const std::uint64_t before = pair_.port->restarts;
  device_.write_register(register_base + r::sem, 7);
  device_.reset();
  EXPECT_EQ(pair_.port->restarts, before + 1);
  EXPECT_EQ(device_.read_register(register_base + r::sem), 0U);
}

/// The packets themselves, byte by byte as rtl/README.md has them.
TEST(Packets, AreAsDocumented) {
  PacketModel port(open_device("model:small"));
  Packet seen;
  port.sabotage = [&](const Packet& request, std::vector<Packet>&) { seen = request; };
  Bytes data(16);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(0xA0 + i);
  EXPECT_EQ(port.write(0x18, data), PortResult{});
  const auto bytes = [](std::initializer_list<int> values) {
    Packet p;
    for (const int v : values) p.push_back(static_cast<std::byte>(v));
    return p;
  };
  EXPECT_EQ(seen, bytes({2,    1,    2,    0,    0x18, 0,    0,    0,     // write, tag 1, 2 beats at 0x18
                         0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7,  //
                         0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF}));
  std::uint32_t value = 0;
  EXPECT_EQ(port.read_registers(0x8000'0000, {&value, 1}), PortResult{});
  EXPECT_EQ(seen, bytes({1, 2, 1, 0, 0, 0, 0, 0x80})) << "a read has no data beats";
  EXPECT_EQ(value, r::id_value);
  value = 7;
  EXPECT_EQ(port.write_registers(0x8000'0000 + r::sem, {&value, 1}), PortResult{});
  EXPECT_EQ(seen, bytes({2, 3, 1, 0, r::sem & 0xFF, r::sem >> 8, 0, 0x80, 7, 0, 0, 0, 0, 0, 0, 0}));
}

TEST(Packets, RefusalsOfTheChipAreResults) {
  PacketModel port(open_device("model:small"));
  Bytes data(16);
  const std::uint32_t end = 4 * 2048;
  EXPECT_EQ(port.read(end - 8, data), (PortResult{PortStatus::bad_address, end}));
  EXPECT_EQ(port.write(4, data), (PortResult{PortStatus::misaligned, 4}));
  const std::uint32_t value = 0;
  EXPECT_EQ(port.write_registers(0x8000'0000, {&value, 1}), (PortResult{PortStatus::bad_address, 0x8000'0000}));
}

}  // namespace
}  // namespace hilbert
