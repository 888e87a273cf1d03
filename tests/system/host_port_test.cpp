// SPDX-License-Identifier: Apache-2.0
// The host port's packets, legal and illegal, on every verilated chip: what Device never sends must be answered as
// well.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <hilbert/device.hpp>
#include <hilbert/regs/tile.hpp>
#include <hilbert/tb/host_port.hpp>

#include "support/random.hpp"

namespace hilbert::tb {
namespace {

namespace r = regs::tile;

enum : std::uint8_t { op_read = 1, op_write = 2 };

struct Status {
  std::uint8_t op, tag, status;
  std::uint32_t address;
};

Status status_of(const Packet& response, std::size_t word) {
  const std::byte* beat = response.data() + response.size() - word;
  Status s{};
  s.op = std::to_integer<std::uint8_t>(beat[0]);
  s.tag = std::to_integer<std::uint8_t>(beat[1]);
  s.status = std::to_integer<std::uint8_t>(beat[2]);
  std::memcpy(&s.address, beat + 4, 4);
  return s;
}

class HostPortTest : public testing::TestWithParam<std::tuple<std::string, double>> {
 protected:
  HostPortTest()
      : chip_(Chip::make(std::get<0>(GetParam()))),
        port_(*chip_, {.seed = 3, .stall_probability = std::get<1>(GetParam()), .watchdog = 5000}),
        word_(static_cast<std::uint32_t>(port_.word_bytes())) {
    std::uint32_t memory = 0;
    EXPECT_EQ(port_.read_registers(register_base + r::cfg_mem, {&memory, 1}).status, PortStatus::ok);
    std::uint32_t bank_bytes = 0;
    EXPECT_EQ(port_.read_registers(register_base + r::cfg_bank_bytes, {&bank_bytes, 1}).status, PortStatus::ok);
    data_end_ = (memory & 0xFF) * bank_bytes;
  }

  Packet random_beats(std::size_t beats) {
    Packet bytes(beats * word_);
    for (std::byte& b : bytes) b = static_cast<std::byte>(random_());
    return bytes;
  }
  Packet ask(const Packet& request) { return port_.exchange({&request, 1}).at(0); }
  Packet ask(std::uint8_t op, std::uint16_t count, std::uint32_t address, const Packet& data = {}) {
    return ask(port_.make_request(op, ++tag_, count, address, data));
  }
  void expect_status(const Packet& response, std::uint8_t op, std::uint8_t status, std::uint32_t address) {
    const Status s = status_of(response, word_);
    EXPECT_EQ(s.op, op | 0x80);
    EXPECT_EQ(s.tag, tag_);
    EXPECT_EQ(s.status, status);
    if (status != 0) {
      EXPECT_EQ(s.address, address);
    }
  }

