// SPDX-License-Identifier: Apache-2.0
// Clients of a link: a sender whose flits tell who they are, and a receiver that knows what must come next.
#pragma once

#include <cstdint>
#include <random>
#include <set>
#include <stdexcept>
#include <string>

#include "hilbert/tb/link.hpp"
#include "hilbert/tb/stream.hpp"

namespace hilbert::tb {

/// The flits of one virtual channel in one direction. The first word holds, mixed, the flit's number and length; the
/// words behind follow from the number. Among them are forged framing words: right check, likely content.
class FlitCode {
 public:
  explicit FlitCode(std::uint64_t key) : key_(key) {}
  struct Head {
    std::uint64_t index;
    unsigned words;
  };
  [[nodiscard]] std::uint64_t first_word(Head head) const;
  [[nodiscard]] std::uint64_t word(std::uint64_t index, unsigned position) const;  ///< position >= 1
  /// Anything decodes to something: the index of a damaged first word is a number without meaning.
  [[nodiscard]] Head head_of(std::uint64_t first_word) const;

 private:
  std::uint64_t key_;
};

struct FlitMix {
  unsigned min_words = 1, max_words = 9;
  double stall = 0;  ///< probability, a clock, of not beginning a flit (sender) or of not being ready (receiver)
};

/// Hands flits in, one after the other, without a gap within a flit.
class LinkSender {
 public:
  LinkSender(std::uint64_t key, std::uint64_t seed) : code_(key), random_(seed), stalls_(seed, 0) {}

  void set_mix(const FlitMix& mix);
  /// While held, no flit begins.
  void hold(bool held) { held_ = held; }
  void drive(LinkInputs::Vc& pins);
  void sample(const LinkInputs::Vc& pins, const LinkOutputs::Vc& out);
  /// The end was reset: the flit that was being handed in is cut off and never sent.
  void cut();

  [[nodiscard]] bool in_flit() const { return offered_; }
  [[nodiscard]] std::uint64_t next_index() const { return index_; }  ///< flits handed in whole, or cut off
  [[nodiscard]] std::uint64_t words() const { return words_; }       ///< handed in

 private:
  FlitCode code_;
  FlitMix mix_;
  std::mt19937_64 random_;
  Stalls stalls_;
  bool held_ = false, offered_ = false;
  std::uint64_t index_ = 0, words_ = 0;
  unsigned position_ = 0, length_ = 0;
};

/// What a link must never do: a flit damaged, lost, doubled or out of order.
class LinkViolation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Takes flits and throws LinkViolation at the first word that must not be. A new session of the sender may begin
/// anywhere later in its numbering, and nowhere else may numbers be skipped.
class LinkReceiver {
 public:
  LinkReceiver(std::uint64_t key, std::uint64_t seed) : code_(key), seed_(seed), stalls_(seed, 0) {}

  void set_stall(double stall);
  void drive(LinkInputs::Vc& pins) { pins.rx_ready = !stalls_.next(); }
  void sample(const LinkInputs::Vc& pins, const LinkOutputs::Vc& out);
  /// The end was reset: the flit that was being given is cut off.
  void cut() { position_ = 0; }
  /// A session of the sender begins with flit `index`: those before it may be lost.
  void session(std::uint64_t index) { sessions_.insert(index); }
  /// Damage is counted from now on instead of thrown: to measure how much a check lets through.
  void tolerate() { tolerant_ = true; }

  /// Nothing before flit `index` will come any more, but for what was given up with a session.
  [[nodiscard]] bool has_all_before(std::uint64_t index) const {
    return position_ == 0 && (next_ == index || sessions_.count(index) != 0);
  }
  [[nodiscard]] std::uint64_t next_index() const { return next_; }
  [[nodiscard]] std::uint64_t flits() const { return flits_; }
  [[nodiscard]] std::uint64_t words() const { return words_; }
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }  ///< flits lost between sessions
  [[nodiscard]] std::uint64_t damaged() const { return damaged_; }  ///< flits, after tolerate()

 private:
  void begin(const LinkOutputs::Vc& out);
  void refuse(const std::string& what);

  FlitCode code_;
  std::uint64_t seed_;
  Stalls stalls_;
  std::set<std::uint64_t> sessions_;
  bool tolerant_ = false, bad_ = false;
  std::uint64_t next_ = 0, index_ = 0, flits_ = 0, words_ = 0, skipped_ = 0, damaged_ = 0;
  unsigned position_ = 0, length_ = 0;
};

}  // namespace hilbert::tb
