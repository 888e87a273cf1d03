// SPDX-License-Identifier: Apache-2.0
// A product over a board, block by block; what an uncorrectable word poisons is computed again.
#include "hilbert/board_runtime.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <hilbert/error.hpp>
#include <utility>

#include "distributed/board_plan.hpp"
#include "distributed/board_runner.hpp"
#include "distributed/summa.hpp"
#include "runtime/panels.hpp"
#include "runtime/product.hpp"

namespace hilbert {

struct BoardRuntime::State {
  State(std::unique_ptr<Board> opened, const BoardRuntimeOptions& chosen)
      : options(chosen),
        board(std::move(opened)),
        geometry(board->device(0).capabilities().geometry),
        runner(*board, {.hang_clocks = chosen.hang_clocks}),
        grid(distributed::largest_grid(*board)) {
    shape.chip = geometry;
    shape.width = grid.width, shape.height = grid.height;
    shape.link_bytes = 2.0 * board->lanes();  // a symbol of 16 bits a lane a clock
    if (grid.chips() < board->size()) {
      spdlog::warn("{}: products use {} x {} of {} chips, the largest rectangle that is whole", board->uri(),
                   grid.width, grid.height, board->size());
    }
  }

  /// The chip's number on the board.
  [[nodiscard]] std::size_t number(unsigned x, unsigned y) const {
    const Place place{grid.origin.x + x, grid.origin.y + y};
    const auto& chips = board->file().chips;
    return static_cast<std::size_t>(std::ranges::find(chips, place) - chips.begin());
  }

  BoardRuntimeOptions options;
  std::unique_ptr<Board> board;
  model::Geometry geometry;
  distributed::BoardRunner runner;
  distributed::Grid grid;
  distributed::GridShape shape;
  BoardFigures figures;
};

namespace {

using distributed::Block;
using distributed::BoardPlan;

/// Copies columns [first, first + count) of panels [panel, panel + piece.panels()) between a whole matrix in panel
/// order and a piece of it: `first` and a piece that ends inside are multiples of Depth.
void copy_columns(const model::PanelLayout& whole, const model::PanelLayout& piece, std::uint32_t panel,
                  std::uint32_t first, const auto& each) {
  const std::uint64_t column = std::uint64_t{whole.panel_rows} * whole.element_bytes;
  const std::uint64_t bytes = std::uint64_t{piece.groups()} * whole.panel_rows * whole.depth * whole.element_bytes;
  for (std::uint32_t p = 0; p < piece.panels(); ++p) {
    each((panel + p) * whole.panel_bytes() + first * column, p * piece.panel_bytes(), bytes);
  }
}

Block::Bytes cut(const model::PanelLayout& whole, const Block::Bytes& image, model::PanelLayout piece,
                 std::uint32_t row, std::uint32_t first) {
  Block::Bytes bytes(piece.extent(piece.panel_bytes()));
  copy_columns(whole, piece, row / whole.panel_rows, first, [&](std::size_t from, std::size_t to, std::size_t size) {
    std::memcpy(bytes.data() + to, image.data() + from, size);
  });
  return bytes;
}

/// A product under way.
class BoardGemm {
 public:
  BoardGemm(BoardRuntime::State& state, const model::Gemm& job, std::span<const std::byte> a,
            std::span<const std::byte> b, std::span<const std::byte> c)
      : s_(state), g_(state.geometry), job_(job) {
    const auto bytes = [](model::FormatSpec f) { return static_cast<std::uint32_t>(model::element_bytes(f.format)); };
    const GemmShape shape{job.m, job.n, job.k, bytes(job.a), bytes(job.b), bytes(job.d), job.accumulate};
    const auto plan = distributed::plan_board_gemm(s_.shape, shape);
    if (!plan) {
      throw Error(ExitCode::bad_input,
                  fmt::format("not even one panel of each matrix fits into the {} bytes of a chip", g_.data_bytes()),
                  "GEMM", "use chips with more memory");
    }
    plan_ = *plan;
    a_ = a_layout(g_, job.m, job.k, shape.a_bytes), b_ = b_layout(g_, job.n, job.k, shape.b_bytes);
    c_ = d_layout(g_, job.m, job.n, 4), d_ = d_layout(g_, job.m, job.n, shape.d_bytes);
    a_image_ = packed(a_, a, model::Order::row_major), b_image_ = packed(b_, b, model::Order::transposed);
    if (job.accumulate) c_image_ = packed(c_, c, model::Order::row_major);
    d_image_.resize(d_.extent(d_.panel_bytes()));
    spdlog::debug(
        "GEMM {}x{}x{}: {} blocks on {} x {} chips, {} x {} a chip, {} steps of {}, {} places, estimated {:.0f} clocks",
        job.m, job.n, job.k, plan_.blocks_m * plan_.blocks_n, plan_.width, plan_.height, plan_.part_m, plan_.part_n,
        plan_.steps, plan_.part_k, plan_.slots, plan_.estimated_clocks);
  }

