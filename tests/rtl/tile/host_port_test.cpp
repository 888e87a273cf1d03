// SPDX-License-Identifier: Apache-2.0
// Host port in front of the memory: random packets, every malformed kind among them, against a model of the contract.
#include <deque>
#include <map>

#include "mem_bench.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

enum Status : unsigned { ok, bad_op, bad_address, misaligned, poisoned, bad_length };

template <class Word>
struct Beat {
  Word data{};
  bool last = false;
  bool operator==(const Beat&) const = default;
};

/// Registers as the test has them: 32, with a hole.
constexpr std::uint32_t register_base = 0x8000'0000;
constexpr bool is_register(std::uint32_t offset) { return offset < 0x80 && !(offset >= 0x40 && offset < 0x50); }

/// The contract (rtl/README.md, "Host port"), a packet at a time.
template <class Shape>
class HostModel {
 public:
  using D = Dut<Shape>;
  using Word = typename D::Word;
  using Packet = std::vector<Beat<Word>>;

  static Beat<Word> header(unsigned op, unsigned tag, unsigned count, std::uint32_t address, bool last) {
    Beat<Word> beat{{}, last};
    beat.data[0] = op | tag << 8 | std::uint64_t{count} << 16 | std::uint64_t{address} << 32;
    return beat;
  }

  Packet answer(const Packet& request) {
    const std::uint64_t head = request[0].data[0];
    const unsigned op = head & 0xff, count = head >> 16 & 0xffff;
    const auto address = static_cast<std::uint32_t>(head >> 32);
    const std::size_t present = request.size() - 1;
    error_ = ok;
    if (op != 1 && op != 2) {
      fail(bad_op, address);
    } else if (count == 0 || (op == 1 && present != 0)) {
      fail(bad_length, address);
    } else if (!memory_word(address) && !in_registers(address)) {
      fail(bad_address, address);
    } else if (address % (in_registers(address) ? 4 : Shape::word_bytes) != 0) {
      fail(misaligned, address);
    }
    bool refused = error_ != ok;
    const std::uint32_t step = address >= register_base ? 4 : Shape::word_bytes;
    const std::size_t beats = op == 1 ? count : std::min<std::size_t>(count, present);
    Packet response;
    for (std::size_t i = 0; i < beats; ++i) {
      const auto at = static_cast<std::uint32_t>(address + i * step);
      Word data{};
      if (!refused && memory_word(at)) {
        ++moved;
        auto& stored = memory[*memory_word(at)];
        if (op == 2) {
          stored.write(request[i + 1].data);
        } else {
          data = stored.delivered();
          if (stored.verdict() == Verdict::uncorrectable) fail(poisoned, at);
        }
      } else if (!refused && in_registers(at)) {
        ++moved;
        ++register_accesses;
        const std::uint32_t offset = at - register_base;
        if (!is_register(offset)) {
          fail(bad_address, at);
          refused = true;
        } else if (op == 2) {
          registers[offset] = static_cast<std::uint32_t>(request[i + 1].data[0]);
        } else {
          data[0] = registers[offset];
        }
      } else {
        fail(bad_address, at);
        refused = true;
      }
      if (op == 1) response.push_back({data, false});
    }
    if (op == 2 && present != count) fail(bad_length, static_cast<std::uint32_t>(address + beats * step));
    ++statuses[error_];
    Beat<Word> status{{}, true};
    status.data[0] = (op | 0x80) | (head & 0xff00) | error_ << 16 | std::uint64_t{error_ ? error_address_ : 0} << 32;
    response.push_back(status);
    return response;
  }

  static std::optional<unsigned> memory_word(std::uint32_t byte) {
    if (byte < D::data_words * Shape::word_bytes) return byte / Shape::word_bytes;
    if (byte >= queue_base && byte < queue_base + Shape::queue_words * Shape::word_bytes) return D::word_at(byte);
    if (byte >= cpu_base && byte < cpu_base + Shape::cpu_words * Shape::word_bytes) return D::word_at(byte);
    return std::nullopt;
  }
  static bool in_registers(std::uint32_t byte) { return byte >> 16 == register_base >> 16; }

