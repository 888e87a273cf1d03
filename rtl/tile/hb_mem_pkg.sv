// SPDX-License-Identifier: Apache-2.0
// What the units of the memory tell each other: operations of a bank, and who met a poisoned word.
`default_nettype none

package hb_mem_pkg;

  // Operations of a bank (hb_bank).
  localparam logic [2:0] OpRead   = 3'd0;
  localparam logic [2:0] OpWrite  = 3'd1;
  localparam logic [2:0] OpRepair = 3'd2;  // read; if correctable, write back corrected: one locked access
  localparam logic [2:0] OpFlip   = 3'd3;  // read; write back as stored with chosen bits flipped: one locked access
  localparam logic [2:0] OpMerge  = 3'd4;  // read; unless uncorrectable, write back with chosen bytes changed: one locked access
  localparam logic [2:0] OpHeal   = 3'd5;  // read; if uncorrectable, write zeros: one locked access

  // Top bits of a word address that reaches more than the data memory: bits 30 and 29 of the byte address.
  localparam logic [1:0] RegionData  = 2'b00;
  localparam logic [1:0] RegionQueue = 2'b10;
  localparam logic [1:0] RegionCpu   = 2'b11;

  // Bits of such an address without its region: enough for the larger of data and controller memory.
  function automatic int unsigned index_width(input int unsigned data_words, input int unsigned cpu_words);
    index_width = $clog2((cpu_words > data_words) ? cpu_words : data_words);
  endfunction

  // Requesters of hb_mem, in the order of its request vectors; I and C exist with a controller. With a network its requester
  // N is the last one.
  localparam int unsigned ReqA     = 0;
  localparam int unsigned ReqB     = 1;
  localparam int unsigned ReqS     = 2;
  localparam int unsigned ReqD     = 3;
  localparam int unsigned ReqH     = 4;
  localparam int unsigned ReqQ     = 5;
  localparam int unsigned ReqScrub = 6;
  localparam int unsigned ReqI     = 7;
  localparam int unsigned ReqC     = 8;
  localparam int unsigned NumReq   = 9;  // without a network
  localparam int unsigned NumBare  = 7;  // and without a controller

  // What the registers ask of the memory (hb_csr to hb_mem, regs/tile.toml).
  typedef struct packed {
    logic [31:0] scrub_interval;
    logic        inject_go;      // pulse; without effect while inject_busy. The rest is read in that clock
    logic [31:0] inject_addr;    // byte address in a memory
    logic [6:0]  inject_bit0;    // 0..71
    logic [6:0]  inject_bit1;
    logic [2:0]  inject_lane;    // below WordBytes / 8
    logic        heal_go;        // pulse; without effect while heal_busy
    logic [31:0] heal_addr;      // byte address in a memory
  } control_t;

  // What the memory reports to them.
  typedef struct packed {
    logic [31:0] scrub_addr;     // byte address of the word scrubbed next
    logic        scrub_pass;     // pulse: all memories have been visited once more
    logic        scrub_fixed;    // pulse: a word was repaired
    logic [3:0]  ecc_corrected;  // words delivered corrected to requesters in this clock
    logic [3:0]  ecc_ue;         // uncorrectable words met in this clock, by requesters and scrubber
    logic        poison_valid;   // ecc_ue is not zero; then address and source of the first of them
    logic [31:0] poison_addr;
    logic [2:0]  poison_source;
    logic        inject_busy;
    logic        inject_done;    // pulse
    logic        heal_busy;
    logic        healed;         // pulse: the word was uncorrectable and is zero
    logic [3:0]  conflict;       // requests that wait in this clock
  } report_t;

  // POISON_STATUS.SOURCE of a one-hot requester.
  function automatic logic [2:0] source(input logic [NumReq-1:0] req);
    source = hb_tile_regs_pkg::SourceA;
    if (req[ReqB])     source = hb_tile_regs_pkg::SourceB;
    if (req[ReqS])     source = hb_tile_regs_pkg::SourceS;
    if (req[ReqH])     source = hb_tile_regs_pkg::SourceHost;
    if (req[ReqScrub]) source = hb_tile_regs_pkg::SourceScrubber;
    if (req[ReqQ])     source = hb_tile_regs_pkg::SourceSequencer;
    if (req[ReqI])     source = hb_tile_regs_pkg::SourceFetch;
    if (req[ReqC])     source = hb_tile_regs_pkg::SourceLoad;
  endfunction

endpackage

`default_nettype wire
