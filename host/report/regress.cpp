// SPDX-License-Identifier: Apache-2.0
// The regression: a reader, a bounded queue, and a thread with a device of its own for each of --jobs, or for as many
// as the machine gives; with none the reader runs the cases itself.
#include "report/regress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <hilbert/threads.hpp>
#include <hilbert/vectors/file.hpp>
#include <hilbert/vectors/rng.hpp>
#include <memory>
#include <mutex>

#include "report/corpus_files.hpp"

namespace hilbert::report {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

struct Work {
  std::uint64_t order;
  std::string file;
  vectors::Case item;
};

/// A bounded queue from the reader to the workers, and the results on their way back.
class Board {
 public:
  explicit Board(std::size_t room) : room_(room) {}

  /// Waits for room; false if the work has been stopped.
  bool put(Work work) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() < room_ || stopped_; });
    if (stopped_) return false;
    waiting_.push_back(std::move(work));
    changed_.notify_all();
    return true;
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  /// Ends everything; the first error of a worker is kept.
  void stop(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
    stopped_ = true;
    changed_.notify_all();
  }
  std::optional<Work> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !waiting_.empty() || closed_ || stopped_; });
    if (stopped_ || waiting_.empty()) return std::nullopt;
    Work work = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
    return work;
  }
  void report(CaseResult result) {
    const std::lock_guard lock(mutex_);
    results_.push_back(std::move(result));
  }
  std::size_t reported() {
    const std::lock_guard lock(mutex_);
    return results_.size();
  }
  std::exception_ptr error() const { return error_; }
  std::vector<CaseResult> results() { return std::move(results_); }

 private:
  std::size_t room_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> waiting_;
  bool closed_ = false, stopped_ = false;
  std::exception_ptr error_;
  std::vector<CaseResult> results_;
};

std::unique_ptr<CaseRunner> make_runner(const RegressOptions& o, const std::string& case_name,
                                        const std::string& trace_path = {}) {
  RuntimeOptions runtime;
  runtime.path = o.path;
  runtime.open.trace_path = trace_path;
  if (o.seed) {
    runtime.open.seed = vectors::Rng(*o.seed, case_name, 0).next();
    runtime.open.stall_probability = o.stall_probability;
  }
  return std::make_unique<CaseRunner>(Runtime(o.device, runtime));
}

std::string shell_quoted(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._:/+-").find(c) != std::string_view::npos;
  });
  if (plain && !text.empty()) return std::string(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string reproduction(const RegressOptions& o, const Work& work) {
  std::string line = fmt::format("hilbert regress {} --filter '{}' --device {}", shell_quoted(work.file),
                                 work.item.name, shell_quoted(o.device));
  if (o.path == JobPath::firmware) line += " --firmware";
  if (o.seed) line += fmt::format(" --seed {} --stall {}", *o.seed, o.stall_probability);
  return line;
}

bool bad(const Outcome& outcome) { return outcome.verdict == Verdict::failed || outcome.verdict == Verdict::error; }

/// Runs cases, on one device after the other.
class Worker {
 public:
  Worker(const RegressOptions& options, Board& board) : options_(options), board_(board) {}

  void run(const Work& work) {
    CaseResult result;
    result.file = work.file, result.name = work.item.name, result.order = work.order;
    result.about = vectors::describe(work.item);
    const Clock::time_point start = Clock::now();
    if (!runner_ || options_.seed) runner_ = make_runner(options_, work.item.name);
    result.outcome = runner_->run(work.item);
    if (bad(result.outcome)) {
      result.reproduce = reproduction(options_, work);
      runner_.reset();
      if (!options_.seed) {
        const Outcome again = make_runner(options_, work.item.name)->run(work.item);
        result.note = bad(again) ? "it fails alone on a fresh device too"
                                 : "it passes alone on a fresh device: what ran before it matters; run the file with "
                                   "--jobs 1 and without --filter";
      }
    }
    result.seconds = seconds_since(start);
    board_.report(std::move(result));
  }

  /// What the board has, until there is no more: the whole life of a thread.
  void work_off() try {
    while (const auto work = board_.take()) run(*work);
  } catch (...) {
    board_.stop(std::current_exception());
  }

 private:
  const RegressOptions& options_;
  Board& board_;
  std::unique_ptr<CaseRunner> runner_;
};

/// A case's name as a file's name.
std::string file_name(std::string name) {
  std::ranges::replace_if(
      name, [](char c) { return c == '/' || c == ':'; }, '_');
  return name;
}

/// Opens a traced device to learn, before hours of work, whether this build can.
void require_tracing(const RegressOptions& o) {
  const std::filesystem::path folder(o.trace_folder);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(ExitCode::machine, fmt::format("cannot make the folder: {}", error.message()), o.trace_folder);
  }
  const std::filesystem::path probe = folder / ".probe.fst";
  try {
    make_runner(o, "probe", probe.string());
  } catch (const Error& failure) {
    if (failure.code() != ExitCode::bad_input) throw;
    throw Error(ExitCode::bad_input, failure.what_happened(), fmt::format("--trace-failures with {}", o.device),
                "waveforms are written by sim: devices of a build with the preset trace: cmake --preset trace && cmake "
                "--build --preset trace");
  }
  std::filesystem::remove(probe, error);
}

