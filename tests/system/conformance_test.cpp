// SPDX-License-Identifier: Apache-2.0
// What every backend must do: identity, memory, registers, reset. A backend that passes the suite runs the runtime.
#include <algorithm>
#include <map>

#include "conformance.hpp"

namespace hilbert::conformance {

INSTANTIATE_TEST_SUITE_P(Device, Conformance, testing::ValuesIn(backends()), name_of);

TEST_P(Conformance, IdentityAndConfiguration) {
  EXPECT_EQ(read(r::id), 0x48424C54u) << "the four characters HBLT";
  EXPECT_EQ(read(r::version) >> 16, 1u);
  EXPECT_EQ(read(r::map_hash), r::hash_value);
  const model::Geometry& g = geometry();
  EXPECT_EQ(read(r::cfg_array), g.rows | g.cols << 8 | g.depth << 16 | 28u << 24);
  EXPECT_EQ(read(r::cfg_mem), g.banks | g.word_bytes() << 8 | g.queue_slots << 16 | 8u << 24);
  EXPECT_EQ(read(r::cfg_bank_bytes), g.bank_bytes);
  EXPECT_EQ(read(r::cfg_features), g.links == 0 ? 7u : 15u) << "SECDED, scrubber, controller; network";

  const Capabilities& known = device_->capabilities();
  EXPECT_EQ(known.uri, GetParam().uri);
  EXPECT_EQ(known.version, read(r::version));
  EXPECT_EQ(known.map_hash, read(r::map_hash));
  EXPECT_FALSE(known.description.empty());
}

TEST_P(Conformance, ConfigurationsAreTheDocumentedOnes) {
  const std::map<std::string, model::Geometry> documented{{"full", {8, 8, 4, 4, 32768, 8}},
                                                          {"node", {8, 8, 4, 4, 32768, 128, 4, 129}},
                                                          {"small", {2, 2, 2, 4, 2048, 8}},
                                                          {"4x8x2", {4, 8, 2, 4, 8192, 8, 4, 9}},
                                                          {"8x4x4", {8, 4, 4, 4, 16384, 8}}};
  const std::string name = GetParam().uri.substr(GetParam().uri.find(':') + 1);
  EXPECT_EQ(geometry(), documented.at(name));
}

TEST_P(Conformance, MemoryIsZeroAndGoodAfterOpening) {
  EXPECT_EQ(read_memory(0, geometry().data_bytes()), Bytes(geometry().data_bytes()));
  EXPECT_EQ(read_memory(queue_base, queue_bytes(geometry())), Bytes(queue_bytes(geometry())));
  EXPECT_EQ(read(r::poison_status) & 3u, 0u);
  EXPECT_EQ(read(r::ecc_uncorrectable), 0u);
  EXPECT_EQ(read(r::irq_status), 0u);
}

TEST_P(Conformance, BurstsOfAllSizesAndAlignments) {
  const std::uint32_t words = geometry().data_bytes() / word_bytes();
  Bytes expected(geometry().data_bytes());
  std::vector<std::uint32_t> sizes;
  for (std::uint32_t size = 1; size <= 17; ++size) sizes.push_back(size);
  for (const std::uint32_t size : {31u, 64u, 127u, words / 2, words}) sizes.push_back(size);
  for (const std::uint32_t size : sizes) {
    const std::uint32_t first = below(words - size + 1);
    const Bytes data = random_bytes(size * word_bytes());
    device_->write_words(first * word_bytes(), data);
    std::copy(data.begin(), data.end(), expected.begin() + first * word_bytes());
    ASSERT_EQ(read_memory(first * word_bytes(), data.size()), data) << size << " words from word " << first;
  }
  ASSERT_EQ(read_memory(0, expected.size()), expected) << "a burst wrote outside itself";
}

TEST_P(Conformance, FirstAndLastWordOfEveryMemory) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> memories{{queue_base, queue_bytes(geometry())}};
  for (std::uint32_t bank = 0; bank < geometry().banks; ++bank) {
    memories.emplace_back(bank * geometry().bank_bytes, geometry().bank_bytes);
  }
  std::vector<std::pair<std::uint32_t, Bytes>> written;
  for (const auto& [base, size] : memories) {
    for (const std::uint32_t address : {base, base + size - word_bytes()}) {
      written.emplace_back(address, random_bytes(word_bytes()));
      device_->write_words(address, written.back().second);
    }
  }
  for (const auto& [address, data] : written)
    EXPECT_EQ(read_memory(address, word_bytes()), data) << std::hex << address;
}

