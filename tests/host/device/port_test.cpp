// SPDX-License-Identifier: Apache-2.0
// What comes back over a port is an answer or an Error with exit code 3, never taken for something else.
#include <gtest/gtest.h>

#include <ostream>
#include <support/errors.hpp>

#include "packet_model.hpp"

namespace hilbert {
namespace {

using Responses = std::vector<Packet>;
constexpr std::size_t word = 8;  // of model:small

struct Damage {
  const char* name;
  void (*inflict)(Responses&);
  const char* text;  ///< of the Error
};
void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }  // NOLINT: GoogleTest's name

class DamagedResponse : public testing::TestWithParam<Damage> {};

INSTANTIATE_TEST_SUITE_P(
    Port, DamagedResponse,
    testing::Values(
        Damage{"None", [](Responses& all) { all.clear(); }, "0 responses to one request"},
        Damage{"Two", [](Responses& all) { all.push_back(all[0]); }, "2 responses to one request"},
        Damage{"Empty", [](Responses& all) { all[0].clear(); }, "a response of 0 bytes"},
        Damage{"HalfABeat", [](Responses& all) { all[0].resize(all[0].size() - 1); }, "not of whole beats of 8"},
        Damage{"StatusAlone", [](Responses& all) { all[0].erase(all[0].begin(), all[0].end() - word); },
               "beat 1 of the response, last = true"},
        Damage{"ABeatTooFew", [](Responses& all) { all[0].erase(all[0].begin(), all[0].begin() + word); },
               "beat 4 of the response, last = true"},
        Damage{"WithoutStatus", [](Responses& all) { all[0].resize(all[0].size() - word); },
               "beat 4 of the response, last = true"},
        Damage{"ABeatTooMany", [](Responses& all) { all[0].insert(all[0].begin(), word, std::byte{1}); },
               "beat 5 of the response, last = false"},
        Damage{"AnotherTag", [](Responses& all) { all[0][all[0].size() - word + 1] ^= std::byte{1}; },
               "is not the status beat of tag 0x01"},
        Damage{"ARequestsOp", [](Responses& all) { all[0][all[0].size() - word] ^= std::byte{0x80}; }, "op 0x01"},
        Damage{"TheOtherOp", [](Responses& all) { all[0][all[0].size() - word] = std::byte{0x82}; }, "op 0x82"}),
    [](const auto& test) { return test.param.name; });

TEST_P(DamagedResponse, IsAnError) {
  PacketModel port(open_device("model:small"));
  port.sabotage = [&](const Packet&, Responses& all) { GetParam().inflict(all); };
  std::vector<std::byte> out(4 * word);
  expect_error(ExitCode::machine, GetParam().text, [&] { (void)port.read(0x20, out); });
  expect_error(ExitCode::machine, "read of 4 beats at 0x00000020", [&] { (void)port.read(0x20, out); });
  port.sabotage = nullptr;
  EXPECT_EQ(port.read(0x20, out), PortResult{}) << "a port that is whole again goes on";
}

TEST(Port, AResponseToAWriteIsItsStatusAlone) {
  PacketModel port(open_device("model:small"));
  port.sabotage = [](const Packet&, Responses& all) { all[0].insert(all[0].begin(), word, std::byte{0}); };
  const std::vector<std::byte> in(4 * word);
  expect_error(ExitCode::machine, "beat 1 of the response, last = false", [&] { (void)port.write(0, in); });
}

TEST(Port, BurstsHaveWholeBeatsOneToAllThatTheHeaderCanCount) {
  PacketModel port(open_device("model:small"));
  std::vector<std::byte> bytes((max_burst_beats + 1) * word);
  const std::span<std::byte> all(bytes);
  expect_error(ExitCode::bad_input, "1 to 65535 beats, not 0", [&] { (void)port.read(0, {}); });
  expect_error(ExitCode::bad_input, "1 to 65535 beats, not 65536", [&] { (void)port.read(0, all); });
  expect_error(ExitCode::bad_input, "12 bytes are not whole beats of 8", [&] { (void)port.write(0, all.first(12)); });
  EXPECT_EQ(port.read(0, all.first(max_burst_beats * word)).status, PortStatus::bad_address);
}

TEST(Port, TagsGoRound) {
  PacketModel port(open_device("model:small"));
  std::vector<std::byte> out(word);
  for (int i = 0; i < 600; ++i) ASSERT_EQ(port.read(0, out), PortResult{}) << i;
}

TEST(Port, StatusesHaveNames) {
  EXPECT_EQ(to_string(PortStatus::poisoned), "poisoned");
  EXPECT_EQ(to_string(static_cast<PortStatus>(6)), "?");
}

}  // namespace
}  // namespace hilbert
