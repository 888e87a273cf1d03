// SPDX-License-Identifier: Apache-2.0
// Chip-to-chip link: identity, mode, lanes, bounds, interrupt and counters. Made from link.toml by scripts/regmap.py: do not edit.

#pragma once

#define LINK_BASE 0x80002000u  // byte address of the block
#define LINK_ID_VALUE 0x48424C4Bu  // what ID reads
#define LINK_VERSION_VALUE 0x00010000u  // what VERSION reads
#define LINK_HASH_VALUE 0xDA78F200u  // what MAP_HASH reads
#define LINK_SIZE 0x00000120u  // bytes of the block
#define LINK_COPIES 0x00000004u  // blocks of this kind
#define LINK_SPACING 0x00000400u  // bytes from one to the next
#define LINK_ID 0x00000000u  // Identity: 0x48424C4B, `HBLK`.
#define LINK_VERSION 0x00000004u  // Version of the map: major 31:16, minor 15:0.
#define LINK_MAP_HASH 0x00000008u  // First 32 bits of the SHA-256 of this map without its descriptions.
#define LINK_CFG 0x0000000Cu  // Synthesis parameters of the link.
#define LINK_CFG_LANES_LSB 0x00000000u  // Lanes: 1, 2 or 4
#define LINK_CFG_LANES_MASK 0x0000000Fu
#define LINK_CFG_PROTOCOL_LSB 0x00000004u  // Version of the protocol on the wire
#define LINK_CFG_PROTOCOL_MASK 0x000000F0u
#define LINK_CFG_MAX_WORDS_LSB 0x00000008u  // Longest flit, words
#define LINK_CFG_MAX_WORDS_MASK 0x0000FF00u
#define LINK_CFG_WINDOW_LSB 0x00000010u  // Flits in flight
#define LINK_CFG_WINDOW_MASK 0x00FF0000u
#define LINK_CFG_COUNTER_BITS_LSB 0x00000018u  // Width of every counter: it counts modulo 2^COUNTER_BITS
#define LINK_CFG_COUNTER_BITS_MASK 0xFF000000u
#define LINK_CFG_BUFFERS 0x00000010u  // Memories of the link.
#define LINK_CFG_BUFFERS_BUFFER_WORDS_LSB 0x00000000u  // Receive buffer of a virtual channel, words
#define LINK_CFG_BUFFERS_BUFFER_WORDS_MASK 0x0000FFFFu
#define LINK_CFG_BUFFERS_REPLAY_WORDS_LSB 0x00000010u  // Replay buffer, words
#define LINK_CFG_BUFFERS_REPLAY_WORDS_MASK 0xFFFF0000u
#define LINK_CTRL 0x00000014u  // What the link is to do.
#define LINK_CTRL_MODE_LSB 0x00000000u  // MODE; 3 reads back as 0
#define LINK_CTRL_MODE_MASK 0x00000003u
#define LINK_CTRL_OPEN_LSB 0x00000004u  // Write 1: forget everything in flight and open a new session; reads 0
#define LINK_CTRL_OPEN_MASK 0x00000010u
#define LINK_CTRL_REOPEN_LSB 0x00000005u  // Open a new session without being asked when the partner was reset
#define LINK_CTRL_REOPEN_MASK 0x00000020u
#define LINK_CTRL_CLEAR_LSB 0x00000006u  // Write 1: all counters to zero; reads 0
#define LINK_CTRL_CLEAR_MASK 0x00000040u
#define LINK_STATUS 0x00000018u  // What the link does now.
#define LINK_STATUS_STATE_LSB 0x00000000u  // STATE
#define LINK_STATUS_STATE_MASK 0x0000000Fu
#define LINK_STATUS_UP_LSB 0x00000004u  // Active, and the receiver is in step
#define LINK_STATUS_UP_MASK 0x00000010u
#define LINK_STATUS_HUNTING_LSB 0x00000005u  // The receiver looks for a resync
#define LINK_STATUS_HUNTING_MASK 0x00000020u
#define LINK_STATUS_TX_WIDTH_LSB 0x00000008u  // Lanes used to send; 0 while not active
#define LINK_STATUS_TX_WIDTH_MASK 0x00000700u
#define LINK_STATUS_RX_WIDTH_LSB 0x0000000Cu  // Lanes used to receive; 0 while not active
#define LINK_STATUS_RX_WIDTH_MASK 0x00007000u
#define LINK_STATUS_TX_LANES_LSB 0x00000010u  // Which lanes send
#define LINK_STATUS_TX_LANES_MASK 0x000F0000u
#define LINK_STATUS_RX_LANES_LSB 0x00000014u  // Which lanes receive
#define LINK_STATUS_RX_LANES_MASK 0x00F00000u
#define LINK_STATUS_BERT_LOCKED_LSB 0x00000018u  // Lanes whose checker runs with the partner's sequence
#define LINK_STATUS_BERT_LOCKED_MASK 0x0F000000u
#define LINK_REASON 0x0000001Cu  // Why the link last went down, or why its session last ended: REASON. Stays through a new session.
#define LINK_LANE_ENABLE 0x00000020u  // Lanes that may be used, a bit a lane; bits of lanes that the link does not have read 0. Takes effect with the next training.
#define LINK_LANE_ENABLE_RESET 0x0000000Fu  // value after reset
#define LINK_LANES_HEARD 0x00000024u  // What training found.
#define LINK_LANES_HEARD_HEARD_LSB 0x00000000u  // Lanes on which the partner is heard
#define LINK_LANES_HEARD_HEARD_MASK 0x0000000Fu
#define LINK_LANES_HEARD_PARTNER_LSB 0x00000004u  // Lanes that the partner says it hears
#define LINK_LANES_HEARD_PARTNER_MASK 0x000000F0u
#define LINK_LANES_HEARD_CROSSED_LSB 0x00000008u  // Lanes that carry another lane's number: crossed wires
#define LINK_LANES_HEARD_CROSSED_MASK 0x00000F00u
#define LINK_NODE 0x00000028u  // 15:0: a number that software gives this end (chip and port), shown to the partner.
#define LINK_PARTNER_NODE 0x0000002Cu  // 15:0: NODE of the partner, from the last good training set; 0 if none was heard.
#define LINK_PARTNER_SETTINGS 0x00000030u  // Settings of the partner, from the last good training set; 0 if none was heard.
#define LINK_PARTNER_SETTINGS_MAX_WORDS_LSB 0x00000000u  // Its longest flit, words
#define LINK_PARTNER_SETTINGS_MAX_WORDS_MASK 0x000000FFu
#define LINK_PARTNER_SETTINGS_LOG2_BUFFER_LSB 0x00000008u  // log2 of its BUFFER_WORDS
#define LINK_PARTNER_SETTINGS_LOG2_BUFFER_MASK 0x00000F00u
#define LINK_PARTNER_SETTINGS_LANES_LSB 0x0000000Cu  // Lanes that it has
#define LINK_PARTNER_SETTINGS_LANES_MASK 0x0000F000u
#define LINK_PARTNER_SETTINGS_PROTOCOL_LSB 0x00000010u  // Its version of the protocol
#define LINK_PARTNER_SETTINGS_PROTOCOL_MASK 0x000F0000u
#define LINK_NACK_INTERVAL 0x00000034u  // 15:0: words between two nacks while the receiver hunts; 0 counts as 1.
#define LINK_NACK_INTERVAL_RESET 0x00000040u  // value after reset
#define LINK_REPLAY_TIMEOUT 0x00000038u  // 19:0: clocks without an acknowledgement after which the oldest flit is sent again. To be more than the round trip, and a longest flit each way at the narrowest width; more if the PHY does not take a symbol a clock. With less, flits are sent again without need, after every one with 0, and what RETRAIN_AFTER counts is such replays.
#define LINK_REPLAY_TIMEOUT_RESET 0x00001000u  // value after reset
#define LINK_RETRAIN_AFTER 0x0000003Cu  // 7:0: replays in a row without progress; one more, and the link trains again. 0: the first.
#define LINK_RETRAIN_AFTER_RESET 0x00000010u  // value after reset
#define LINK_HUNT_TIMEOUT 0x00000040u  // 19:0: clocks of hunting after which the link trains again; 0: never, so that only replays without progress do. To be more than the round trip: hunting begins with data mode and lasts until the partner is heard, and with less the link ends in down (NO_PROGRESS).
#define LINK_HUNT_TIMEOUT_RESET 0x00004000u  // value after reset
#define LINK_RETRAINS_MAX 0x00000044u  // 7:0: trainings in a row without progress; one more, and the link is down. 0: the first need to train again takes it down.
#define LINK_RETRAINS_MAX_RESET 0x00000004u  // value after reset
#define LINK_TRAIN_TIMEOUT 0x00000048u  // 31:0: clocks after which a training that did not succeed ends in down; 0: never.
#define LINK_TRAIN_TIMEOUT_RESET 0x00100000u  // value after reset
#define LINK_INJECT 0x0000004Cu  // 3:0: inverts one bit that each of these lanes sends, in any mode: to show that what counts errors counts them.
#define LINK_IRQ_STATUS 0x00000050u  // Causes of the interrupt; one that comes in the clock in which it is cleared stands.
#define LINK_IRQ_STATUS_DOWN_LSB 0x00000000u  // The link went down: REASON
#define LINK_IRQ_STATUS_DOWN_MASK 0x00000001u
#define LINK_IRQ_STATUS_UP_LSB 0x00000001u  // Training succeeded
#define LINK_IRQ_STATUS_UP_MASK 0x00000002u
#define LINK_IRQ_STATUS_RETRAIN_LSB 0x00000002u  // The link left data mode to train again; nothing is lost by it
#define LINK_IRQ_STATUS_RETRAIN_MASK 0x00000004u
#define LINK_IRQ_STATUS_DEGRADED_LSB 0x00000003u  // Training succeeded with fewer lanes, in either direction, than LANE_ENABLE allows
#define LINK_IRQ_STATUS_DEGRADED_MASK 0x00000008u
#define LINK_IRQ_STATUS_PARTNER_RESET_LSB 0x00000004u  // The partner was reset: flits in flight are lost
#define LINK_IRQ_STATUS_PARTNER_RESET_MASK 0x00000010u
#define LINK_IRQ_ENABLE 0x00000054u  // Which causes raise the interrupt; bits as IRQ_STATUS.
#define LINK_UNACKED 0x00000058u  // What a session is worth.
#define LINK_UNACKED_NOW_LSB 0x00000000u  // Flits taken from the client and not acknowledged
#define LINK_UNACKED_NOW_MASK 0x000000FFu
#define LINK_UNACKED_ENDED_LSB 0x00000008u  // The same when the last session ended: these flits were given up; some may have arrived
#define LINK_UNACKED_ENDED_MASK 0x0000FF00u
#define LINK_TX_FLITS 0x00000080u  // Flits taken from the client to be sent, a virtual channel each.
#define LINK_TX_FLITS_COUNT 0x00000002u  // registers in the array
#define LINK_RX_FLITS 0x00000088u  // Flits accepted: good, and the ones expected; a virtual channel each.
#define LINK_RX_FLITS_COUNT 0x00000002u  // registers in the array
#define LINK_TX_WORDS 0x00000090u  // Words of the flits in TX_FLITS.
#define LINK_TX_WORDS_COUNT 0x00000002u  // registers in the array
#define LINK_RX_WORDS 0x00000098u  // Words that the client has taken, a virtual channel each.
#define LINK_RX_WORDS_COUNT 0x00000002u  // registers in the array
#define LINK_RAW_TX_WORDS 0x000000A0u  // Words sent, whatever they were.
#define LINK_RAW_RX_WORDS 0x000000A4u  // Words received, whatever they were.
#define LINK_SENT_FLITS 0x000000A8u  // Flits sent, replays included, a virtual channel each.
#define LINK_SENT_FLITS_COUNT 0x00000002u  // registers in the array
#define LINK_SENT_WORDS 0x000000B0u  // Words of the flits in SENT_FLITS: with RAW_TX_WORDS, what framing costs; with TX_WORDS, what replays cost.
#define LINK_GOT_WORDS 0x000000B4u  // Words received of flits that were expected and had room, whether they turned out good or not.
#define LINK_REPLAYS 0x000000B8u  // Times this end went back to its oldest flit that was not acknowledged.
#define LINK_TIMEOUTS 0x000000BCu  // Replays because no acknowledgement came within REPLAY_TIMEOUT.
#define LINK_NACKS_SENT 0x000000C0u  // Nacks sent.
#define LINK_NACKS_RECEIVED 0x000000C4u  // Nacks received, served or not.
#define LINK_CRC_ERRORS 0x000000C8u  // Framing words whose check was wrong while the receiver was in step.
#define LINK_HUNTS 0x000000CCu  // Times the receiver lost its step, for whatever cause.
#define LINK_DUPLICATES 0x000000D0u  // Good flits thrown away because they had been received before.
#define LINK_PROTOCOL_ERRORS 0x000000D4u  // Framing words with a good check and an impossible content.
#define LINK_RETRAININGS 0x000000D8u  // Times the link left data mode to train again.
#define LINK_STALLS_CREDIT 0x000000DCu  // Clocks in which the client waits because the partner's buffer has no room, a virtual channel each.
#define LINK_STALLS_CREDIT_COUNT 0x00000002u  // registers in the array
#define LINK_STALLS_WINDOW 0x000000E4u  // Clocks in which a client that has credit waits for room in the window or the replay buffer.
#define LINK_DISCARDED 0x000000E8u  // Words handed in and thrown away because the link was down or off.
#define LINK_DROPS 0x000000ECu  // Words that found no room in a receive buffer although credits promised it: 0, or the hardware is broken.
#define LINK_BAD_SETS 0x000000F0u  // Training sets with a wrong check, a lane each.
#define LINK_BAD_SETS_COUNT 0x00000004u  // registers in the array
#define LINK_BERT_SYMBOLS 0x00000100u  // Symbols of 16 bits compared by the bit-error-rate test, a lane each.
#define LINK_BERT_SYMBOLS_COUNT 0x00000004u  // registers in the array
#define LINK_BERT_ERRORS 0x00000110u  // Bits that differed, a lane each.
#define LINK_BERT_ERRORS_COUNT 0x00000004u  // registers in the array

