// SPDX-License-Identifier: Apache-2.0
// What every backend must do about upset memory: correct, count, report, heal, scrub, and never pass a poisoned result
// off as good.
#include <bit>

#include "conformance.hpp"

namespace hilbert::conformance {

namespace {

using model::Completion;
using model::Descriptor;
using model::Opcode;
using model::Status;

/// Values of POISON_STATUS.SOURCE.
enum Source : std::uint32_t {
  from_a = 0,
  from_b = 1,
  from_s = 2,
  from_host = 3,
  from_scrubber = 4,
  from_sequencer = 5
};

}  // namespace

class Ecc : public Conformance {
 protected:
  Ecc() { write(r::scrub_interval, 0); }  // so that every count below has one cause

  std::uint32_t lanes() const { return word_bytes() / 8; }
  std::uint32_t random_word() { return below(geometry().data_bytes() / word_bytes()) * word_bytes(); }

  /// Reads one word that must be uncorrectable.
  Bytes read_poisoned(std::uint32_t address) {
    Bytes bytes(word_bytes());
    try {
      device_->read_words(address, bytes);
      ADD_FAILURE() << "the word at " << address << " was read as good";
    } catch (const UncorrectableError& error) {
      EXPECT_EQ(error.address(), address);
      EXPECT_EQ(error.code(), ExitCode::machine);
    }
    return bytes;
  }