  std::array<Stored<Word>, D::all_words> memory;
  std::map<std::uint32_t, std::uint32_t> registers;
  std::uint64_t moved = 0, register_accesses = 0;
  std::array<std::uint64_t, 6> statuses{};

 private:
  void fail(Status status, std::uint32_t address) {
    if (error_ != ok) return;
    error_ = status;
    error_address_ = address;
  }
  unsigned error_ = ok;
  std::uint32_t error_address_ = 0;
};

template <class Shape>
class HostPort : public ::testing::Test {
 protected:
  using Model = HostModel<Shape>;
  using D = Dut<Shape>;
  using Word = typename D::Word;
  using Packet = typename Model::Packet;

  HostPort() {
    dut_.top->host_i = 1;
    dut_.reset();
  }

  void send(const Packet& packet) {
    for (const auto& beat : packet) to_send_.push_back(beat);
    for (const auto& beat : model_.answer(packet)) expected_.push_back(beat);
  }
  void run() {
    while (!to_send_.empty() || !expected_.empty()) step();
    for (int i = 0; i < 4; ++i) step();  // and nothing else comes
    EXPECT_EQ(moved_, model_.moved);
    EXPECT_EQ(register_accesses_, model_.register_accesses);
    EXPECT_EQ(registers_, model_.registers);
  }

  /// One clock: stalls on both sides, noise from other requesters, the register file, and the promises of the streams.
  void step() {
    stop_after_failure(dut_.clock);
    auto& top = *dut_.top;
    if (!offering_ && !to_send_.empty() && !random_.chance(request_stalls_)) offering_ = true;
    const Beat<Word> beat = offering_ ? to_send_.front() : Beat<Word>{random_word<Word>(random_), random_.chance(0.5)};
    drive(offering_, beat, !random_.chance(response_stalls_));
    top.reg_gnt_i = !random_.chance(register_stalls_);
    for (int r : {A, B, S}) {
      if (!(top.req_i >> r & 1) && random_.chance(other_traffic_)) {
        dut_.set_request(r, false, random_.below(D::data_words), {});
      }
    }
    dut_.settle();
    check_no_path_between_directions(beat);
    ASSERT_TRUE(!stalled_ || (top.rsp_valid_o && response() == *stalled_)) << "a beat offered stands until taken";
    stalled_.reset();
    if (top.rsp_valid_o && !top.rsp_ready_i) stalled_ = response();
    if (top.rsp_valid_o && top.rsp_ready_i) {
      ASSERT_FALSE(expected_.empty()) << "a beat too many";
      ASSERT_EQ(response().data, expected_.front().data) << "clock " << dut_.clock;
      ASSERT_EQ(response().last, expected_.front().last);
      expected_.pop_front();
      taken_.push_back(dut_.clock);
    }
    if (offering_ && top.req_ready_o) {
      to_send_.pop_front();
      offering_ = false;
      sent_.push_back(dut_.clock);
    }
    moved_ += top.beat_o;
    const bool asked = top.reg_req_o && top.reg_gnt_i, write = top.reg_write_o;
    const std::uint32_t offset = top.reg_addr_o, data = top.reg_wdata_o;
    const std::array<std::uint32_t, 3> request = {offset, write, write ? data : 0};
    ASSERT_TRUE(!refused_ || (top.reg_req_o && request == *refused_)) << "a register request stands until granted";
    refused_.reset();
    if (top.reg_req_o && !asked) refused_ = request;
    unsigned granted = top.gnt_o;
    dut_.edge();
    top.req_i = static_cast<CData>(top.req_i & ~granted);
    top.reg_rdata_i = static_cast<std::uint32_t>(random_());  // noise in every clock but the answer's
    top.reg_err_i = random_.chance(0.5);
    if (asked) {
      ++register_accesses_;
      top.reg_err_i = !is_register(offset);
      if (is_register(offset) && write) registers_[offset] = data;
      if (is_register(offset) && !write) top.reg_rdata_i = registers_[offset];
    }
  }

