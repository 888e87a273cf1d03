// SPDX-License-Identifier: Apache-2.0
// Command fuzz: near-valid commands and nonsense in every field, some of them batches of descriptors, in rounds. The
// answer must be what the reference model's descriptor check says of the whole command or of the first bad descriptor,
// the memory what the reference tile makes of it in one piece.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <hilbert/model/layout.hpp>
#include <hilbert/model/tile.hpp>
#include <hilbert/monitor.hpp>
#include <iostream>
#include <map>
#include <optional>
#include <span>
#include <support/native/controller.hpp>

#include "support/random.hpp"
#include "support/tool.hpp"

namespace hilbert::firmware {
namespace {

using model::Format;
using model::Opcode;
constexpr std::uint32_t round_records = 32;
constexpr std::uint32_t window = 4;  // commands after which the monitor meets the plan of an earlier one

struct Verdict {
  std::uint32_t status, field;
};

struct Record {
  MonitorWords words{};
  std::vector<model::Words> descriptors;  ///< of a batch; else none
};

/// A command as one descriptor, where its sizes fit one.
std::optional<model::Words> as_descriptor(const MonitorWords& c) {
  for (const unsigned word : {MONITOR_CMD_M, MONITOR_CMD_N, MONITOR_CMD_K}) {
    if (c[word] > 0xFFFF) return std::nullopt;
  }
  model::Words d{};
  d[0] = c[MONITOR_CMD_OPCODE] & ~MONITOR_HAS_SUMS;
  d[1] = c[MONITOR_CMD_TAG];
  d[2] = c[MONITOR_CMD_FORMATS];
  d[3] = c[MONITOR_CMD_M] | c[MONITOR_CMD_N] << 16;
  d[4] = c[MONITOR_CMD_K];
  for (unsigned i = 0; i < 8; ++i) d[5 + i] = c[MONITOR_CMD_A + i];
  d[13] = c[MONITOR_CMD_SEED];
  d[14] = c[MONITOR_CMD_ORIGIN];
  return d;
}

/// Status and field of a descriptor's check, the field as a word of the command.
Verdict translate(model::CheckResult check, const MonitorWords& c) {
  static constexpr std::array<std::uint32_t, 16> words{
      MONITOR_CMD_OPCODE,   MONITOR_CMD_TAG,      MONITOR_CMD_FORMATS,  MONITOR_CMD_M,
      MONITOR_CMD_K,        MONITOR_CMD_A,        MONITOR_CMD_B,        MONITOR_CMD_C,
      MONITOR_CMD_D,        MONITOR_CMD_A_STRIDE, MONITOR_CMD_B_STRIDE, MONITOR_CMD_C_STRIDE,
      MONITOR_CMD_D_STRIDE, MONITOR_CMD_SEED,     MONITOR_CMD_ORIGIN,   MONITOR_CMD_OPCODE};
  Verdict v{static_cast<std::uint32_t>(check.status), words[check.field]};
  if (check.field == 3 && c[MONITOR_CMD_M] != 0) v.field = MONITOR_CMD_N;
  return v;
}

class Fuzz {
 public:
  Fuzz(std::string_view uri, std::uint64_t seed)
      : inner_(open_device(uri)), controller_(*inner_), g_(inner_->capabilities().geometry), seed_(seed) {
    restart();
  }

