// SPDX-License-Identifier: Apache-2.0
// Network of a chip: where it is, where its links lead, what went through it. Channel 0: requests, 1: responses. Made from net.toml by scripts/regmap.py: do not edit.
`default_nettype none

// No unit uses all of it.
/* verilator lint_off UNUSEDPARAM */
package hb_net_regs_pkg;
  localparam logic [31:0] Base = 32'h80004000;  // byte address of the block
  localparam logic [31:0] IdValue = 32'h48424E54;  // what ID reads
  localparam logic [31:0] VersionValue = 32'h00010000;  // what VERSION reads
  localparam logic [31:0] HashValue = 32'hD4C867A0;  // what MAP_HASH reads
  localparam logic [31:0] Size = 32'h0000006C;  // bytes of the block
  localparam logic [31:0] Id = 32'h00000000;  // Identity: 0x48424E54, `HBNT`.
  localparam logic [31:0] Version = 32'h00000004;  // Version of the map: major 31:16, minor 15:0.
  localparam logic [31:0] MapHash = 32'h00000008;  // First 32 bits of the SHA-256 of this map without its descriptions.
  localparam logic [31:0] Cfg = 32'h0000000C;  // Synthesis parameters.
  localparam logic [31:0] CfgLinksLsb = 32'h00000000;  // Links
  localparam logic [31:0] CfgLinksMask = 32'h0000000F;
  localparam logic [31:0] CfgMaxWordsLsb = 32'h00000008;  // Link words in a flit, header included, at most
  localparam logic [31:0] CfgMaxWordsMask = 32'h0000FF00;
  localparam logic [31:0] CfgFlitWordsLsb = 32'h00000010;  // Memory words in a flit, at most
  localparam logic [31:0] CfgFlitWordsMask = 32'h00FF0000;
  localparam logic [31:0] CfgWindowLsb = 32'h00000018;  // READs of a GET whose answers are not here yet, at most
  localparam logic [31:0] CfgWindowMask = 32'hFF000000;
  localparam logic [31:0] Place = 32'h00000010;  // Where this chip is. To be changed while nothing is under way.
  localparam logic [31:0] PlaceXLsb = 32'h00000000;  // Column
  localparam logic [31:0] PlaceXMask = 32'h0000000F;
  localparam logic [31:0] PlaceYLsb = 32'h00000004;  // Row
  localparam logic [31:0] PlaceYMask = 32'h000000F0;
  localparam logic [31:0] Ports = 32'h00000014;  // Bit p: link p leads to a neighbour (PORT). What is routed to another is thrown away (NO_ROUTE).
  localparam logic [31:0] GetTimeout = 32'h00000018;  // Clocks without an answer after which a GET is given up (GET_LOST); 0: never.
  localparam logic [31:0] GetTimeoutReset = 32'h00100000;  // value after reset
  localparam logic [31:0] Status = 32'h0000001C;  // What the network does now.
  localparam logic [31:0] StatusBusyLsb = 32'h00000000;  // SEND, GET or SIGNAL taken from the queue and not yet carried out
  localparam logic [31:0] StatusBusyMask = 32'h00000001;
  localparam logic [31:0] StatusGetLsb = 32'h00000001;  // A GET waits for its data
  localparam logic [31:0] StatusGetMask = 32'h00000002;
  localparam logic [31:0] IrqStatus = 32'h00000020;  // Causes of the interrupt; a cause stands until it is cleared.
  localparam logic [31:0] IrqStatusBadFlitLsb = 32'h00000000;  // A flit that came in made no sense, or nobody waits for it any more
  localparam logic [31:0] IrqStatusBadFlitMask = 32'h00000001;
  localparam logic [31:0] IrqStatusNoRouteLsb = 32'h00000001;  // A flit has no way to its destination
  localparam logic [31:0] IrqStatusNoRouteMask = 32'h00000002;
  localparam logic [31:0] IrqStatusPoisonLsb = 32'h00000002;  // A word to be sent, or read for another chip, is uncorrectable
  localparam logic [31:0] IrqStatusPoisonMask = 32'h00000004;
  localparam logic [31:0] IrqStatusGetLostLsb = 32'h00000003;  // A GET ended without all of its data: uncorrectable there, or no answer in GET_TIMEOUT
  localparam logic [31:0] IrqStatusGetLostMask = 32'h00000008;
  localparam logic [31:0] IrqEnable = 32'h00000024;  // Which causes raise the interrupt; bits as IRQ_STATUS.
  localparam logic [31:0] BadHeader = 32'h00000028;  // Header of the first bad flit since IRQ_STATUS.BAD_FLIT was last clear, low and high word.
  localparam logic [31:0] BadHeaderCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] PoisonAddr = 32'h00000030;  // Byte address of the first uncorrectable word since IRQ_STATUS.POISON was last clear.
  localparam logic [31:0] BadFlits = 32'h00000040;  // Bad flits. This and all counts below go from 2^32 - 1 to 0.
  localparam logic [31:0] NoRoutes = 32'h00000044;  // Flits without a way, of this chip and of others.
  localparam logic [31:0] Poisoned = 32'h00000048;  // Flits that met an uncorrectable word while they were made.
  localparam logic [31:0] GetsLost = 32'h0000004C;  // GETs that ended without all of their data.
  localparam logic [31:0] Transfers = 32'h00000050;  // SEND, GET and SIGNAL carried out to their end.
  localparam logic [31:0] WordsOut = 32'h00000054;  // Words of 64 bits, headers included, that this chip's tile gave to each channel.
  localparam logic [31:0] WordsOutCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] WordsIn = 32'h0000005C;  // Words that came for this chip's tile on each channel.
  localparam logic [31:0] WordsInCount = 32'h00000002;  // registers in the array
  localparam logic [31:0] Stalls = 32'h00000064;  // Clocks in which a word of this chip's tile waited for each channel.
  localparam logic [31:0] StallsCount = 32'h00000002;  // registers in the array

  // Ports of a router: where a link leads, and the chip itself.
  localparam int unsigned PortXUp = 0;  // x + 1
  localparam int unsigned PortXDown = 1;  // x - 1
  localparam int unsigned PortYUp = 2;  // y + 1
  localparam int unsigned PortYDown = 3;  // y - 1
  localparam int unsigned PortTile = 4;  // this chip: no bit of PORTS
  localparam int unsigned NumPort = 5;
endpackage : hb_net_regs_pkg
/* verilator lint_on UNUSEDPARAM */

`default_nettype wire
