// SPDX-License-Identifier: Apache-2.0
// Network of a chip: where it is, where its links lead, what went through it. Channel 0: requests, 1: responses. Made from net.toml by scripts/regmap.py: do not edit.

#pragma once

#define NET_BASE 0x80004000u  // byte address of the block
#define NET_ID_VALUE 0x48424E54u  // what ID reads
#define NET_VERSION_VALUE 0x00010000u  // what VERSION reads
#define NET_HASH_VALUE 0xD4C867A0u  // what MAP_HASH reads
#define NET_SIZE 0x0000006Cu  // bytes of the block
#define NET_ID 0x00000000u  // Identity: 0x48424E54, `HBNT`.
#define NET_VERSION 0x00000004u  // Version of the map: major 31:16, minor 15:0.
#define NET_MAP_HASH 0x00000008u  // First 32 bits of the SHA-256 of this map without its descriptions.
#define NET_CFG 0x0000000Cu  // Synthesis parameters.
#define NET_CFG_LINKS_LSB 0x00000000u  // Links
#define NET_CFG_LINKS_MASK 0x0000000Fu
#define NET_CFG_MAX_WORDS_LSB 0x00000008u  // Link words in a flit, header included, at most
#define NET_CFG_MAX_WORDS_MASK 0x0000FF00u
#define NET_CFG_FLIT_WORDS_LSB 0x00000010u  // Memory words in a flit, at most
#define NET_CFG_FLIT_WORDS_MASK 0x00FF0000u
#define NET_CFG_WINDOW_LSB 0x00000018u  // READs of a GET whose answers are not here yet, at most
#define NET_CFG_WINDOW_MASK 0xFF000000u
#define NET_PLACE 0x00000010u  // Where this chip is. To be changed while nothing is under way.
#define NET_PLACE_X_LSB 0x00000000u  // Column
#define NET_PLACE_X_MASK 0x0000000Fu
#define NET_PLACE_Y_LSB 0x00000004u  // Row
#define NET_PLACE_Y_MASK 0x000000F0u
#define NET_PORTS 0x00000014u  // Bit p: link p leads to a neighbour (PORT). What is routed to another is thrown away (NO_ROUTE).
#define NET_GET_TIMEOUT 0x00000018u  // Clocks without an answer after which a GET is given up (GET_LOST); 0: never.
#define NET_GET_TIMEOUT_RESET 0x00100000u  // value after reset
#define NET_STATUS 0x0000001Cu  // What the network does now.
#define NET_STATUS_BUSY_LSB 0x00000000u  // SEND, GET or SIGNAL taken from the queue and not yet carried out
#define NET_STATUS_BUSY_MASK 0x00000001u
#define NET_STATUS_GET_LSB 0x00000001u  // A GET waits for its data
#define NET_STATUS_GET_MASK 0x00000002u
#define NET_IRQ_STATUS 0x00000020u  // Causes of the interrupt; a cause stands until it is cleared.
#define NET_IRQ_STATUS_BAD_FLIT_LSB 0x00000000u  // A flit that came in made no sense, or nobody waits for it any more
#define NET_IRQ_STATUS_BAD_FLIT_MASK 0x00000001u
#define NET_IRQ_STATUS_NO_ROUTE_LSB 0x00000001u  // A flit has no way to its destination
#define NET_IRQ_STATUS_NO_ROUTE_MASK 0x00000002u
#define NET_IRQ_STATUS_POISON_LSB 0x00000002u  // A word to be sent, or read for another chip, is uncorrectable
#define NET_IRQ_STATUS_POISON_MASK 0x00000004u
#define NET_IRQ_STATUS_GET_LOST_LSB 0x00000003u  // A GET ended without all of its data: uncorrectable there, or no answer in GET_TIMEOUT
#define NET_IRQ_STATUS_GET_LOST_MASK 0x00000008u
#define NET_IRQ_ENABLE 0x00000024u  // Which causes raise the interrupt; bits as IRQ_STATUS.
#define NET_BAD_HEADER 0x00000028u  // Header of the first bad flit since IRQ_STATUS.BAD_FLIT was last clear, low and high word.
#define NET_BAD_HEADER_COUNT 0x00000002u  // registers in the array
#define NET_POISON_ADDR 0x00000030u  // Byte address of the first uncorrectable word since IRQ_STATUS.POISON was last clear.
#define NET_BAD_FLITS 0x00000040u  // Bad flits. This and all counts below go from 2^32 - 1 to 0.
#define NET_NO_ROUTES 0x00000044u  // Flits without a way, of this chip and of others.
#define NET_POISONED 0x00000048u  // Flits that met an uncorrectable word while they were made.
#define NET_GETS_LOST 0x0000004Cu  // GETs that ended without all of their data.
#define NET_TRANSFERS 0x00000050u  // SEND, GET and SIGNAL carried out to their end.
#define NET_WORDS_OUT 0x00000054u  // Words of 64 bits, headers included, that this chip's tile gave to each channel.
#define NET_WORDS_OUT_COUNT 0x00000002u  // registers in the array
#define NET_WORDS_IN 0x0000005Cu  // Words that came for this chip's tile on each channel.
#define NET_WORDS_IN_COUNT 0x00000002u  // registers in the array
#define NET_STALLS 0x00000064u  // Clocks in which a word of this chip's tile waited for each channel.
#define NET_STALLS_COUNT 0x00000002u  // registers in the array

// Ports of a router: where a link leads, and the chip itself.
#define NET_PORT_X_UP 0x01u  // x + 1
#define NET_PORT_X_DOWN 0x02u  // x - 1
#define NET_PORT_Y_UP 0x04u  // y + 1
#define NET_PORT_Y_DOWN 0x08u  // y - 1
#define NET_PORT_TILE 0x10u  // this chip: no bit of PORTS
#define NET_PORT_COUNT 5u