  CodesResult run(std::span<const std::byte> a, std::span<const std::byte> b, std::span<const std::byte> c) {
    const auto start = std::chrono::steady_clock::now();
    const std::uint64_t start_clocks = s_.board->clocks();
    figures_.chips = static_cast<unsigned>(s_.board->size());
    figures_.width = plan_.width, figures_.height = plan_.height, figures_.slots = plan_.slots;
    figures_.part_m = plan_.part_m, figures_.part_n = plan_.part_n, figures_.part_k = plan_.part_k;
    for (std::uint32_t m = 0; m < plan_.blocks_m; ++m) {
      for (std::uint32_t n = 0; n < plan_.blocks_n; ++n) compute(m, n);
    }

    CodesResult result;
    result.d.resize(std::size_t{job_.m} * job_.n * d_.element_bytes);
    unpack(d_, d_image_, result.d, d_.panel_bytes());
    result.flags =
        resolve_denormal(job_, first_flags_, later_flags_, a, b, job_.accumulate ? c : std::span<const std::byte>{});
    report_.macs = std::uint64_t{job_.m} * job_.n * job_.k;
    report_.clocks = s_.board->clocks() - start_clocks;
    report_.macs_per_clock = g_.rows * g_.cols * g_.depth * figures_.chips;
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.report = report_;
    s_.figures = figures_;
    return result;
  }

 private:
  void compute(std::uint32_t m, std::uint32_t n) {
    Block block = load(m, n);
    distributed::SummaPrograms work = distributed::summa(plan_, s_.grid.origin, g_, job_, block);
    std::vector<distributed::ChipProgram> programs(s_.board->size());
    std::vector<std::size_t> chip;
    for (unsigned y = 0; y < block.height; ++y) {
      for (unsigned x = 0; x < block.width; ++x) {
        chip.push_back(s_.number(x, y));
        programs[chip.back()] = std::move(work.programs[chip.size() - 1]);
      }
    }
    for (unsigned attempt = 0;; ++attempt) {
      const distributed::BoardRun run = s_.runner.run(programs);
      count(block, work, run, chip);
      if (run.poisoned.empty()) {
        for (std::size_t i = 0; i < chip.size(); ++i) flags(run.completions[chip[i]], work.first_product[i]);
        break;
      }
      if (attempt == s_.options.max_retries) {
        throw Error(
            ExitCode::machine,
            fmt::format("rows from {}, columns from {} of the result failed in all {} attempts, the last time: {}",
                        block.first_row, block.first_col, attempt + 1, run.poisoned),
            s_.board->uri(), "the memory of that chip is failing");
      }
      spdlog::warn("{}: block ({}, {}) is computed again: {}", s_.board->uri(), m, n, run.poisoned);
      ++report_.retries;
    }
    store(block);
  }

  /// The block with its operands, cut for the chips.
  Block load(std::uint32_t m, std::uint32_t n) {
    Block block;
    block.first_row = m * plan_.height * plan_.part_m, block.first_col = n * plan_.width * plan_.part_n;
    const auto parts = [](std::uint32_t first, std::uint32_t part, unsigned most, std::uint32_t end) {
      std::vector<std::uint32_t> sizes;
      for (; first < end && sizes.size() < most; first += part) sizes.push_back(std::min(part, end - first));
      return sizes;
    };
    block.rows = parts(block.first_row, plan_.part_m, plan_.height, job_.m);
    block.cols = parts(block.first_col, plan_.part_n, plan_.width, job_.n);
    block.depth = parts(0, plan_.part_k, plan_.steps, job_.k);
    block.height = static_cast<unsigned>(block.rows.size()), block.width = static_cast<unsigned>(block.cols.size());
    const auto pieces = [&](const model::PanelLayout& whole, const Block::Bytes& image, std::uint32_t first,
                            std::uint32_t rows) {
      std::vector<Block::Bytes> all;
      model::PanelLayout piece = whole;
      piece.rows = rows;
      for (std::uint32_t k = 0; k < job_.k; k += plan_.part_k) {
        piece.cols = std::min(plan_.part_k, job_.k - k);
        all.push_back(cut(whole, image, piece, first, k));
      }
      return all;
    };
    for (unsigned y = 0; y < block.height; ++y) {
      block.a.push_back(pieces(a_, a_image_, block.first_row + y * plan_.part_m, block.rows[y]));
    }
    for (unsigned x = 0; x < block.width; ++x) {
      block.b.push_back(pieces(b_, b_image_, block.first_col + x * plan_.part_n, block.cols[x]));
    }
    for (unsigned y = 0; y < block.height; ++y) {
      for (unsigned x = 0; x < block.width; ++x) {
        if (job_.accumulate) block.c.push_back(cut(c_, c_image_, piece(c_, block, x, y), row(block, y), col(block, x)));
        block.d.emplace_back(piece(d_, block, x, y).extent(piece(d_, block, x, y).panel_bytes()));
      }
    }
    return block;
  }

