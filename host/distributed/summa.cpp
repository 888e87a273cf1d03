// SPDX-License-Identifier: Apache-2.0
// Who owns what, when it is sent, and who waits for whom (summa.hpp).
#include "distributed/summa.hpp"

#include <algorithm>

#include "runtime/plan.hpp"

namespace hilbert::distributed {
namespace {

constexpr std::uint8_t kArrived = 0;  // and the following, by place in the rings
constexpr std::uint8_t kCreditA = most_slots, kCreditB = most_slots + 1, kSent = most_slots + 2;

/// One operand as one chip sees it: who shares it, who owns which piece, where it lies.
struct Operand {
  std::vector<Place> chips;  ///< of this row or column
  std::size_t me = 0;
  std::size_t first = 0;   ///< who owns piece 0
  bool backwards = false;  ///< turns go to the chip before, not to the one behind
  const std::vector<Block::Bytes>* pieces = nullptr;
  std::uint32_t base = 0, place_bytes = 0, stride_unit = 0;
  std::uint8_t credit = 0;

  [[nodiscard]] std::size_t owner(std::uint32_t step) const {
    const std::size_t n = chips.size(), turns = step % n;
    return (first + (backwards ? n - turns : turns)) % n;
  }
  [[nodiscard]] bool mine(std::uint32_t step) const { return owner(step) == me; }
  [[nodiscard]] std::uint32_t others() const { return static_cast<std::uint32_t>(chips.size() - 1); }
  [[nodiscard]] std::uint32_t sends(std::uint32_t step) const { return mine(step) ? others() : 0; }
};

class ChipWork {
 public:
  ChipWork(const BoardPlan& plan, Place origin, const model::Geometry& chip, const model::Gemm& job, Block& block,
           unsigned x, unsigned y)
      : plan_(plan), chip_(chip), job_(job), block_(block), x_(x), y_(y) {
    slots_ = std::min({plan.slots, slots_among(block.width), slots_among(block.height)});
    ahead_ = lookahead(slots_);
    steps_ = static_cast<std::uint32_t>(block.depth.size());
    for (unsigned i = 0; i < block.width; ++i) a_.chips.push_back({origin.x + i, origin.y + y});
    for (unsigned i = 0; i < block.height; ++i) b_.chips.push_back({origin.x + x, origin.y + i});
    a_.me = x, a_.first = y % block.width, a_.credit = kCreditA;
    b_.me = y, b_.first = (x + block.height / 2) % block.height, b_.credit = kCreditB;
    b_.backwards = true;  // so that every chip owns an A and a B as far apart as can be: x - y and x - y + height / 2
    a_.pieces = &block.a[y], a_.base = plan.a_base, a_.place_bytes = plan.a_slot;
    b_.pieces = &block.b[x], b_.base = plan.b_base, b_.place_bytes = plan.b_slot;
    free_.resize(steps_);
  }

  ChipProgram build() {
    if (job_.accumulate) program_.write(plan_.c_base, c());
    std::uint32_t provided = 0;
    for (std::uint32_t step = 0; step < steps_; ++step) {
      for (; provided < steps_ && provided <= step + ahead_; ++provided) {
        for (const Operand* operand : {&a_, &b_}) provide(*operand, provided);
      }
      multiply(step);
      release(step);
    }
    finish();
    return std::move(program_);
  }
  [[nodiscard]] ChipProgram::JobNumber first_product() const { return first_product_; }
  [[nodiscard]] std::uint64_t sent_bytes() const { return sent_bytes_; }

 private:
  [[nodiscard]] Block::Bytes& c() const { return block_.c[y_ * block_.width + x_]; }
  [[nodiscard]] Block::Bytes& d() const { return block_.d[y_ * block_.width + x_]; }
  [[nodiscard]] std::uint32_t address(const Operand& operand, std::uint32_t step) const {
    return operand.base + step % slots_ * operand.place_bytes;
  }
  [[nodiscard]] std::uint8_t arrived(std::uint32_t step) const {
    return static_cast<std::uint8_t>(kArrived + step % slots_);
  }

  /// The owner's part: from the host into its own ring, and from there to the others, the furthest first.
  void provide(const Operand& operand, std::uint32_t step) {
    if (!operand.mine(step)) return;
    const Block::Bytes& bytes = (*operand.pieces)[step];
    const bool again = step >= slots_;
    program_.write(address(operand, step), bytes, again ? std::optional(free_[step - slots_]) : std::nullopt);
    std::vector<std::size_t> to;
    for (std::size_t i = 0; i < operand.chips.size(); ++i) {
      if (i != operand.me) to.push_back(i);
    }
    const auto distance = [&](std::size_t i) { return i < operand.me ? operand.me - i : i - operand.me; };
    std::ranges::stable_sort(to, std::ranges::greater{}, distance);
    for (const std::size_t i : to) {
      model::Descriptor send;
      send.opcode = model::Opcode::send;
      send.m = 1, send.n = static_cast<std::uint16_t>(bytes.size() / chip_.word_bytes());
      send.a_at.base = send.d_at.base = address(operand, step);
      send.set_place(operand.chips[i].x, operand.chips[i].y);
      send.set_there(arrived(step), 1);
      if (again && i == to.front()) {
        send.wait_semaphore = operand.credit, send.wait_count = static_cast<std::uint8_t>(operand.others());
      }
      send.signal_semaphore = kSent, send.signal_count = 1;
      program_.job(send);
      sent_bytes_ += bytes.size();
    }
  }

