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
#include <hilbert/file.hpp>
#include <hilbert/random.hpp>
#include <hilbert/text.hpp>
#include <hilbert/threads.hpp>
#include <hilbert/vectors/file.hpp>
#include <memory>
#include <mutex>
#include <set>

#include "device/scheme.hpp"
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
  /// What the device calls itself, from whoever has opened one.
  void name_device(const std::string& uri) {
    const std::lock_guard lock(mutex_);
    if (device_.empty()) device_ = uri;
  }
  /// "" if none could be opened, or none had to be.
  const std::string& device() const { return device_; }
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
  std::string device_;
  std::vector<CaseResult> results_;
};

std::unique_ptr<CaseRunner> make_runner(const RegressOptions& o, const std::string& case_name,
                                        const std::string& trace_path = {}) {
  RuntimeOptions runtime;
  runtime.path = o.path;
  runtime.open.trace_path = trace_path;
  if (o.seed) {
    runtime.open.seed = Rng(*o.seed, case_name, 0).next();
    runtime.open.stall_probability = o.stall_probability;
  }
  return std::make_unique<CaseRunner>(Runtime(o.device, runtime));
}

std::string reproduction(const RegressOptions& o, const Work& work) {
  std::string line = fmt::format("hilbert regress {} --filter '{}' --device {}", shell_quoted(work.file),
                                 work.item.name, shell_quoted(o.device));
  if (o.path == JobPath::firmware) line += " --path firmware";
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
    if (!runner_ || options_.seed) {
      runner_ = make_runner(options_, work.item.name);
      board_.name_device(runner_->runtime().capabilities().uri);
    }
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
    while (const auto work = board_.take()) {
      if (options_.stop && options_.stop()) return board_.stop(nullptr);
      run(*work);
    }
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

/// Refuses, before hours of work, what could not be traced, and a folder that cannot be written.
void require_tracing(const RegressOptions& o) {
  const device::Scheme& scheme = device::scheme_of(o.device);
  if (!scheme.can().trace) {
    throw Error(ExitCode::bad_input, scheme.why_no_trace(), fmt::format("--trace-failures with {}", o.device),
                "waveforms are written by sim: devices of a build with the preset trace: cmake --preset trace && cmake "
                "--build --preset trace");
  }
  const std::filesystem::path folder(o.trace_folder);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(ExitCode::machine, fmt::format("cannot make the folder: {}", error.message()), o.trace_folder);
  }
  (void)AtomicFile(folder / ".probe.fst");  // can one be made?
}

/// Runs a case again, into the waveform `name`.fst.
void trace_failure(const RegressOptions& o, CaseResult& result, const std::string& name) {
  vectors::Reader reader{std::filesystem::path(result.file)};
  while (const auto item = reader.next()) {
    if (item->name != result.name) continue;
    const auto path = std::filesystem::path(o.trace_folder) / (name + ".fst");
    (void)make_runner(o, result.name, path.string())->run(*item);
    result.trace = path.string();
    return;
  }
}

void trace_failures(const RegressOptions& o, std::vector<CaseResult>& results) {
  unsigned traced = 0;
  std::set<std::string> used;  // two files may have cases of one name
  for (CaseResult& result : results) {
    if (!bad(result.outcome) || result.whole_file) continue;
    if (traced++ == o.max_traces || (o.stop && o.stop())) return;
    std::string name = file_name(result.name);
    if (!used.insert(name).second) used.insert(name = fmt::format("{}_{}", name, result.order));
    try {
      trace_failure(o, result, name);
    } catch (const Error& error) {  // the verdict is known: it does not hang on a waveform
      result.note += fmt::format("{}no waveform: {}", result.note.empty() ? "" : "\n", error.what());
    }
  }
}

CaseResult damaged(const std::filesystem::path& file, const Error& error, std::uint64_t order) {
  CaseResult result;
  result.file = result.name = file.string();
  result.about = "the file";
  result.whole_file = true;
  result.order = order;
  result.outcome = {Verdict::error, error.what(), error.code()};
  return result;
}

