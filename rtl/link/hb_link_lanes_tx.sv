// SPDX-License-Identifier: Apache-2.0
// What goes onto the lanes: training sets, scrambled words, the sequence of the bit-error-rate test, or nothing.
`default_nettype none

module hb_link_lanes_tx #(
  parameter int unsigned Lanes       = 4,
  parameter int unsigned MaxWords    = 129,
  parameter int unsigned BufferWords = 512
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  input  logic                quiet_i,       // lanes carry zeros
  input  logic                bert_i,        // enabled lanes carry PRBS-31
  input  logic                active_i,      // data mode; with none of the three, training sets
  input  logic [Lanes-1:0]    lane_enable_i,
  input  logic [Lanes-1:0]    inject_i,      // pulse: the next bit that the lane sends is inverted

  // Training sets (hb_link_set_tx)
  output logic                tick_o,
  output logic                done_o,
  input  logic [1:0]          phase_i,
  input  logic                fresh_i,
  input  logic [3:0]          heard_i,
  input  logic [3:0]          want_i,
  input  logic [3:0]          send_i,        // lanes that data goes out on, too; held in data mode
  input  logic [7:0]          expected_i,
  input  logic [15:0]         node_i,

  output logic                take_o,        // word_i is taken in this clock, at the earliest on the one after active_i rose
  input  logic [63:0]         word_i,

  output logic [Lanes*16-1:0] phy_tx_o,      // from flip-flops
  input  logic                phy_tx_take_i  // phy_tx_o is taken on this clock
);

  // One symbol before the output, so that data follows the last set without a gap.
  logic                data_q;               // it is a symbol of data, to be read when it is taken
  logic [Lanes*16-1:0] set_q;                // else it is of a set
  logic                training, stop;
  logic [Lanes*16-1:0] set, data, prbs, out, out_q;
  logic                next_data;
  logic [Lanes-1:0]    inject_q;

  assign training = !quiet_i && !bert_i && !active_i;
  assign stop     = quiet_i || bert_i;

  hb_link_set_tx #(
    .Lanes(Lanes), .MaxWords(MaxWords), .BufferWords(BufferWords)
  ) u_set_tx (
    .clk_i, .rst_ni(rst_ni && !stop),
    .active_i, .next_i(phy_tx_take_i && training), .symbols_o(set), .tick_o, .done_o,
    .phase_i, .fresh_i, .heard_i, .want_i, .send_i, .expected_i, .node_i
  );

  assign next_data = phy_tx_take_i && active_i && data_q;

  hb_link_stripe #(.Lanes(Lanes)) u_stripe (
    .clk_i, .start_i(!active_i), .next_i(next_data), .take_o, .word_i, .lanes_i(send_i[Lanes-1:0]), .symbols_o(data)
  );

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic [15:0] key;
    hb_link_scramble #(.Lane(l)) u_scramble (.clk_i, .start_i(!active_i), .next_i(next_data), .key_o(key));
    hb_prbs31_gen #(.Lane(l)) u_prbs (
      .clk_i, .rst_ni(rst_ni && bert_i), .next_i(phy_tx_take_i), .symbol_o(prbs[16*l +: 16])
    );

    always_comb begin
      out[16*l +: 16] = '0;
      if (bert_i) begin
        if (lane_enable_i[l]) out[16*l +: 16] = prbs[16*l +: 16];
      end else if (data_q) begin
        if (send_i[l] && active_i) out[16*l +: 16] = data[16*l +: 16] ^ key;
      end else if (lane_enable_i[l]) begin
        out[16*l +: 16] = set_q[16*l +: 16];
      end
      if (inject_q[l]) out[16*l] = !out[16*l];
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || stop) begin
      data_q <= 1'b0;
      set_q  <= '0;
    end else if (phy_tx_take_i) begin
      data_q <= active_i;
      if (training) set_q <= set;
    end
    if (!rst_ni) begin
      out_q    <= '0;
      inject_q <= '0;
    end else begin
      if (phy_tx_take_i) out_q <= out;
      inject_q <= (inject_q & ~{Lanes{phy_tx_take_i}}) | inject_i;
    end
  end

  assign phy_tx_o = out_q;

  if (Lanes < 4) begin : gen_unused_send
    logic unused_send;
    assign unused_send = ^send_i[3:Lanes];
  end

endmodule

`default_nettype wire
