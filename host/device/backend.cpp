// SPDX-License-Identifier: Apache-2.0
// Address checks, the identity check at opening, memory made readable after reset: the same for every backend.
#include "backend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/regs/cpu.hpp>
#include <hilbert/regs/net.hpp>
#include <hilbert/regs/tile.hpp>
#include <vector>

#include "geometry.hpp"
#include "register_table.hpp"

namespace hilbert::device {

namespace {

namespace r = regs::tile;
namespace c = regs::cpu;
namespace n = regs::net;

constexpr std::uint32_t semaphore_count = r::sem_count;

constexpr std::uint32_t field(std::uint32_t value, std::uint32_t mask, std::uint32_t lsb) {
  return (value & mask) >> lsb;
}

std::string shape(const model::Geometry& g, std::uint32_t controller_bytes) {
  return fmt::format(
      "{}x{}x{}, {} banks of {} bytes, {} queue slots, {}{}", g.rows, g.cols, g.depth, g.banks, g.bank_bytes,
      g.queue_slots,
      controller_bytes == 0 ? "no controller" : fmt::format("controller with {} bytes", controller_bytes),
      g.links == 0 ? "" : fmt::format(", {} links, flits of {} words", g.links, g.link_max_words));
}

}  // namespace

void Backend::check_range(std::uint32_t address, std::size_t size) const {
  const model::Geometry& g = capabilities_.geometry;
  const std::size_t word = g.word_bytes();
  if (address % word != 0 || size % word != 0) {
    throw Error(ExitCode::bad_input,
                fmt::format("{} bytes at {:#010x} are not whole words of {} bytes", size, address, word),
                capabilities_.uri, "hilbert::read_bytes and write_bytes take any range");
  }
  const auto within = [&](std::uint64_t base, std::uint64_t bytes) {
    return address >= base && address - base <= bytes && size <= bytes - (address - base);
  };
  const std::uint32_t controller_bytes = capabilities_.controller_bytes;
  if (!within(0, g.data_bytes()) && !within(queue_base, queue_bytes(g)) &&
      !within(controller_memory_base, controller_bytes)) {
    throw Error(ExitCode::bad_input, fmt::format("no memory at {} bytes from {:#010x}", size, address),
                capabilities_.uri,
                fmt::format("data memory has {} bytes from 0, queue memory {} bytes from {:#x}, controller memory {} "
                            "bytes from {:#x}",
                            g.data_bytes(), queue_bytes(g), queue_base, controller_bytes, controller_memory_base));
  }
}

void Backend::check_register(std::uint32_t address) const {
  if (address < register_base || find_register(address - register_base) == nullptr) {
    throw Error(ExitCode::bad_input, register_name(address), capabilities_.uri,
                "rtl/regs/*_regs.md list the registers");
  }
  if (address >= link_register_base && capabilities_.geometry.links == 0) {
    throw Error(ExitCode::bad_input, fmt::format("no register {}: this chip has no links", register_name(address)),
                capabilities_.uri, "choose a device with links: node or 4x8x2");
  }
  if (address >= controller_register_base && address < link_register_base && capabilities_.controller_bytes == 0) {
    throw Error(ExitCode::bad_input, fmt::format("no register {}: this tile has no controller", register_name(address)),
                capabilities_.uri, "choose a device with controller memory (controller_bytes)");
  }
}

void Backend::read_words(std::uint32_t address, std::span<std::byte> out) {
  check_range(address, out.size());
  if (!out.empty()) fetch(address, out);
}

void Backend::write_words(std::uint32_t address, std::span<const std::byte> in) {
  check_range(address, in.size());
  if (!in.empty()) store(address, in);
}

std::uint32_t Backend::read_register(std::uint32_t address) {
  check_register(address);
  return fetch_register(address);
}

void Backend::write_register(std::uint32_t address, std::uint32_t value) {
  check_register(address);
  const Access access = find_register(address - register_base)->access;
  if (access == Access::constant || access == Access::ro) {
    throw Error(ExitCode::bad_input, fmt::format("register {} cannot be written", register_name(address)),
                capabilities_.uri);
  }
  store_register(address, value);
}

void Backend::reset() {
  power_on();
  const model::Geometry& g = capabilities_.geometry;
  const std::uint32_t controller_bytes = capabilities_.controller_bytes;
  const std::vector<std::byte> zeros(std::max({g.data_bytes(), queue_bytes(g), controller_bytes}));
  store(0, std::span(zeros).first(g.data_bytes()));
  store(queue_base, std::span(zeros).first(queue_bytes(g)));
  if (controller_bytes != 0) store(controller_memory_base, std::span(zeros).first(controller_bytes));
  constexpr std::uint32_t everything = 0xFFFF'FFFF;
  store_register(register_base + r::poison_status, everything);
  store_register(register_base + r::irq_status, everything);
  store_register(register_base + r::ctrl, r::ctrl_perf_clear_mask);
}

void Backend::identify(const Origin& origin) {
  capabilities_.uri = origin.uri;  // for errors
  power_on();
  const auto expect = [&](std::string_view what, std::uint32_t device, std::uint32_t software) {
    if (device == software) return;
    throw Error(ExitCode::machine,
                fmt::format("{} is {:#010x} on the device, {:#010x} in this software", what, device, software),
                origin.uri, "build the chip and the software from the same rtl/regs/*.toml");
  };
  const auto read = [&](std::uint32_t offset) { return fetch_register(register_base + offset); };
  expect("identity (ID)", read(r::id), r::id_value);
  const std::uint32_t version = read(r::version);
  expect("major version (VERSION, upper half)", version >> 16, r::version_value >> 16);
  const std::uint32_t hash = read(r::map_hash);
  expect("hash of the register map (MAP_HASH)", hash, r::hash_value);

  const std::uint32_t array = read(r::cfg_array);
  const std::uint32_t memory = read(r::cfg_mem);
  expect("alignment window (CFG_ARRAY.WINDOW)", field(array, r::cfg_array_window_mask, r::cfg_array_window_lsb),
         regs::job::window);
  expect("number of semaphores (CFG_MEM.SEMAPHORES)",
         field(memory, r::cfg_mem_semaphores_mask, r::cfg_mem_semaphores_lsb), semaphore_count);

  model::Geometry g;
  g.rows = field(array, r::cfg_array_rows_mask, r::cfg_array_rows_lsb);
  g.cols = field(array, r::cfg_array_cols_mask, r::cfg_array_cols_lsb);
  g.depth = field(array, r::cfg_array_depth_mask, r::cfg_array_depth_lsb);
  g.banks = field(memory, r::cfg_mem_banks_mask, r::cfg_mem_banks_lsb);
  g.bank_bytes = read(r::cfg_bank_bytes);
  g.queue_slots = field(memory, r::cfg_mem_queue_slots_mask, r::cfg_mem_queue_slots_lsb);
  expect("word size (CFG_MEM.WORD_BYTES)", field(memory, r::cfg_mem_word_bytes_mask, r::cfg_mem_word_bytes_lsb),
         g.word_bytes());
  std::uint32_t controller_bytes = 0;
  if ((read(r::cfg_features) & r::cfg_features_controller_mask) != 0) {
    const auto read_controller = [&](std::uint32_t offset) {
      return fetch_register(controller_register_base + offset);
    };
    expect("identity of the controller (ID)", read_controller(c::id), c::id_value);
    expect("major version of the controller (VERSION, upper half)", read_controller(c::version) >> 16,
           c::version_value >> 16);
    expect("hash of the controller's register map (MAP_HASH)", read_controller(c::map_hash), c::hash_value);
    controller_bytes = read_controller(c::cfg_mem_bytes);
  }
  if ((read(r::cfg_features) & r::cfg_features_network_mask) != 0) {
    const auto read_net = [&](std::uint32_t offset) { return fetch_register(net_register_base + offset); };
    expect("identity of the network (ID)", read_net(n::id), n::id_value);
    expect("major version of the network (VERSION, upper half)", read_net(n::version) >> 16, n::version_value >> 16);
    expect("hash of the network's register map (MAP_HASH)", read_net(n::map_hash), n::hash_value);
    g.links = field(read_net(n::cfg), n::cfg_links_mask, n::cfg_links_lsb);
    g.link_max_words = field(read_net(n::cfg), n::cfg_max_words_mask, n::cfg_max_words_lsb);
  }
  if (origin.chip && (g != origin.chip->geometry || controller_bytes != origin.chip->controller_bytes)) {
    throw Error(ExitCode::machine,
                fmt::format("the device is {}; the URI asks for {}", shape(g, controller_bytes),
                            shape(origin.chip->geometry, origin.chip->controller_bytes)),
                origin.uri, "rebuild the chip, or correct its configuration in rtl/regs/chips.toml");
  }
  try {
    check_geometry(g, controller_bytes, origin.uri);
  } catch (const Error& error) {
    throw Error(ExitCode::machine, fmt::format("the device says that it has {}", error.what_happened()), origin.uri,
                error.what_next());
  }
  capabilities_ = {.uri = origin.uri,
                   .description = fmt::format("{}, {}", origin.kind, shape(g, controller_bytes)),
                   .geometry = g,
                   .version = version,
                   .map_hash = hash,
                   .controller_bytes = controller_bytes,
                   .can = origin.can};
}

}  // namespace hilbert::device
