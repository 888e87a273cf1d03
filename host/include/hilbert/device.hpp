// SPDX-License-Identifier: Apache-2.0
// The one interface between Hilbert's software and anything that can run a tile: a model, a simulation, a board.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hilbert/error.hpp>
#include <hilbert/model/descriptor.hpp>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/job.hpp>
#include <hilbert/regs/link.hpp>
#include <hilbert/regs/net.hpp>

namespace hilbert {

/// Address map of a chip as seen from its host port (rtl/README.md, "Memory").
inline constexpr std::uint32_t queue_base = regs::job::queue_base;
inline constexpr std::uint32_t controller_memory_base = regs::job::controller_base;
inline constexpr std::uint32_t register_base = regs::job::registers_base;
inline constexpr std::uint32_t controller_register_base = regs::cpu::base;
/// Link p at + regs::link::spacing * p, and the network, in chips with links.
inline constexpr std::uint32_t link_register_base = regs::link::base;
inline constexpr std::uint32_t net_register_base = regs::net::base;

/// Bytes of a descriptor and of a completion.
inline constexpr std::uint32_t slot_bytes = regs::job::descriptor_bytes;

/// Where queue slots lie; `index` counts freely, as QUEUE_TAIL and QUEUE_HEAD do.
constexpr std::uint32_t descriptor_address(const model::Geometry& g, std::uint32_t index) {
  return queue_base + slot_bytes * (index % g.queue_slots);
}
constexpr std::uint32_t completion_address(const model::Geometry& g, std::uint32_t index) {
  return queue_base + slot_bytes * (g.queue_slots + index % g.queue_slots);
}
/// Bytes of the queue memory: descriptors, then completions.
constexpr std::uint32_t queue_bytes(const model::Geometry& g) { return 2 * slot_bytes * g.queue_slots; }

/// What not every device can. Callers ask for these, never for the name of a scheme.
struct Abilities {
  bool time = false;    ///< clocks() and counters mean clocks of the RTL, and the host lets them pass
  bool stalls = false;  ///< its host port can be made to stall at random
  bool trace = false;   ///< it can write a waveform, in this build
  bool inject = false;  ///< flips stored bits on request: the INJECT registers
  bool remote = false;  ///< it is outside of this process: it may be slow, and may go away
  bool board = false;   ///< it is a board of many devices, which open_board opens
};

[[nodiscard]] std::vector<std::string_view> to_words(const Abilities& can);  ///< those it has: "time", "stalls"

/// What a device told about itself when it was opened.
struct Capabilities {
  std::string uri;                     ///< the URI it was opened with, completed with its defaults
  std::string description;             ///< for people: "verilated chip, 8x8x4"
  model::Geometry geometry;            ///< read from the identity block, never assumed
  std::uint32_t version = 0;           ///< VERSION register
  std::uint32_t map_hash = 0;          ///< MAP_HASH register
  std::uint32_t controller_bytes = 0;  ///< of controller memory (rtl/cpu/README.md); 0: there is no controller
  Abilities can;
};

/// A word was read that the memory could not correct. The other words of the read have been delivered; writing the word
/// heals it.
class UncorrectableError : public Error {
 public:
  UncorrectableError(std::uint32_t address, std::string where);
  /// Byte address of the first uncorrectable word.
  [[nodiscard]] std::uint32_t address() const noexcept { return address_; }

 private:
  std::uint32_t address_;
};

/// A chip behind its host port. Not thread safe: one thread a device. Every function throws hilbert::Error:
/// bad_input for an address the map does not have, machine for a device that failed, hung or answered nonsense.
class Device {
 public:
  virtual ~Device() = default;

  [[nodiscard]] virtual const Capabilities& capabilities() const = 0;

  /// Reads whole memory words: `address` and `out.size()` in bytes, multiples of the geometry's word_bytes(), within
  /// the data memory, the queue memory or the controller memory. Throws UncorrectableError for a poisoned word.
  virtual void read_words(std::uint32_t address, std::span<std::byte> out) = 0;
  /// Writes whole memory words; returns when the device has taken them. A refused write has changed nothing.
  virtual void write_words(std::uint32_t address, std::span<const std::byte> in) = 0;

  /// Reads or writes one 32-bit register at its absolute byte address (one of the bases above + offset). A
  /// register that cannot be written is refused as an address without a register is.
  [[nodiscard]] virtual std::uint32_t read_register(std::uint32_t address) = 0;
  virtual void write_register(std::uint32_t address, std::uint32_t value) = 0;

  /// Lets device time pass: `clocks` clocks where the host drives the clock, a short sleep elsewhere; as many
  /// instructions of the controller on the reference model. Polling loops call it.
  virtual void idle(std::uint32_t clocks) = 0;
  /// Clocks since reset; 0 where the device does not count them.
  [[nodiscard]] virtual std::uint64_t clocks() const = 0;
  /// Level of the interrupt line: an enabled cause of the tile, or the controller's HOST_IRQ.
  [[nodiscard]] virtual bool interrupt() = 0;
  /// Puts the chip back into its state after power-on, then writes zeros to every memory (a word that was never written
  /// is uncorrectable) and clears what the reading of unwritten words may have reported meanwhile.
  virtual void reset() = 0;
};

/// Options of opening that are not part of a device's identity.
struct OpenOptions {
  std::string trace_path = {};     ///< FST waveform ("" = none); Error if the backend or this build cannot trace
  std::uint64_t seed = 1;          ///< of random stalls on the host port
  double stall_probability = 0.0;  ///< where the device can: of a stall in a clock, each direction apart; 0 <= p < 1
};

/// Opens a device by URI, SCHEME:TEXT[?key=value&...], and checks its identity, version and map hash (Error, exit code
/// 3, says both sides). `hilbert info` lists the schemes; host/device/README.md says how to add one.
///
///     model:[CONFIG]      the reference model behind the same interface (no clocks)
///     sim:[CONFIG]        the verilated chip in this process
///
/// CONFIG is full (default), node, small, 4x8x2, 8x4x4; `model:` also takes any geometry as
/// RxCxD[?banks=N&bank_bytes=N&controller_bytes=N].
[[nodiscard]] std::unique_ptr<Device> open_device(std::string_view uri, const OpenOptions& options = {});

/// What a device of this URI's scheme can, without opening it. Error (bad_input) for a scheme that there is not.
[[nodiscard]] Abilities abilities_of(std::string_view uri);

/// URIs that open_device takes in this build, `model:` first.
[[nodiscard]] std::vector<std::string> available_devices();

/// What the tile does now and what it waits for, in words, from its registers: the text of a report about a hang.
[[nodiscard]] std::string describe_activity(Device& device);

/// Reads or writes any range of memory bytes (a partial first or last word is read, changed and written back).
void read_bytes(Device& device, std::uint32_t address, std::span<std::byte> out);
void write_bytes(Device& device, std::uint32_t address, std::span<const std::byte> in);

}  // namespace hilbert
