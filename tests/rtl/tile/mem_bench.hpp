// SPDX-License-Identifier: Apache-2.0
// Memory bench: every clock is checked against a model that knows what was written, which bits were flipped, and no
// code.
#pragma once

#include <algorithm>
#include <optional>
#include <set>

#include "bench.hpp"

namespace hilbert::test {

enum class Verdict { clean, correctable, uncorrectable };

/// A stored word as SECDED promises it: the data last written, and the bits that were flipped since (0..71 a lane).
template <class Word>
struct Stored {
  Word data{};
  std::array<std::set<unsigned>, std::tuple_size_v<Word>> flips;

  Verdict verdict() const {
    std::size_t most = 0;
    for (const auto& lane : flips) most = std::max(most, lane.size());
    return most == 0 ? Verdict::clean : most == 1 ? Verdict::correctable : Verdict::uncorrectable;
  }
  /// What a read delivers: lanes with one wrong bit corrected, lanes with two as stored.
  Word delivered() const {
    Word word = data;
    for (std::size_t l = 0; l < flips.size(); ++l) {
      if (flips[l].size() < 2) continue;
      for (unsigned bit : flips[l]) {
        if (bit < 64) word[l] ^= std::uint64_t{1} << bit;
      }
    }
    return word;
  }
  void flip(unsigned lane, unsigned bit) {
    if (!flips[lane].insert(bit).second) flips[lane].erase(bit);
  }
  void write(const Word& word) {
    data = word;
    flips = {};
  }
};

template <class Shape>
class MemBench : public Dut<Shape> {
 public:
  using Base = Dut<Shape>;
  using Word = typename Base::Word;
  using Base::clock, Base::top, Base::all_words, Base::data_words;

  struct Request {
    bool write = false;
    unsigned word = 0;
    Word data{};  ///< C: the piece's 32 bits in the first lane
    unsigned waited = 0;
    unsigned piece = 0, bytes = 0;  ///< of a merge
  };
  struct Answer {
    std::uint64_t clock;
    unsigned word;
    Verdict verdict;
    Word data;
    bool merged = false;  ///< then there is no data to look at
  };
  struct Totals {
    std::uint64_t reads = 0, writes = 0, merges = 0, refused_merges = 0, corrected = 0, uncorrectable = 0, fixed = 0,
                  injected = 0, healed = 0, visits = 0, passes = 0;
    std::uint64_t scrub_uncorrectable = 0, conflicts = 0;
    std::array<std::uint64_t, requesters> grants{};
    std::array<std::set<std::uint32_t>, 8> reported;  ///< poisoned byte addresses by source
    std::optional<std::pair<std::uint32_t, unsigned>> last_report;
  };

  /// A request held sees at most one grant to each of the 6 (with a controller 8, with a network one more) others of
  /// its bank, of which the scrubber's and a merge may lock it for 2 clocks more, after the end of a lock that was
  /// there before.
  static constexpr unsigned longest_wait = (Base::controller ? 8 + 2 + 2 + 2 : 6 + 2 + 2) + unsigned{Base::network};

  MemBench() { restart(); }

  /// Reset; the model then knows zeros.
  void restart() {
    this->top->host_i = 0;
    this->reset();
    for (auto& word : memory) word = {};
    for (auto& request : request_) request.reset();
    for (auto& answers : answers_) answers.clear();
    scrub_word_ = 0;
    ended_ = {};
    heal_ = {};
    until_ready_ = std::max({Shape::bank_words, Shape::queue_words, Shape::cpu_words});
  }

  bool busy(int r) const { return request_[r].has_value(); }
  void request(int r, unsigned word) { begin(r, Request{.word = word}); }
  void request(int r, unsigned word, const Word& data) { begin(r, Request{.write = true, .word = word, .data = data}); }
  /// C: changes the bytes of a 32-bit piece that are set in `bytes`.
  void merge(unsigned word, unsigned piece, unsigned bytes, std::uint32_t value) {
    begin(C, Request{.write = true, .word = word, .data = Word{value}, .piece = piece, .bytes = bytes});
  }

  /// Flips bits of a stored word as soon as the injector is free.
  void inject(unsigned word, unsigned lane, unsigned bit0, unsigned bit1) {
    while (injecting()) step();
    inject_ = {word, lane, bit0, bit1};
    top->inject_go_i = 1;
    top->inject_addr_i = Base::byte_address(word) + static_cast<std::uint32_t>(clock % Shape::word_bytes);
    top->inject_lane_i = static_cast<CData>(lane);
    top->inject_bit0_i = static_cast<CData>(bit0);
    top->inject_bit1_i = static_cast<CData>(bit1);
    step();
    top->inject_go_i = 0;
    top->inject_addr_i = ~top->inject_addr_i;  // they are read with go only
    top->inject_lane_i = static_cast<CData>(~lane & 7);
    top->inject_bit0_i = static_cast<CData>(~bit0 & 127);
    top->inject_bit1_i = static_cast<CData>(~bit1 & 127);
  }
  bool injecting() {
    this->settle();
    return top->inject_busy_o;
  }
  void inject_and_wait(unsigned word, unsigned lane, unsigned bit0, unsigned bit1) {
    inject(word, lane, bit0, bit1);
    while (injecting()) step();
  }

