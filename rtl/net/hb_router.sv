// SPDX-License-Identifier: Apache-2.0
// Router of one channel: five ports, dimension order, round robin at every output; a flit holds its output to its last word.
`default_nettype none

module hb_router (
  input  logic                              clk_i,
  input  logic                              rst_ni,      // drops what is under way

  input  logic [3:0]                        x_i,         // where this router is
  input  logic [3:0]                        y_i,
  input  logic [hb_net_regs_pkg::NumPort-2:0]   link_i,      // links that lead to somebody; read with a flit's first word

  // Ports (hb_net_regs_pkg::Port*). A flit is one or more words, the last one marked; its first is its header. A word moves in
  // each clock with valid and ready, and stays as it is until then. len is the same in every word of a flit. There is no
  // combinational path from any ready to a valid, nor from an input port to an output port.
  input  logic [hb_net_regs_pkg::NumPort-1:0]   in_valid_i,
  output logic [hb_net_regs_pkg::NumPort-1:0]   in_ready_o,
  input  logic [hb_net_regs_pkg::NumPort*64-1:0] in_data_i,
  input  logic [hb_net_regs_pkg::NumPort-1:0]   in_last_i,
  input  logic [hb_net_regs_pkg::NumPort*8-1:0] in_len_i,    // words of the flit

  // If the words of a flit come without a gap, they leave without one: while its receiver is ready.
  output logic [hb_net_regs_pkg::NumPort-1:0]   out_valid_o,
  input  logic [hb_net_regs_pkg::NumPort-1:0]   out_ready_i,
  output logic [hb_net_regs_pkg::NumPort*64-1:0] out_data_o,
  output logic [hb_net_regs_pkg::NumPort-1:0]   out_last_o,
  output logic [hb_net_regs_pkg::NumPort*8-1:0] out_len_o,

  output logic [hb_net_regs_pkg::NumPort-1:0]   no_route_o   // pulse, by port: a flit that came in there is thrown away
);

  localparam int unsigned N    = hb_net_regs_pkg::NumPort;
  localparam int unsigned Last = 64;  // of what a port holds: {len, last, data}
  localparam int unsigned W    = 73;

  logic [N-1:0]   valid, ready, last, first_q, drop, drop_q;
  logic [N*W-1:0] word;
  logic [N*N-1:0] want, take;  // output o of input i at [i*N + o]

  // No way leads from y to x, nor back: such flits come of wrong coordinates, and could close a circle of waiting.
  function automatic logic legal(input int unsigned from, input int unsigned to);
    legal = (from != to || from == hb_net_regs_pkg::PortTile) &&
            !((from == hb_net_regs_pkg::PortYUp || from == hb_net_regs_pkg::PortYDown) && to <= hb_net_regs_pkg::PortXDown);
  endfunction

  for (genvar i = 0; i < N; i++) begin : gen_in
    logic [3:0]   to_x, to_y;
    logic [N-1:0] way, open;

    hb_skid #(.Width(W)) u_skid (
      .clk_i, .rst_ni,
      .valid_i(in_valid_i[i]), .ready_o(in_ready_o[i]),
      .data_i ({in_len_i[i*8 +: 8], in_last_i[i], in_data_i[i*64 +: 64]}),
      .valid_o(valid[i]), .ready_i(ready[i]), .data_o(word[i*W +: W])
    );
    assign last[i] = word[i*W + Last];
    assign to_x    = word[i*W + 4 +: 4];
    assign to_y    = word[i*W + 8 +: 4];

    // First along x, then along y
    always_comb begin
      way = '0;
      if (to_x > x_i)      way[hb_net_regs_pkg::PortXUp]   = 1'b1;
      else if (to_x < x_i) way[hb_net_regs_pkg::PortXDown] = 1'b1;
      else if (to_y > y_i) way[hb_net_regs_pkg::PortYUp]   = 1'b1;
      else if (to_y < y_i) way[hb_net_regs_pkg::PortYDown] = 1'b1;
      else                 way[hb_net_regs_pkg::PortTile]  = 1'b1;
      for (int o = 0; o < N; o++) open[o] = legal(i, o) && (o == hb_net_regs_pkg::PortTile || link_i[o & 3]);
    end
    assign want[i*N +: N] = (valid[i] && first_q[i]) ? way & open : '0;
    assign no_route_o[i]  = valid[i] && first_q[i] && (way & open) == '0;
    assign drop[i]        = no_route_o[i] || drop_q[i];
    assign ready[i]       = drop[i] || take[i*N +: N] != '0;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        first_q[i] <= 1'b1;
        drop_q[i]  <= 1'b0;
      end else if (valid[i] && ready[i]) begin
        first_q[i] <= last[i];
        drop_q[i]  <= drop[i] && !last[i];
      end
    end
  end

  for (genvar o = 0; o < N; o++) begin : gen_out
    logic [N-1:0] req, gnt, owner_q, source;  // owner: whose flit is under way; zero: nobody's
    logic         moves;

    for (genvar i = 0; i < N; i++) begin : gen_source
      assign req[i]        = want[i*N + o] && owner_q == '0;
      assign take[i*N + o] = source[i] && valid[i] && out_ready_i[o];
    end

    hb_arbiter #(.NumReq(N)) u_arb (.clk_i, .rst_ni, .req_i(req), .gnt_o(gnt), .ready_i(out_ready_i[o]));

    assign source         = (owner_q != '0) ? owner_q : gnt;
    assign out_valid_o[o] = (source & valid) != '0;
    assign moves          = out_valid_o[o] && out_ready_i[o];

    always_comb begin
      {out_len_o[o*8 +: 8], out_last_o[o], out_data_o[o*64 +: 64]} = '0;
      for (int i = 0; i < N; i++) begin
        if (source[i]) {out_len_o[o*8 +: 8], out_last_o[o], out_data_o[o*64 +: 64]} = word[i*W +: W];
      end
    end

    always_ff @(posedge clk_i) begin
      if (!rst_ni) owner_q <= '0;
      else if (moves) owner_q <= out_last_o[o] ? '0 : source;
    end
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  for (genvar p = 0; p < N; p++) begin : gen_promises
    hb_held #(.Width(W)) hb_router_in_held (
      .clk_i, .rst_ni, .valid_i(in_valid_i[p]), .ready_i(in_ready_o[p]),
      .data_i({in_len_i[p*8 +: 8], in_last_i[p], in_data_i[p*64 +: 64]})
    );
    hb_held #(.Width(W)) hb_router_out_held (
      .clk_i, .rst_ni, .valid_i(out_valid_o[p]), .ready_i(out_ready_i[p]),
      .data_i({out_len_o[p*8 +: 8], out_last_o[p], out_data_o[p*64 +: 64]})
    );
    always_ff @(posedge clk_i) begin
      if (rst_ni) begin
        hb_router_one_way_a_flit: assert ((take[p*N +: N] & (take[p*N +: N] - 1'b1)) == '0);
      end
    end
  end
`endif

endmodule

`default_nettype wire