  Random random_{seed_of(7)};
  std::unique_ptr<Chip> chip_;
  HostPort port_;
  std::uint32_t word_;
  std::uint32_t data_end_ = 0;
  std::uint8_t tag_ = 0x40;
};

std::vector<std::string> chips() {
  std::vector<std::string> names;
  for (const std::string_view name : Chip::configurations()) names.emplace_back(name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Chip, HostPortTest, testing::Combine(testing::ValuesIn(chips()), testing::Values(0.0, 0.6)),
                         [](const auto& test) {
                           return "chip_" + std::get<0>(test.param) + (std::get<1>(test.param) > 0 ? "_stalls" : "");
                         });

TEST_P(HostPortTest, WritesAndReadsABurst) {
  const Packet data = random_beats(20);
  Packet response = ask(op_write, 20, 2 * word_, data);
  EXPECT_EQ(response.size(), word_) << "a write is answered by its status alone";
  expect_status(response, op_write, 0, 0);
  response = ask(op_read, 20, 2 * word_);
  ASSERT_EQ(response.size(), 21 * word_);
  EXPECT_TRUE(std::equal(data.begin(), data.end(), response.begin()));
  expect_status(response, op_read, 0, 0);
}

TEST_P(HostPortTest, AnswersPacketsBackToBackInOrder) {
  std::vector<Packet> requests;
  const Packet data = random_beats(32);
  for (std::uint8_t i = 0; i < 16; ++i) {
    const auto beats = std::span(data).subspan(i * 2 * word_, 2 * word_);
    requests.push_back(port_.make_request(op_write, i, 2, i * 2 * word_, beats));
    requests.push_back(port_.make_request(op_read, static_cast<std::uint8_t>(0x80 + i), 2, i * 2 * word_));
  }
  const std::vector<Packet> responses = port_.exchange(requests);
  ASSERT_EQ(responses.size(), requests.size());
  for (std::uint8_t i = 0; i < 16; ++i) {
    EXPECT_EQ(status_of(responses[2 * i], word_).tag, i);
    const Packet& read = responses[2 * i + 1];
    EXPECT_EQ(status_of(read, word_).tag, 0x80 + i);
    ASSERT_EQ(read.size(), 3 * word_);
    EXPECT_TRUE(std::equal(read.begin(), read.begin() + 2 * word_, data.begin() + i * 2 * word_)) << int{i};
  }
}

TEST_P(HostPortTest, RefusesAnUnknownOp) {
  for (const std::uint8_t op : std::initializer_list<std::uint8_t>{0, 3, 0x81, 0xFF}) {
    const Packet response = ask(op, 2, 0, random_beats(2));
    const Status s = status_of(response, word_);
    EXPECT_EQ(s.status, 1) << int{op};
    EXPECT_EQ(s.tag, tag_);
  }
  expect_status(ask(op_read, 1, register_base), op_read, 0, 0);
}

TEST_P(HostPortTest, RefusesAddressesWithNothingThere) {
  for (const std::uint32_t address :
       {data_end_, queue_base - word_, queue_base + 1024, register_base + 0x10000, 0xFFFF'FF00u}) {
    const Packet response = ask(op_read, 3, address);
    ASSERT_EQ(response.size(), 4 * word_) << "a refused read still has its data beats";
    EXPECT_TRUE(std::all_of(response.begin(), response.end() - word_, [](std::byte b) { return b == std::byte{0}; }));
    expect_status(response, op_read, 2, address);
    expect_status(ask(op_write, 3, address, random_beats(3)), op_write, 2, address);
  }
}

TEST_P(HostPortTest, RefusesMisalignedAddresses) {
  for (const std::uint32_t address : {4u, queue_base + word_ / 2, register_base + 2}) {
    const Packet response = ask(op_read, 2, address);
    EXPECT_EQ(response.size(), 3 * word_);
    expect_status(response, op_read, 3, address);
    expect_status(ask(op_write, 1, address, random_beats(1)), op_write, 3, address);
  }
}

TEST_P(HostPortTest, BurstPastTheEndDoesWhatLiesBefore) {
  for (const std::uint32_t end : {data_end_, queue_base + 1024}) {
    const Packet data = random_beats(4);
    expect_status(ask(op_write, 4, end - 2 * word_, data), op_write, 2, end);
    const Packet response = ask(op_read, 4, end - 2 * word_);
    ASSERT_EQ(response.size(), 5 * word_);
    expect_status(response, op_read, 2, end);
    EXPECT_TRUE(std::equal(data.begin(), data.begin() + 2 * word_, response.begin()));
    EXPECT_TRUE(std::all_of(response.begin() + 2 * word_, response.end() - word_,
                            [](std::byte b) { return b == std::byte{0}; }));
  }
}

TEST_P(HostPortTest, RefusesPacketsOfTheWrongLength) {
  EXPECT_EQ(status_of(ask(op_read, 0, 0), word_).status, 5) << "count 0";
  EXPECT_EQ(status_of(ask(op_write, 0, 0), word_).status, 5);
  EXPECT_EQ(status_of(ask(op_read, 1, 0, random_beats(2)), word_).status, 5) << "a read has no data";
  EXPECT_EQ(status_of(ask(op_write, 3, 0, random_beats(2)), word_).status, 5) << "too short";
  EXPECT_EQ(status_of(ask(op_write, 3, 0, random_beats(5)), word_).status, 5) << "too long";
  EXPECT_EQ(status_of(ask(op_write, 3, 0), word_).status, 5) << "no data at all";
  const Packet data = random_beats(1);
  expect_status(ask(op_write, 1, 0, data), op_write, 0, 0);
  const Packet response = ask(op_read, 1, 0);
  EXPECT_TRUE(std::equal(data.begin(), data.end(), response.begin())) << "and is in step again";
}

TEST_P(HostPortTest, RegistersGoOneABeat) {
  std::vector<std::uint32_t> values(3);
  EXPECT_EQ(port_.read_registers(register_base, values).status, PortStatus::ok);
  EXPECT_EQ(values, (std::vector<std::uint32_t>{r::id_value, r::version_value, r::hash_value}));
  values = {11, 22, 33, 44, 55, 66, 77, 88};
  EXPECT_EQ(port_.write_registers(register_base + r::sem, values).status, PortStatus::ok);
  std::vector<std::uint32_t> back(8);
  EXPECT_EQ(port_.read_registers(register_base + r::sem, back).status, PortStatus::ok);
  EXPECT_EQ(back, values);
  std::vector<std::uint32_t> around(4, 0xFFFF'FFFF);
  const PortResult result = port_.read_registers(register_base + r::last_error - 4, around);
  EXPECT_EQ(result, (PortResult{PortStatus::bad_address, register_base + 0x3C})) << "the hole after LAST_ERROR";
}

TEST_P(HostPortTest, ReadOnlyRegistersAnswerBadAddress) {
  const std::uint32_t value = 1;
  EXPECT_EQ(port_.write_registers(register_base + r::id, {&value, 1}),
            (PortResult{PortStatus::bad_address, register_base}));
}

TEST_P(HostPortTest, LongestBurst) {
  // 65535 beats of one register: the addresses run out of the map, the answer must still have every beat.
  std::vector<std::uint32_t> values(max_burst_beats);
  const PortResult result = port_.read_registers(register_base + r::perf_host_beats, values);
  EXPECT_EQ(result, (PortResult{PortStatus::bad_address, register_base + r::size}));
  EXPECT_TRUE(std::all_of(values.begin() + 1, values.end(), [](std::uint32_t v) { return v == 0; }));
}

TEST_P(HostPortTest, ClocksAreTheSameWhateverTheBytes) {
  const auto clocks_of = [&](const Packet& data) {
    chip_->reset();
    HostPort port(*chip_, {.seed = 5, .stall_probability = std::get<1>(GetParam())});
    port.write(0, data);
    Packet back(data.size());
    port.read(0, back);
    return chip_->clocks();
  };
  EXPECT_EQ(clocks_of(random_beats(50)), clocks_of(random_beats(50)));
}

TEST_P(HostPortTest, WatchdogSaysWhoWaitsForWhat) {
  HostPort impatient(*chip_, {.watchdog = 1});
  Packet out(4 * word_);
  try {
    impatient.read(0, out);
    ADD_FAILURE() << "no memory answers in two clocks";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::machine);
    const std::string text = error.what();
    EXPECT_NE(text.find("read of 4 beats at 0x00000000"), std::string::npos) << text;
    EXPECT_NE(text.find("waits for the chip's rsp_valid"), std::string::npos) << text;
    EXPECT_NE(text.find("clock "), std::string::npos) << text;
  }
  port_.restart();
  std::uint32_t id = 0;
  EXPECT_EQ(port_.read_registers(register_base, {&id, 1}).status, PortStatus::ok);
  EXPECT_EQ(id, r::id_value);
}

TEST_P(HostPortTest, AnswersNobodyAskedForAreNoticed) {
  const Packet request = port_.make_request(op_read, 1, 1, register_base);
  const HostPins pins = chip_->host();
  std::copy(request.begin(), request.end(), pins.req_data.begin());
  pins.req_valid = pins.req_last = 1;
  chip_->clock();
  EXPECT_THROW(port_.idle(100), Error);
}

TEST(HostPortOptionsTest, RefusesImpossibleProbabilities) {
  const auto chip = Chip::make(Chip::configurations().front());
  for (const double p : {-0.1, 1.0, 2.0, std::nan("")}) {
    EXPECT_THROW(HostPort(*chip, {.stall_probability = p}), Error) << p;
  }
}

TEST(ChipTest, UnknownConfigurationListsWhatThereIs) {
  try {
    (void)Chip::make("huge");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_NE(std::string(error.what()).find(std::string(Chip::configurations().front())), std::string::npos);
  }
}

TEST(ChipTest, WaveformOnlyInABuildThatCan) {
  const auto chip = Chip::make(Chip::configurations().front());
  const std::string path = testing::TempDir() + "hilbert_chip_test.fst";
  if (!Chip::can_trace()) {
    EXPECT_THROW(chip->start_trace(path), Error);
    return;
  }
  chip->start_trace(path);
  chip->run(10);
  chip->stop_trace();
  std::FILE* file = std::fopen(path.c_str(), "rb");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(std::fseek(file, 0, SEEK_END), 0);
  EXPECT_GT(std::ftell(file), 100);
  std::fclose(file);
  std::remove(path.c_str());
  EXPECT_THROW(chip->start_trace("/nonexistent/folder/x.fst"), Error);
}

}  // namespace
}  // namespace hilbert::tb
