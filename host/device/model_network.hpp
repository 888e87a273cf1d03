// SPDX-License-Identifier: Apache-2.0
// The network of `model:` (rtl/net/README.md): reaches the chip itself and its peers, and counts what goes to anybody
// else as lost.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <hilbert/model/tile.hpp>
#include <net_regs.hpp>
#include <optional>

namespace hilbert::device {

/// What the network asks of the chip around it.
class ModelChip {
 public:
  virtual ~ModelChip() = default;
  /// The first uncorrectable word in a range of data memory, reported as read by the network.
  virtual std::optional<std::uint32_t> network_reads(std::uint32_t address, std::uint32_t bytes) = 0;
  /// A range of data memory was written.
  virtual void network_wrote(std::uint32_t address, std::uint32_t bytes) = 0;
  /// A semaphore was signalled from outside: jobs may go on.
  virtual void network_signalled() = 0;
};

/// Registers and transfers of one chip. Without time: WORDS_* and STALLS count nothing, and a GET that gets no answer
/// fails at once, with one of its READs counted as lost.
class ModelNetwork final : public model::Network {
 public:
  /// The network at a place, nullptr if there is none.
  using Peers = std::function<ModelNetwork*(unsigned x, unsigned y)>;

  /// Both must live as long.
  ModelNetwork(model::Tile& tile, ModelChip& chip);

  /// Whom this chip reaches through its links; by default nobody. Stays through power_on().
  void join(Peers peers) { peers_ = std::move(peers); }

  void power_on();
  [[nodiscard]] bool interrupt() const;
  /// `offset` in the block, of a register that exists; writes to one that can be written.
  [[nodiscard]] std::uint32_t read(std::uint32_t offset) const { return values_[offset / 4]; }
  void write(std::uint32_t offset, std::uint32_t value);

  bool send(unsigned x, unsigned y, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) override;
  bool get(unsigned x, unsigned y, std::uint32_t from, std::uint32_t to, std::uint32_t bytes) override;
  void signal(unsigned x, unsigned y, unsigned semaphore, unsigned count) override;
  void finished() override { ++value(regs::net::transfers); }

 private:
  std::uint32_t& value(std::uint32_t offset) { return values_[offset / 4]; }
  ModelNetwork* find(unsigned x, unsigned y);
  void lose(std::uint32_t flits);
  std::uint32_t move_to(ModelNetwork& target, std::uint32_t to, std::uint32_t from, std::uint32_t bytes);

  model::Tile& tile_;
  ModelChip& chip_;
  Peers peers_;
  std::uint32_t flit_bytes_;
  std::array<std::uint32_t, regs::net::size / 4> values_{};
};

}  // namespace hilbert::device
