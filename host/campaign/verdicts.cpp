// SPDX-License-Identifier: Apache-2.0
// Asks the judge, where he could say anything new.
#include "campaign/verdicts.hpp"

#include <algorithm>

namespace hilbert::campaign {
namespace {

/// The undisturbed run with some bits inverted.
class Differing final : public LaneState {
 public:
  Differing(const Trace& trace, std::uint32_t clock, const Image& image, std::span<const StateBit> bits)
      : trace_(trace), clock_(clock), image_(image), bits_(bits) {}

  [[nodiscard]] bool flip_flop(std::uint32_t index) const override {
    return trace_.value(clock_, trace_.netlist().flip_flops[index].q) != std::ranges::binary_search(bits_, index);
  }
  [[nodiscard]] bool memory_bit(std::uint32_t memory, std::uint32_t word, std::uint32_t bit) const override {
    return image_.bit(memory, word, bit) != std::ranges::binary_search(bits_, trace_.bits().of({memory, word, bit}));
  }
  [[nodiscard]] std::uint64_t memory_bits(std::uint32_t memory, std::uint32_t word, std::uint32_t first,
                                          std::uint32_t count) const override {
    const auto pieces = image_.word(memory, word);
    std::uint64_t bits = pieces[first / 64] >> first % 64;
    if (first % 64 + count > 64) bits |= pieces[first / 64 + 1] << (64 - first % 64);
    if (count < 64) bits &= (std::uint64_t{1} << count) - 1;
    const StateBit from = trace_.bits().of({memory, word, first});
    for (auto at = std::ranges::lower_bound(bits_, from); at != bits_.end() && *at < from + count; ++at) {
      bits ^= std::uint64_t{1} << (*at - from);
    }
    return bits;
  }

 private:
  const Trace& trace_;
  std::uint32_t clock_;
  const Image& image_;
  std::span<const StateBit> bits_;
};

}  // namespace

Verdict Verdicts::judge(std::uint32_t clock, const Image& image, std::span<const StateBit> bits) const {
  Judgement judgement;
  // What he does not look at, where the undisturbed run ends, cannot change what he says.
  if (clock != trace_.end() || std::ranges::any_of(bits, [&](StateBit bit) { return trace_.looked_at(bit); })) {
    judgement = trace_.scenario().judge->judge(Differing(trace_, clock, image, bits), clock);
  }
  if (judgement.outcome != Outcome::masked) return {judgement.outcome, clock, judgement.detail};
  if (bits.empty() && clock == trace_.end()) return {Outcome::masked, clock, 0};
  return {Outcome::latent, clock, static_cast<std::uint32_t>(bits.size())};
}

}  // namespace hilbert::campaign
