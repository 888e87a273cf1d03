// SPDX-License-Identifier: Apache-2.0
// descriptor_fuzz: the command line.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <memory>

#include "fuzz.hpp"
#include "support/descriptors.hpp"
#include "support/tool.hpp"

namespace hilbert::test {
namespace {

struct Settings {
  std::string device = "sim:small";
  std::uint64_t seed = run_seed();
  std::uint64_t first = 0, descriptors = 10000;
  double stall_probability = 0.02;
};

constexpr unsigned refusals = 9;  // of rtl/README.md: statuses 1 to 9

/// What was met, as a table; returns whether that many descriptors can be expected to have met everything, and did.
bool report(const Fuzz& fuzz, std::uint64_t descriptors, bool network) {
  std::map<unsigned, std::uint64_t> by_status, good_by_opcode;
  for (const auto& [key, count] : fuzz.seen()) {
    by_status[static_cast<unsigned>(key.first)] += count;
    if (key.first == model::Status::ok) good_by_opcode[key.second] += count;
  }
  std::string line = "  ran:    ";
  bool all = true;
  for (unsigned o = 1; o <= (network ? 8U : 5U); ++o) {
    line += fmt::format(" {} {}", model::to_string(static_cast<model::Opcode>(o)), good_by_opcode[o]);
    all = all && good_by_opcode[o] > 0;
  }
  line += fmt::format("; {} waited for the host\n", fuzz.waits());
  if (network) {
    line += fmt::format("  of the transfers {} to nobody, {} from themselves\n", fuzz.nowhere(), fuzz.entangled());
    all = all && fuzz.nowhere() > 0 && fuzz.entangled() > 0;
  }
  line += "  refused:";
  for (unsigned s = 1; s <= refusals; ++s) {
    line += fmt::format(" {} {}", model::to_string(static_cast<model::Status>(s)), by_status[s]);
    all = all && by_status[s] > 0;
  }
  std::cout << line << '\n';
  constexpr std::uint64_t enough = 3000;
  return all || descriptors < enough;
}

ExitCode fuzz(const Settings& s) {
  const std::unique_ptr<Device> device =
      open_device(s.device, {.trace_path = {}, .seed = s.seed, .stall_probability = s.stall_probability});
  const model::Geometry geometry = device->capabilities().geometry;
  Fuzz fuzz(*device);
  const std::uint64_t begin = s.first / batch_jobs, end = (s.first + s.descriptors + batch_jobs - 1) / batch_jobs;
  std::cout << fmt::format("{}: descriptors {} to {}, seed {}\n", s.device, begin * batch_jobs, end * batch_jobs - 1,
                           s.seed)
            << std::flush;
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t index = begin; index < end; ++index) {
    const Batch batch = make_batch(geometry, s.seed, index);
    std::optional<Failure> failure;
    ExitCode code = ExitCode::check_failed;
    try {
      failure = fuzz.run(batch);
    } catch (const Error& error) {  // the port hangs, or memory is damaged
      failure = Failure{std::nullopt, error.what()};
      code = error.code();
    }
    if (!failure) continue;
    const auto print_job = [&](std::uint32_t job) {
      std::cout << fmt::format("  descriptor {} (job {}): {}\n", index * batch_jobs + job, job, print(batch.jobs[job]));
    };
    std::cout << fmt::format("FAIL in batch {}: {}\n", index, failure->what);
    if (failure->job) {
      print_job(*failure->job);
    } else {
      for (std::uint32_t job = 0; job < batch.jobs.size(); ++job) print_job(job);
    }
    std::cout << fmt::format(
        "reproduce: bin/descriptor_fuzz --device {} --seed {}{} --first {} --descriptors 1\n", s.device, s.seed,
        s.stall_probability > 0 ? fmt::format(" --stall {}", s.stall_probability) : "", index * batch_jobs);
    return code;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const std::uint64_t count = (end - begin) * batch_jobs;
  std::cout << fmt::format("{} descriptors in {:.1f} s, {} clocks\n", count, seconds, device->clocks());
  if (report(fuzz, count, geometry.links != 0)) return ExitCode::good;
  std::cout << "FAIL: an opcode never ran or a refusal was never met: the fuzz has lost its reach\n";
  return ExitCode::check_failed;
}

ExitCode run(int argc, char** argv) {
  Settings s;
  cli::ProgramOptions options(
      "descriptor_fuzz",
      "Runs random and near-valid descriptors on a device and compares completions, memory and semaphores with the\n"
      "reference model, those of transfers with a chip alone (4x8x2, node); every job must end in time. Exit code 1: a "
      "difference, 2: usage, 3: the device failed");
  options.text("device,d", s.device, "URI", "what to run on");
  options.number("seed", s.seed, any_seed<std::uint64_t>, "of everything random; default HILBERT_SEED or 1");
  options.number("first", s.first, first_range, "first descriptor; the batch of 32 that it is in is run");
  options.number("descriptors,n", s.descriptors, count_range, "how many, up to whole batches");
  options.number("stall", s.stall_probability, cli::stall_range,
                 "sim: probability of a stall of the host port in a clock");
  if (!options.parse({argv + 1, argv + argc})) return ExitCode::good;
  options.only({"stall"}, abilities_of(s.device).stalls, "on devices that can stall, as sim:");
  if (!abilities_of(s.device).stalls) s.stall_probability = 0;
  return fuzz(s);
}

}  // namespace
}  // namespace hilbert::test

int main(int argc, char** argv) {
  return hilbert::test::exit_code_of("descriptor_fuzz", [&] { return hilbert::test::run(argc, argv); });
}
