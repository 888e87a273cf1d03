// SPDX-License-Identifier: Apache-2.0
// Compares a lane with PRBS-31: takes 31 bits as they come, then runs free, and starts again if it is far off.
`default_nettype none

module hb_prbs31_check (
  input  logic        clk_i,
  input  logic        rst_ni,        // start again
  input  logic        valid_i,       // symbol_i is new; where symbols begin in the stream of bits does not matter
  input  logic [15:0] symbol_i,
  output logic        locked_o,      // runs free
  output logic        compared_o,    // pulse: a symbol of 16 bits was compared
  output logic [4:0]  errors_o       // with compared_o: bits of it that were wrong; else zero
);

  // More than a quarter of 64 bits wrong: a bit slip, or a lane that carries something else. A sequence that is right by the
  // seed of a wrong bit or two is off in half of its bits.
  localparam logic [6:0] MaxErrors = 7'd16;

  logic [30:0] last_q;               // the last 31 bits, not inverted: as received, then as expected
  logic        locked_q;
  logic [1:0]  count_q;              // symbols: of the seed, then of the 64 bits
  logic [6:0]  wrong_q;              // bits wrong among them

  logic [15:0] bits, expected, differ;
  logic [30:0] last;
  logic [4:0]  errors;
  logic [6:0]  wrong;

  assign bits     = ~symbol_i;
  assign expected = hb_link_lane_pkg::prbs31_next(last_q[18:0]);
  assign differ   = bits ^ expected;
  assign last     = {locked_q ? expected : bits, last_q[30:16]};

  always_comb begin
    errors = '0;
    if (valid_i && locked_q) begin
      for (int i = 0; i < 16; i++) errors = errors + 5'(differ[i]);
    end
  end
  assign wrong = wrong_q + 7'(errors);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      locked_q <= 1'b0;
      count_q  <= '0;
      wrong_q  <= '0;
    end else if (valid_i && locked_q) begin
      count_q  <= count_q + 2'd1;
      wrong_q  <= (count_q == 2'd3) ? '0 : wrong;
      locked_q <= !(count_q == 2'd3 && wrong > MaxErrors);
    end else if (valid_i) begin
      // All zero is no state of the sequence but follows its rule: a lane stuck at 1 would pass as faultless.
      locked_q <= count_q == 2'd1 && last != '0;
      count_q  <= (count_q == 2'd0) ? 2'd1 : 2'd0;
      wrong_q  <= '0;
    end
    if (valid_i) last_q <= last;
  end

  assign locked_o   = locked_q;
  assign compared_o = valid_i && locked_q;
  assign errors_o   = errors;

endmodule

`default_nettype wire
