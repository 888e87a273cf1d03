// SPDX-License-Identifier: Apache-2.0
// One matrix product on one device: uploads, jobs and downloads overlapped, poisoned blocks computed again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <hilbert/memory.hpp>
#include <hilbert/model/gemm.hpp>
#include <hilbert/runtime.hpp>

#include "runtime/job_runner.hpp"
#include "runtime/plan.hpp"

namespace hilbert {

/// Works on two result blocks at a time: while the array computes one, the operands of the next are uploaded and the
/// results of the one before are downloaded. Operands stay on the device until their slot is needed.
class BlockedGemm {
 public:
  /// Checks the job, plans it and takes the device memory it needs.
  BlockedGemm(Device& device, JobRunner& jobs, DeviceMemory& memory, const model::Gemm& job, unsigned max_retries,
              std::uint32_t& next_tag);

  CodesResult run(std::span<const std::byte> a, std::span<const std::byte> b, std::span<const std::byte> c);

  [[nodiscard]] const BlockPlan& plan() const { return plan_; }

 private:
  /// A whole operand in panel order in host memory, and the slots on the device that hold pieces of it.
  struct Operand {
    struct Slot {
      Buffer buffer;
      std::optional<std::pair<std::uint32_t, std::uint32_t>> holds;  ///< number of the block along M or N, and along K
      std::optional<Ticket> last_user;
    };
    model::PanelLayout layout;
    std::uint32_t block_rows = 0;
    std::vector<std::byte> image;
    std::array<Slot, 2> slots;
    unsigned next = 0;  ///< slot to be filled next
  };
  /// A piece of an operand: where it lies on the device, and whether it must be brought there.
  struct Piece {
    model::PanelLayout layout;
    std::uint32_t address = 0, first_row = 0, first_k = 0;
    bool absent = false;
    std::optional<Ticket> free_after;  ///< the job that used the slot last, if absent
    [[nodiscard]] model::Region region() const { return {address, static_cast<std::uint32_t>(layout.panel_bytes())}; }
  };
  struct Block {
    std::uint32_t m = 0, n = 0;  ///< numbers along M and N
    unsigned attempts = 0;
  };
  /// A result block whose jobs have been submitted but whose result has not been fetched, or not been judged.
  struct Flight {
    Block block;
    std::vector<Ticket> jobs;
    model::Flags first_flags, later_flags;  ///< of the job with the first step of K, of the others
    std::string trouble;                    ///< why it must be computed again
    bool own = false;                       ///< the trouble is not that of jobs before it
  };

  void launch(const Block& block, unsigned slot);
  void retire(unsigned slot);
  void repeat(const Block& block, const std::string& trouble, bool own);
  void absorb();
  void resolve();
  void run_blocks();
  Piece reserve(Operand& operand, std::uint32_t index, std::uint32_t step, Ticket user);
  void bring(const Operand& operand, const Piece& piece);
  model::Descriptor job_of(const Block& block, unsigned slot, std::uint32_t step, const Piece& a, const Piece& b);
  void upload_c(const Block& block, std::uint32_t address);
  void download(const Block& block, unsigned slot);

  [[nodiscard]] std::uint32_t rows_of(const Block& t) const {
    return std::min(plan_.block_m, job_.m - t.m * plan_.block_m);
  }
  [[nodiscard]] std::uint32_t cols_of(const Block& t) const {
    return std::min(plan_.block_n, job_.n - t.n * plan_.block_n);
  }
  void write(std::uint32_t address, std::span<const std::byte> bytes);

  Device& device_;
  JobRunner& jobs_;
  model::Gemm job_;
  model::Geometry geometry_;
  unsigned max_retries_;
  std::uint32_t& next_tag_;
  BlockPlan plan_;
  unsigned copies_ = 2;
  Operand a_, b_;
  std::array<Buffer, 2> results_;
  std::span<const std::byte> a_codes_, b_codes_, c_codes_;
  std::vector<std::byte> c_image_, d_image_, scratch_;
  std::deque<Block> todo_;
  std::array<std::optional<Flight>, 2> flights_;
  std::deque<Flight> landed_;  ///< fetched; how their jobs ended is not yet known
  Ticket absorbed_ = 0;
  model::Flags first_flags_, later_flags_;
  Report report_;
};

}  // namespace hilbert
