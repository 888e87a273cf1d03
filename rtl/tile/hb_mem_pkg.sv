// SPDX-License-Identifier: Apache-2.0
// What the units of the memory tell each other: operations of a bank, and who met a poisoned word.

package hb_mem_pkg;

  // Operations of a bank (hb_bank).
  localparam logic [1:0] OpRead   = 2'd0;
  localparam logic [1:0] OpWrite  = 2'd1;
  localparam logic [1:0] OpRepair = 2'd2;  // read; if correctable, write back corrected: one locked access
  localparam logic [1:0] OpFlip   = 2'd3;  // read; write back as stored with chosen bits flipped: one locked access

  // Requesters of hb_mem, in the order of its request vectors.
  localparam int unsigned ReqA     = 0;
  localparam int unsigned ReqB     = 1;
  localparam int unsigned ReqS     = 2;
  localparam int unsigned ReqD     = 3;
  localparam int unsigned ReqH     = 4;
  localparam int unsigned ReqQ     = 5;
  localparam int unsigned ReqScrub = 6;
  localparam int unsigned NumReq   = 7;

  // POISON_STATUS.SOURCE (rtl/regs/tile.toml).
  localparam logic [2:0] SourceA     = 3'd0;
  localparam logic [2:0] SourceB     = 3'd1;
  localparam logic [2:0] SourceS     = 3'd2;
  localparam logic [2:0] SourceHost  = 3'd3;
  localparam logic [2:0] SourceScrub = 3'd4;
  localparam logic [2:0] SourceSeq   = 3'd5;

  // Of a one-hot requester.
  function automatic logic [2:0] source(input logic [NumReq-1:0] req);
    source = SourceA;
    if (req[ReqB])     source = SourceB;
    if (req[ReqS])     source = SourceS;
    if (req[ReqH])     source = SourceHost;
    if (req[ReqScrub]) source = SourceScrub;
    if (req[ReqQ])     source = SourceSeq;
  endfunction

endpackage