  /// Nothing, or what was wrong in words.
  std::optional<std::string> round(std::uint64_t index) {
    random_ = Random(seed_ * 0x9E3779B97F4A7C15u + index);
    model::Tile tile(g_);
    const std::uint32_t data = monitor_->base();
    for (std::byte& b : tile.memory().first(data)) b = static_cast<std::byte>(random_());
    inner_->write_words(0, tile.memory().first(data));

    std::vector<Record> records(round_records);
    for (std::uint32_t i = 0; i < round_records; ++i) {
      if (random_.below(5) == 0) {
        records[i] = batch();
      } else if (i >= window && random_.below(3) == 0) {
        records[i].words = like(records[i - window].words);
      } else {
        records[i].words = random_.below(4) == 0 ? noise() : near_valid();
      }
    }
    const MonitorTicket first = monitor_->submitted();
    const std::uint32_t refused_before = inner_->read_register(0x80000000u + regs_errors);
    for (const Record& r : records) {
      if (r.descriptors.empty()) {
        monitor_->submit(r.words);
      } else {
        monitor_->submit(r.descriptors, r.words[MONITOR_CMD_TAG]);
      }
    }
    monitor_->drain();

    follows_ = true;
    tile_refuses_ = false;
    for (std::uint32_t i = 0; i < round_records; ++i) {
      const MonitorWords& c = records[i].words;
      const MonitorAnswer& answer = monitor_->wait(first + i);
      const auto wrong = [&](const std::string& what) {
        std::string text =
            fmt::format("record {}: {}; answer {} field {}; words", i, what, describe(answer), answer.field);
        for (const std::uint32_t w : c) text += fmt::format(" {:x}", w);
        for (const model::Words& d : records[i].descriptors) {
          text += "; descriptor";
          for (const std::uint32_t w : d) text += fmt::format(" {:x}", w);
        }
        return text;
      };
      ++seen_[{answer.status, c[0] & 0xFF}];
      if (answer.tag != c[MONITOR_CMD_TAG]) return wrong("another tag");
      if (answer.opcode != (c[0] & 0xFF)) return wrong("another opcode");
      if (!records[i].descriptors.empty()) {
        if (const auto what = judge_batch(records[i].descriptors, answer, tile)) return wrong(*what);
        continue;
      }
      const auto verdict = judge(c, tile);
      if (!verdict) {
        if (answer.status == MONITOR_OK && (c[0] & 0xFF) < MONITOR_PING) follows_ = false;
        if (answer.status == MONITOR_JOB_ERROR || answer.status > MONITOR_PROTECTED) return wrong("no refusal");
        continue;
      }
      if (verdict->status != answer.status || (answer.status != MONITOR_OK && verdict->field != answer.field)) {
        return wrong(fmt::format("expected status {} field {}", verdict->status, verdict->field));
      }
    }
    if (follows_) {
      std::vector<std::byte> memory(data);
      inner_->read_words(0, memory);
      if (!std::equal(memory.begin(), memory.end(), tile.memory().begin())) return "memory differs from the model's";
      ++compared_;
    }
    if (!tile_refuses_ && inner_->read_register(0x80000000u + regs_errors) != refused_before) {
      return "the tile had to refuse a descriptor that the monitor made";
    }
    return std::nullopt;
  }

  [[nodiscard]] std::uint64_t compared() const { return compared_; }
  [[nodiscard]] const auto& seen() const { return seen_; }
  [[nodiscard]] std::uint32_t watchdog_resets() { return monitor_health(controller_).watchdog_resets; }

 private:
  static constexpr std::uint32_t regs_errors = 0xF0;  // PERF_ERRORS

  void restart() {
    start_monitor(controller_, {.tests = 0, .watchdog_clocks = 4'000'000});
    monitor_ = std::make_unique<Monitor>(controller_);
  }
  bool coin() { return random_.below(2) == 0; }

  /// What must come of a command; runs it on the reference tile. Nothing where only the monitor's own rules decide.
  std::optional<Verdict> judge(const MonitorWords& c, model::Tile& tile) {
    const std::uint32_t opcode = c[0] & 0xFF;
    if (opcode == MONITOR_BATCH) return judge_batch_head(c);
    if (opcode >= MONITOR_PING && opcode <= MONITOR_SELFTEST) return std::nullopt;
    if (opcode < MONITOR_GEMM || opcode > MONITOR_FILL) return Verdict{MONITOR_BAD_OPCODE, 0};
    const auto descriptor = as_descriptor(c);
    if (!descriptor) return std::nullopt;
    const bool sums = (c[0] & MONITOR_HAS_SUMS) != 0;
    if (((*descriptor)[0] & 0x2000) != 0 || (sums && opcode != MONITOR_GEMM)) return Verdict{MONITOR_BAD_OPTION, 0};
    const model::CheckResult check = model::check(*descriptor, g_);
    const bool beyond = sums || c[MONITOR_CMD_SUMS] != 0 || c[MONITOR_CMD_SUMS_STRIDE] != 0 ||
                        c[MONITOR_CMD_BLOCK_K] != 0 ||
                        std::any_of(c.begin() + MONITOR_CMD_ARGUMENT, c.begin() + MONITOR_CMD_CHECK,
                                    [](std::uint32_t w) { return w != 0; });
    // Range and overlap are looked at after what a descriptor does not have.
    if (check.status != model::Status::ok && (!beyond || check.status < model::Status::out_of_range)) {
      return translate(check, c);
    }
    if (beyond && (check.status != model::Status::ok || !cuts_k_alone(c))) return std::nullopt;
    if (writes_area(*descriptor)) return Verdict{MONITOR_PROTECTED, MONITOR_CMD_D};
    if (reads_area(*descriptor)) follows_ = false;
    tile.run(*descriptor);
    return Verdict{MONITOR_OK, 0};
  }

