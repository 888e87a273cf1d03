// SPDX-License-Identifier: Apache-2.0
// Chip-to-chip link: identity, mode, lanes, bounds, interrupt and counters. Made from link.toml by scripts/regmap.py: do not edit.

#pragma once

#include <hilbert/regs/register_map.hpp>

#include <cstdint>

namespace hilbert::regs::link {

inline constexpr std::uint32_t base = 0x80002000;  // byte address of the block
inline constexpr std::uint32_t id_value = 0x48424C4B;  // what ID reads
inline constexpr std::uint32_t version_value = 0x00010000;  // what VERSION reads
inline constexpr std::uint32_t hash_value = 0xDA78F200;  // what MAP_HASH reads
inline constexpr std::uint32_t size = 0x00000120;  // bytes of the block
inline constexpr std::uint32_t copies = 0x00000004;  // blocks of this kind
inline constexpr std::uint32_t spacing = 0x00000400;  // bytes from one to the next
inline constexpr std::uint32_t id = 0x00000000;  // Identity: 0x48424C4B, `HBLK`.
inline constexpr std::uint32_t version = 0x00000004;  // Version of the map: major 31:16, minor 15:0.
inline constexpr std::uint32_t map_hash = 0x00000008;  // First 32 bits of the SHA-256 of this map without its descriptions.
inline constexpr std::uint32_t cfg = 0x0000000C;  // Synthesis parameters of the link.
inline constexpr std::uint32_t cfg_lanes_lsb = 0x00000000;  // Lanes: 1, 2 or 4
inline constexpr std::uint32_t cfg_lanes_mask = 0x0000000F;
inline constexpr std::uint32_t cfg_protocol_lsb = 0x00000004;  // Version of the protocol on the wire
inline constexpr std::uint32_t cfg_protocol_mask = 0x000000F0;
inline constexpr std::uint32_t cfg_max_words_lsb = 0x00000008;  // Longest flit, words
inline constexpr std::uint32_t cfg_max_words_mask = 0x0000FF00;
inline constexpr std::uint32_t cfg_window_lsb = 0x00000010;  // Flits in flight
inline constexpr std::uint32_t cfg_window_mask = 0x00FF0000;
inline constexpr std::uint32_t cfg_counter_bits_lsb = 0x00000018;  // Width of every counter: it counts modulo 2^COUNTER_BITS
inline constexpr std::uint32_t cfg_counter_bits_mask = 0xFF000000;
inline constexpr std::uint32_t cfg_buffers = 0x00000010;  // Memories of the link.
inline constexpr std::uint32_t cfg_buffers_buffer_words_lsb = 0x00000000;  // Receive buffer of a virtual channel, words
inline constexpr std::uint32_t cfg_buffers_buffer_words_mask = 0x0000FFFF;
inline constexpr std::uint32_t cfg_buffers_replay_words_lsb = 0x00000010;  // Replay buffer, words
inline constexpr std::uint32_t cfg_buffers_replay_words_mask = 0xFFFF0000;
inline constexpr std::uint32_t ctrl = 0x00000014;  // What the link is to do.
inline constexpr std::uint32_t ctrl_mode_lsb = 0x00000000;  // MODE; 3 reads back as 0
inline constexpr std::uint32_t ctrl_mode_mask = 0x00000003;
inline constexpr std::uint32_t ctrl_open_lsb = 0x00000004;  // Write 1: forget everything in flight and open a new session; reads 0
inline constexpr std::uint32_t ctrl_open_mask = 0x00000010;
inline constexpr std::uint32_t ctrl_reopen_lsb = 0x00000005;  // Open a new session without being asked when the partner was reset
inline constexpr std::uint32_t ctrl_reopen_mask = 0x00000020;
inline constexpr std::uint32_t ctrl_clear_lsb = 0x00000006;  // Write 1: all counters to zero; reads 0
inline constexpr std::uint32_t ctrl_clear_mask = 0x00000040;
inline constexpr std::uint32_t status = 0x00000018;  // What the link does now.
inline constexpr std::uint32_t status_state_lsb = 0x00000000;  // STATE
inline constexpr std::uint32_t status_state_mask = 0x0000000F;
inline constexpr std::uint32_t status_up_lsb = 0x00000004;  // Active, and the receiver is in step
inline constexpr std::uint32_t status_up_mask = 0x00000010;
inline constexpr std::uint32_t status_hunting_lsb = 0x00000005;  // The receiver looks for a resync
inline constexpr std::uint32_t status_hunting_mask = 0x00000020;
inline constexpr std::uint32_t status_tx_width_lsb = 0x00000008;  // Lanes used to send; 0 while not active
inline constexpr std::uint32_t status_tx_width_mask = 0x00000700;
inline constexpr std::uint32_t status_rx_width_lsb = 0x0000000C;  // Lanes used to receive; 0 while not active
inline constexpr std::uint32_t status_rx_width_mask = 0x00007000;
inline constexpr std::uint32_t status_tx_lanes_lsb = 0x00000010;  // Which lanes send
inline constexpr std::uint32_t status_tx_lanes_mask = 0x000F0000;
inline constexpr std::uint32_t status_rx_lanes_lsb = 0x00000014;  // Which lanes receive
inline constexpr std::uint32_t status_rx_lanes_mask = 0x00F00000;
inline constexpr std::uint32_t status_bert_locked_lsb = 0x00000018;  // Lanes whose checker runs with the partner's sequence
inline constexpr std::uint32_t status_bert_locked_mask = 0x0F000000;
inline constexpr std::uint32_t reason = 0x0000001C;  // Why the link last went down, or why its session last ended: REASON. Stays through a new session.
inline constexpr std::uint32_t lane_enable = 0x00000020;  // Lanes that may be used, a bit a lane; bits of lanes that the link does not have read 0. Takes effect with the next training.
inline constexpr std::uint32_t lane_enable_reset = 0x0000000F;  // value after reset
inline constexpr std::uint32_t lanes_heard = 0x00000024;  // What training found.
inline constexpr std::uint32_t lanes_heard_heard_lsb = 0x00000000;  // Lanes on which the partner is heard
inline constexpr std::uint32_t lanes_heard_heard_mask = 0x0000000F;
inline constexpr std::uint32_t lanes_heard_partner_lsb = 0x00000004;  // Lanes that the partner says it hears
inline constexpr std::uint32_t lanes_heard_partner_mask = 0x000000F0;
inline constexpr std::uint32_t lanes_heard_crossed_lsb = 0x00000008;  // Lanes that carry another lane's number: crossed wires
inline constexpr std::uint32_t lanes_heard_crossed_mask = 0x00000F00;
inline constexpr std::uint32_t node = 0x00000028;  // 15:0: a number that software gives this end (chip and port), shown to the partner.
inline constexpr std::uint32_t partner_node = 0x0000002C;  // 15:0: NODE of the partner, from the last good training set; 0 if none was heard.
inline constexpr std::uint32_t partner_settings = 0x00000030;  // Settings of the partner, from the last good training set; 0 if none was heard.
inline constexpr std::uint32_t partner_settings_max_words_lsb = 0x00000000;  // Its longest flit, words
inline constexpr std::uint32_t partner_settings_max_words_mask = 0x000000FF;
inline constexpr std::uint32_t partner_settings_log2_buffer_lsb = 0x00000008;  // log2 of its BUFFER_WORDS
inline constexpr std::uint32_t partner_settings_log2_buffer_mask = 0x00000F00;
inline constexpr std::uint32_t partner_settings_lanes_lsb = 0x0000000C;  // Lanes that it has
inline constexpr std::uint32_t partner_settings_lanes_mask = 0x0000F000;
inline constexpr std::uint32_t partner_settings_protocol_lsb = 0x00000010;  // Its version of the protocol
inline constexpr std::uint32_t partner_settings_protocol_mask = 0x000F0000;
inline constexpr std::uint32_t nack_interval = 0x00000034;  // 15:0: words between two nacks while the receiver hunts; 0 counts as 1.
inline constexpr std::uint32_t nack_interval_reset = 0x00000040;  // value after reset
inline constexpr std::uint32_t replay_timeout = 0x00000038;  // 19:0: clocks without an acknowledgement after which the oldest flit is sent again. To be more than the round trip, and a longest flit each way at the narrowest width; more if the PHY does not take a symbol a clock. With less, flits are sent again without need, after every one with 0, and what RETRAIN_AFTER counts is such replays.
inline constexpr std::uint32_t replay_timeout_reset = 0x00001000;  // value after reset
inline constexpr std::uint32_t retrain_after = 0x0000003C;  // 7:0: replays in a row without progress; one more, and the link trains again. 0: the first.
inline constexpr std::uint32_t retrain_after_reset = 0x00000010;  // value after reset
inline constexpr std::uint32_t hunt_timeout = 0x00000040;  // 19:0: clocks of hunting after which the link trains again; 0: never, so that only replays without progress do. To be more than the round trip: hunting begins with data mode and lasts until the partner is heard, and with less the link ends in down (NO_PROGRESS).
inline constexpr std::uint32_t hunt_timeout_reset = 0x00004000;  // value after reset
inline constexpr std::uint32_t retrains_max = 0x00000044;  // 7:0: trainings in a row without progress; one more, and the link is down. 0: the first need to train again takes it down.
inline constexpr std::uint32_t retrains_max_reset = 0x00000004;  // value after reset
inline constexpr std::uint32_t train_timeout = 0x00000048;  // 31:0: clocks after which a training that did not succeed ends in down; 0: never.
inline constexpr std::uint32_t train_timeout_reset = 0x00100000;  // value after reset
inline constexpr std::uint32_t inject = 0x0000004C;  // 3:0: inverts one bit that each of these lanes sends, in any mode: to show that what counts errors counts them.
inline constexpr std::uint32_t irq_status = 0x00000050;  // Causes of the interrupt; one that comes in the clock in which it is cleared stands.
inline constexpr std::uint32_t irq_status_down_lsb = 0x00000000;  // The link went down: REASON
inline constexpr std::uint32_t irq_status_down_mask = 0x00000001;
inline constexpr std::uint32_t irq_status_up_lsb = 0x00000001;  // Training succeeded
inline constexpr std::uint32_t irq_status_up_mask = 0x00000002;
inline constexpr std::uint32_t irq_status_retrain_lsb = 0x00000002;  // The link left data mode to train again; nothing is lost by it
inline constexpr std::uint32_t irq_status_retrain_mask = 0x00000004;
inline constexpr std::uint32_t irq_status_degraded_lsb = 0x00000003;  // Training succeeded with fewer lanes, in either direction, than LANE_ENABLE allows
inline constexpr std::uint32_t irq_status_degraded_mask = 0x00000008;
inline constexpr std::uint32_t irq_status_partner_reset_lsb = 0x00000004;  // The partner was reset: flits in flight are lost
inline constexpr std::uint32_t irq_status_partner_reset_mask = 0x00000010;
inline constexpr std::uint32_t irq_enable = 0x00000054;  // Which causes raise the interrupt; bits as IRQ_STATUS.
inline constexpr std::uint32_t unacked = 0x00000058;  // What a session is worth.
inline constexpr std::uint32_t unacked_now_lsb = 0x00000000;  // Flits taken from the client and not acknowledged
inline constexpr std::uint32_t unacked_now_mask = 0x000000FF;
inline constexpr std::uint32_t unacked_ended_lsb = 0x00000008;  // The same when the last session ended: these flits were given up; some may have arrived
inline constexpr std::uint32_t unacked_ended_mask = 0x0000FF00;
inline constexpr std::uint32_t tx_flits = 0x00000080;  // Flits taken from the client to be sent, a virtual channel each.
inline constexpr std::uint32_t tx_flits_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t rx_flits = 0x00000088;  // Flits accepted: good, and the ones expected; a virtual channel each.
inline constexpr std::uint32_t rx_flits_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t tx_words = 0x00000090;  // Words of the flits in TX_FLITS.
inline constexpr std::uint32_t tx_words_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t rx_words = 0x00000098;  // Words that the client has taken, a virtual channel each.
inline constexpr std::uint32_t rx_words_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t raw_tx_words = 0x000000A0;  // Words sent, whatever they were.
inline constexpr std::uint32_t raw_rx_words = 0x000000A4;  // Words received, whatever they were.
inline constexpr std::uint32_t sent_flits = 0x000000A8;  // Flits sent, replays included, a virtual channel each.
inline constexpr std::uint32_t sent_flits_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t sent_words = 0x000000B0;  // Words of the flits in SENT_FLITS: with RAW_TX_WORDS, what framing costs; with TX_WORDS, what replays cost.
inline constexpr std::uint32_t got_words = 0x000000B4;  // Words received of flits that were expected and had room, whether they turned out good or not.
inline constexpr std::uint32_t replays = 0x000000B8;  // Times this end went back to its oldest flit that was not acknowledged.
inline constexpr std::uint32_t timeouts = 0x000000BC;  // Replays because no acknowledgement came within REPLAY_TIMEOUT.
inline constexpr std::uint32_t nacks_sent = 0x000000C0;  // Nacks sent.
inline constexpr std::uint32_t nacks_received = 0x000000C4;  // Nacks received, served or not.
inline constexpr std::uint32_t crc_errors = 0x000000C8;  // Framing words whose check was wrong while the receiver was in step.
inline constexpr std::uint32_t hunts = 0x000000CC;  // Times the receiver lost its step, for whatever cause.
inline constexpr std::uint32_t duplicates = 0x000000D0;  // Good flits thrown away because they had been received before.
inline constexpr std::uint32_t protocol_errors = 0x000000D4;  // Framing words with a good check and an impossible content.
inline constexpr std::uint32_t retrainings = 0x000000D8;  // Times the link left data mode to train again.
inline constexpr std::uint32_t stalls_credit = 0x000000DC;  // Clocks in which the client waits because the partner's buffer has no room, a virtual channel each.
inline constexpr std::uint32_t stalls_credit_count = 0x00000002;  // registers in the array
inline constexpr std::uint32_t stalls_window = 0x000000E4;  // Clocks in which a client that has credit waits for room in the window or the replay buffer.
inline constexpr std::uint32_t discarded = 0x000000E8;  // Words handed in and thrown away because the link was down or off.
inline constexpr std::uint32_t drops = 0x000000EC;  // Words that found no room in a receive buffer although credits promised it: 0, or the hardware is broken.
inline constexpr std::uint32_t bad_sets = 0x000000F0;  // Training sets with a wrong check, a lane each.
inline constexpr std::uint32_t bad_sets_count = 0x00000004;  // registers in the array
inline constexpr std::uint32_t bert_symbols = 0x00000100;  // Symbols of 16 bits compared by the bit-error-rate test, a lane each.
inline constexpr std::uint32_t bert_symbols_count = 0x00000004;  // registers in the array
inline constexpr std::uint32_t bert_errors = 0x00000110;  // Bits that differed, a lane each.
inline constexpr std::uint32_t bert_errors_count = 0x00000004;  // registers in the array

/// CTRL.MODE: what the link is to do.
enum class Mode : std::uint8_t {
  off = 0,  ///< lanes silent, flits handed in are discarded
  normal = 1,  ///< flits
  bert = 2,  ///< bit-error-rate test: flits wait
};
inline constexpr Value mode_values[] = {
    {0, "OFF", "lanes silent, flits handed in are discarded"},
    {1, "NORMAL", "flits"},
    {2, "BERT", "bit-error-rate test: flits wait"},
};
inline constexpr std::uint32_t mode_off = 0;
inline constexpr std::uint32_t mode_normal = 1;
inline constexpr std::uint32_t mode_bert = 2;

/// STATUS.STATE: what the link does now.
enum class State : std::uint8_t {
  off = 0,  ///< off
  hello = 1,  ///< hello
  ready = 2,  ///< ready
  go = 3,  ///< go
  active = 4,  ///< active
  down = 5,  ///< down
  bert = 6,  ///< bit-error-rate test
};
inline constexpr Value state_values[] = {
    {0, "OFF", "off"},
    {1, "HELLO", "hello"},
    {2, "READY", "ready"},
    {3, "GO", "go"},
    {4, "ACTIVE", "active"},
    {5, "DOWN", "down"},
    {6, "BERT", "bit-error-rate test"},
};
inline constexpr std::uint32_t state_off = 0;
inline constexpr std::uint32_t state_hello = 1;
inline constexpr std::uint32_t state_ready = 2;
inline constexpr std::uint32_t state_go = 3;
inline constexpr std::uint32_t state_active = 4;
inline constexpr std::uint32_t state_down = 5;
inline constexpr std::uint32_t state_bert = 6;

/// REASON: why the link went down, or why its session ended.
enum class Reason : std::uint8_t {
  none = 0,  ///< none
  no_partner = 1,  ///< no partner: no lane is heard
  crossed = 2,  ///< crossed lanes
  not_heard = 3,  ///< the partner hears no lane
  settings = 4,  ///< settings of the partner differ
  partner_down = 5,  ///< the partner is down
  partner_reset = 6,  ///< the partner was reset
  deskew = 7,  ///< a lane is too far behind another
  no_progress = 8,  ///< no progress
  timeout = 9,  ///< training took too long
};
inline constexpr Value reason_values[] = {
    {0, "NONE", "none"},
    {1, "NO_PARTNER", "no partner: no lane is heard"},
    {2, "CROSSED", "crossed lanes"},
    {3, "NOT_HEARD", "the partner hears no lane"},
    {4, "SETTINGS", "settings of the partner differ"},
    {5, "PARTNER_DOWN", "the partner is down"},
    {6, "PARTNER_RESET", "the partner was reset"},
    {7, "DESKEW", "a lane is too far behind another"},
    {8, "NO_PROGRESS", "no progress"},
    {9, "TIMEOUT", "training took too long"},
};
inline constexpr std::uint32_t reason_none = 0;
inline constexpr std::uint32_t reason_no_partner = 1;
inline constexpr std::uint32_t reason_crossed = 2;
inline constexpr std::uint32_t reason_not_heard = 3;
inline constexpr std::uint32_t reason_settings = 4;
inline constexpr std::uint32_t reason_partner_down = 5;
inline constexpr std::uint32_t reason_partner_reset = 6;
inline constexpr std::uint32_t reason_deskew = 7;
inline constexpr std::uint32_t reason_no_progress = 8;
inline constexpr std::uint32_t reason_timeout = 9;

/// Every register, ascending by offset.
inline constexpr Register registers[] = {
    {"ID", 0x000, 1, Access::constant, 0x00000000, 0x00000000},
    {"VERSION", 0x004, 1, Access::constant, 0x00000000, 0x00000000},
    {"MAP_HASH", 0x008, 1, Access::constant, 0x00000000, 0x00000000},
    {"CFG", 0x00C, 1, Access::constant, 0x00000000, 0x00000000},
    {"CFG_BUFFERS", 0x010, 1, Access::constant, 0x00000000, 0x00000000},
    {"CTRL", 0x014, 1, Access::rw, 0x00000023, 0x00000000},
    {"STATUS", 0x018, 1, Access::ro, 0x00000000, 0x00000000},
    {"REASON", 0x01C, 1, Access::ro, 0x00000000, 0x00000000},
    {"LANE_ENABLE", 0x020, 1, Access::rw, 0x0000000F, 0x0000000F},
    {"LANES_HEARD", 0x024, 1, Access::ro, 0x00000000, 0x00000000},
    {"NODE", 0x028, 1, Access::rw, 0x0000FFFF, 0x00000000},
    {"PARTNER_NODE", 0x02C, 1, Access::ro, 0x00000000, 0x00000000},
    {"PARTNER_SETTINGS", 0x030, 1, Access::ro, 0x00000000, 0x00000000},
    {"NACK_INTERVAL", 0x034, 1, Access::rw, 0x0000FFFF, 0x00000040},
    {"REPLAY_TIMEOUT", 0x038, 1, Access::rw, 0x000FFFFF, 0x00001000},
    {"RETRAIN_AFTER", 0x03C, 1, Access::rw, 0x000000FF, 0x00000010},
    {"HUNT_TIMEOUT", 0x040, 1, Access::rw, 0x000FFFFF, 0x00004000},
    {"RETRAINS_MAX", 0x044, 1, Access::rw, 0x000000FF, 0x00000004},
    {"TRAIN_TIMEOUT", 0x048, 1, Access::rw, 0xFFFFFFFF, 0x00100000},
    {"INJECT", 0x04C, 1, Access::wo, 0x00000000, 0x00000000},
    {"IRQ_STATUS", 0x050, 1, Access::w1c, 0x0000001F, 0x00000000},
    {"IRQ_ENABLE", 0x054, 1, Access::rw, 0x0000001F, 0x00000000},
    {"UNACKED", 0x058, 1, Access::ro, 0x00000000, 0x00000000},
    {"TX_FLITS", 0x080, 2, Access::ro, 0x00000000, 0x00000000},
    {"RX_FLITS", 0x088, 2, Access::ro, 0x00000000, 0x00000000},
    {"TX_WORDS", 0x090, 2, Access::ro, 0x00000000, 0x00000000},
    {"RX_WORDS", 0x098, 2, Access::ro, 0x00000000, 0x00000000},
    {"RAW_TX_WORDS", 0x0A0, 1, Access::ro, 0x00000000, 0x00000000},
    {"RAW_RX_WORDS", 0x0A4, 1, Access::ro, 0x00000000, 0x00000000},
    {"SENT_FLITS", 0x0A8, 2, Access::ro, 0x00000000, 0x00000000},
    {"SENT_WORDS", 0x0B0, 1, Access::ro, 0x00000000, 0x00000000},
    {"GOT_WORDS", 0x0B4, 1, Access::ro, 0x00000000, 0x00000000},
    {"REPLAYS", 0x0B8, 1, Access::ro, 0x00000000, 0x00000000},
    {"TIMEOUTS", 0x0BC, 1, Access::ro, 0x00000000, 0x00000000},
    {"NACKS_SENT", 0x0C0, 1, Access::ro, 0x00000000, 0x00000000},
    {"NACKS_RECEIVED", 0x0C4, 1, Access::ro, 0x00000000, 0x00000000},
    {"CRC_ERRORS", 0x0C8, 1, Access::ro, 0x00000000, 0x00000000},
    {"HUNTS", 0x0CC, 1, Access::ro, 0x00000000, 0x00000000},
    {"DUPLICATES", 0x0D0, 1, Access::ro, 0x00000000, 0x00000000},
    {"PROTOCOL_ERRORS", 0x0D4, 1, Access::ro, 0x00000000, 0x00000000},
    {"RETRAININGS", 0x0D8, 1, Access::ro, 0x00000000, 0x00000000},
    {"STALLS_CREDIT", 0x0DC, 2, Access::ro, 0x00000000, 0x00000000},
    {"STALLS_WINDOW", 0x0E4, 1, Access::ro, 0x00000000, 0x00000000},
    {"DISCARDED", 0x0E8, 1, Access::ro, 0x00000000, 0x00000000},
    {"DROPS", 0x0EC, 1, Access::ro, 0x00000000, 0x00000000},
    {"BAD_SETS", 0x0F0, 4, Access::ro, 0x00000000, 0x00000000},
    {"BERT_SYMBOLS", 0x100, 4, Access::ro, 0x00000000, 0x00000000},
    {"BERT_ERRORS", 0x110, 4, Access::ro, 0x00000000, 0x00000000},
};

}  // namespace hilbert::regs::link
