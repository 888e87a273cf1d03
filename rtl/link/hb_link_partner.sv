// SPDX-License-Identifier: Apache-2.0
// What the partner says of itself: the content of the last good training set of one lane.
`default_nettype none

module hb_link_partner #(
  parameter int unsigned Lanes    = 4,
  parameter int unsigned MaxWords = 129
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        forget_i,      // what was said is no longer true; for software it stays readable

  input  logic        valid_i,       // symbol_i is symbol index_i of a set
  input  logic        source_i,      // pulse: the lane that symbols come from has changed
  input  logic [2:0]  index_i,
  input  logic [15:0] symbol_i,
  input  logic        good_i,        // with symbol 7: the set is good

  output logic        known_o,       // a good set came since forget_i; the rest is of the last one
  output logic [1:0]  phase_o,
  output logic        fresh_o,
  output logic [3:0]  heard_o,
  output logic [3:0]  want_o,
  output logic [3:0]  send_o,
  output logic        fits_o,        // settings that both ends must share are as mine
  output logic [19:0] settings_o,    // PARTNER_SETTINGS
  output logic [15:0] node_o
);

  typedef struct packed {
    logic [15:0] node;
    logic [15:0] settings;
    logic [15:0] lanes;
    logic [15:0] head;
  } said_t;

  said_t                    now_q, said_q;
  logic                     whole_q;   // now_q holds symbols of one set of one lane
  logic                     known_q;
  hb_link_lane_pkg::head_t  head;
  hb_link_lane_pkg::lanes_t lanes;

  assign head  = said_q.head;
  assign lanes = said_q.lanes;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      whole_q <= 1'b0;
      known_q <= 1'b0;
      said_q  <= '0;
    end else begin
      if (source_i || forget_i) whole_q <= 1'b0;
      else if (valid_i && index_i == 3'd2) whole_q <= 1'b1;
      if (forget_i) begin
        known_q <= 1'b0;
      end else if (good_i && whole_q && !source_i) begin
        known_q <= 1'b1;
        said_q  <= now_q;
      end
    end
    if (valid_i) begin
      unique case (index_i)
        3'd2:    now_q.head     <= symbol_i;
        3'd3:    now_q.lanes    <= symbol_i;
        3'd4:    now_q.settings <= symbol_i;
        3'd6:    now_q.node     <= symbol_i;
        default: ;
      endcase
    end
  end

  assign known_o    = known_q;
  assign phase_o    = head.phase;
  assign fresh_o    = head.fresh;
  assign heard_o    = lanes.heard;
  assign want_o     = lanes.want;
  assign send_o     = lanes.send;
  assign settings_o = {head.version, said_q.settings};
  assign node_o     = said_q.node;
  assign fits_o     = head.version == hb_link_lane_pkg::Version && said_q.settings[7:0] == 8'(MaxWords) &&
                      said_q.settings[15:12] == 4'(Lanes);

  logic unused_said;
  assign unused_said = ^{head.zero, head.left, head.lane, lanes.zero};

endmodule

`default_nettype wire