  /// Asks for a word to be healed, as soon as the healer is free.
  void heal(unsigned word) {
    while (healing()) step();
    heal_.word = word;
    top->heal_go_i = 1;
    top->heal_addr_i = Base::byte_address(word) + static_cast<std::uint32_t>(clock % Shape::word_bytes);
    step();
    top->heal_go_i = 0;
    top->heal_addr_i = ~top->heal_addr_i;  // it is read with go only
  }
  bool healing() {
    this->settle();
    return top->heal_busy_o;
  }

  /// One access from start to answer, nothing else going on.
  void access(int r, unsigned word) {
    request(r, word);
    drain();
  }
  void access(int r, unsigned word, const Word& data) {
    request(r, word, data);
    drain();
  }
  void drain() {
    auto pending = [&] {
      for (int r = 0; r < requesters; ++r) {
        if (busy(r) || !answers_[r].empty()) return true;
      }
      return false;
    };
    while (pending()) step();
  }

  /// One clock, checked. Throws when a check has failed, so that no test waits for what will not come.
  void step() {
    stop_after_failure(clock);
    this->settle();
    const bool clearing = until_ready_ > 0;
    if (clearing) --until_ready_;
    check_answers();
    check_scrubber();
    check_healer();
    take_grants(clearing);
    if (top->inject_done_o) {
      auto& stored = memory[inject_.word];
      stored.flip(inject_.lane, inject_.bit0);
      if (inject_.bit1 != inject_.bit0) stored.flip(inject_.lane, inject_.bit1);
      ++totals.injected;
    }
    if (top->healed_o) {
      memory[heal_.word].write({});
      ++totals.healed;
    }
    this->edge();
    for (int r = 0; r < requesters; ++r) {
      if (request_[r]) {
        show(r);
      } else {
        this->clear_request(r);
      }
    }
  }

  std::array<Stored<Word>, Base::all_words> memory;
  Totals totals;

 private:
  struct Injection {
    unsigned word, lane, bit0, bit1;
  };
  /// The healer, as it was in the clock before.
  struct Healing {
    unsigned word = 0;
    bool busy = false, healed = false, uncorrectable = false;
  };
  struct VisitEnd {
    bool fixed = false, pass = false;
    unsigned uncorrectable = 0;
  };

  void begin(int r, Request request) {
    ASSERT_FALSE(busy(r));
    request_[r] = request;
    show(r);
  }
  void show(int r) {
    const Request& request = *request_[r];
    this->set_request(r, request.write, request.word, request.data);
    if (r != C) return;
    top->piece_i = static_cast<CData>(request.piece);
    top->be_i = static_cast<CData>(request.bytes);
  }
  /// What a locked merge leaves behind: a good word with some bytes changed, or the uncorrectable word as it was.
  void carry_out_merge(const Request& request, Stored<Word>& stored) {
    if (stored.verdict() == Verdict::uncorrectable) {
      ++totals.refused_merges;
      return;
    }
    Word data = stored.data;
    for (unsigned b = 0; b < 4; ++b) {
      if ((request.bytes >> b & 1) == 0) continue;
      const unsigned at = request.piece * 4 + b;
      const std::uint64_t byte = request.data[0] >> 8 * b & 0xff;
      data[at / 8] = (data[at / 8] & ~(0xffull << 8 * (at % 8))) | byte << 8 * (at % 8);
    }
    stored.write(data);
    ++totals.merges;
  }

