// SPDX-License-Identifier: Apache-2.0
// A chip alone, on the reference model and on the RTL: transfers to itself and to nobody leave the same behind.
#include <gtest/gtest.h>

#include <cstring>
#include <hilbert/device.hpp>
#include <hilbert/regs/net.hpp>
#include <hilbert/regs/tile.hpp>

#include "support/random.hpp"

namespace hilbert {
namespace {

namespace r = regs::tile;
namespace n = regs::net;
using model::Descriptor;
using model::Opcode;

class Alone : public testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<Device> device_ = open_device(GetParam());
  const std::uint32_t word_ = device_->capabilities().geometry.word_bytes();
  std::uint32_t tail_ = 0;

  std::uint32_t tile(std::uint32_t offset) { return device_->read_register(register_base + offset); }
  std::uint32_t net(std::uint32_t offset) { return device_->read_register(net_register_base + offset); }
  void set_net(std::uint32_t offset, std::uint32_t value) {
    device_->write_register(net_register_base + offset, value);
  }

  void SetUp() override {
    Random random(seed_of(1));
    std::vector<std::byte> bytes(device_->capabilities().geometry.data_bytes());
    for (std::byte& b : bytes) b = static_cast<std::byte>(random());
    device_->write_words(0, bytes);
    device_->write_register(register_base + r::ctrl, r::ctrl_enable_mask);
    set_net(n::get_timeout, 2000);
  }
  std::vector<std::byte> read(std::uint32_t word, std::uint32_t words) {
    std::vector<std::byte> bytes(words * word_);
    device_->read_words(word * word_, bytes);
    return bytes;
  }
  /// Runs it, waits until the network is at rest; the status.
  model::Status run(const Descriptor& job) {
    const model::Geometry& g = device_->capabilities().geometry;
    const model::Words words = job.pack();
    device_->write_words(descriptor_address(g, tail_), std::as_bytes(std::span(words)));
    device_->write_register(register_base + r::queue_tail, ++tail_ & 0xFFFF);
    for (int i = 0; i < 1000 && (tile(r::queue_head) != tail_ || net(n::status) != 0); ++i) device_->idle(100);
    device_->idle(1000);
    model::Words done;
    device_->read_words(completion_address(g, tail_ - 1), std::as_writable_bytes(std::span(done)));
    return model::Completion::unpack(done).status;
  }
  /// Words, not bytes.
  Descriptor transfer(Opcode opcode, unsigned x, unsigned y, unsigned rows, unsigned words, unsigned a, unsigned d) {
    Descriptor job;
    job.opcode = opcode;
    job.set_place(x, y);
    job.signal_semaphore = 1;
    job.signal_count = 3;
    if (opcode != Opcode::get) job.set_there(2, 5);
    if (opcode == Opcode::signal) return job;
    job.m = static_cast<std::uint16_t>(rows);
    job.n = static_cast<std::uint16_t>(words);
    job.a_at = {a * word_, words * word_};
    job.d_at = {d * word_, words * word_};
    return job;
  }
  void make_uncorrectable(std::uint32_t word) {
    device_->write_register(register_base + r::inject_addr, word * word_);
    device_->write_register(register_base + r::inject_bits, 3 | 40 << 8);
    device_->write_register(register_base + r::inject_go, 1);
    device_->idle(50);
  }
};

TEST_P(Alone, RegistersAndConfiguration) {
  EXPECT_EQ(net(n::id), 0x48424E54u) << "HBNT";
  EXPECT_EQ(net(n::cfg) & 0xFF, 4u);
  EXPECT_EQ(device_->capabilities().geometry.links, 4u);
  EXPECT_EQ(net(n::place), 0u);
  set_net(n::place, 0xFFFF'FF21);
  EXPECT_EQ(net(n::place), 0x21u);
  set_net(n::ports, 0xFFFF'FFFA);
  EXPECT_EQ(net(n::ports), 0xAu);
  EXPECT_THROW(set_net(n::status, 0), Error);
  EXPECT_THROW((void)net(n::size), Error);
  EXPECT_THROW((void)device_->read_register(0x8000'3000), Error);
}

TEST_P(Alone, ReachesItself) {
  set_net(n::place, 0x53);
  for (const Opcode opcode : {Opcode::send, Opcode::get, Opcode::signal}) {
    EXPECT_EQ(run(transfer(opcode, 3, 5, 2, 7, 10, 100 + 20 * static_cast<unsigned>(opcode))), model::Status::ok);
    if (opcode != Opcode::signal) EXPECT_EQ(read(100 + 20 * static_cast<unsigned>(opcode), 14), read(10, 14));
  }
  EXPECT_EQ(tile(r::sem + 4), 9u);
  EXPECT_EQ(tile(r::sem + 8), 10u);
  EXPECT_EQ(net(n::transfers), 3u);
  EXPECT_EQ(net(n::irq_status), 0u);
}

TEST_P(Alone, ReachesNobodyElse) {
  const auto before = read(100, 16);
  EXPECT_EQ(run(transfer(Opcode::send, 1, 0, 2, 3, 10, 100)), model::Status::ok);
  EXPECT_EQ(run(transfer(Opcode::signal, 0, 9, 0, 0, 0, 0)), model::Status::ok);
  EXPECT_EQ(tile(r::sem + 4), 6u) << "the sender is none the wiser";
  const std::uint32_t flit = net(n::cfg) >> 16 & 0xFF;
  EXPECT_EQ(net(n::no_routes), 2 * ((3 + flit - 1) / flit) + 2);
  EXPECT_EQ(net(n::irq_status), n::irq_status_no_route_mask);
  EXPECT_EQ(run(transfer(Opcode::get, 1, 0, 1, 1, 10, 100)), model::Status::ok);
  EXPECT_EQ(tile(r::sem + 4), 6u);
  EXPECT_EQ(net(n::gets_lost), 1u);
  EXPECT_EQ(net(n::irq_status), n::irq_status_no_route_mask | n::irq_status_get_lost_mask);
  EXPECT_FALSE(device_->interrupt());
  set_net(n::irq_enable, n::irq_status_get_lost_mask);
  EXPECT_TRUE(device_->interrupt());
  set_net(n::irq_status, n::irq_status_get_lost_mask);
  EXPECT_FALSE(device_->interrupt());
  EXPECT_EQ(read(100, 16), before);
  EXPECT_EQ(tile(r::sem + 8), 0u);
}

TEST_P(Alone, AnUncorrectableWordEndsTheTransfer) {
  const std::uint32_t flit = net(n::cfg) >> 16 & 0xFF, words = 4 * flit;
  const std::uint32_t bad = 10 + 2 * flit;
  const auto good = read(10, 2 * flit);
  for (const Opcode opcode : {Opcode::send, Opcode::get}) {
    const std::uint32_t to = 200 + 100 * static_cast<unsigned>(opcode == Opcode::get);
    const auto before = read(to, words);
    make_uncorrectable(bad);
    EXPECT_EQ(run(transfer(opcode, 0, 0, 1, words, 10, to)), model::Status::ok) << "handed over";
    EXPECT_EQ(read(to, 2 * flit), good);
    EXPECT_EQ(read(to + 2 * flit, flit),
              std::vector<std::byte>(before.begin() + 2 * flit * word_, before.begin() + 3 * flit * word_));
    EXPECT_EQ(net(n::irq_status),
              n::irq_status_poison_mask | (opcode == Opcode::get ? n::irq_status_get_lost_mask : 0));
    EXPECT_EQ(net(n::poison_addr), bad * word_);
    EXPECT_EQ(tile(r::poison_addr), bad * word_);
    EXPECT_EQ((tile(r::poison_status) & r::poison_status_source_mask) >> r::poison_status_source_lsb, 2u);
    device_->write_register(register_base + r::poison_status, ~0u);
    set_net(n::irq_status, ~0u);
    device_->write_words(bad * word_, std::vector<std::byte>(word_));  // heals it
  }
  EXPECT_EQ(net(n::poisoned), 2u);
  EXPECT_EQ(net(n::transfers), 0u);
  EXPECT_EQ(tile(r::sem + 4), 0u);
  EXPECT_EQ(tile(r::sem + 8), 0u);
}

TEST_P(Alone, TransfersThatAreRefused) {
  const auto refused = [&](auto change) {
    Descriptor job = transfer(Opcode::send, 0, 0, 2, 3, 10, 100);
    change(job);
    return run(job);
  };
  EXPECT_EQ(refused([](Descriptor& job) { job.seed = 0x100; }), model::Status::unused);
  EXPECT_EQ(refused([](Descriptor& job) { job.row0 = 8; }), model::Status::unused);
  EXPECT_EQ(refused([](Descriptor& job) { job.opcode = Opcode::get; }), model::Status::unused)
      << "GET signals nobody there";
  EXPECT_EQ(refused([](Descriptor& job) { job.a_at.base += 8; }), model::Status::misaligned);
  EXPECT_EQ(refused([](Descriptor& job) { job.m = 0; }), model::Status::bad_size);
  EXPECT_EQ(refused([](Descriptor& job) { job.d_at.base = 0x4000'0000; }), model::Status::out_of_range);
  EXPECT_EQ(refused([](Descriptor& job) { job.opcode = static_cast<Opcode>(9); }), model::Status::bad_opcode);
  EXPECT_EQ(net(n::transfers), 0u);
  EXPECT_EQ(refused([](Descriptor& job) { job.d_at = job.a_at; }), model::Status::ok) << "two memories do not overlap";
}

INSTANTIATE_TEST_SUITE_P(Devices, Alone, testing::Values("model:4x8x2", "sim:4x8x2"),
                         [](const auto& info) { return std::string(info.param, std::strcspn(info.param, ":")); });

}  // namespace
}  // namespace hilbert