  void multiply(std::uint32_t step) {
    const bool first = step == 0, last = step + 1 == steps_;
    const std::uint32_t m = block_.rows[y_], n = block_.cols[x_], k = block_.depth[step];
    model::Descriptor d;
    d.opcode = model::Opcode::gemm;
    d.a = job_.a, d.b = job_.b;
    d.m = static_cast<std::uint16_t>(m), d.n = static_cast<std::uint16_t>(n), d.k = static_cast<std::uint16_t>(k);
    const auto stride = [](const model::PanelLayout& layout) {
      return static_cast<std::uint32_t>(layout.panel_bytes());
    };
    const auto element = [](model::FormatSpec f) { return static_cast<std::uint32_t>(model::element_bytes(f.format)); };
    d.a_at = {address(a_, step), stride(a_layout(chip_, m, k, element(job_.a)))};
    d.b_at = {address(b_, step), stride(b_layout(chip_, n, k, element(job_.b)))};
    d.d_at = sums();
    d.literal = job_.literal;
    d.accumulate = job_.accumulate || !first;
    if (d.accumulate) d.c_at = sums();
    if (last && job_.d.format == model::Format::fp32) convert_into(d);
    d.wait_semaphore = arrived(step);
    d.wait_count = static_cast<std::uint8_t>((a_.mine(step) ? 0 : 1) + (b_.mine(step) ? 0 : 1));
    if (d.wait_count == 0) d.wait_semaphore = 0;
    const auto number = program_.job(d);
    if (first) first_product_ = number;
  }

  /// After its product a place is free: its next owners get to know, once what was sent from it has left.
  void release(std::uint32_t step) {
    free_[step] = program_.jobs() - 1;
    std::uint32_t leaving = a_.sends(step) + b_.sends(step);
    const auto wait_for_sends = [&](model::Descriptor& job) {
      if (leaving == 0) return;
      job.wait_semaphore = kSent, job.wait_count = static_cast<std::uint8_t>(leaving);
      leaving = 0;
      free_[step] = program_.jobs();
    };
    const std::uint32_t next = step + slots_;
    for (const Operand* operand : {&a_, &b_}) {
      if (next >= steps_ || operand->mine(next)) continue;
      const Place owner = operand->chips[operand->owner(next)];
      model::Descriptor signal;
      signal.opcode = model::Opcode::signal;
      signal.set_place(owner.x, owner.y);
      signal.set_there(operand->credit, 1);
      wait_for_sends(signal);
      program_.job(signal);
    }
    if (leaving != 0) {
      model::Descriptor sync;
      wait_for_sends(sync);
      program_.job(sync);
    }
  }

  /// The results in their format, where the rings were if that is another one than the sums', and to the host.
  void finish() {
    if (job_.d.format == model::Format::fp32) return program_.read(plan_.c_base, d());
    model::Descriptor d;
    d.opcode = model::Opcode::convert;
    d.m = static_cast<std::uint16_t>(block_.rows[y_]), d.n = static_cast<std::uint16_t>(block_.cols[x_]);
    d.a_at = sums();
    const auto bytes = static_cast<std::uint32_t>(model::element_bytes(job_.d.format));
    d.d_at = {0, static_cast<std::uint32_t>(d_layout(chip_, d.m, d.n, bytes).panel_bytes())};
    d.literal = job_.literal;
    convert_into(d);
    program_.job(d);
    program_.read(0, this->d());
  }

  void convert_into(model::Descriptor& d) const {
    d.d = job_.d;
    d.relu = job_.relu, d.saturate = job_.saturate, d.stochastic = job_.stochastic;
    if (!job_.stochastic) return;
    d.seed = job_.seed;
    d.row0 = static_cast<std::uint16_t>(job_.row0 + block_.first_row + y_ * plan_.tile_m);
    d.col0 = static_cast<std::uint16_t>(job_.col0 + block_.first_col + x_ * plan_.tile_n);
  }
  [[nodiscard]] model::Region sums() const {
    return {plan_.c_base,
            static_cast<std::uint32_t>(d_layout(chip_, block_.rows[y_], block_.cols[x_], 4).panel_bytes())};
  }

  const BoardPlan& plan_;
  const model::Geometry& chip_;
  const model::Gemm& job_;
  Block& block_;
  unsigned x_, y_, slots_ = 0, ahead_ = 0;
  std::uint32_t steps_ = 0;
  Operand a_, b_;
  ChipProgram program_;
  std::vector<ChipProgram::JobNumber> free_;  ///< the job after which the place of a step may be filled again
  ChipProgram::JobNumber first_product_ = 0;
  std::uint64_t sent_bytes_ = 0;
};

}  // namespace

SummaPrograms summa(const BoardPlan& plan, Place origin, const model::Geometry& chip, const model::Gemm& job,
                    Block& block) {
  SummaPrograms all;
  for (unsigned y = 0; y < block.height; ++y) {
    for (unsigned x = 0; x < block.width; ++x) {
      ChipWork work(plan, origin, chip, job, block, x, y);
      all.programs.push_back(work.build());
      all.first_product.push_back(work.first_product());
      all.sent_bytes += work.sent_bytes();
    }
  }
  return all;
}

}  // namespace hilbert::distributed
