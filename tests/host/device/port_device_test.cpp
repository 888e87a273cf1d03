// SPDX-License-Identifier: Apache-2.0
// Opening what is behind a port: chips that lie, chips of another kind, and refusals of what the contract allows.
#include <gtest/gtest.h>

#include <algorithm>
#include <hilbert/regs/tile.hpp>
#include <hilbert/uri.hpp>
#include <optional>
#include <ostream>
#include <support/errors.hpp>

#include "device/port_device.hpp"
#include "packet_model.hpp"

namespace hilbert {
namespace {

namespace r = regs::tile;
using Responses = std::vector<Packet>;

device::Origin origin() { return {.uri = "wire:lab", .kind = "chip on a wire", .can = {.remote = true}}; }

std::uint32_t word_at(const Packet& packet, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, packet.data() + at, 4);
  return value;
}

/// model:small, one register of which reads as something else.
std::unique_ptr<PacketModel> liar(std::uint32_t offset, std::uint32_t value) {
  auto port = std::make_unique<PacketModel>(open_device("model:small"));
  port->sabotage = [=](const Packet& request, Responses& all) {
    if (word_at(request, 4) == register_base + offset) std::memcpy(all[0].data(), &value, 4);
  };
  return port;
}

struct Lie {
  const char* name;
  std::uint32_t offset, value;
  const char* text;
};
void PrintTo(const Lie& lie, std::ostream* out) { *out << lie.name; }  // NOLINT: the name that GoogleTest looks for

class Liar : public testing::TestWithParam<Lie> {};

constexpr std::uint32_t small_array = 2 | 2 << 8 | 2 << 16 | 28U << 24;
constexpr std::uint32_t small_memory = 4 | 8 << 8 | 8 << 16 | 8U << 24;
INSTANTIATE_TEST_SUITE_P(PortDevice, Liar,
                         testing::Values(Lie{"Identity", r::id, 0, "identity (ID) is 0x00000000"},
                                         Lie{"NobodyHome", r::id, 0xFFFF'FFFF, "identity (ID) is 0xffffffff"},
                                         Lie{"Version", r::version, 2U << 16, "major version"},
                                         Lie{"Map", r::map_hash, 1, "MAP_HASH"},
                                         Lie{"NoRows", r::cfg_array, small_array & ~0xFFU, "an array of 0 x 2 cells"},
                                         Lie{"OneRow", r::cfg_array, small_array - 1, "1x2x2"},
                                         Lie{"NoDepth", r::cfg_array, small_array & ~0xFF'0000U, "word size"},
                                         Lie{"NoBanks", r::cfg_mem, small_memory & ~0xFFU, "banks=0"},
                                         Lie{"NoQueue", r::cfg_mem, small_memory & ~0xFF'0000U, "0 queue slots"},
                                         Lie{"OddBanks", r::cfg_bank_bytes, 1000, "bank_bytes=1000"},
                                         Lie{"ManyTerabytes", r::cfg_bank_bytes, 0x8000'0000, "bank_bytes=2147483648"}),
                         [](const auto& test) { return test.param.name; });

TEST_P(Liar, IsRefusedBeforeAnythingIsWritten) {
  auto port = liar(GetParam().offset, GetParam().value);
  bool written = false;
  port->sabotage = [&, lie = port->sabotage](const Packet& request, Responses& all) {
    written = written || request[0] == std::byte{2};
    lie(request, all);
  };
  expect_error(ExitCode::machine, GetParam().text, [&] { device::PortDevice opened(std::move(port), origin()); });
  EXPECT_FALSE(written);
}

TEST(PortDevice, ErrorsHaveTheDevicesName) {
  for (const std::uint32_t offset : {r::id, r::cfg_bank_bytes}) {
    expect_error(ExitCode::machine, "wire:lab", [&] { device::PortDevice opened(liar(offset, 1), origin()); });
  }
}

TEST(PortDevice, MustBeTheChipThatIsAskedFor) {
  device::Origin asked = origin();
  asked.chip = device::find_configuration("full");
  expect_error(ExitCode::machine, "the device is 2x2x2",
               [&] { device::PortDevice opened(std::make_unique<PacketModel>(open_device("model:small")), asked); });
  asked.chip = device::find_configuration("small");
  EXPECT_NO_THROW(device::PortDevice(std::make_unique<PacketModel>(open_device("model:small")), asked));
}

/// Beats as wide as those of another chip: a gateware for 16-byte words in front of one with 8.
class WidePort final : public Port {
 public:
  std::size_t word_bytes() const override { return 16; }
  std::vector<Packet> exchange(std::span<const Packet> requests) override {
    std::vector<Packet> responses;
    for (Packet request : requests) {
      const bool read = request[0] == std::byte{1};
      request.resize(8);
      Packet wide;
      const std::vector<Packet> inner = chip_.exchange({&request, 1});
      for (std::size_t at = 0; at < inner[0].size(); at += 8) {
        wide.insert(wide.end(), inner[0].begin() + static_cast<std::ptrdiff_t>(at),
                    inner[0].begin() + static_cast<std::ptrdiff_t>(at) + 8);
        wide.resize(wide.size() + 8);
      }
      EXPECT_TRUE(read) << "nothing may be written";
      responses.push_back(std::move(wide));
    }
    return responses;
  }
  void idle(std::uint64_t) override {}
  std::uint64_t clocks() const override { return 0; }
  bool irq() override { return false; }
  void restart() override { chip_.restart(); }

 private:
  PacketModel chip_{open_device("model:small")};
};

TEST(PortDevice, WordsAreTheBeatsOfThePort) {
  expect_error(ExitCode::machine, "the chip has words of 8 bytes, its port beats of 16",
               [] { device::PortDevice opened(std::make_unique<WidePort>(), origin()); });
}

struct Broken {
  explicit Broken(std::uint8_t status) {
    auto model = std::make_unique<PacketModel>(open_device("model:small"));
    port = model.get();
    device.emplace(std::move(model), origin());
    port->sabotage = [status](const Packet&, Responses& all) {
      all[0][all[0].size() - 8 + 2] = static_cast<std::byte>(status);
    };
  }
  PacketModel* port;
  std::optional<device::PortDevice> device;
};

TEST(PortDevice, ARefusalOfWhatIsLegalIsTheChipsFault) {
  std::vector<std::byte> bytes(16);
  for (const auto& [status, text] : {std::pair<int, const char*>{2, "bad address"}, {3, "misaligned"}, {99, "?"}}) {
    Broken broken(static_cast<std::uint8_t>(status));
    Device& device = *broken.device;
    expect_error(ExitCode::machine, "refuses a legal read: " + std::string(text), [&] { device.read_words(0, bytes); });
    expect_error(ExitCode::machine, "refuses a legal write: " + std::string(text),
                 [&] { device.write_words(0, bytes); });
    expect_error(ExitCode::machine, "read of register SEM[0]: " + std::string(text),
                 [&] { (void)device.read_register(register_base + r::sem); });
    expect_error(ExitCode::machine, "write of register SEM[0]",
                 [&] { device.write_register(register_base + r::sem, 1); });
    expect_error(ExitCode::machine, "wire:lab", [&] { device.read_words(0, bytes); });
  }
}

TEST(PortDevice, ASilentChipIsAnErrorWhateverIsAsked) {
  Broken broken(0);
  broken.port->sabotage = [](const Packet&, Responses& all) { all.clear(); };
  std::vector<std::byte> bytes(16);
  Device& device = *broken.device;
  expect_error(ExitCode::machine, "0 responses", [&] { device.read_words(0, bytes); });
  expect_error(ExitCode::machine, "0 responses", [&] { device.write_words(0, bytes); });
  expect_error(ExitCode::machine, "0 responses", [&] { (void)device.read_register(register_base); });
  expect_error(ExitCode::machine, "0 responses", [&] { device.reset(); });
  broken.port->sabotage = nullptr;
  device.reset();
  EXPECT_EQ(device.read_register(register_base + r::id), r::id_value);
}

TEST(PortDevice, AWrongAddressGoesOverNoWire) {
  Broken broken(0);
  bool asked = false;
  broken.port->sabotage = [&](const Packet&, Responses&) { asked = true; };
  std::vector<std::byte> bytes(16);
  expect_error(ExitCode::bad_input, "no memory at", [&] { broken.device->read_words(8192, bytes); });
  expect_error(ExitCode::bad_input, "not whole words", [&] { broken.device->write_words(4, bytes); });
  expect_error(ExitCode::bad_input, "there is no register", [&] { (void)broken.device->read_register(0x8000'F000); });
  EXPECT_FALSE(asked);
}

}  // namespace
}  // namespace hilbert