  void store(const Block& block) {
    for (unsigned y = 0; y < block.height; ++y) {
      for (unsigned x = 0; x < block.width; ++x) {
        const Block::Bytes& bytes = block.d[y * block.width + x];
        copy_columns(d_, piece(d_, block, x, y), row(block, y) / d_.panel_rows, col(block, x),
                     [&](std::size_t to, std::size_t from, std::size_t size) {
                       std::memcpy(d_image_.data() + to, bytes.data() + from, size);
                     });
      }
    }
  }

  void count(const Block& block, const distributed::SummaPrograms& work, const distributed::BoardRun& run,
             std::span<const std::size_t> chips) {
    const auto bytes = [](const auto& all) {
      std::uint64_t sum = 0;
      for (const auto& one : all) sum += one.size();
      return sum;
    };
    for (const auto& row : block.a) report_.bytes_up += bytes(row);
    for (const auto& col : block.b) report_.bytes_up += bytes(col);
    report_.bytes_up += bytes(block.c);
    report_.bytes_down += bytes(block.d);
    figures_.load_clocks += run.load_clocks, figures_.run_clocks += run.run_clocks;
    figures_.link_bytes += work.sent_bytes;
    ++figures_.blocks;
    for (const std::size_t chip : chips) {
      for (const model::Completion& done : run.completions[chip]) {
        report_ += work_of(done);
        figures_.steps += done.busy;
      }
    }
  }

  void flags(const std::vector<model::Completion>& completions, std::size_t first) {
    for (std::size_t i = 0; i < completions.size(); ++i) {
      (i == first ? first_flags_ : later_flags_) |= completions[i].flags;
    }
  }

  [[nodiscard]] model::PanelLayout piece(model::PanelLayout whole, const Block& block, unsigned x, unsigned y) const {
    whole.rows = block.rows[y], whole.cols = block.cols[x];
    return whole;
  }
  [[nodiscard]] std::uint32_t row(const Block& block, unsigned y) const { return block.first_row + y * plan_.part_m; }
  [[nodiscard]] std::uint32_t col(const Block& block, unsigned x) const { return block.first_col + x * plan_.part_n; }

  BoardRuntime::State& s_;
  const model::Geometry& g_;
  const model::Gemm& job_;
  BoardPlan plan_;
  model::PanelLayout a_, b_, c_, d_;
  Block::Bytes a_image_, b_image_, c_image_, d_image_;
  model::Flags first_flags_, later_flags_;
  Report report_;
  BoardFigures figures_;
};

}  // namespace

BoardRuntime::BoardRuntime(std::string_view uri, const BoardRuntimeOptions& options)
    : BoardRuntime(open_board(uri, options.board), options) {}
BoardRuntime::BoardRuntime(std::unique_ptr<Board> board, const BoardRuntimeOptions& options)
    : state_(std::make_unique<State>(std::move(board), options)) {}
BoardRuntime::~BoardRuntime() = default;
BoardRuntime::BoardRuntime(BoardRuntime&&) noexcept = default;

Board& BoardRuntime::board() { return *state_->board; }
const model::Geometry& BoardRuntime::geometry() const { return state_->geometry; }
double BoardRuntime::link_bytes() const { return state_->shape.link_bytes; }
const BoardFigures& BoardRuntime::figures() const { return state_->figures; }

CodesResult BoardRuntime::gemm_codes(const model::Gemm& job, std::span<const std::byte> a, std::span<const std::byte> b,
                                     std::span<const std::byte> c) {
  check_job(job, geometry().depth);
  check_codes(job, a, b, c);
  return BoardGemm(*state_, job, a, b, c).run(a, b, c);
}

GemmResult BoardRuntime::gemm(MatrixView<const float> a, MatrixView<const float> b, const GemmOptions& options) {
  return gemm_of_floats(a, b, options, geometry().depth,
                        [this](const model::Gemm& job, auto... codes) { return gemm_codes(job, codes...); });
}

}  // namespace hilbert
