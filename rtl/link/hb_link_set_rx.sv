// SPDX-License-Identifier: Apache-2.0
// Checks the training sets of one lane.
`default_nettype none

module hb_link_set_rx #(
  parameter int unsigned Lane = 0
) (
  input  logic        clk_i,
  input  logic        valid_i,       // symbol_i is new
  input  logic [15:0] symbol_i,
  input  logic        sync_i,        // with valid_i: it is symbol 1 of a set; without, symbols are counted on

  output logic [2:0]  index_o,       // with valid_i: which symbol of the set symbol_i is
  output logic        end_o,         // with valid_i: the last one, and
  output logic        good_o,        //   the set has its marker and the right check
  output logic        mine_o,        //   it names this lane
  output logic [1:0]  phase_o,       //   its phase
  output logic [3:0]  left_o         //   and the sets that follow before data
);

  logic [2:0]              index_q;
  logic [15:0]             crc_q;
  logic                    marked_q; // the marker was right so far
  hb_link_lane_pkg::head_t head_q;

  assign index_o = sync_i ? 3'd1 : index_q;
  assign end_o   = valid_i && index_o == 3'd7;
  assign good_o  = marked_q && symbol_i == crc_q;
  assign mine_o  = head_q.lane == 4'(Lane);
  assign phase_o = head_q.phase;
  assign left_o  = head_q.left;

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      index_q <= index_o + 3'd1;
      unique case (index_o)
        3'd0:    marked_q <= symbol_i == hb_link_lane_pkg::Marker0;
        3'd1:    marked_q <= symbol_i == hb_link_lane_pkg::Marker1 && (marked_q || sync_i);
        default: ;
      endcase
      crc_q <= (index_o <= 3'd1) ? 16'hFFFF : hb_link_lane_pkg::crc16(crc_q, symbol_i);
      if (index_o == 3'd2) head_q <= symbol_i;
    end
  end

  logic unused_head;
  assign unused_head = ^{head_q.zero, head_q.fresh, head_q.version};

endmodule

`default_nettype wire
