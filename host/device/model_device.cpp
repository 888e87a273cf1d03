// SPDX-License-Identifier: Apache-2.0
// The reference model's memory and queue behind the device interface. Its registers are in model_registers.cpp.
#include "model_device.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace hilbert::device {

namespace {

namespace r = regs::tile;
using model::Descriptor;
using model::Opcode;

}  // namespace

ModelDevice::ModelDevice(const Configuration& chip, std::string uri)
    : geometry_(chip.geometry),
      tile_(chip.geometry),
      queue_(queue_bytes(chip.geometry)),
      controller_memory_(chip.controller_bytes),
      controller_(*this, chip.controller_bytes),
      network_(tile_, *this, chip.link) {
  tile_.join(&network_);
  identify({.uri = std::move(uri), .kind = "reference model", .can = abilities(), .chip = chip});
  reset();
}

std::span<std::byte> ModelDevice::bytes_at(std::uint32_t address, std::size_t size) {
  if (address >= controller_memory_base)
    return std::span(controller_memory_).subspan(address - controller_memory_base, size);
  return address < queue_base ? tile_.memory().subspan(address, size)
                              : std::span(queue_).subspan(address - queue_base, size);
}

bool ModelDevice::is_memory(std::uint32_t address) const {
  return address < geometry_.data_bytes() || (address >= queue_base && address - queue_base < queue_bytes(geometry_)) ||
         (address >= controller_memory_base && address - controller_memory_base < controller_bytes());
}

std::optional<std::uint32_t> ModelDevice::core_read(std::uint32_t address, Reader reader) {
  if (!is_memory(address)) return std::nullopt;
  if (!faults_.empty()) {
    Ecc ecc;
    meet(address - address % geometry_.word_bytes(), geometry_.word_bytes(), reader, ecc);
    if (ecc.poisoned) return std::nullopt;
  }
  std::uint32_t word = 0;
  std::memcpy(&word, bytes_at(address, 4).data(), 4);
  return word;
}

std::optional<std::uint32_t> ModelDevice::core_fetch(std::uint32_t address) {
  if (address >= queue_base && address < controller_memory_base) return std::nullopt;
  return core_read(address, Reader::fetch);
}

std::optional<std::uint32_t> ModelDevice::core_load(std::uint32_t address) { return core_read(address, Reader::load); }

bool ModelDevice::core_merge(std::uint32_t address, unsigned bytes, std::uint32_t data) {
  const auto old = core_read(address, Reader::load);
  if (!old) return false;
  const auto stored = bytes_at(address, 4);
  for (unsigned i = 0; i < 4; ++i) {
    if ((bytes >> i & 1) != 0) stored[i] = static_cast<std::byte>(data >> 8 * i);
  }
  faults_.heal(address - address % geometry_.word_bytes(), geometry_.word_bytes());
  return true;
}

void ModelDevice::fetch(std::uint32_t address, std::span<std::byte> out) {
  const auto stored = bytes_at(address, out.size());
  std::copy(stored.begin(), stored.end(), out.begin());
  value(r::perf_host_beats) += static_cast<std::uint32_t>(out.size() / geometry_.word_bytes());
  if (faults_.empty()) return;
  Ecc ecc;
  meet(address, out.size(), Reader::host, ecc);
  if (!ecc.poisoned) return;
  faults_.each(address, out.size(), [&](std::uint32_t word, WordState) {
    faults_.disturb(word, out.subspan(word - address, geometry_.word_bytes()));
  });
  throw UncorrectableError(ecc.poison_address, capabilities().uri);
}

void ModelDevice::store(std::uint32_t address, std::span<const std::byte> in) {
  std::copy(in.begin(), in.end(), bytes_at(address, in.size()).begin());
  value(r::perf_host_beats) += static_cast<std::uint32_t>(in.size() / geometry_.word_bytes());
  faults_.heal(address, in.size());
}

std::optional<std::uint32_t> ModelDevice::network_reads(std::uint32_t address, std::uint32_t bytes) {
  Ecc ecc;
  meet(address, bytes, Reader::s, ecc);
  return ecc.poisoned ? std::optional(ecc.poison_address) : std::nullopt;
}

void ModelDevice::advance() {
  if (board_ != nullptr) return board_->wake(*this);
  run_jobs();
}

void ModelDevice::run_jobs() {
  if (running_) return;  // a job has signalled its own chip: the loop below goes on
  running_ = true;
  while (value(r::queue_head) != value(r::queue_tail)) {
    const bool enabled = (value(r::ctrl) & r::ctrl_enable_mask) != 0;
    if (!enabled && !waiting_) break;  // a job that has begun to wait goes on
    if (!run_head()) break;
  }
  running_ = false;
}

