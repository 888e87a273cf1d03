// SPDX-License-Identifier: Apache-2.0
// The lanes of the link: training sets, and the sequences sent on a lane (README.md, "Lanes").
`default_nettype none

package hb_link_lane_pkg;

  /* verilator lint_off UNUSEDPARAM */  // nobody uses all of them

  // Training set
  localparam logic [3:0]  Version = 4'd1;
  localparam logic [15:0] Marker0 = 16'hFC1D;
  localparam logic [15:0] Marker1 = 16'h1ACF;

  localparam logic [1:0]  PhaseHello = 2'd0;
  localparam logic [1:0]  PhaseReady = 2'd1;
  localparam logic [1:0]  PhaseGo    = 2'd2;
  localparam logic [1:0]  PhaseDown  = 2'd3;
  localparam int unsigned GoSets     = 16;
  localparam int unsigned StableSets = 64;

  /* verilator lint_on UNUSEDPARAM */

  // Symbol 2
  typedef struct packed {
    logic       zero;
    logic       fresh;
    logic [3:0] left;     // go: sets that follow this one before data
    logic [1:0] phase;
    logic [3:0] lane;     // the sender's
    logic [3:0] version;
  } head_t;

  // Symbol 3
  typedef struct packed {
    logic [3:0] zero;
    logic [3:0] send;     // lanes the sender will send on
    logic [3:0] want;     // lanes it wants to receive; none while it does not know
    logic [3:0] heard;    // lanes it hears
  } lanes_t;

  // Of the lanes that work, those to use: all four, else the lowest two, else the one.
  function automatic logic [3:0] pick(input logic [3:0] working);
    logic [3:0] lowest, next;
    lowest = working & (~working + 4'd1);
    next   = working & ~lowest;
    next   = next & (~next + 4'd1);
    pick   = (&working) ? working : (lowest | next);
  endfunction

  // CRC-16/CCITT-FALSE over one byte, high bit first.
  function automatic logic [15:0] crc16_byte(input logic [15:0] crc, input logic [7:0] data);
    crc16_byte = crc ^ {data, 8'd0};
    for (int i = 0; i < 8; i++) begin
      crc16_byte = {crc16_byte[14:0], 1'b0} ^ (crc16_byte[15] ? 16'h1021 : 16'h0000);
    end
  endfunction

  // And over a symbol, high byte first.
  function automatic logic [15:0] crc16(input logic [15:0] crc, input logic [15:0] symbol);
    crc16 = crc16_byte(crc16_byte(crc, symbol[15:8]), symbol[7:0]);
  endfunction

  // Scrambler of PCI Express 3.0. Its Galois register with the seed of a lane gives the bits k[0], k[1], ... with
  // k[n+23] = k[n+21] ^ k[n+16] ^ k[n+8] ^ k[n+5] ^ k[n+2] ^ k[n]. Here a state is the next 23 of these bits, the next one in
  // bit 0. The first state, from the Galois register:
  function automatic logic [22:0] scramble_seed(input int unsigned lane);
    logic [22:0] galois;
    unique case (lane)
      0:       galois = 23'h1DBFBC;
      1:       galois = 23'h0607BB;
      2:       galois = 23'h1EC760;
      default: galois = 23'h18C0DB;
    endcase
    scramble_seed = '0;
    for (int i = 0; i < 23; i++) begin
      scramble_seed = {galois[22], scramble_seed[22:1]};
      galois        = {galois[21:0], 1'b0} ^ (galois[22] ? 23'h210125 : 23'h000000);
    end
  endfunction

  // The state 16 bits on. The new bits n, as a power series modulo z^16, are n = b / (1 + z^2 + z^7 + z^15), where b is what the
  // bits already known contribute; over GF(2) 1 / (1 + u) = (1 + u)(1 + u^2)(1 + u^4) as long as u^8 = 0.
  function automatic logic [22:0] scramble_next(input logic [22:0] state);
    logic [15:0] b, by4, by2, n;
    b   = state[15:0] ^ state[17:2] ^ state[20:5] ^ {1'd0, state[22:8]} ^ {9'd0, state[22:16]} ^ {14'd0, state[22:21]};
    by4 = b ^ {b[7:0], 8'd0};
    by2 = by4 ^ {by4[11:0], 4'd0} ^ {by4[1:0], 14'd0};
    n   = by2 ^ {by2[13:0], 2'd0} ^ {by2[8:0], 7'd0} ^ {by2[0], 15'd0};
    scramble_next = {n, state[22:16]};
  endfunction

  // PRBS-31: each bit is the sum of those 31 and 28 before it. The next 16, from those 31 to 13 before the first of them, oldest
  // in bit 0.
  function automatic logic [15:0] prbs31_next(input logic [18:0] prior);
    prbs31_next = prior[15:0] ^ prior[18:3];
  endfunction

  // Where each lane starts: anything but zero, and different, so that lanes do not carry the same bits.
  function automatic logic [30:0] prbs31_seed(input int unsigned lane);
    unique case (lane)
      0:       prbs31_seed = 31'h7FFF_FFFF;
      1:       prbs31_seed = 31'h2545_F491;
      2:       prbs31_seed = 31'h1B87_3593;
      default: prbs31_seed = 31'h5A82_7999;
    endcase
  endfunction

endpackage

`default_nettype wire
