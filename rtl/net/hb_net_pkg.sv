// SPDX-License-Identifier: Apache-2.0
// Flits of the network as words (rtl/net/README.md, "Flits"), and the ports of a router.

// No unit uses all of it.
/* verilator lint_off UNUSEDPARAM */
package hb_net_pkg;

  localparam logic [3:0] OpWrite  = 4'd1;
  localparam logic [3:0] OpRead   = 4'd2;
  localparam logic [3:0] OpData   = 4'd3;
  localparam logic [3:0] OpSignal = 4'd4;

  localparam int unsigned PortXUp   = 0;  // towards x + 1
  localparam int unsigned PortXDown = 1;
  localparam int unsigned PortYUp   = 2;
  localparam int unsigned PortYDown = 3;
  localparam int unsigned PortTile  = 4;
  localparam int unsigned NumPorts  = 5;
  localparam int unsigned NumLinks  = 4;

  localparam int unsigned FlitBytes = 1024;  // at most, behind the header

  // Whole memory words in the longest flit.
  function automatic int unsigned flit_words(input int unsigned max_words, input int unsigned word_bytes);
    flit_words = ((max_words - 1) * 8 < FlitBytes) ? (max_words - 1) * 8 / word_bytes : FlitBytes / word_bytes;
  endfunction

  // A place is {y, x}.
  function automatic logic [63:0] header(input logic [3:0] op, input logic [7:0] to, input logic [7:0] from,
                                         input logic [11:0] field, input logic [31:0] addr);
    header = {addr, field, from, to, op};
  endfunction

endpackage
/* verilator lint_on UNUSEDPARAM */
