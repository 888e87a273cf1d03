// SPDX-License-Identifier: Apache-2.0
// Training sets as they are sent, a symbol of every lane at a time, and the countdown to data.
`default_nettype none

module hb_link_set_tx #(
  parameter int unsigned Lanes       = 4,
  parameter int unsigned MaxWords    = 129,
  parameter int unsigned BufferWords = 512
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  input  logic                active_i,     // data mode: no sets; the first set after it begins anew
  input  logic                next_i,       // symbols_o is taken; not with active_i
  output logic [Lanes*16-1:0] symbols_o,
  output logic                tick_o,       // pulse: a set ends, and the next one says what is asked in this clock
  output logic                done_o,       // pulse, with tick_o: the countdown has ended, what follows is data

  // What the next set says
  input  logic [1:0]          phase_i,      // while this is go, sets count down
  input  logic                fresh_i,
  input  logic [3:0]          heard_i,
  input  logic [3:0]          want_i,
  input  logic [3:0]          send_i,
  input  logic [7:0]          expected_i,   // this and what follows is read as its symbol is sent
  input  logic [15:0]         node_i
);

  localparam logic [15:0] Settings = {4'(Lanes), 4'($clog2(BufferWords)), 8'(MaxWords)};

  logic [2:0]             index_q;          // symbol of the set
  hb_link_lane_pkg::head_t  head_q;
  hb_link_lane_pkg::lanes_t lanes_q;
  logic [Lanes*16-1:0]    crc_q;
  logic                   going;

  assign tick_o = next_i && index_q == 3'd7;
  assign going  = phase_i == hb_link_lane_pkg::PhaseGo && head_q.phase == hb_link_lane_pkg::PhaseGo;
  assign done_o = tick_o && going && head_q.left == '0;

  always_comb begin
    for (int l = 0; l < Lanes; l++) begin
      unique case (index_q)
        3'd0:    symbols_o[16*l +: 16] = hb_link_lane_pkg::Marker0;
        3'd1:    symbols_o[16*l +: 16] = hb_link_lane_pkg::Marker1;
        3'd2:    symbols_o[16*l +: 16] = head_q | {8'd0, 4'(l), 4'd0};
        3'd3:    symbols_o[16*l +: 16] = lanes_q;
        3'd4:    symbols_o[16*l +: 16] = Settings;
        3'd5:    symbols_o[16*l +: 16] = {8'd0, expected_i};
        3'd6:    symbols_o[16*l +: 16] = node_i;
        default: symbols_o[16*l +: 16] = crc_q[16*l +: 16];
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || active_i) index_q <= '0;
    else if (next_i)         index_q <= index_q + 3'd1;

    if (!rst_ni || active_i || tick_o) begin
      head_q.zero    <= 1'b0;
      head_q.fresh   <= fresh_i;
      head_q.left    <= (phase_i != hb_link_lane_pkg::PhaseGo) ? 4'd0 :
                        going ? head_q.left - 4'd1 : 4'(hb_link_lane_pkg::GoSets - 1);
      head_q.phase   <= rst_ni ? phase_i : hb_link_lane_pkg::PhaseHello;
      head_q.lane    <= '0;
      head_q.version <= hb_link_lane_pkg::Version;
      lanes_q.zero   <= '0;
      lanes_q.send   <= send_i;
      lanes_q.want   <= want_i;
      lanes_q.heard  <= heard_i;
    end

    if (next_i) begin
      for (int l = 0; l < Lanes; l++) begin
        crc_q[16*l +: 16] <= (index_q <= 3'd1) ? 16'hFFFF :
                             hb_link_lane_pkg::crc16(crc_q[16*l +: 16], symbols_o[16*l +: 16]);
      end
    end
  end

endmodule

`default_nettype wire