  /// A batch without descriptors of its own: what is in its slot is an older one's, unless it is refused at once.
  std::optional<Verdict> judge_batch_head(const MonitorWords& c) {
    if (c[0] != MONITOR_BATCH) return Verdict{MONITOR_BAD_OPTION, 0};
    if (c[MONITOR_CMD_COUNT] == 0 || c[MONITOR_CMD_COUNT] > monitor_->batch_limit()) {
      return Verdict{MONITOR_BAD_SIZE, MONITOR_CMD_COUNT};
    }
    follows_ = false;
    tile_refuses_ = true;
    return std::nullopt;
  }

  /// What is wrong with the answer, if anything is.
  std::optional<std::string> judge_batch(const std::vector<model::Words>& batch, const MonitorAnswer& answer,
                                         model::Tile& tile) {
    const std::optional<unsigned> failed = MonitorBatch::failed(answer);
    for (unsigned i = 0; i < batch.size(); ++i) {
      const model::Words& d = batch[i];
      const std::uint32_t opcode = d[0] & 0xFF;
      const model::CheckResult check = model::check(d, g_);
      Verdict verdict{static_cast<std::uint32_t>(check.status), check.field};
      bool by_monitor = true;
      if (opcode == 0 || opcode > 5) {
        verdict = {MONITOR_BAD_OPCODE, 0};
      } else if (check.status == model::Status::ok && opcode != 5 && writes_area(d)) {
        verdict = {MONITOR_PROTECTED, 8};
      } else if (check.status != model::Status::ok && answer.status == MONITOR_PROTECTED && failed == i) {
        verdict = {MONITOR_PROTECTED, 8};  // of one that is wrong otherwise too
      } else {
        by_monitor = false;
      }
      if (verdict.status != MONITOR_OK) {
        tile_refuses_ = tile_refuses_ || !by_monitor;
        if (!by_monitor && i + 1 != batch.size()) follows_ = false, tile_refuses_ = true;  // others run behind it
        if (failed != i || answer.status != verdict.status || answer.field != verdict.field) {
          return fmt::format("expected status {} field {} of descriptor {}", verdict.status, verdict.field, i);
        }
        return std::nullopt;
      }
      if (failed && *failed <= i) return fmt::format("descriptor {} is good", i);
      if (opcode != 5 && reads_area(d)) follows_ = false;
      const auto done = tile.run(d);
      if (follows_ && MonitorBatch::flags(answer, i).bits != done->flags.bits) {
        return fmt::format("flags of descriptor {}: {} instead of {}", i,
                           model::to_string(MonitorBatch::flags(answer, i)), model::to_string(done->flags));
      }
    }
    return failed ? std::optional("nothing is wrong with it") : std::nullopt;
  }

  /// Mostly good descriptors; no waiting for semaphores, which nobody signals.
  Record batch() {
    Record r;
    r.words[MONITOR_CMD_OPCODE] = MONITOR_BATCH;
    r.words[MONITOR_CMD_TAG] = static_cast<std::uint32_t>(random_());
    const std::uint32_t count = 1 + random_.below(monitor_->batch_limit());
    while (r.descriptors.size() < count) {
      const auto made = as_descriptor(random_.below(16) == 0 ? noise() : near_valid());
      if (!made) continue;
      model::Words d = *made;
      if (random_.below(16) == 0) d[0] = 5 + random_.below(5);
      if (random_.below(16) == 0) d[1 + random_.below(14)] ^= 1u << random_.below(32);
      if (random_.below(16) == 0) d[15] = static_cast<std::uint32_t>(random_()) & 0xFFFF00FF;
      if (model::check(d, g_).status == model::Status::ok || random_.below(6) == 0) r.descriptors.push_back(d);
    }
    return r;
  }

  /// Whether all that a command has beyond a descriptor is a cut of K where D holds the sums.
  static bool cuts_k_alone(const MonitorWords& c) {
    const bool sums = (c[0] & MONITOR_HAS_SUMS) != 0 || c[MONITOR_CMD_SUMS] != 0 || c[MONITOR_CMD_SUMS_STRIDE] != 0;
    const bool fp32 = (c[MONITOR_CMD_FORMATS] & 0x3FF00000) == 0;
    return !sums && fp32 && (c[0] & 0xFF) == MONITOR_GEMM &&
           std::all_of(c.begin() + MONITOR_CMD_ARGUMENT, c.begin() + MONITOR_CMD_CHECK,
                       [](std::uint32_t w) { return w == 0; });
  }

