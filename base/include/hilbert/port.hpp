// SPDX-License-Identifier: Apache-2.0
// The packets of a chip's host port (rtl/README.md, "Host port") and the one interface to whatever carries them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <hilbert/regs/job.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilbert {

using regs::job::PortOp;
std::string_view to_string(PortOp op);  ///< "read"

/// Status of a response.
using regs::job::PortStatus;
std::string_view to_string(PortStatus status);  ///< "bad address"; "?" for no status

inline constexpr std::size_t max_burst_beats = 65535;
inline constexpr std::uint8_t response_bit = 0x80;  ///< of a response's op

/// The first 8 bytes of a request's first beat and of a response's last.
struct PortHeader {
  std::uint8_t op = 0;
  std::uint8_t tag = 0;
  std::uint16_t count = 0;  ///< of beats; of a response: the status in the low byte
  std::uint32_t address = 0;
};

/// Of a beat of at least 8 bytes.
PortHeader header_of(std::span<const std::byte> beat);
/// The header, then zeros.
void fill_header(std::span<std::byte> beat, const PortHeader& header);

/// What a request came to.
struct PortResult {
  PortStatus status = PortStatus::ok;
  std::uint32_t address = 0;  ///< the first address that failed; 0 with ok

  bool operator==(const PortResult&) const = default;
};

/// A packet as its beats lie in memory: a whole number of words.
using Packet = std::vector<std::byte>;

/// Takes the beats of one response as they come, and knows whether they answer the request. Whatever carries packets
/// asks it, so that there is one rule.
class ResponseReader {
 public:
  enum class Took : std::uint8_t { data, status, wrong };

  /// `data`: where a read's beats go; none of a write.
  ResponseReader(const PortHeader& request, std::span<std::byte> data) : request_(request), data_(data) {}

  /// The next beat; `last`: the packet ends with it. After `status` the response is complete, after `wrong` it is none.
  Took take(std::span<const std::byte> beat, bool last) {
    ++beats_;
    if (!last && data_.size() >= beat.size()) {
      std::memcpy(data_.data(), beat.data(), beat.size());
      data_ = data_.subspan(beat.size());
      return Took::data;
    }
    last_ = last;
    status_ = header_of(beat);
    const bool answers =
        last && data_.empty() && status_.op == (request_.op | response_bit) && status_.tag == request_.tag;
    return answers ? Took::status : Took::wrong;
  }
  [[nodiscard]] PortResult result() const;
  /// What is wrong with the last beat, in words.
  [[nodiscard]] std::string problem() const;

 private:
  PortHeader request_;
  std::span<std::byte> data_;  ///< still to come
  std::size_t beats_ = 0;
  PortHeader status_;
  bool last_ = false;
};

/// Error (bad_input) at `where` for a probability of a stall in a clock, unless 0 <= p < 1: at 1 nothing would move.
void check_stall_probability(double probability, const std::string& where);

/// The host's end of a host port: what carries request packets to a chip and its responses back. Not thread safe.
///
/// Every wait is bounded. A chip that does not answer, or answers what was not asked, is an Error (machine); after it
/// both sides are out of step until restart().
class Port {
 public:
  virtual ~Port() = default;

  /// Bytes of a beat, which is a word of the chip's memories: 8 to 64.
  [[nodiscard]] virtual std::size_t word_bytes() const = 0;

  /// Sends packets as they are, legal or not, back to back, and returns one response packet for each, in their order,
  /// its status beat last.
  virtual std::vector<Packet> exchange(std::span<const Packet> requests) = 0;

  /// Lets clocks pass with nothing asked, or as much time as that where the host does not drive the clock.
  virtual void idle(std::uint64_t clocks) = 0;
  /// Clocks of the chip since reset; 0 where nobody counts them.
  [[nodiscard]] virtual std::uint64_t clocks() const = 0;
  /// Level of the chip's interrupt line.
  [[nodiscard]] virtual bool irq() = 0;
  /// Resets the chip and forgets what was under way.
  virtual void restart() = 0;

  /// One burst each, of 1 to max_burst_beats words. `out` is filled whatever the result says.
  PortResult read(std::uint32_t address, std::span<std::byte> out);
  PortResult write(std::uint32_t address, std::span<const std::byte> in);

  /// Bursts of 32-bit registers, one a beat.
  PortResult read_registers(std::uint32_t address, std::span<std::uint32_t> out);
  PortResult write_registers(std::uint32_t address, std::span<const std::uint32_t> in);

  /// A request packet: the header beat, then `data`.
  [[nodiscard]] Packet make_request(std::uint8_t op, std::uint8_t tag, std::uint16_t count, std::uint32_t address,
                                    std::span<const std::byte> data = {}) const;

 protected:
  /// One request and its response: exchange() of one packet, unless a port has a shorter way than through packets.
  virtual PortResult transact(const PortHeader& request, std::span<const std::byte> in, std::span<std::byte> out);

 private:
  [[nodiscard]] PortHeader next_request(PortOp op, std::uint32_t address, std::size_t bytes);

  Packet beats_;  ///< registers, widened to beats
  std::uint8_t tag_ = 0;
};

/// "read of 4 beats at 0x00000000", for reports.
[[nodiscard]] std::string to_string(const PortHeader& request);

}  // namespace hilbert