/// Hands over the cases of a file; false if the work has been stopped.
template <typename HandOver, typename Seen>
bool put_cases(const RegressOptions& options, const std::filesystem::path& file, std::uint64_t& order, Board& board,
               HandOver hand_over, Seen seen) {
  try {
    vectors::Reader reader(file);
    while (auto item = reader.next()) {
      const bool wanted = matches(options.filter, file, item->name);
      if (wanted && !hand_over(Work{order++, file.string(), std::move(*item)})) return false;
      seen(wanted);
      if (options.stop && options.stop()) {  // also where the filter takes nothing
        board.stop(nullptr);
        return false;
      }
    }
  } catch (const Error& error) {  // the others are run nevertheless
    board.report(damaged(file, error, order++));
  }
  return true;
}

}  // namespace

std::string RegressResult::ending() const {
  if (complete()) return "";
  return fmt::format("{} after {} of {} cases", stopped ? "interrupted" : "ended", seen, total);
}

ExitCode RegressResult::code() const {
  ExitCode worst = broken ? broken->code() : stopped ? ExitCode::check_failed : ExitCode::good;
  for (const CaseResult& r : results) worst = std::max(worst, r.outcome.code);
  return worst;
}

std::uint64_t count_cases(const std::vector<std::filesystem::path>& files) {
  std::uint64_t sum = 0;
  for (const auto& file : files) {
    try {
      sum += vectors::Reader(file).info().cases;
    } catch (const Error&) {  // regress() says what is wrong with it
    }
  }
  return sum;
}

RegressResult regress(const RegressOptions& options, const std::function<void(std::uint64_t)>& progress) {
  const Clock::time_point start = Clock::now();
  RegressResult all;
  all.device = options.device;
  if (!options.trace_folder.empty()) require_tracing(options);

  const unsigned jobs = std::max(options.jobs, 1u);
  Board board(4 * std::size_t{jobs});
  Threads workers;
  while (workers.count() < jobs && workers.start([&] { Worker(options, board).work_off(); })) continue;
  const bool alone = workers.count() == 0;
  tell_fewer_threads(1 + workers.count(), 1 + std::size_t{jobs});
  Worker own(options, board);
  const auto hand_over = [&](Work work) {
    if (!alone) return board.put(std::move(work));
    own.run(work);
    return true;
  };
  std::uint64_t order = 0, passed_over = 0;
  const auto show = [&] {
    if (progress) progress(board.reported() + passed_over);
  };
  bool all_read = true;
  try {
    for (const auto& file : options.files) {
      all_read = put_cases(options, file, order, board, hand_over, [&](bool wanted) {
        passed_over += wanted ? 0 : 1;
        show();
      });
      if (!all_read) break;
    }
    board.close();
  } catch (...) {
    board.stop(std::current_exception());
  }
  workers.join();
  show();

  all.results = board.results();
  std::ranges::sort(all.results, {}, &CaseResult::order);
  all.seen = passed_over + static_cast<std::uint64_t>(std::ranges::count(all.results, false, &CaseResult::whole_file));
  try {
    if (board.error()) std::rethrow_exception(board.error());
    all.stopped = !all_read || all.results.size() < order;
  } catch (const Error& error) {
    if (board.device().empty()) throw;  // not one device has opened: nothing was run
    all.broken = error;
  }
  if (!board.device().empty()) all.device = board.device();
  if (!all.complete()) all.total = count_cases(options.files);
  if (all.complete() && !options.trace_folder.empty()) trace_failures(options, all.results);
  for (const CaseResult& r : all.results) {
    if (r.outcome.verdict == Verdict::skipped) ++all.skipped_for[r.outcome.message];
    ++(r.outcome.verdict == Verdict::passed    ? all.passed
       : r.outcome.verdict == Verdict::skipped ? all.skipped
       : r.outcome.verdict == Verdict::failed  ? all.failed
                                               : all.errors);
  }
  all.seconds = seconds_since(start);
  return all;
}

}  // namespace hilbert::report