/// Runs the job at the head; false if it waits for its semaphore.
bool ModelDevice::run_head() {
  const std::uint32_t address = descriptor_address(geometry_, value(r::queue_head));
  model::Words words;
  std::memcpy(words.data(), bytes_at(address, slot_bytes).data(), slot_bytes);

  Ecc fetched;
  if (!waiting_) meet(address, slot_bytes, Reader::sequencer, fetched);
  if (fetched.poisoned) {
    model::Completion refused;
    refused.status = model::Status::poisoned;
    refused.field = regs::job::field_descriptor;
    refused.poison_address = fetched.poison_address;
    complete(refused, false);
    return true;
  }

  const Descriptor job = Descriptor::unpack(words);
  const bool legal = model::check(words, geometry_).status == model::Status::ok;
  if (legal && tile_.semaphores()[job.wait_semaphore] < job.wait_count) {
    waiting_ = true;
    return false;
  }
  waiting_ = false;

  Ecc ecc;
  if (legal && !faults_.empty()) ecc = meet_operands(job);
  if (ecc.poisoned) regs::job::field::signal_count.set(words, 0);  // no signal: the job does not end well
  model::Completion done = tile_.run(words).value();
  if (legal) heal_result(job);
  done.corrected = ecc.corrected;
  if (ecc.poisoned) {
    done.status = model::Status::poisoned;
    done.poison_address = ecc.poison_address;
  }
  if (legal && job.opcode == Opcode::gemm) {
    const std::uint64_t before = value(r::perf_macs) | std::uint64_t{value(r::perf_macs + 4)} << 32;
    const std::uint64_t after = before + std::uint64_t{job.m} * job.n * job.k;
    value(r::perf_macs) = static_cast<std::uint32_t>(after);
    value(r::perf_macs + 4) = static_cast<std::uint32_t>(after >> 32);
  }
  complete(done, job.irq);
  return true;
}

void ModelDevice::complete(model::Completion completion, bool wants_irq) {
  completion.sequence = sequence_++;
  const model::Words words = completion.pack();
  const std::uint32_t address = completion_address(geometry_, value(r::queue_head));
  std::memcpy(bytes_at(address, slot_bytes).data(), words.data(), slot_bytes);
  faults_.heal(address, slot_bytes);
  value(r::queue_head) = (value(r::queue_head) + 1) & 0xFFFF;
  ++value(r::perf_jobs);
  if (wants_irq) value(r::irq_status) |= r::irq_status_done_mask;
  if (completion.status == model::Status::ok) return;
  value(r::status) |= r::status_job_error_mask;
  value(r::irq_status) |= r::irq_status_error_mask;
  value(r::last_error) = words[1] & 0xFF00'FFFF;
  ++value(r::perf_errors);
}

void ModelDevice::abort() {
  if (!waiting_) return;
  waiting_ = false;
  model::Words words;
  std::memcpy(words.data(), bytes_at(descriptor_address(geometry_, value(r::queue_head)), slot_bytes).data(),
              slot_bytes);
  model::Completion aborted;
  aborted.tag = words[1];
  aborted.opcode = static_cast<std::uint8_t>(words[0] & 0xFF);
  aborted.status = model::Status::aborted;
  complete(aborted, Descriptor::unpack(words).irq);
}

void ModelDevice::meet(std::uint32_t address, std::uint64_t bytes, Reader reader, Ecc& ecc) {
  faults_.each(address, bytes, [&](std::uint32_t word, WordState state) {
    if (state == WordState::corrected) {
      ++ecc.corrected;
      ++value(r::ecc_corrected);
      return;
    }
    ++value(r::ecc_uncorrectable);
    value(r::irq_status) |= r::irq_status_uncorrectable_mask;
    if ((value(r::poison_status) & r::poison_status_valid_mask) != 0) {
      value(r::poison_status) |= r::poison_status_more_mask;
    } else {
      value(r::poison_status) = r::poison_status_valid_mask | static_cast<std::uint32_t>(reader)
                                                                  << r::poison_status_source_lsb;
      value(r::poison_addr) = word;
    }
    if (!ecc.poisoned) ecc.poison_address = word;
    ecc.poisoned = true;
  });
}

ModelDevice::Ecc ModelDevice::meet_operands(const Descriptor& job) {
  Ecc ecc;
  if (model::is_transfer(job.opcode)) return ecc;  // network_reads() meets what it sends
  const model::Extents extents = model::extents_of(job, geometry_);
  const bool product = extents[1].has_value();
  const Reader readers[] = {product ? Reader::a : Reader::s, Reader::b, Reader::s};
  for (std::size_t i = 0; i < std::size(readers); ++i) {
    if (!extents[i]) continue;
    for (std::uint64_t run = 0; run < extents[i]->count; ++run) {
      meet(static_cast<std::uint32_t>(extents[i]->at.base + run * extents[i]->at.stride), extents[i]->bytes, readers[i],
           ecc);
    }
  }
  return ecc;
}

void ModelDevice::heal_result(const Descriptor& job) {
  if (model::is_transfer(job.opcode)) return;  // it heals what it writes
  const std::optional<model::Extent> result = model::extents_of(job, geometry_)[3];
  for (std::uint64_t run = 0; result && run < result->count && !faults_.empty(); ++run) {
    faults_.heal(static_cast<std::uint32_t>(result->at.base + run * result->at.stride), result->bytes);
  }
}

}  // namespace hilbert::device