void trace_failures(const RegressOptions& o, std::vector<CaseResult>& results) {
  unsigned traced = 0;
  for (CaseResult& result : results) {
    if (!bad(result.outcome)) continue;
    if (traced++ == o.max_traces) return;
    vectors::Reader reader{std::filesystem::path(result.file)};
    while (const auto item = reader.next()) {
      if (item->name != result.name) continue;
      const auto path = std::filesystem::path(o.trace_folder) / (file_name(result.name) + ".fst");
      (void)make_runner(o, result.name, path.string())->run(*item);
      result.trace = path.string();
      break;
    }
  }
}

}  // namespace

ExitCode RegressResult::code() const {
  ExitCode worst = ExitCode::good;
  for (const CaseResult& r : results) worst = std::max(worst, r.outcome.code);
  return worst;
}

std::uint64_t count_cases(const std::vector<std::filesystem::path>& files) {
  std::uint64_t sum = 0;
  for (const auto& file : files) sum += vectors::Reader(file).info().cases;
  return sum;
}

RegressResult regress(const RegressOptions& options, const std::function<void(std::uint64_t)>& progress) {
  const Clock::time_point start = Clock::now();
  RegressResult all;
  all.device = open_device(options.device)->capabilities().uri;
  if (!options.trace_folder.empty()) require_tracing(options);

  const unsigned jobs = std::max(options.jobs, 1u);
  Board board(4 * std::size_t{jobs});
  Threads workers;
  while (workers.count() < jobs && workers.start([&] { Worker(options, board).work_off(); })) continue;
  const bool alone = workers.count() == 0;
  tell_fewer_threads(1 + workers.count(), 1 + std::size_t{jobs});
  Worker own(options, board);
  std::uint64_t order = 0, passed_over = 0;
  const auto show = [&] {
    if (progress) progress(board.reported() + passed_over);
  };
  try {
    for (const auto& file : options.files) {
      vectors::Reader reader(file);
      while (auto item = reader.next()) {
        if (!matches(options.filter, item->name)) {
          ++passed_over;
        } else if (Work work{order++, file.string(), std::move(*item)}; alone) {
          own.run(work);
        } else if (!board.put(std::move(work))) {
          break;
        }
        show();
      }
    }
    board.close();
  } catch (...) {
    board.stop(std::current_exception());
  }
  workers.join();
  show();
  if (board.error()) std::rethrow_exception(board.error());

  all.results = board.results();
  std::ranges::sort(all.results, {}, &CaseResult::order);
  if (!options.trace_folder.empty()) trace_failures(options, all.results);
  for (const CaseResult& r : all.results) {
    ++(r.outcome.verdict == Verdict::passed    ? all.passed
       : r.outcome.verdict == Verdict::skipped ? all.skipped
       : r.outcome.verdict == Verdict::failed  ? all.failed
                                               : all.errors);
  }
  all.seconds = seconds_since(start);
  return all;
}

}  // namespace hilbert::report