  void drive(bool valid, const Beat<Word>& beat, bool ready) {
    dut_.top->req_valid_i = valid;
    D::put(dut_.top->req_beat_i, 0, beat.data);
    dut_.top->req_beat_i[2 * D::lanes] = beat.last;
    dut_.top->rsp_ready_i = ready;
  }
  Beat<Word> response() const {
    return {D::get(dut_.top->rsp_beat_o, 0), (dut_.top->rsp_beat_o[2 * D::lanes] & 1) != 0};
  }

  void check_no_path_between_directions(const Beat<Word>& beat) {
    auto& top = *dut_.top;
    const bool valid = top.req_valid_i, ready = top.rsp_ready_i;
    const bool req_ready = top.req_ready_o, rsp_valid = top.rsp_valid_o;
    const auto shown = response();
    Beat<Word> other = beat;
    for (auto& lane : other.data) lane = ~lane;
    drive(!valid, other, !ready);
    dut_.settle();
    ASSERT_EQ(top.req_ready_o, req_ready);
    ASSERT_EQ(top.rsp_valid_o, rsp_valid);
    ASSERT_TRUE(!rsp_valid || response() == shown);
    drive(valid, beat, ready);
    dut_.settle();
  }

  void inject(unsigned word, unsigned lane, unsigned bit0, unsigned bit1) {
    auto& top = *dut_.top;
    top.inject_go_i = 1;
    top.inject_addr_i = D::byte_address(word);
    top.inject_lane_i = static_cast<CData>(lane);
    top.inject_bit0_i = static_cast<CData>(bit0);
    top.inject_bit1_i = static_cast<CData>(bit1);
    step();
    top.inject_go_i = 0;
    while (top.inject_busy_o) step();
    model_.memory[word].flip(lane, bit0);
    model_.memory[word].flip(lane, bit1);
  }