TEST_P(Conformance, ByteRangesLeaveTheirNeighboursAlone) {
  Bytes expected = random_bytes(8 * word_bytes());
  device_->write_words(0, expected);
  for (int i = 0; i < 30; ++i) {
    const std::uint32_t first = below(static_cast<std::uint32_t>(expected.size()));
    const std::uint32_t size = below(static_cast<std::uint32_t>(expected.size()) - first + 1);
    const Bytes data = random_bytes(size);
    write_bytes(*device_, first, data);
    std::copy(data.begin(), data.end(), expected.begin() + first);
    Bytes back(size);
    read_bytes(*device_, first, back);
    ASSERT_EQ(back, data) << size << " bytes from " << first;
    ASSERT_EQ(read_memory(0, expected.size()), expected) << size << " bytes from " << first;
  }
}

TEST_P(Conformance, AddressesWithoutMemoryAreRefusedAndChangeNothing) {
  const std::uint32_t data = geometry().data_bytes();
  const std::uint32_t queue = queue_bytes(geometry());
  const std::uint32_t word = word_bytes();
  const Bytes before = random_bytes(data);
  device_->write_words(0, before);

  struct Range {
    std::uint32_t address;
    std::uint32_t size;
  };
  const Range ranges[] = {{data, word},
                          {data - word, 2 * word},
                          {0, data + word},
                          {queue_base - word, word},
                          {queue_base + queue, word},
                          {queue_base + queue - word, 2 * word},
                          {register_base, word},
                          {0xFFFF'FFFFu - word + 1, word},
                          {4, word},
                          {0, word / 2},
                          {word / 2, word / 2},
                          {queue_base + 4, word}};
  for (const Range& range : ranges) {
    SCOPED_TRACE(testing::Message() << range.size << " bytes from " << range.address);
    Bytes bytes(range.size, std::byte{0xA5});
    EXPECT_EQ(error_of([&] { device_->write_words(range.address, bytes); }), ExitCode::bad_input);
    EXPECT_EQ(error_of([&] { device_->read_words(range.address, bytes); }), ExitCode::bad_input);
  }
  EXPECT_EQ(read_memory(0, data), before);
  EXPECT_NO_THROW(device_->read_words(0, {}));
}

TEST_P(Conformance, ReadWriteRegisters) {
  struct Case {
    std::uint32_t offset, bits;
  };
  std::vector<Case> cases{{r::scratch, 0xFFFF'FFFF},
                          {r::ctrl, 1},
                          {r::irq_enable, 7},
                          {r::scrub_interval, 0xFFFF'FFFF},
                          {r::inject_addr, 0xFFFF'FFFF},
                          {r::inject_bits, 0x0007'7F7F}};
  for (std::uint32_t i = 0; i < 8; ++i) cases.push_back({r::sem + 4 * i, 0xFFFF});
  for (const Case& c : cases) {
    for (int i = 0; i < 4; ++i) {
      const std::uint32_t value = static_cast<std::uint32_t>(random_()) & c.bits;
      write(c.offset, value);
      EXPECT_EQ(read(c.offset), value) << "offset " << std::hex << c.offset;
    }
  }
}

TEST_P(Conformance, RegistersAreApart) {
  std::vector<std::uint32_t> values;
  for (std::uint32_t i = 0; i < 8; ++i) {
    values.push_back(0x1000 + i);
    write(r::sem + 4 * i, values[i]);
  }
  write(r::scratch, 0xDEADBEEF);
  write(r::inject_addr, 0x12345678);
  for (std::uint32_t i = 0; i < 8; ++i) EXPECT_EQ(read(r::sem + 4 * i), values[i]);
  EXPECT_EQ(read(r::scratch), 0xDEADBEEF);
  EXPECT_EQ(read(r::inject_addr), 0x12345678u);
}

TEST_P(Conformance, RegistersThatCannotBeWrittenRefuseIt) {
  for (const std::uint32_t offset :
       {r::id, r::version, r::map_hash, r::cfg_array, r::cfg_mem, r::cfg_bank_bytes, r::cfg_features, r::status,
        r::queue_head, r::last_error, r::scrub_passes, r::ecc_corrected, r::ecc_scrubbed, r::ecc_uncorrectable,
        r::inject_count, r::heal_count, r::perf_jobs, r::perf_errors}) {
    const std::uint32_t before = read(offset);
    EXPECT_EQ(error_of([&] { write(offset, ~before); }), ExitCode::bad_input) << std::hex << offset;
    EXPECT_EQ(read(offset), before) << std::hex << offset;
  }
}

TEST_P(Conformance, AddressesWithoutARegisterAreRefused) {
  const std::uint32_t addresses[] = {register_base + 0x3C,
                                     register_base + 0x64,
                                     register_base + r::size,
                                     register_base + 0xFFFC,
                                     register_base + 2,
                                     register_base - 4,
                                     0xFFFF'FFFC,
                                     0};
  for (const std::uint32_t address : addresses) {
    EXPECT_EQ(error_of([&] { (void)device_->read_register(address); }), ExitCode::bad_input) << std::hex << address;
    EXPECT_EQ(error_of([&] { device_->write_register(address, 0); }), ExitCode::bad_input) << std::hex << address;
  }
}

TEST_P(Conformance, EveryRegisterReadsAfterReset) {
  EXPECT_EQ(read(r::scrub_interval), 1024u);
  for (const std::uint32_t offset :
       {r::scratch,     r::ctrl,          r::status,    r::queue_tail,    r::queue_head,   r::irq_status,
        r::irq_enable,  r::last_error,    r::sem_post,  r::ecc_corrected, r::ecc_scrubbed, r::ecc_uncorrectable,
        r::inject_addr, r::inject_bits,   r::inject_go, r::inject_count,  r::heal,         r::heal_count,
        r::perf_macs,   r::perf_macs + 4, r::perf_busy, r::perf_steps,    r::perf_jobs,    r::perf_errors}) {
    EXPECT_EQ(read(offset), 0u) << std::hex << offset;
  }
  for (std::uint32_t i = 0; i < 8; ++i) EXPECT_EQ(read(r::sem + 4 * i), 0u);
}

TEST_P(Conformance, SemaphorePostAddsAndSaturates) {
  const auto post = [&](std::uint32_t index, std::uint32_t count) { write(r::sem_post, index | count << 16); };
  post(3, 5);
  post(3, 7);
  post(6, 1);
  EXPECT_EQ(read(r::sem + 12), 12u);
  EXPECT_EQ(read(r::sem + 24), 1u);
  EXPECT_EQ(read(r::sem), 0u);
  post(3, 65535);
  EXPECT_EQ(read(r::sem + 12), 65535u);
  EXPECT_EQ(read(r::sem_post), 0u) << "write only";
}

TEST_P(Conformance, ResetForgetsEverything) {
  device_->write_words(0, random_bytes(4 * word_bytes()));
  write(r::scratch, 1);
  write(r::sem, 9);
  write(r::irq_enable, 7);
  write(r::scrub_interval, 77);
  enable();
  model::Descriptor sync;
  sync.irq = true;
  run(sync.pack());
  EXPECT_TRUE(device_->interrupt());
  device_->reset();
  EXPECT_FALSE(device_->interrupt());
  EXPECT_EQ(read(r::scratch), 0u);
  EXPECT_EQ(read(r::sem), 0u);
  EXPECT_EQ(read(r::irq_status), 0u);
  EXPECT_EQ(read(r::irq_enable), 0u);
  EXPECT_EQ(read(r::scrub_interval), 1024u);
  EXPECT_EQ(read(r::ctrl), 0u);
  EXPECT_EQ(read(r::queue_head), 0u);
  EXPECT_EQ(read(r::queue_tail), 0u);
  EXPECT_EQ(read_memory(0, 4 * word_bytes()), Bytes(4 * word_bytes()));
  put_ = 0;
  enable();
  EXPECT_EQ(run(model::Descriptor{}.pack()).sequence, 0u);
}

}  // namespace hilbert::conformance