  bool meets_area(model::Region at, std::uint32_t rows, std::uint32_t cols, std::uint32_t panel_rows, Format f,
                  bool words) const {
    std::uint64_t panels = rows, bytes = std::uint64_t{cols} * g_.word_bytes();
    if (!words) {
      const model::PanelLayout l{
          rows, cols, panel_rows, g_.depth, static_cast<std::uint32_t>(model::element_bytes(f)), g_.word_bytes()};
      panels = l.panels();
      bytes = l.panel_bytes();
    }
    const std::uint64_t end = at.base + (panels - 1) * at.stride + bytes;
    return at.base < monitor_->base() + MONITOR_AREA_BYTES(monitor_->slots()) && end > monitor_->base();
  }
  bool writes_area(const model::Words& words) const {
    const auto j = model::Descriptor::unpack(words);
    return meets_area(j.d_at, j.m, j.n, g_.rows, j.d.format, j.opcode == Opcode::copy || j.opcode == Opcode::fill);
  }
  /// The reference tile does not have what the shared area holds.
  bool reads_area(const model::Words& words) const {
    const auto j = model::Descriptor::unpack(words);
    if (j.opcode == Opcode::fill) return false;
    if (j.opcode == Opcode::copy) return meets_area(j.a_at, j.m, j.n, 1, Format::fp32, true);
    if (j.opcode == Opcode::convert) return meets_area(j.a_at, j.m, j.n, g_.rows, j.a.format, false);
    return meets_area(j.a_at, j.m, j.k, g_.rows, j.a.format, false) ||
           meets_area(j.b_at, j.n, j.k, g_.cols, j.b.format, false) ||
           (j.accumulate && meets_area(j.c_at, j.m, j.n, g_.rows, Format::fp32, false));
  }

  MonitorWords noise() {
    MonitorWords c{};
    for (std::uint32_t& w : c) {
      w = coin() ? 0 : static_cast<std::uint32_t>(random_());
    }
    if (coin()) c[0] = 1 + random_.below(5);
    if (random_.below(8) == 0) c[0] = MONITOR_BATCH;
    if (coin()) c[0] = (c[0] & 0xFF) | random_.below(64) << 8;
    if ((c[0] & 0xFF) == MONITOR_SELFTEST) c[0] = MONITOR_PING;  // it would destroy what is compared
    return c;
  }

  /// One field wrong.
  void disturb(MonitorWords& c) {
    std::uint32_t& w = c[3 + random_.below(MONITOR_CMD_CHECK - 3)];
    switch (random_.below(5)) {
      case 0:
        w = static_cast<std::uint32_t>(random_());
        break;
      case 1:
        w ^= 1u << random_.below(32);
        break;
      case 2:
        w = 0;
        break;
      case 3:
        w += g_.word_bytes();
        break;
      default:
        w = 0xFFFFFFFFu << random_.below(32);
    }
  }

  /// A command of the same shape at other places.
  MonitorWords like(MonitorWords c) {
    const std::uint32_t words = g_.data_bytes() / g_.word_bytes();
    const bool in_place = c[MONITOR_CMD_C] == c[MONITOR_CMD_D];
    for (unsigned word = MONITOR_CMD_A; word <= MONITOR_CMD_D; ++word) {
      if (c[word] != 0 && coin()) c[word] = random_.below(words) * g_.word_bytes();
    }
    if (in_place && coin()) c[MONITOR_CMD_C] = c[MONITOR_CMD_D];
    if (random_.below(8) == 0) c[MONITOR_CMD_OPCODE] ^= 1u << random_.below(16);
    if ((c[0] & 0xFF) == MONITOR_SELFTEST) c[0] = MONITOR_PING;  // it would destroy what is compared
    c[MONITOR_CMD_TAG] = static_cast<std::uint32_t>(random_());
    if (random_.below(3) == 0) disturb(c);
    return c;
  }