  std::uint32_t random_address() {
    switch (random_.below(9)) {
      case 0:
        return register_base + 4 * random_.below(40);
      case 1:
        return register_base + 0x10000 - 4 * random_.below(4);
      case 2:
        return queue_base + Shape::word_bytes * random_.below(Shape::queue_words + 1);
      case 3:
        return static_cast<std::uint32_t>(random_());
      case 4:
        return std::array{D::data_words * Shape::word_bytes, queue_base - Shape::word_bytes,
                          register_base - Shape::word_bytes, 0xffff'ffffu - Shape::word_bytes + 1}[random_.below(4)];
      case 5:
        return cpu_base + Shape::word_bytes * (random_.below(Shape::cpu_words + 2) - 1);
      default:
        return Shape::word_bytes * random_.below(D::data_words);
    }
  }
  Packet random_packet() {
    unsigned op = 1 + random_.below(2);
    if (random_.chance(0.05)) op = random_.below(256);
    const unsigned count = random_.chance(0.05) ? 0 : 1 + random_.below(random_.chance(0.1) ? 60 : 9);
    std::uint32_t address = random_address();
    if (random_.chance(0.05)) address += 1 + random_.below(3);
    std::size_t beats = op == 1 ? 0 : count;
    if (random_.chance(0.1)) beats = random_.below(count + 4);
    Packet packet{Model::header(op, random_.below(256), count, address, beats == 0)};
    for (std::size_t i = 0; i < beats; ++i) packet.push_back({random_word<Word>(random_), i + 1 == beats});
    return packet;
  }
  Packet read(std::uint32_t address, unsigned count) { return {Model::header(1, 0x5a, count, address, true)}; }
  Packet write(std::uint32_t address, unsigned count) {
    Packet packet{Model::header(2, 0xa5, count, address, false)};
    for (unsigned i = 0; i < count; ++i) packet.push_back({random_word<Word>(random_), i + 1 == count});
    return packet;
  }

  Random random_{run_seed()};
  D dut_;
  Model model_;
  double request_stalls_ = 0, response_stalls_ = 0, other_traffic_ = 0, register_stalls_ = 0;
  std::vector<std::uint64_t> sent_, taken_;  ///< clocks in which beats moved

 private:
  std::deque<Beat<Word>> to_send_, expected_;
  std::map<std::uint32_t, std::uint32_t> registers_;
  std::uint64_t moved_ = 0, register_accesses_ = 0;
  std::optional<Beat<Word>> stalled_;
  std::optional<std::array<std::uint32_t, 3>> refused_;  ///< register request not granted
  bool offering_ = false;
};
TYPED_TEST_SUITE(HostPort, Configurations);

TYPED_TEST(HostPort, RandomPackets) {
  using Device = Dut<TypeParam>;
  auto& rng = this->random_;
  this->dut_.top->scrub_interval_i = 0;  // the model does not know when a word is repaired
  for (std::uint32_t offset = 0; offset < 0x80; offset += 4) {
    if (is_register(offset)) this->send(this->write(register_base + offset, 1));
  }
  this->run();
  for (int batch = 0; batch < 400; ++batch) {
    this->request_stalls_ = std::array{0.0, 0.3, 0.9}[rng.below(3)];
    this->response_stalls_ = std::array{0.0, 0.3, 0.9}[rng.below(3)];
    this->other_traffic_ = std::array{0.0, 0.5, 1.0}[rng.below(3)];
    this->register_stalls_ = std::array{0.0, 0.5, 0.9}[rng.below(3)];
    for (unsigned flips = rng.below(3); flips > 0; --flips) {
      const unsigned word = rng.below(Device::all_words), lane = rng.below(Device::lanes), bit = rng.below(72);
      if (this->model_.memory[word].flips[lane].empty()) {
        this->inject(word, lane, bit, (bit + 1 + rng.below(71)) % 72);
      }
    }
    for (int n = 0; n < 12; ++n) this->send(this->random_packet());
    this->run();
    ASSERT_FALSE(this->HasFailure()) << "HILBERT_SEED=" << run_seed() << " batch " << batch;
  }
  this->send(this->read(0, Device::data_words));
  this->send(this->read(queue_base, TypeParam::queue_words));
  if (Device::controller) this->send(this->read(cpu_base, TypeParam::cpu_words));
  this->run();
  for (unsigned status = 0; status < 6; ++status) {
    std::printf("status %u: %lu packets\n", status, this->model_.statuses[status]);
    EXPECT_GT(this->model_.statuses[status], 20u);
  }
}

TYPED_TEST(HostPort, BurstsMoveABeatEveryClock) {
  using Device = Dut<TypeParam>;
  this->send(this->read(0, 1));  // waits for the clearing of the memory
  this->run();
  this->sent_.clear();
  this->send(this->write(0, Device::data_words));
  this->run();
  ASSERT_EQ(this->sent_.size(), Device::data_words + 1);
  EXPECT_EQ(this->sent_.back() - this->sent_.front(), Device::data_words) << "header and data, one a clock";
  this->taken_.clear();
  this->send(this->read(0, Device::data_words));
  this->run();
  ASSERT_EQ(this->taken_.size(), Device::data_words + 1);
  EXPECT_EQ(this->taken_.back() - this->taken_.front(), Device::data_words) << "data and status, one a clock";
}

TYPED_TEST(HostPort, LongestBurst) {
  this->send(this->read(0, 65535));
  this->send(this->write(0, 65535));
  this->run();
  EXPECT_EQ(this->model_.statuses[bad_address], 2u);
}

}  // namespace
}  // namespace hilbert::test
