// SPDX-License-Identifier: Apache-2.0
// Register slice for a valid/ready stream: cuts every path both ways at full throughput, for one clock of latency.
`default_nettype none

module hb_skid #(
  parameter int unsigned Width = 32
) (
  input  logic             clk_i,
  input  logic             rst_ni,   // drops the words held

  input  logic             valid_i,  // a word is taken on each clock with valid_i && ready_o
  output logic             ready_o,  // from a flip-flop; falls only after a clock with valid_o && !ready_i
  input  logic [Width-1:0] data_i,

  output logic             valid_o,  // from a flip-flop; a word taken is offered on the next clock if none is before it
  input  logic             ready_i,  // a word leaves on each clock with valid_o && ready_i
  output logic [Width-1:0] data_o    // from a flip-flop; held while valid_o && !ready_i; unknown when !valid_o
);

  if (Width < 1) begin : gen_bad_parameters
    $error("hb_skid: Width must be at least 1");
  end

  // `out` is what the receiver sees. `skid` catches the one word that is under way when the receiver stalls, because
  // the sender learns of the stall a clock late; it is full only behind a full `out`.
  logic             out_valid_q, skid_valid_q;
  logic [Width-1:0] out_data_q,  skid_data_q;
  logic             out_free;

  assign ready_o = !skid_valid_q;
  assign valid_o = out_valid_q;
  assign data_o  = out_data_q;

  assign out_free = !out_valid_q || ready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      out_valid_q  <= 1'b0;
      skid_valid_q <= 1'b0;
    end else if (out_free) begin
      out_valid_q  <= skid_valid_q || valid_i;
      skid_valid_q <= 1'b0;
    end else if (valid_i) begin
      skid_valid_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (out_free) out_data_q <= skid_valid_q ? skid_data_q : data_i;
    if (ready_o) skid_data_q <= data_i;
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(Width)) hb_skid_out_held (
    .clk_i, .rst_ni, .valid_i(valid_o), .ready_i(ready_i), .data_i(data_o)
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_skid_full_only_behind_full: assert (!skid_valid_q || out_valid_q);
    end
  end
`endif

endmodule

`default_nettype wire