  void check_answers() {
    unsigned corrected = 0;
    answered_ue_ = 0;
    std::optional<std::array<std::uint32_t, 3>> report;  // bank, byte address, source: the lowest bank is reported
    for (int r = 0; r < readers; ++r) {
      const bool due = !answers_[r].empty() && answers_[r].front().clock == clock;
      ASSERT_EQ(this->answered(r), due) << "requester " << r << " clock " << clock;
      if (!due) continue;
      const Answer expected = answers_[r].front();
      answers_[r].erase(answers_[r].begin());
      if (!expected.merged) {
        ASSERT_EQ(this->answer(r), expected.data)
            << "requester " << r << " word " << expected.word << " clock " << clock;
      }
      ASSERT_EQ(this->uncorrectable(r), expected.verdict == Verdict::uncorrectable) << "word " << expected.word;
      if (expected.verdict == Verdict::correctable) ++corrected;
      if (expected.verdict == Verdict::uncorrectable) {
        ++answered_ue_;
        const std::array<std::uint32_t, 3> mine = {Base::bank_of(expected.word), Base::byte_address(expected.word),
                                                   source_of[r]};
        if (!report || mine[0] < (*report)[0]) report = mine;
      }
    }
    ASSERT_EQ(top->ecc_corrected_o, corrected) << "clock " << clock;
    totals.corrected += corrected;
    totals.uncorrectable += answered_ue_;
    ASSERT_EQ(top->poison_valid_o, top->ecc_ue_o != 0);
    if (top->ecc_ue_o > answered_ue_) {
      const unsigned word = Base::word_at(top->scrub_addr_o);
      const std::array<std::uint32_t, 3> mine = {Base::bank_of(word), top->scrub_addr_o, 4};
      if (!report || mine[0] < (*report)[0]) report = mine;
    }
    if (top->poison_valid_o) {
      ASSERT_TRUE(report);
      ASSERT_EQ(top->poison_addr_o, (*report)[1]);
      ASSERT_EQ(top->poison_source_o, (*report)[2]);
      totals.reported[top->poison_source_o].insert(top->poison_addr_o);
      totals.last_report = {top->poison_addr_o, top->poison_source_o};
    }
  }

  /// A visit that ends in a clock (seen by the address moving on the next) read the word two clocks before.
  void check_scrubber() {
    const unsigned word = Base::word_at(top->scrub_addr_o);
    if (word != scrub_word_) {
      const Verdict met = seen_[(clock + 4 - 3) % 4];
      ASSERT_EQ(word, (scrub_word_ + 1) % all_words);
      ASSERT_EQ(ended_.pass, word == 0);
      ASSERT_EQ(ended_.fixed, met == Verdict::correctable) << "word " << scrub_word_ << " clock " << clock;
      ASSERT_EQ(ended_.uncorrectable, met == Verdict::uncorrectable ? 1u : 0u);
      ++totals.visits;
      totals.passes += ended_.pass;
      visit_clock = clock;
    } else {
      ASSERT_FALSE(ended_.fixed || ended_.pass || ended_.uncorrectable);
    }
    scrub_word_ = word;
    ended_ = {top->scrub_fixed_o != 0, top->scrub_pass_o != 0, top->ecc_ue_o - answered_ue_};
    totals.scrub_uncorrectable += ended_.uncorrectable;
    if (ended_.fixed) {
      ++totals.fixed;
      memory[word].flips = {};
    }
    seen_[clock % 4] = memory[word].verdict();
  }

  /// Nobody comes between the healer's look at the word and its end, in the last clock of heal_busy_o.
  void check_healer() {
    if (heal_.busy && !top->heal_busy_o) {
      ASSERT_EQ(heal_.healed, heal_.uncorrectable) << "word " << heal_.word << " clock " << clock;
    } else {
      ASSERT_FALSE(heal_.healed) << "and stays busy";
    }
    const bool uncorrectable = memory[heal_.word].verdict() == Verdict::uncorrectable;
    heal_ = {heal_.word, top->heal_busy_o != 0, top->healed_o != 0, uncorrectable};
  }

  void take_grants(bool clearing) {
    std::array<bool, Shape::banks + 2> taken{};
    unsigned waiting = 0;
    for (int r = 0; r < requesters; ++r) {
      if (!request_[r]) {
        ASSERT_FALSE(this->granted(r));
        continue;
      }
      Request& request = *request_[r];
      if (!this->granted(r)) {
        ++waiting;
        if (!clearing) ++request.waited;
        ASSERT_LE(request.waited, longest_wait) << "requester " << r;
        continue;
      }
      ASSERT_FALSE(clearing);
      bool& bank = taken[Base::bank_of(request.word)];
      ASSERT_FALSE(bank) << "two accesses to a bank in clock " << clock;
      bank = true;
      ++totals.grants[r];
      Stored<Word>& stored = memory[request.word];
      if (request.write && r == C) {
        answers_[r].push_back({clock + 2, request.word, stored.verdict(), {}, true});
        carry_out_merge(request, stored);
      } else if (request.write) {
        stored.write(request.data);
        ++totals.writes;
      } else {
        answers_[r].push_back({clock + 2, request.word, stored.verdict(), stored.delivered()});
        ++totals.reads;
      }
      request_[r].reset();
    }
    ASSERT_EQ(top->conflict_o, waiting);
    totals.conflicts += waiting;
  }

  std::array<std::optional<Request>, requesters> request_;
  std::array<std::vector<Answer>, requesters> answers_;
  Injection inject_{};
  unsigned answered_ue_ = 0, until_ready_ = 0, scrub_word_ = 0;
  VisitEnd ended_;
  Healing heal_;
  std::array<Verdict, 4> seen_{};

 public:
  std::uint64_t visit_clock = 0;  ///< clock after the end of the last visit of the scrubber
};

}  // namespace hilbert::test
