// SPDX-License-Identifier: Apache-2.0
// Random chains and their expectation, by the reference tile, a command in one piece.
#include "chaos_work.hpp"

#include <algorithm>
#include <hilbert/model/layout.hpp>
#include <hilbert/model/tile.hpp>
#include <optional>

#include "support/random.hpp"

namespace hilbert::firmware {
namespace {

using model::Format;
using model::Opcode;

class Generator {
 public:
  Generator(Random& random, const model::Geometry& g, Zone zone) : random_(random), g_(g), zone_(zone) {}

  /// A job within the zone that the tile accepts; nothing if this throw of the dice has none.
  std::optional<MonitorJob> job() {
    MonitorJob j;
    j.opcode = random_.below(2) == 0 ? Opcode::gemm : static_cast<Opcode>(1 + random_.below(4));
    const bool gemm = j.opcode == Opcode::gemm, convert = j.opcode == Opcode::convert;
    j.m = 1 + random_.below(3 * g_.rows);
    j.n = 1 + random_.below(gemm || convert ? 3 * g_.cols : 8);
    if (gemm) {
      j.k = 1 + random_.below(8 * g_.depth);
      j.b = format(1);
      j.accumulate = coin();
    }
    if (gemm || convert) {
      j.a = format(gemm ? 1 : 0);
      j.d = format(0);
      j.relu = coin(), j.saturate = coin(), j.literal = coin(), j.stochastic = coin();
      if (j.stochastic) {
        j.seed = static_cast<std::uint32_t>(random_());
        j.row0 = static_cast<std::uint16_t>(random_()), j.col0 = static_cast<std::uint16_t>(random_());
      }
    }
    if (j.opcode == Opcode::fill) j.seed = static_cast<std::uint32_t>(random_());
    const bool words = !gemm && !convert;
    bool inside = true;
    const auto at = [&](std::uint32_t rows, std::uint32_t cols, std::uint32_t panel_rows, Format f) {
      model::PanelLayout l{
          rows, cols, panel_rows, g_.depth, static_cast<std::uint32_t>(model::element_bytes(f)), g_.word_bytes()};
      const std::uint32_t panels = words ? rows : static_cast<std::uint32_t>(l.panels());
      const std::uint32_t bytes = words ? cols * g_.word_bytes() : static_cast<std::uint32_t>(l.panel_bytes());
      const std::uint32_t extent = panels * bytes;
      if (extent > zone_.bytes) {
        inside = false;
        return model::Region{};
      }
      return model::Region{zone_.base + random_.below((zone_.bytes - extent) / g_.word_bytes() + 1) * g_.word_bytes(),
                           bytes};
    };
    if (j.opcode != Opcode::fill) j.a_at = at(j.m, gemm ? j.k : j.n, g_.rows, j.a.format);
    if (gemm) j.b_at = at(j.n, j.k, g_.cols, j.b.format);
    j.d_at = at(j.m, j.n, g_.rows, j.d.format);
    if (j.accumulate) j.c_at = coin() && j.d.format == Format::fp32 ? j.d_at : at(j.m, j.n, g_.rows, Format::fp32);
    if (coin()) j.block_m = 1 + random_.below(2 * g_.rows);
    if (coin()) j.block_n = 1 + random_.below(2 * g_.cols);
    if (gemm && j.d.format == Format::fp32 && coin()) j.block_k = 1 + random_.below(3 * g_.depth);
    if (!inside) return std::nullopt;
    return j;
  }

  bool coin() { return random_.below(2) == 0; }

 private:
  model::FormatSpec format(unsigned first) {
    model::FormatSpec f{static_cast<Format>(first + random_.below(7 - first)), 0};
    if (model::has_tensor_bias(f.format)) f.bias = static_cast<std::uint8_t>(random_.below(64));
    return f;
  }

  Random& random_;
  const model::Geometry& g_;
  Zone zone_;
};

model::Words as_descriptor(const MonitorJob& j) {
  model::Descriptor d;
  d.opcode = j.opcode;
  d.accumulate = j.accumulate, d.relu = j.relu, d.saturate = j.saturate;
  d.stochastic = j.stochastic, d.literal = j.literal;
  d.a = j.a, d.b = j.b, d.d = j.d;
  d.m = static_cast<std::uint16_t>(j.m), d.n = static_cast<std::uint16_t>(j.n), d.k = static_cast<std::uint16_t>(j.k);
  d.a_at = j.a_at, d.b_at = j.b_at, d.c_at = j.c_at, d.d_at = j.d_at;
  d.seed = j.seed, d.row0 = j.row0, d.col0 = j.col0;
  return d.pack();
}

}  // namespace

Chain random_chain(Random& random, const model::Geometry& g, Zone zone, std::size_t most, std::size_t most_batch) {
  Generator generator(random, g, zone);
  model::Tile tile(g);
  const auto memory = tile.memory().subspan(zone.base, zone.bytes);
  for (std::byte& b : memory) b = static_cast<std::byte>(random());
  Chain chain{zone, {memory.begin(), memory.end()}, {}, {}};
  const std::size_t count = 1 + random.below(most);
  while (chain.commands.size() < count) {
    ChainCommand command;
    if (random.below(16) == 0) {
      command.words[MONITOR_CMD_OPCODE] = MONITOR_PING;
      command.words[MONITOR_CMD_ARGUMENT] = static_cast<std::uint32_t>(random());
    } else if (random.below(3) == 0) {
      const std::size_t jobs = 1 + random.below(most_batch);
      while (command.batch.size() < jobs) {
        const auto job = generator.job();
        if (!job || model::check(as_descriptor(*job), g).status != model::Status::ok) continue;
        command.batch.push_back(as_descriptor(*job));
        command.flags |= tile.run(command.batch.back())->flags;
      }
    } else {
      const auto job = generator.job();
      if (!job || model::check(as_descriptor(*job), g).status != model::Status::ok) continue;
      command.words = job->pack();
      command.flags = tile.run(as_descriptor(*job))->flags;
      command.denormal_may_differ = job->block_k != 0 && job->block_k < job->k;
    }
    command.words[MONITOR_CMD_TAG] = static_cast<std::uint32_t>(random());
    chain.commands.push_back(command);
  }
  chain.after.assign(memory.begin(), memory.end());
  return chain;
}

}  // namespace hilbert::firmware