// CTRL.MODE: what the link is to do.
#define LINK_MODE_OFF 0x0u  // lanes silent, flits handed in are discarded
#define LINK_MODE_NORMAL 0x1u  // flits
#define LINK_MODE_BERT 0x2u  // bit-error-rate test: flits wait
#define LINK_MODE_COUNT 3u

// STATUS.STATE: what the link does now.
#define LINK_STATE_OFF 0x0u  // off
#define LINK_STATE_HELLO 0x1u  // hello
#define LINK_STATE_READY 0x2u  // ready
#define LINK_STATE_GO 0x3u  // go
#define LINK_STATE_ACTIVE 0x4u  // active
#define LINK_STATE_DOWN 0x5u  // down
#define LINK_STATE_BERT 0x6u  // bit-error-rate test
#define LINK_STATE_COUNT 7u

// REASON: why the link went down, or why its session ended.
#define LINK_REASON_NONE 0x0u  // none
#define LINK_REASON_NO_PARTNER 0x1u  // no partner: no lane is heard
#define LINK_REASON_CROSSED 0x2u  // crossed lanes
#define LINK_REASON_NOT_HEARD 0x3u  // the partner hears no lane
#define LINK_REASON_SETTINGS 0x4u  // settings of the partner differ
#define LINK_REASON_PARTNER_DOWN 0x5u  // the partner is down
#define LINK_REASON_PARTNER_RESET 0x6u  // the partner was reset
#define LINK_REASON_DESKEW 0x7u  // a lane is too far behind another
#define LINK_REASON_NO_PROGRESS 0x8u  // no progress
#define LINK_REASON_TIMEOUT 0x9u  // training took too long
#define LINK_REASON_COUNT 10u
