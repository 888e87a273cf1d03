// SPDX-License-Identifier: Apache-2.0
// The network of `model:` (rtl/net/README.md): flits in dimension order over the links of the model, without time.
#pragma once

#include <array>
#include <cstdint>
#include <hilbert/model/tile.hpp>
#include <hilbert/regs/net.hpp>
#include <optional>

#include "model_link.hpp"

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

/// Registers, links and transfers of one chip. Without time: STALLS count nothing, and a GET that gets no answer fails
/// at once, when the first of its READs is lost.
class ModelNetwork final : public model::Network {
 public:
  /// Both must live as long.
  ModelNetwork(model::Tile& tile, ModelChip& chip, const LinkShape& shape);
  ModelNetwork(const ModelNetwork&) = delete;
  ModelNetwork& operator=(const ModelNetwork&) = delete;

  void power_on();
  void pass(std::uint32_t clocks);
  [[nodiscard]] bool interrupt() const;
  /// `offset` from link_register_base, of a register that exists; writes to one that can be written.
  [[nodiscard]] std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, std::uint32_t value);

  [[nodiscard]] ModelLink& link(unsigned port) { return links_.at(port); }

  bool send(unsigned x, unsigned y, std::uint32_t to, std::uint32_t from, std::uint32_t bytes) override;
  bool get(unsigned x, unsigned y, std::uint32_t from, std::uint32_t to, std::uint32_t bytes) override;
  void signal(unsigned x, unsigned y, unsigned semaphore, unsigned count) override;
  void finished() override { ++value(regs::net::transfers); }

 private:
  enum class Op : std::uint32_t { write = 1, read = 2, data = 3, signal = 4 };
  struct Flit {
    Op op;
    std::uint32_t to;  ///< PLACE
    std::uint32_t words;
  };

  std::uint32_t& value(std::uint32_t offset) { return values_[offset / 4]; }
  [[nodiscard]] std::uint32_t place() const { return values_[regs::net::place / 4]; }
  [[nodiscard]] unsigned way(std::uint32_t to) const;
  [[nodiscard]] bool open(unsigned from, unsigned to) const;
  ModelNetwork* carry(const Flit& flit);
  void lose();
  void give_up_get();
  bool may_read(std::uint32_t address, std::uint32_t bytes);
  void store(const ModelNetwork& source, std::uint32_t to, std::uint32_t from, std::uint32_t bytes);

  model::Tile& tile_;
  ModelChip& chip_;
  std::uint32_t flit_bytes_;
  std::array<ModelLink, 4> links_;
  std::array<std::uint32_t, regs::net::size / 4> values_{};
};

}  // namespace hilbert::device
