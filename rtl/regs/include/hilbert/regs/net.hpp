// SPDX-License-Identifier: Apache-2.0
// Network of a chip: where it is, where its links lead, what went through it. Channel 0: requests, 1: responses. Made from net.toml by scripts/regmap.py: do not edit.

#pragma once

#include <hilbert/regs/register_map.hpp>

#include <cstdint>

namespace hilbert::regs::net {

inline constexpr std::uint32_t base = 0x80004000;  // byte address of the block
inline constexpr std::uint32_t id_value = 0x48424E54;  // what ID reads
inline constexpr std::uint32_t version_value = 0x00010000;  // what VERSION reads
inline constexpr std::uint32_t hash_value = 0xD4C867A0;  // what MAP_HASH reads
inline constexpr std::uint32_t size = 0x0000006C;  // bytes of the block
inline constexpr std::uint32_t id = 0x00000000;  // Identity: 0x48424E54, `HBNT`.
inline constexpr std::uint32_t version = 0x00000004;  // Version of the map: major 31:16, minor 15:0.
inline constexpr std::uint32_t map_hash = 0x00000008;  // First 32 bits of the SHA-256 of this map without its descriptions.
inline constexpr std::uint32_t cfg = 0x0000000C;  // Synthesis parameters.
inline constexpr std::uint32_t cfg_links_lsb = 0x00000000;  // Links
inline constexpr std::uint32_t cfg_links_mask = 0x0000000F;
inline constexpr std::uint32_t cfg_max_words_lsb = 0x00000008;  // Link words in a flit, header included, at most
inline constexpr std::uint32_t cfg_max_words_mask = 0x0000FF00;
inline constexpr std::uint32_t cfg_flit_words_lsb = 0x00000010;  // Memory words in a flit, at most
inline constexpr std::uint32_t cfg_flit_words_mask = 0x00FF0000;
inline constexpr std::uint32_t cfg_window_lsb = 0x00000018;  // READs of a GET whose answers are not here yet, at most
inline constexpr std::uint32_t cfg_window_mask = 0xFF000000;
inline constexpr std::uint32_t place = 0x00000010;  // Where this chip is. To be changed while nothing is under way.
inline constexpr std::uint32_t place_x_lsb = 0x00000000;  // Column
inline constexpr std::uint32_t place_x_mask = 0x0000000F;
inline constexpr std::uint32_t place_y_lsb = 0x00000004;  // Row
inline constexpr std::uint32_t place_y_mask = 0x000000F0;
inline constexpr std::uint32_t ports = 0x00000014;  // Bit p: link p leads to a neighbour (PORT). What is routed to another is thrown away (NO_ROUTE).
inline constexpr std::uint32_t get_timeout = 0x00000018;  // Clocks without an answer after which a GET is given up (GET_LOST); 0: never.
inline constexpr std::uint32_t get_timeout_reset = 0x00100000;  // value after reset
inline constexpr std::uint32_t status = 0x0000001C;  // What the network does now.
inline constexpr std::uint32_t status_busy_lsb = 0x00000000;  // SEND, GET or SIGNAL taken from the queue and not yet carried out
inline constexpr std::uint32_t status_busy_mask = 0x00000001;
inline constexpr std::uint32_t status_get_lsb = 0x00000001;  // A GET waits for its data
inline constexpr std::uint32_t status_get_mask = 0x00000002;
inline constexpr std::uint32_t irq_status = 0x00000020;  // Causes of the interrupt; a cause stands until it is cleared.
inline constexpr std::uint32_t irq_status_bad_flit_lsb = 0x00000000;  // A flit that came in made no sense, or nobody waits for it any more
inline constexpr std::uint32_t irq_status_bad_flit_mask = 0x00000001;
inline constexpr std::uint32_t irq_status_no_route_lsb = 0x00000001;  // A flit has no way to its destination
inline constexpr std::uint32_t irq_status_no_route_mask = 0x00000002;
inline constexpr std::uint32_t irq_status_poison_lsb = 0x00000002;  // A word to be sent, or read for another chip, is uncorrectable
inline constexpr std::uint32_t irq_status_poison_mask = 0x00000004;
inline constexpr std::uint32_t irq_status_get_lost_lsb = 0x00000003;  // A GET ended without all of its data: uncorrectable there, or no answer in GET_TIMEOUT
inline constexpr std::uint32_t irq_status_get_lost_mask = 0x00000008;
inline constexpr std::uint32_t irq_enable = 0x00000024;  // Which causes raise the interrupt; bits as IRQ_STATUS.
inline constexpr std::uint32_t bad_header = 0x00000028;  // Header of the first bad flit since IRQ_STATUS.BAD_FLIT was last clear, low and high word.
inline constexpr std::uint32_t bad_header_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t poison_addr = 0x00000030;  // Byte address of the first uncorrectable word since IRQ_STATUS.POISON was last clear.
inline constexpr std::uint32_t bad_flits = 0x00000040;  // Bad flits. This and all counts below go from 2^32 - 1 to 0.
inline constexpr std::uint32_t no_routes = 0x00000044;  // Flits without a way, of this chip and of others.
inline constexpr std::uint32_t poisoned = 0x00000048;  // Flits that met an uncorrectable word while they were made.
inline constexpr std::uint32_t gets_lost = 0x0000004C;  // GETs that ended without all of their data.
inline constexpr std::uint32_t transfers = 0x00000050;  // SEND, GET and SIGNAL carried out to their end.
inline constexpr std::uint32_t words_out = 0x00000054;  // Words of 64 bits, headers included, that this chip's tile gave to each channel.
inline constexpr std::uint32_t words_out_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t words_in = 0x0000005C;  // Words that came for this chip's tile on each channel.
inline constexpr std::uint32_t words_in_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t stalls = 0x00000064;  // Clocks in which a word of this chip's tile waited for each channel.
inline constexpr std::uint32_t stalls_count = 0x00000002;  // registers in the array

/// Ports of a router: where a link leads, and the chip itself.
enum class Port : std::uint8_t {
  x_up = 0,  ///< x + 1
  x_down = 1,  ///< x - 1
  y_up = 2,  ///< y + 1
  y_down = 3,  ///< y - 1
  tile = 4,  ///< this chip: no bit of PORTS
};
inline constexpr Value port_values[] = {
    {0, "X_UP", "x + 1"},
    {1, "X_DOWN", "x - 1"},
    {2, "Y_UP", "y + 1"},
    {3, "Y_DOWN", "y - 1"},
    {4, "TILE", "this chip: no bit of PORTS"},
};
inline constexpr std::uint32_t port_x_up_mask = 0x00000001;
inline constexpr std::uint32_t port_x_down_mask = 0x00000002;
inline constexpr std::uint32_t port_y_up_mask = 0x00000004;
inline constexpr std::uint32_t port_y_down_mask = 0x00000008;
inline constexpr std::uint32_t port_tile_mask = 0x00000010;

/// Every register, ascending by offset.
inline constexpr Register registers[] = {
    {"ID", 0x000, 1, Access::constant, 0x00000000, 0x00000000},
    {"VERSION", 0x004, 1, Access::constant, 0x00000000, 0x00000000},
    {"MAP_HASH", 0x008, 1, Access::constant, 0x00000000, 0x00000000},
    {"CFG", 0x00C, 1, Access::constant, 0x00000000, 0x00000000},
    {"PLACE", 0x010, 1, Access::rw, 0x000000FF, 0x00000000},
    {"PORTS", 0x014, 1, Access::rw, 0x0000000F, 0x00000000},
    {"GET_TIMEOUT", 0x018, 1, Access::rw, 0xFFFFFFFF, 0x00100000},
    {"STATUS", 0x01C, 1, Access::ro, 0x00000000, 0x00000000},
    {"IRQ_STATUS", 0x020, 1, Access::w1c, 0x0000000F, 0x00000000},
    {"IRQ_ENABLE", 0x024, 1, Access::rw, 0x0000000F, 0x00000000},
    {"BAD_HEADER", 0x028, 2, Access::ro, 0x00000000, 0x00000000},
    {"POISON_ADDR", 0x030, 1, Access::ro, 0x00000000, 0x00000000},
    {"BAD_FLITS", 0x040, 1, Access::ro, 0x00000000, 0x00000000},
    {"NO_ROUTES", 0x044, 1, Access::ro, 0x00000000, 0x00000000},
    {"POISONED", 0x048, 1, Access::ro, 0x00000000, 0x00000000},
    {"GETS_LOST", 0x04C, 1, Access::ro, 0x00000000, 0x00000000},
    {"TRANSFERS", 0x050, 1, Access::ro, 0x00000000, 0x00000000},
    {"WORDS_OUT", 0x054, 2, Access::ro, 0x00000000, 0x00000000},
    {"WORDS_IN", 0x05C, 2, Access::ro, 0x00000000, 0x00000000},
    {"STALLS", 0x064, 2, Access::ro, 0x00000000, 0x00000000},
};

}  // namespace hilbert::regs::net
