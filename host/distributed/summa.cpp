// SPDX-License-Identifier: Apache-2.0
// Which job stands where, and what it waits for (summa.hpp).
#include "distributed/summa.hpp"

#include "runtime/plan.hpp"

namespace hilbert::distributed {
namespace {

/// One operand as one chip sees it: the chain it comes along, and where its pieces lie.
struct Operand {
  std::vector<Place> chips;  ///< of this row or column
  std::size_t me = 0;
  std::uint32_t turn = 0;  ///< of two chips, which is first in step 0
  const std::vector<Block::Bytes>* pieces = nullptr;
  std::uint32_t base = 0, place_bytes = 0;
  std::uint8_t semaphores = 0;  ///< the first of as many as places

  [[nodiscard]] bool takes_turns() const { return chips.size() == 2; }
  [[nodiscard]] std::uint32_t ahead() const { return takes_turns() ? 1 : 0; }
  /// Whether the host writes the piece into this chip.
  [[nodiscard]] bool first(std::uint32_t step) const { return me == (takes_turns() ? (step + turn) % 2 : 0); }
  [[nodiscard]] const Place* before(std::uint32_t step) const {
    return first(step) ? nullptr : &chips[takes_turns() ? 1 - me : me - 1];
  }
  [[nodiscard]] const Place* behind(std::uint32_t step) const {
    if (takes_turns()) return first(step) ? &chips[1 - me] : nullptr;
    return me + 1 < chips.size() ? &chips[me + 1] : nullptr;
  }
};

class ChipWork {
 public:
  ChipWork(const BoardPlan& plan, Place origin, const model::Geometry& chip, const model::Gemm& job, Block& block,
           unsigned x, unsigned y)
      : plan_(plan), chip_(chip), job_(job), block_(block), x_(x), y_(y) {
    steps_ = static_cast<std::uint32_t>(block.depth.size());
    for (unsigned i = 0; i < block.width; ++i) a_.chips.push_back({origin.x + i, origin.y + y});
    for (unsigned i = 0; i < block.height; ++i) b_.chips.push_back({origin.x + x, origin.y + i});
    a_.me = x, a_.turn = y, a_.semaphores = 0;
    b_.me = y, b_.turn = x + 1, b_.semaphores = most_slots;
    a_.pieces = &block.a[y], a_.base = plan.a_base, a_.place_bytes = plan.a_slot;
    b_.pieces = &block.b[x], b_.base = plan.b_base, b_.place_bytes = plan.b_slot;
    free_.resize(steps_);
  }

  ChipProgram build() {
    if (job_.accumulate) program_.write(plan_.c_base, c());
    std::uint32_t ready_a = 0, ready_b = 0;
    for (std::uint32_t step = 0; step < steps_; ++step) {
      // In the order in which pieces come: the host's, then the one that has fewer hops behind it.
      const auto next = [&] {
        const bool more_a = ready_a < steps_ && ready_a <= step + a_.ahead();
        const bool more_b = ready_b < steps_ && ready_b <= step + b_.ahead();
        if (more_a && (!more_b || a_.first(ready_a) || (!b_.first(ready_b) && x_ <= y_))) {
          hand_on(a_, ready_a++);
        } else if (more_b) {
          hand_on(b_, ready_b++);
        }
        return more_a || more_b;
      };
      while (next()) continue;
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
    return operand.base + step % plan_.slots * operand.place_bytes;
  }
  [[nodiscard]] std::uint8_t semaphore(const Operand& operand, std::uint32_t step) const {
    return static_cast<std::uint8_t>(operand.semaphores + step % plan_.slots);
  }
  /// Whether this chip must know when what it sends of a step has left: the host writes there next, or the result lies
  /// over the rings.
  [[nodiscard]] bool must_leave(const Operand& operand, std::uint32_t step) const {
    if (operand.behind(step) == nullptr) return false;
    return step + plan_.slots < steps_ ? operand.first(step + plan_.slots) : job_.d.format != model::Format::fp32;
  }

  /// Into the ring, if the host brings the piece, and to the chip behind.
  void hand_on(const Operand& operand, std::uint32_t step) {
    const Block::Bytes& bytes = (*operand.pieces)[step];
    const bool again = step >= plan_.slots, first = operand.first(step);
    if (first) {
      program_.write(address(operand, step), bytes, again ? std::optional(free_[step - plan_.slots]) : std::nullopt);
    }
    const Place* to = operand.behind(step);
    if (to == nullptr) return;
    model::Descriptor send;
    send.opcode = model::Opcode::send;
    send.m = 1, send.n = static_cast<std::uint16_t>(bytes.size() / chip_.word_bytes());
    send.a_at.base = send.d_at.base = address(operand, step);
    send.set_place(to->x, to->y);
    send.set_there(semaphore(operand, step), 1);
    send.wait_count = static_cast<std::uint8_t>((first ? 0 : 1) + (again ? 1 : 0));
    if (send.wait_count != 0) send.wait_semaphore = semaphore(operand, step);
    if (must_leave(operand, step)) send.signal_semaphore = semaphore(operand, step), send.signal_count = 1;
    program_.job(send);
    sent_bytes_ += bytes.size();
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
    for (const Operand* operand : {&a_, &b_}) {  // at the end of a chain no SEND has waited for the piece
      if (operand->first(step) || operand->behind(step) != nullptr) continue;
      if (d.wait_count != 0) program_.job(sync(d.wait_semaphore));
      d.wait_semaphore = semaphore(*operand, step), d.wait_count = 1;
    }
    const auto number = program_.job(d);
    if (first) first_product_ = number;
  }

  [[nodiscard]] static model::Descriptor sync(std::uint8_t semaphore) {
    model::Descriptor job;
    job.wait_semaphore = semaphore, job.wait_count = 1;
    return job;
  }

  /// After its product a place is free: who fills it next gets to know.
  void release(std::uint32_t step) {
    const std::uint32_t next = step + plan_.slots;
    free_[step] = program_.jobs() - 1;
    for (const Operand* operand : {&a_, &b_}) {
      if (next < steps_ && !operand->first(next)) {
        const Place* to = operand->before(next);
        model::Descriptor credit;
        credit.opcode = model::Opcode::signal;
        credit.set_place(to->x, to->y);
        credit.set_there(semaphore(*operand, next), 1);
        program_.job(credit);
      }
      if (must_leave(*operand, step)) free_[step] = program_.job(sync(semaphore(*operand, step)));
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
    d.row0 = static_cast<std::uint16_t>(job_.row0 + block_.first_row + y_ * plan_.part_m);
    d.col0 = static_cast<std::uint16_t>(job_.col0 + block_.first_col + x_ * plan_.part_n);
  }
  [[nodiscard]] model::Region sums() const {
    return {plan_.c_base,
            static_cast<std::uint32_t>(d_layout(chip_, block_.rows[y_], block_.cols[x_], 4).panel_bytes())};
  }

  const BoardPlan& plan_;
  const model::Geometry& chip_;
  const model::Gemm& job_;
  Block& block_;
  unsigned x_, y_;
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