  void expect_report(std::uint32_t address, Source source) {
    EXPECT_EQ(read(r::poison_status) & (r::poison_status_valid_mask | r::poison_status_source_mask),
              r::poison_status_valid_mask | source << r::poison_status_source_lsb);
    EXPECT_EQ(read(r::poison_addr), address);
  }
  void clear_report() {
    write(r::poison_status, r::poison_status_valid_mask | r::poison_status_more_mask);
    EXPECT_EQ(read(r::poison_status) & 3u, 0u);
  }
};

INSTANTIATE_TEST_SUITE_P(Device, Ecc, testing::ValuesIn(backends()), name_of);

TEST_P(Ecc, OneFlippedBitIsCorrectedInEveryLane) {
  std::uint32_t injected = 0;
  for (std::uint32_t lane = 0; lane < lanes(); ++lane) {
    for (const std::uint32_t bit : {0u, 1u + below(62), 63u, 64u, 64u + below(8), 71u}) {
      SCOPED_TRACE(testing::Message() << "lane " << lane << " bit " << bit);
      const std::uint32_t address = random_word();
      const Bytes data = random_bytes(word_bytes());
      device_->write_words(address, data);
      ASSERT_TRUE(inject(address, lane, bit, bit));
      EXPECT_EQ(read(r::inject_count), ++injected);
      const std::uint32_t before = read(r::ecc_corrected);
      EXPECT_EQ(read_memory(address, word_bytes()), data);
      EXPECT_EQ(read(r::ecc_corrected), before + 1);
      EXPECT_EQ(read_memory(address, word_bytes()), data);
      EXPECT_EQ(read(r::ecc_corrected), before + 2) << "reading does not repair";
      device_->write_words(address, data);
      EXPECT_EQ(read_memory(address, word_bytes()), data);
      EXPECT_EQ(read(r::ecc_corrected), before + 2) << "writing does";
    }
  }
  EXPECT_EQ(read(r::ecc_uncorrectable), 0u);
  EXPECT_EQ(read(r::poison_status) & 3u, 0u);
}

TEST_P(Ecc, TwoFlippedBitsAreReportedInEveryLane) {
  std::uint32_t seen = 0;
  for (std::uint32_t lane = 0; lane < lanes(); ++lane) {
    for (int i = 0; i < 4; ++i) {
      const std::uint32_t bit0 = below(72);
      const std::uint32_t bit1 = (bit0 + 1 + below(71)) % 72;
      SCOPED_TRACE(testing::Message() << "lane " << lane << " bits " << bit0 << ", " << bit1);
      const std::uint32_t address = random_word();
      const Bytes data = random_bytes(word_bytes());
      device_->write_words(address, data);
      ASSERT_TRUE(inject(address, lane, bit0, bit1));
      Bytes stored = data;
      for (const std::uint32_t bit : {bit0, bit1}) {
        if (bit < 64) stored[8 * lane + bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      }
      EXPECT_EQ(read_poisoned(address), stored) << "as it is stored";
      EXPECT_EQ(read(r::ecc_uncorrectable), ++seen);
      expect_report(address, from_host);
      device_->write_words(address, data);
      EXPECT_EQ(read_memory(address, word_bytes()), data) << "writing heals";
      EXPECT_EQ(read(r::ecc_uncorrectable), seen);
      clear_report();
    }
  }
  EXPECT_EQ(read(r::ecc_corrected), 0u);
}

TEST_P(Ecc, OneBitInEachLaneIsCorrected) {
  const Bytes data = random_bytes(word_bytes());
  device_->write_words(0, data);
  for (std::uint32_t lane = 0; lane < lanes(); ++lane) {
    const std::uint32_t bit = below(72);
    ASSERT_TRUE(inject(0, lane, bit, bit));
  }
  EXPECT_EQ(read_memory(0, word_bytes()), data);
  EXPECT_EQ(read(r::ecc_corrected), 1u) << "words are counted, not lanes";
}

TEST_P(Ecc, ABurstTellsTheFirstPoisonedWordAndDeliversTheRest) {
  const Bytes data = random_bytes(6 * word_bytes());
  device_->write_words(0, data);
  ASSERT_TRUE(inject(2 * word_bytes(), 0, 3, 9));
  ASSERT_TRUE(inject(4 * word_bytes(), 0, 3, 9));
  Bytes back(data.size());
  try {
    device_->read_words(0, back);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const UncorrectableError& error) {
    EXPECT_EQ(error.address(), 2 * word_bytes());
  }
  for (const std::uint32_t good : {0u, 1u, 3u, 5u}) {
    EXPECT_TRUE(std::equal(back.begin() + good * word_bytes(), back.begin() + (good + 1) * word_bytes(),
                           data.begin() + good * word_bytes()))
        << "word " << good;
  }
  EXPECT_EQ(read(r::ecc_uncorrectable), 2u);
  expect_report(2 * word_bytes(), from_host);
  EXPECT_NE(read(r::poison_status) & r::poison_status_more_mask, 0u);
  EXPECT_NE(read(r::irq_status) & r::irq_status_uncorrectable_mask, 0u);
  write(r::irq_enable, r::irq_status_uncorrectable_mask);
  EXPECT_TRUE(device_->interrupt());
  clear_report();
  read_poisoned(4 * word_bytes());
  expect_report(4 * word_bytes(), from_host);
  write(r::ctrl, r::ctrl_perf_clear_mask);
  EXPECT_EQ(read(r::ecc_uncorrectable), 0u);
}

TEST_P(Ecc, ImpossibleInjectionsAreRefused) {
  const Bytes before = read_memory(0, geometry().data_bytes());
  EXPECT_FALSE(inject(0, 0, 72, 0));
  EXPECT_FALSE(inject(0, 0, 0, 127));
  EXPECT_FALSE(inject(geometry().data_bytes(), 0, 0, 0));
  EXPECT_FALSE(inject(queue_base + queue_bytes(geometry()), 0, 0, 0));
  EXPECT_FALSE(inject(register_base, 0, 0, 0));
  if (lanes() < 8) {
    EXPECT_FALSE(inject(0, lanes(), 0, 0));
  }
  EXPECT_EQ(read(r::inject_count), 0u);
  EXPECT_EQ(read_memory(0, geometry().data_bytes()), before);
  EXPECT_EQ(read(r::ecc_corrected), 0u);
  EXPECT_TRUE(inject(0, 0, 0, 0)) << "the error of the last injection is gone";
}

TEST_P(Ecc, QueueMemoryIsProtectedToo) {
  write(r::ctrl, r::ctrl_enable_mask);
  Descriptor job;
  job.tag = 0x5AFE;
  put(job.pack());
  const std::uint32_t last_word = descriptor_address(geometry(), 0) + slot_bytes - word_bytes();
  ASSERT_TRUE(inject(descriptor_address(geometry(), 0), 0, 33, 33));
  ASSERT_TRUE(inject(last_word, lanes() - 1, 5, 5));
  ring();
  wait_for_all();
  EXPECT_EQ(completion(0).status, Status::ok);
  EXPECT_EQ(completion(0).tag, 0x5AFEu);
  EXPECT_GE(read(r::ecc_corrected), 1u);

  job.signal_count = 1;
  put(job.pack());
  const std::uint32_t address = descriptor_address(geometry(), 1) + (slot_bytes - word_bytes());
  ASSERT_TRUE(inject(address, 0, 6, 60));
  ring();
  wait_for_all();
  EXPECT_EQ(completion(1).status, Status::poisoned);
  EXPECT_EQ(completion(1).field, 255) << "the descriptor itself";
  EXPECT_EQ(completion(1).poison_address, address);
  EXPECT_EQ(read(r::sem), 0u) << "it must not have signalled";
  expect_report(address, from_sequencer);
  EXPECT_EQ(run(Descriptor{}.pack()).status, Status::ok) << "the queue goes on";
}

TEST_P(Ecc, JobsCorrectOneBitAndSayPoisonedOfTwo) {
  write(r::ctrl, r::ctrl_enable_mask);
  const model::Geometry& g = geometry();
  Descriptor gemm;
  gemm.opcode = Opcode::gemm;
  gemm.accumulate = true;
  gemm.a = gemm.b = {model::Format::bf16, 0};
  gemm.m = static_cast<std::uint16_t>(g.rows);
  gemm.n = static_cast<std::uint16_t>(g.cols);
  gemm.k = static_cast<std::uint16_t>(2 * g.depth);
  gemm.a_at.base = 0;
  gemm.b_at.base = g.bank_bytes;
  gemm.c_at.base = 2 * g.bank_bytes;
  gemm.d_at.base = 3 * g.bank_bytes;
  gemm.signal_semaphore = 1;
  gemm.signal_count = 1;
  Descriptor convert = gemm;
  convert.opcode = Opcode::convert;
  convert.accumulate = false;
  convert.b = {};
  convert.k = 0;
  convert.b_at = convert.c_at = {};
  Descriptor copy = convert;
  copy.opcode = Opcode::copy;
  copy.a = {};
  copy.n = 1;
  copy.m = 1;

  struct Case {
    const Descriptor& job;
    std::uint32_t address;
    Source source;
  };
  const Case cases[] = {{gemm, gemm.a_at.base, from_a},
                        {gemm, gemm.b_at.base, from_b},
                        {gemm, gemm.c_at.base, from_s},
                        {convert, convert.a_at.base, from_s},
                        {copy, copy.a_at.base, from_s}};
  for (const Case& c : cases) {
    SCOPED_TRACE(testing::Message() << model::to_string(c.job.opcode) << ", source " << c.source);
    const Bytes good(word_bytes(), std::byte{0x3F});
    for (const std::uint32_t base : {0u, g.bank_bytes, 2 * g.bank_bytes}) {
      for (std::uint32_t i = 0; i < 8; ++i) device_->write_words(base + i * word_bytes(), good);
    }
    const Completion clean = run(c.job.pack());
    ASSERT_EQ(clean.status, Status::ok);
    EXPECT_EQ(clean.corrected, 0u);
    const Bytes result = read_memory(c.job.d_at.base, 4 * word_bytes());

    ASSERT_TRUE(inject(c.address, 0, 14, 14));
    const Completion corrected = run(c.job.pack());
    EXPECT_EQ(corrected.status, Status::ok);
    EXPECT_GE(corrected.corrected, 1u);
    EXPECT_EQ(read_memory(c.job.d_at.base, 4 * word_bytes()), result);

    const std::uint32_t signalled = read(r::sem + 4);
    ASSERT_TRUE(inject(c.address, 0, 15, 15)) << "now two bits are wrong";
    const Completion poisoned = run(c.job.pack());
    EXPECT_EQ(model::to_string(poisoned.status), "POISONED");
    EXPECT_EQ(poisoned.poison_address, c.address);
    EXPECT_EQ(read(r::sem + 4), signalled) << "a poisoned job does not signal";
    expect_report(c.address, c.source);
    clear_report();

    device_->write_words(c.address, good);
    EXPECT_EQ(run(c.job.pack()).status, Status::ok);
    EXPECT_EQ(read_memory(c.job.d_at.base, 4 * word_bytes()), result);
  }
}

TEST_P(Ecc, ResultsHealWhatTheyOverwrite) {
  write(r::ctrl, r::ctrl_enable_mask);
  Descriptor fill;
  fill.opcode = Opcode::fill;
  fill.m = 1;
  fill.n = 2;
  ASSERT_TRUE(inject(0, 0, 1, 2));
  ASSERT_TRUE(inject(word_bytes(), lanes() - 1, 1, 1));
  EXPECT_EQ(run(fill.pack()).status, Status::ok);
  EXPECT_EQ(read_memory(0, 2 * word_bytes()), Bytes(2 * word_bytes()));
  EXPECT_EQ(read(r::ecc_corrected), 0u);
  EXPECT_EQ(read(r::ecc_uncorrectable), 0u);
}

TEST_P(Ecc, HealMakesAnUncorrectableWordGoodAndNoOther) {
  const std::uint32_t word = word_bytes(), cpu = device_->capabilities().controller_bytes;
  const auto heal = [&](std::uint32_t address) {
    write(r::heal, address);
    EXPECT_TRUE(wait_until([&] { return (read(r::heal) & r::heal_busy_mask) == 0; }, 1000));
    return (read(r::heal) & r::heal_error_mask) == 0;
  };
  std::uint32_t healed = 0;
  for (const std::uint32_t address :
       {0u, geometry().data_bytes() - word, queue_base, queue_base + queue_bytes(geometry()) - word,
        controller_memory_base, controller_memory_base + cpu - word}) {
    SCOPED_TRACE(testing::Message() << "address " << std::hex << address);
    const Bytes data = random_bytes(word);
    device_->write_words(address, data);
    EXPECT_TRUE(heal(address));
    EXPECT_EQ(read_memory(address, word), data) << "a good word";
    const std::uint32_t lane = below(lanes()), bit = below(72);
    ASSERT_TRUE(inject(address, lane, bit, bit));
    EXPECT_TRUE(heal(address));
    EXPECT_EQ(read(r::heal_count), healed);
    const std::uint32_t corrected = read(r::ecc_corrected);
    EXPECT_EQ(read_memory(address, word), data);
    EXPECT_EQ(read(r::ecc_corrected), corrected + 1) << "a correctable word is left to the scrubber";
    const std::uint32_t other = (bit + 1 + below(71)) % 72;
    ASSERT_TRUE(inject(address, lane, other, other));
    EXPECT_TRUE(heal(address + below(word))) << "any byte of the word names it";
    EXPECT_EQ(read_memory(address, word), Bytes(word));
    EXPECT_EQ(read(r::heal_count), ++healed);
  }
  EXPECT_EQ(read(r::ecc_uncorrectable), 0u) << "healing reports nothing";
  EXPECT_EQ(read(r::poison_status), 0u);

  ASSERT_TRUE(inject(0, 0, 1, 2));
  for (const std::uint32_t address :
       {geometry().data_bytes(), queue_base - 1, queue_base + queue_bytes(geometry()), controller_memory_base - 1,
        controller_memory_base + cpu, register_base, 0xFFFF'FFFFu}) {
    EXPECT_FALSE(heal(address)) << std::hex << address;
  }
  EXPECT_EQ(read(r::heal_count), healed);
  EXPECT_TRUE(heal(0)) << "and ERROR is gone";
  EXPECT_EQ(read(r::heal_count), healed + 1);
}

TEST_P(Ecc, ScrubberRepairsInTheBackground) {
  const model::Geometry& g = geometry();
  const std::uint32_t words =
      (g.data_bytes() + queue_bytes(g) + device_->capabilities().controller_bytes) / word_bytes();
  const std::uint32_t spots[] = {0, g.bank_bytes - word_bytes(), g.data_bytes() - word_bytes(), queue_base,
                                 queue_base + queue_bytes(g) - word_bytes()};
  std::vector<Bytes> contents;
  for (const std::uint32_t address : spots) {
    contents.push_back(random_bytes(word_bytes()));
    device_->write_words(address, contents.back());
    const std::uint32_t bit = below(72);
    ASSERT_TRUE(inject(address, below(lanes()), bit, bit));
  }
  const std::uint32_t passes = read(r::scrub_passes);
  device_->idle(20 * 16);
  EXPECT_EQ(read(r::ecc_scrubbed), 0u) << "an interval of 0 stops it";
  write(r::scrub_interval, 1);  // counts as 16
  ASSERT_TRUE(wait_until([&] { return read(r::scrub_passes) >= passes + 2; }, 2ull * 40 * words));
  write(r::scrub_interval, 0);
  EXPECT_EQ(read(r::ecc_scrubbed), std::size(spots));
  EXPECT_EQ(read(r::ecc_corrected), std::size(spots));
  for (std::size_t i = 0; i < std::size(spots); ++i) {
    EXPECT_EQ(read_memory(spots[i], word_bytes()), contents[i]) << std::hex << spots[i];
  }
  EXPECT_EQ(read(r::ecc_corrected), std::size(spots)) << "they were repaired: reading found them good";
}

TEST_P(Ecc, ScrubberReportsWhatItCannotRepair) {
  const std::uint32_t words =
      (geometry().data_bytes() + queue_bytes(geometry()) + device_->capabilities().controller_bytes) / word_bytes();
  const std::uint32_t address = random_word();
  ASSERT_TRUE(inject(address, 0, 0, 40));
  write(r::scrub_interval, 16);
  ASSERT_TRUE(wait_until([&] { return (read(r::poison_status) & r::poison_status_valid_mask) != 0; }, 40ull * words));
  write(r::scrub_interval, 0);
  expect_report(address, from_scrubber);
  EXPECT_GE(read(r::ecc_uncorrectable), 1u);
  EXPECT_EQ(read(r::ecc_scrubbed), 0u);
  read_poisoned(address);
}

TEST_P(Ecc, ScrubberLosesNoWrite) {
  // Every word is written again and again while the scrubber goes over all of them at its fastest.
  write(r::scrub_interval, 16);
  const std::uint32_t size = 16 * word_bytes();
  for (int i = 0; i < 40; ++i) {
    const std::uint32_t address = below((geometry().data_bytes() - size) / word_bytes()) * word_bytes();
    const Bytes data = random_bytes(size);
    device_->write_words(address, data);
    const std::uint32_t bit = below(72);
    inject(address + below(16) * word_bytes(), below(lanes()), bit, bit);
    const Bytes newer = random_bytes(size);
    device_->write_words(address, newer);
    device_->idle(below(300));
    ASSERT_EQ(read_memory(address, size), newer) << i;
  }
  EXPECT_EQ(read(r::ecc_uncorrectable), 0u);
}

}  // namespace hilbert::conformance
