// SPDX-License-Identifier: Apache-2.0
#include "pair.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "support/random.hpp"

namespace link_core {
namespace {

std::uint64_t mix(std::uint64_t x) {  // the finaliser of SplitMix64
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

std::uint64_t geometric(hilbert::Random& random, double p) {
  if (p <= 0) return std::numeric_limits<std::uint64_t>::max();
  const double u = (static_cast<double>(random() >> 11) + 1) * 0x1p-53;
  const double gap = std::log(u) / std::log1p(-p);
  return gap > 1e18 ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(gap);
}

}  // namespace

std::uint64_t payload(const Settings& s, unsigned channel, std::uint64_t number, unsigned word) {
  if (word == 0) return number;
  const std::uint64_t bits = mix(s.seed + number * 1024 + channel * 512 + word);
  if (!s.forge) return bits;
  // A resync with a right check but for the position, which is taken as 0 or as one that no run reaches.
  const Control lie{.nack = (bits & 1) != 0,
                    .hunt = (bits & 2) != 0,
                    .ack = static_cast<unsigned>(bits >> 8),
                    .left0 = static_cast<unsigned>(bits >> 16),
                    .left1 = static_cast<unsigned>(bits >> 26)};
  const std::uint32_t content = lie.content(Kind::resync);
  const std::uint32_t position = bits >> 63 != 0 ? 0 : 1U << 31 | static_cast<std::uint32_t>(bits >> 36);
  return std::uint64_t{~crc32c(~0U, content, 4) ^ position} << 32 | content;
}

Wire::Wire(const Settings& s, unsigned end, std::uint64_t seed)
    : settings_(s), end_(end), random_(seed), slots_(s.latency), gap_(geometric(random_, s.bit_error_rate)) {}

void Wire::clear() {
  for (Slot& slot : slots_) slot.valid = false;
}

std::uint64_t Wire::corrupt(std::uint64_t word) {
  const std::uint64_t before = word;
  for (const std::uint64_t n : settings_.corrupt[end_]) word ^= std::uint64_t{n == number_} << (n * 7 % 64);
  number_++;
  while (gap_ < 64) {
    word ^= std::uint64_t{1} << gap_;
    gap_ += 1 + geometric(random_, settings_.bit_error_rate);
  }
  if (gap_ != std::numeric_limits<std::uint64_t>::max()) gap_ -= 64;
  if (settings_.burst_rate > 0) {
    if (burst_ == 0 && static_cast<double>(random_() >> 11) * 0x1p-53 < settings_.burst_rate) {
      burst_ = 2 + static_cast<unsigned>(random_() % (settings_.burst_bits - 1));
    }
    if (burst_ != 0) {
      const unsigned bits = burst_ < 64 ? burst_ : 64;
      word ^= random_() & (bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1);
      burst_ -= bits;
    }
  }
  damaged += word != before;
  return word;
}

bool Wire::clock(bool given, std::uint64_t word, std::uint64_t& arrived) {
  Slot& slot = slots_[at_];
  at_ = at_ + 1 == slots_.size() ? 0 : at_ + 1;
  const bool valid = slot.valid;
  arrived = slot.word;
  slot.valid = given;
  if (given) slot.word = damage ? corrupt(word) : word;
  return valid;
}

Pair::Pair(const Settings& settings)
    : settings_(settings),
      random_(settings.seed),
      ends_{End(settings_, 0, mix(settings.seed + 1)), End(settings_, 1, mix(settings.seed + 2))},
      max_words_(settings.max_words != 0 ? settings.max_words : settings.configuration.max_words) {
  for (End& end : ends_) {
    end.core = make_core(settings_.configuration);
    In& in = end.core->in;
    in.partner_buffer = settings_.configuration.buffer_words;
    in.nack_interval = settings_.nack_interval;
    in.replay_timeout = settings_.replay_timeout;
    in.retrain_after = settings_.retrain_after;
    in.hunt_timeout = settings_.hunt_timeout;
    end.core->reset();
  }
  train();
}

void Pair::fail(const std::string& what) const {
  throw Broken(what + " (clock " + std::to_string(clocks_) + ", configuration " +
               std::string(settings_.configuration.name) + ", seed " + std::to_string(settings_.seed) + ")");
}

// What hb_link_train does, in short: data mode ends on both sides, sessions are compared, and data mode begins on each
// side in its own time.
void Pair::train() {
  trainings++;
  for (End& end : ends_) {
    end.wire.clear();
    end.core->in.tx_active = false;
    end.core->in.rx_active = false;
    end.started = false;
    end.until_active = 20 + static_cast<int>(random_() % 40);
  }
  compare_in_ = 10;
}

// Whose partner was reset opens a new session too, after a while in which everything is thrown away.
void Pair::compare_sessions() {
  for (unsigned i = 0; i < 2; i++) {
    if (ends_[i].core->out.bound && ends_[1 - i].fresh) {
      ends_[i].down_for = 1 + static_cast<unsigned>(random_() % 20);
    }
  }
}

void Pair::one_sided_reset(End& end) {
  resets++;
  if (random_() % 2 == 0) {
    end.open = true;  // by software: what has been received stays readable
  } else {
    end.core->reset();  // of the whole chip, and its clients with it
    end.fresh = true;
    for (Sender& sender : end.senders) {
      sender.next_number += sender.offered && sender.at != 0;
      sender.offered = false;
    }
    for (Receiver& receiver : end.receivers) receiver = {};
    end.session++;
  }
  train();
}

void Pair::drive(End& end) {
  In& in = end.core->in;
  in.tx_valid = in.tx_last = 0;
  for (unsigned v = 0; v < 2; v++) {
    Sender& s = end.senders[v];
    if (!s.offered && offering && !silent[&end - ends_] && random_.chance(settings_.offer)) {
      s.offered = true;
      s.at = 0;
      s.len = settings_.min_words + static_cast<unsigned>(random_() % (max_words_ - settings_.min_words + 1));
      if (settings_.words[v] != 0) s.len = settings_.words[v];
    }
    if (!s.offered) continue;
    in.tx_valid |= 1U << v;
    in.tx_len[v] = s.len;
    in.tx_last |= unsigned{s.at + 1 == s.len} << v;
    in.tx_data[v] = payload(settings_, v, s.next_number, s.at);
  }
  if (end.blocked_for != 0)
    end.blocked_for--;
  else if (!quiet_ && random_.chance(settings_.block_rate)) {
    end.blocked_for = 1000 + static_cast<unsigned>(random_() % 4000);
    end.blocked_channel = 1U << random_() % 2;
  }
  const unsigned still = blocked[&end - ends_] | (end.blocked_for != 0 ? end.blocked_channel : 0);
  in.rx_ready = 3U & ~still;
  if (!quiet_ && settings_.stall > 0) {
    if (random_.chance(settings_.stall)) in.rx_ready &= ~1U;
    if (random_.chance(settings_.stall)) in.rx_ready &= ~2U;
  }
  in.down = end.down_for != 0;
  in.session = end.open || end.down_for == 1;
}

void Pair::received(End& end, unsigned which, unsigned v, std::uint64_t word, unsigned len, bool last) {
  Receiver& r = end.receivers[v];
  const std::string where = " on channel " + std::to_string(v) + " of end " + std::to_string(which);
  if (r.at == 0) {
    std::deque<Flit>& sent = ends_[1 - which].senders[v].sent;
    // Flits may be missing only at the end of a session of their sender.
    std::size_t skipped = 0;
    while (skipped < sent.size() && sent[skipped].number != word) skipped++;
    if (skipped == sent.size()) fail("a flit that was not sent or came before" + where);
    for (std::size_t i = 0; i < skipped; i++) {
      if (sent[i].session == sent[skipped].session && !sent[i].thrown) {
        fail("flit " + std::to_string(sent[i].number) + " lost before " + std::to_string(word) + where);
      }
      lost_at_reset += !sent[i].thrown;
    }
    if (sent[skipped].thrown) fail("a flit came that was reported as thrown away" + where);
    r.flit = sent[skipped];
    sent.erase(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(skipped) + 1);
  }
  if (len != r.flit.len) fail("length " + std::to_string(len) + " instead of " + std::to_string(r.flit.len) + where);
  if (word != payload(settings_, v, r.flit.number, r.at)) fail("word " + std::to_string(r.at) + " changed" + where);
  r.at++;
  words_delivered_++;
  if (last != (r.at == r.flit.len)) fail("last in the wrong place" + where);
  if (last) {
    r.at = 0;
    flits_delivered_++;
    delivered_on[v]++;
  }
}

void Pair::sample(End& end, unsigned which) {
  const In& in = end.core->in;
  const Out& out = end.core->out;
  for (unsigned v = 0; v < 2; v++) {
    Sender& s = end.senders[v];
    const bool cut = in.session || in.down;
    if (s.offered && s.at != 0 && !cut && (out.tx_ready >> v & 1) == 0) fail("ready fell inside a flit");
    if (end.receivers[v].at != 0 && (out.rx_valid >> v & 1) == 0) fail("valid fell inside a flit");
    s.word_taken = (in.tx_valid & out.tx_ready & 1U << v) != 0;
    if (s.word_taken) {
      if (s.at == 0) s.sent.push_back({s.next_number, s.len, end.session});
      if (++s.at == s.len) {
        s.offered = false;
        s.next_number++;
      }
    }
    if ((out.rx_valid & in.rx_ready & 1U << v) != 0) {
      received(end, which, v, out.rx_data[v], out.rx_len[v], (out.rx_last & 1U << v) != 0);
    }
  }
}

void Pair::clock() {
  if (!quiet_ && random_.chance(settings_.session_rate)) one_sided_reset(ends_[random_() % 2]);
  if (!quiet_ && random_.chance(settings_.retrain_rate)) train();

  const bool take = clocks_ % settings_.take_every == 0;
  for (unsigned i = 0; i < 2; i++) {
    End& end = ends_[i];
    End& other = ends_[1 - i];
    In& in = end.core->in;
    in.tx_take = take && end.started;
    end.started = in.tx_active;
    if (in.tx_take) {
      if (const auto wrong = end.checker.word(end.core->out.tx_word))
        fail("wire of end " + std::to_string(i) + ": " + *wrong);
    }
    std::uint64_t word = 0;
    const bool given = end.wire.clock(in.tx_take, end.core->out.tx_word, word);
    other.core->in.rx_give = given;
    if (given) other.core->in.rx_word = word;
    if (given) other.core->in.rx_active = true;
  }
  for (unsigned i = 0; i < 2; i++) {
    drive(ends_[i]);
    sample(ends_[i], i);
  }
  bool retrain = false;
  for (End& end : ends_) {
    end.core->edge();
    const Out& out = end.core->out;
    for (std::uint32_t e = out.event; e != 0; e &= e - 1) end.counts[std::countr_zero(e)]++;
    for (unsigned v = 0; v < 2; v++) {
      const bool discarded = (out.event >> (discard0 + v) & 1) != 0;
      if (discarded && !end.senders[v].word_taken) fail("thrown away what was not taken");
      if (discarded) end.senders[v].sent.back().thrown = true;
    }
    end.session += end.core->in.session;
    end.fresh = end.core->in.session || (end.fresh && !end.core->in.tx_active);
    end.open = false;
    end.down_for -= end.down_for != 0;
    retrain |= out.retrain;
  }
  if (compare_in_ != 0 && --compare_in_ == 0) compare_sessions();
  for (End& end : ends_) {
    if (end.until_active == 0 || ends_[0].down_for != 0 || ends_[1].down_for != 0 || --end.until_active != 0) continue;
    end.core->in.tx_active = true;
    end.checker.restart();
  }
  if (retrain) {
    retrain_requests++;
    train();
  }
  clocks_++;
}

void Pair::drain(std::uint64_t limit_clocks) {
  offering = false;
  quiet_ = true;
  for (End& end : ends_) end.wire.damage = false;
  const auto waiting = [this] {
    for (const End& end : ends_) {
      for (const Sender& s : end.senders) {
        if (s.offered) return true;
        for (const Flit& f : s.sent) {
          if (!f.thrown && f.session == end.session) return true;
        }
      }
      for (const Receiver& r : end.receivers) {
        if (r.at != 0) return true;
      }
      if (end.core->out.unacked != 0) return true;
    }
    return false;
  };
  for (std::uint64_t i = 0; waiting(); i++) {
    if (i == limit_clocks) {
      std::string state;
      for (const End& end : ends_) {
        state += " [hunting " + std::to_string(end.core->out.hunting) + " unacked " +
                 std::to_string(end.core->out.unacked) + " sent " + std::to_string(end.senders[0].sent.size()) + "+" +
                 std::to_string(end.senders[1].sent.size()) + "]";
      }
      fail("not all delivered" + state);
    }
    clock();
  }
}

}  // namespace link_core