  MonitorWords near_valid() {
    const std::uint32_t end = random_.below(200) == 0 ? g_.data_bytes() : monitor_->base();
    MonitorJob j;
    j.opcode = static_cast<Opcode>(1 + random_.below(4));
    const auto format = [&](unsigned first) {
      model::FormatSpec f{static_cast<Format>(first + random_.below(7 - first)), 0};
      if (model::has_tensor_bias(f.format)) f.bias = static_cast<std::uint8_t>(random_.below(64));
      return f;
    };
    const bool gemm = j.opcode == Opcode::gemm, convert = j.opcode == Opcode::convert;
    j.m = 1 + random_.below(3 * g_.rows);
    j.n = 1 + random_.below(gemm || convert ? 3 * g_.cols : 6);
    if (gemm) j.k = 1 + random_.below(6 * g_.depth);
    if (gemm || convert) {
      j.a = format(gemm ? 1 : 0);
      j.d = format(0);
      j.relu = coin(), j.saturate = coin(), j.literal = coin(), j.stochastic = coin();
      if (j.stochastic) {
        j.seed = static_cast<std::uint32_t>(random_());
        j.row0 = static_cast<std::uint16_t>(random_()), j.col0 = static_cast<std::uint16_t>(random_());
      }
    }
    if (gemm) j.b = format(1), j.accumulate = coin();
    if (j.opcode == Opcode::fill) j.seed = static_cast<std::uint32_t>(random_());
    const std::uint32_t word = g_.word_bytes();
    const auto at = [&](std::uint32_t rows, std::uint32_t cols, std::uint32_t panel_rows, Format f) {
      std::uint64_t bytes = std::uint64_t{cols} * word;
      if (gemm || convert) {
        bytes =
            model::PanelLayout{rows, cols, panel_rows, g_.depth, static_cast<std::uint32_t>(model::element_bytes(f)),
                               word}
                .panel_bytes();
      }
      return model::Region{random_.below(end / word) * word,
                           static_cast<std::uint32_t>(bytes) + random_.below(2) * word};
    };
    if (j.opcode != Opcode::fill) j.a_at = at(j.m, gemm ? j.k : j.n, g_.rows, j.a.format);
    if (gemm) j.b_at = at(j.n, j.k, g_.cols, j.b.format);
    j.d_at = at(j.m, j.n, g_.rows, j.d.format);
    if (j.accumulate) j.c_at = random_.below(3) == 0 ? j.d_at : at(j.m, j.n, g_.rows, Format::fp32);
    if (coin()) j.block_m = 1 + random_.below(2 * g_.rows);
    if (coin()) j.block_n = 1 + random_.below(2 * g_.cols);
    if (gemm && j.d.format == Format::fp32 && coin()) j.block_k = 1 + random_.below(3 * g_.depth);
    MonitorWords c = j.pack();
    c[MONITOR_CMD_TAG] = static_cast<std::uint32_t>(random_());
    if (random_.below(3) == 0) disturb(c);
    return c;
  }

  std::unique_ptr<Device> inner_;
  NativeController controller_;
  model::Geometry g_;
  std::uint64_t seed_, compared_ = 0;
  bool tile_refuses_ = false;  ///< a descriptor of a batch
  bool follows_ = true;        ///< whether the reference tile's memory can still be compared
  Random random_{1};
  std::unique_ptr<Monitor> monitor_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> seen_;
};

int run(int argc, char** argv) {
  std::string device = "model:small";
  std::uint64_t seed = 1, records = 50000, first = 0;
  cli::ProgramOptions options("monitor_fuzz", "Random commands to the monitor, against the reference model.");
  options.text("device", device, "URI", "what to run on");
  options.number("seed", seed, any_seed<std::uint64_t>, "of everything");
  options.number("records", records, test::count_range, "how many, in rounds of 32");
  options.number("first", first, test::first_range, "number of the first round");
  if (!options.parse({argv + 1, argv + argc})) return 0;
  Fuzz fuzz(device, seed);
  const std::uint64_t rounds = (records + round_records - 1) / round_records;
  for (std::uint64_t i = first; i < first + rounds; ++i) {
    if (const auto wrong = fuzz.round(i)) {
      std::cout << fmt::format(
          "round {}: {}\nreproduce: bin/monitor_fuzz --device {} --seed {} --first {} --records {}\n", i, *wrong,
          device, seed, i, round_records);
      return 1;
    }
  }
  std::cout << fmt::format("{} commands on {}, seed {}; memory compared after {} of {} rounds; {} watchdog resets\n",
                           rounds * round_records, device, seed, fuzz.compared(), rounds, fuzz.watchdog_resets());
  std::map<std::uint32_t, std::uint64_t> by_status;
  for (const auto& [key, count] : fuzz.seen()) by_status[key.first] += count;
  for (const auto& [status, count] : by_status) {
    MonitorAnswer answer;
    answer.status = static_cast<std::uint8_t>(status);
    const std::string text = describe(answer);
    std::cout << fmt::format("  {:<16} {}\n", text.substr(0, text.find_first_of(" :")), count);
  }
  return fuzz.watchdog_resets() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace hilbert::firmware

int main(int argc, char** argv) {
  return hilbert::test::exit_code_of("monitor_fuzz", [&] { return hilbert::firmware::run(argc, argv); });
}
