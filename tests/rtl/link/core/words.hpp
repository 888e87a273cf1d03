// SPDX-License-Identifier: Apache-2.0
// The words of the link in C++, written from rtl/link/README.md and not from the RTL: encoder and wire
// checker.
#pragma once

#include <cstdint>
#include <hilbert/crc32c.hpp>
#include <optional>
#include <string>
#include <vector>

namespace link_core {

using hilbert::crc32c;

enum class Kind : unsigned { control = 0, data = 1, resync = 2, never = 3 };

/// Content of a control or resync word.
struct Control {
  bool nack = false, hunt = false;
  unsigned ack = 0, left0 = 0, left1 = 0;
  [[nodiscard]] std::uint32_t content(Kind kind) const {
    return static_cast<unsigned>(kind) | unsigned{nack} << 2 | unsigned{hunt} << 3 | (ack & 0xFF) << 4 |
           (left0 & 0x3FF) << 12 | (left1 & 0x3FF) << 22;
  }
};

inline std::uint32_t data_content(unsigned vc, unsigned len, unsigned seq) {
  return 1U | vc << 2 | (len & 0xFF) << 3 | (seq & 0xFF) << 11;
}

/// Writes a stream of words as a partner would.
class Encoder {
 public:
  std::vector<std::uint64_t> words;
  std::uint32_t position = 0;  // of the next word

  void framing(std::uint32_t content, std::uint32_t wrong = 0) {
    const std::uint32_t check = ~crc32c(crc_, content, 4);
    push(content, check ^ wrong);
  }
  void control(const Control& c) { framing(c.content(Kind::control)); }
  void resync(const Control& c, std::uint32_t wrong = 0) {
    const std::uint32_t content = c.content(Kind::resync);
    push(content, ~crc32c(~0U, content, 4) ^ position ^ wrong);
  }
  void payload(std::uint64_t word) {
    crc_ = crc32c(crc_, word, 8);
    words.push_back(word);
    position++;
  }

 private:
  void push(std::uint32_t content, std::uint32_t check) {
    words.push_back(std::uint64_t{check} << 32 | content);
    position++;
    crc_ = ~0U;
  }
  std::uint32_t crc_ = ~0U;
};

/// Reads the words that leave a sender, before any damage, and says what breaks the contract.
class WireChecker {
 public:
  explicit WireChecker(unsigned max_words) : max_words_(max_words) {}
  void restart() { *this = WireChecker(max_words_); }

  /// A message if the word cannot come here.
  std::optional<std::string> word(std::uint64_t w) {
    const std::uint32_t position = position_++;
    framing.reset();
    if (left_ != 0) {
      left_--;
      crc_ = crc32c(crc_, w, 8);
      return {};
    }
    const auto content = static_cast<std::uint32_t>(w);
    const auto kind = static_cast<Kind>(content & 3);
    const auto at = [position] { return " at position " + std::to_string(position); };
    const std::uint32_t check =
        ~crc32c(kind == Kind::resync ? ~0U : crc_, content, 4) ^ (kind == Kind::resync ? position : 0U);
    if (check != w >> 32) return "wrong check" + at();
    crc_ = ~0U;
    framing = content;
    if (position == 0 && kind != Kind::resync) return "data mode begins without a resync";
    if (kind == Kind::never) return "kind 3" + at();
    if (kind == Kind::data) {
      left_ = (content >> 3) & 0xFF;
      if (left_ == 0 || left_ > max_words_) return "length " + std::to_string(left_) + at();
      if (content >> 19 != 0) return "not zero above the sequence number" + at();
      open_ = true;
      flits++;
      words += left_;
    } else {
      if (kind == Kind::resync && open_) return "resync after a flit that no control word closed" + at();
      open_ = false;
      controls++;
    }
    return {};
  }
  std::optional<std::uint32_t> framing;  // content of the last word, if it was a framing word
  std::uint64_t flits = 0, words = 0, controls = 0;

 private:
  unsigned max_words_, left_ = 0;
  std::uint32_t crc_ = ~0U, position_ = 0;
  bool open_ = false;
};

}  // namespace link_core
