// SPDX-License-Identifier: Apache-2.0
// Two ends of a link, word to word, for docs/timing.md: flits from end a, of which one word is damaged on its way.

module link_waves;
  localparam int unsigned Delay = 4, Damaged = 15;  // clocks of wire; the word of a's data mode that is damaged

  logic clk = 1'b0, rst_n = 1'b0;
  always #1 clk = ~clk;

  logic        active_q, take_q;
  logic [63:0] a_word, b_word, a_wire_q[Delay], b_wire_q[Delay];
  logic [Delay-1:0] given_q;
  logic [63:0] to_b, to_a;
  int unsigned number_q, clock_q;
  logic        damage;

  logic [1:0]   ready, valid_out, last_out;
  logic [127:0] data_out;
  logic         valid_q, a_hunting, b_hunting;
  logic [2:0]   word_q;   // of the flit that is handed in
  logic [7:0]   flit_q, in_flight;
  localparam int unsigned Words = 3, Flits = 6;

  assign damage = given_q[Delay-1] && number_q == Damaged;
  assign to_b = a_wire_q[Delay-1] ^ {63'b0, damage};
  assign to_a = b_wire_q[Delay-1];

  hb_link_core #(.MaxWords(9), .BufferWords(16), .ReplayWords(32), .Window(4)) u_a (
    .clk_i(clk), .rst_ni(rst_n), .tx_active_i(active_q), .tx_take_i(take_q), .tx_word_o(a_word),
    .rx_active_i(active_q), .rx_give_i(given_q[Delay-1]), .rx_word_i(to_a), .hunting_o(a_hunting),
    .session_i(1'b0), .down_i(1'b0), .bound_o(), .retrain_o(), .progress_o(), .rx_expected_o(), .unacked_o(in_flight),
    .partner_buffer_i(10'd16), .nack_interval_i('d64), .replay_timeout_i('d200), .retrain_after_i(8'd8), .hunt_timeout_i('0),
    .tx_valid_i({1'b0, valid_q}), .tx_ready_o(ready), .tx_data_i({64'b0, 32'hf117_0000, 8'b0, flit_q, 13'b0, word_q}),
    .tx_last_i({1'b0, word_q == 3'(Words - 1)}), .tx_len_i(16'(Words)),
    .rx_valid_o(), .rx_ready_i(2'b11), .rx_data_o(), .rx_last_o(), .rx_len_o(), .event_o()
  );
  hb_link_core #(.MaxWords(9), .BufferWords(16), .ReplayWords(32), .Window(4)) u_b (
    .clk_i(clk), .rst_ni(rst_n), .tx_active_i(active_q), .tx_take_i(take_q), .tx_word_o(b_word),
    .rx_active_i(active_q), .rx_give_i(given_q[Delay-1]), .rx_word_i(to_b), .hunting_o(b_hunting),
    .session_i(1'b0), .down_i(1'b0), .bound_o(), .retrain_o(), .progress_o(), .rx_expected_o(), .unacked_o(),
    .partner_buffer_i(10'd16), .nack_interval_i('d64), .replay_timeout_i('d200), .retrain_after_i(8'd8), .hunt_timeout_i('0),
    .tx_valid_i(2'b00), .tx_ready_o(), .tx_data_i('0), .tx_last_i(2'b00), .tx_len_i('0),
    .rx_valid_o(valid_out), .rx_ready_i(2'b11), .rx_data_o(data_out), .rx_last_o(last_out), .rx_len_o(), .event_o()
  );

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      active_q <= 1'b0;
      take_q   <= 1'b0;
      given_q  <= '0;
      number_q <= '0;
      valid_q  <= 1'b0;
      word_q   <= '0;
      flit_q   <= '0;
      clock_q  <= '0;
    end else begin
      clock_q  <= clock_q + 1;
      active_q <= 1'b1;
      take_q   <= active_q;
      given_q  <= {given_q[Delay-2:0], take_q};
      if (given_q[Delay-1]) number_q <= number_q + 1;
      a_wire_q[0] <= a_word;
      b_wire_q[0] <= b_word;
      for (int unsigned i = 1; i < Delay; ++i) begin
        a_wire_q[i] <= a_wire_q[i-1];
        b_wire_q[i] <= b_wire_q[i-1];
      end
      valid_q <= flit_q < 8'(Flits);
      if (valid_q && ready[0]) begin
        word_q <= (word_q == 3'(Words - 1)) ? '0 : word_q + 1'b1;
        if (word_q == 3'(Words - 1)) begin
          flit_q  <= flit_q + 1'b1;
          valid_q <= flit_q + 1'b1 < 8'(Flits);
        end
      end
    end
  end

  initial begin
    $dumpfile("link.vcd");
    $dumpvars(0, link_waves);
    repeat (4) @(posedge clk);
    @(negedge clk) rst_n = 1'b1;
    repeat (120) @(posedge clk);
    $finish;
  end
endmodule
