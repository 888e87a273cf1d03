// SPDX-License-Identifier: Apache-2.0
// Files that appear whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert {

/// A file that gets its name, or takes the place of an older one, with commit(); without commit() nothing is left and
/// the older file stays as it was. Links are followed: the link stays, its target is made or replaced.
///
/// Until commit() the bytes have no name at all (O_TMPFILE), so that nothing is left whatever ends the process. To
/// replace an older file they get a name beside it for the moment between two system calls. Where the file system knows
/// no nameless files, they are in ".hilbert-XXXXXXXXXXXXXXXX" beside the target from the beginning: only SIGKILL and a
/// crash leave it behind, if the program calls remove_unfinished_files() in its signal handlers, as hilbert does.
///
/// Written in place are: standard output, by whatever name; an open descriptor (/dev/fd/N), where it stands; what is no
/// regular file (a pipe, a terminal, /dev/full), from the first write(); and a file whose name cannot be given to
/// another (a mount point, a folder one may not write to), in commit(), after everything else has failed: only this can
/// end half-way.
///
/// Every failure (no such folder, no permission, disk full, a limit on file sizes, a pipe that nobody reads) is an
/// Error with exit code 3, never a signal; so is an older file that one may not write to, even where the folder would
/// allow to replace it. A directory as target is one with 2. All but a lack of room is found by the
/// constructor.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  /// Flushes to the disk, checks, and gives the file its name.
  void commit();

 private:
  [[noreturn]] void fail(std::string_view action, int error_number) const;
  template <typename Make>
  [[nodiscard]] bool make_temporary(Make make);
  [[nodiscard]] int open_temporary();
  [[nodiscard]] bool give_name();
  void copy_to(int target);
  void forget_temporary();
  void close_all();

  std::filesystem::path path_;  ///< as asked for
  int folder_ = -1;             ///< of the target; -1: written in place from the beginning
  std::string name_;            ///< of the target in its folder
  std::string temporary_;       ///< the name in the folder that the bytes have meanwhile; "": none
  int slot_ = -1;               ///< where remove_unfinished_files() knows it from
  int old_ = -1;                ///< the target, if it can only be written in place
  int descriptor_ = -1;         ///< what write() writes to
};

/// AtomicFile in one call.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// Removes what unfinished AtomicFiles have left in folders. For signal handlers that end the process: nothing in it is
/// unsafe there, and no AtomicFile can be used afterwards.
void remove_unfinished_files() noexcept;

/// Whether two paths name one file, links of both kinds followed, or would once it is made. Devices such as /dev/null
/// hold nothing that the second could damage: they never do.
[[nodiscard]] bool same_file(const std::filesystem::path& a, const std::filesystem::path& b);

inline constexpr std::uint64_t most_file_bytes = std::uint64_t{1} << 34;

inline constexpr std::size_t file_begin_bytes = std::size_t{1} << 17;

/// Looks at the first file_begin_bytes of a file or more, or at all of it: gives how long a file that begins so may be,
/// or throws.
using FileBegin = std::function<std::uint64_t(std::span<const std::byte> begin)>;

/// The whole file. Error (exit code 2) if it is missing, a directory, unreadable, or longer than `max_bytes` or what
/// `begin` says: what has no end (/dev/zero, a pipe) is read no further.
[[nodiscard]] std::vector<std::byte> read_file(const std::filesystem::path& path,
                                               std::uint64_t max_bytes = most_file_bytes, const FileBegin& begin = {});

}  // namespace hilbert
