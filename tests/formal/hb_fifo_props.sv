// SPDX-License-Identifier: Apache-2.0
// What hb_fifo promises, as properties over any sequence of words, stalls and resets.

module hb_fifo_props #(
  parameter  int unsigned Width      = 2,
  parameter  int unsigned Depth      = 3,  // at most 5: the slots named below
  parameter  bit          Invariants = 1,  // 0: judge the ports alone
  localparam int unsigned LevelWidth = $clog2(Depth + 1)
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input logic [Width-1:0] data_i,
  input logic             ready_i,
  input logic             track_i  // follow the word pushed now
);

  logic                  ready, valid, push, pop;
  logic [Width-1:0]      data;
  logic [LevelWidth-1:0] level;

  hb_fifo #(.Width(Width), .Depth(Depth)) u_dut (
    .clk_i(clk_i), .rst_ni(rst_ni), .valid_i(valid_i), .ready_o(ready), .data_i(data_i),
    .valid_o(valid), .ready_i(ready_i), .data_o(data), .level_o(level)
  );

  assign push = valid_i && ready;
  assign pop  = valid && ready_i;

  // The first clock is a reset; later ones may come at any time.
  logic started_q;
  initial started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  // The model: how many words are inside, and one of them, chosen freely, with the number of words before it. What holds
  // for any one word holds for all of them, so data, order, loss and duplication are all judged by this one.
  logic [LevelWidth:0] count_q, ahead_q;  // wide enough to see an overflow
  logic                tracking_q;
  logic [Width-1:0]    token_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q    <= '0;
      tracking_q <= 1'b0;
    end else begin
      if (push && !pop) count_q <= count_q + 1'b1;
      if (pop && !push) count_q <= count_q - 1'b1;
      if (!tracking_q && push && track_i) begin
        tracking_q <= 1'b1;
        token_q    <= data_i;
        ahead_q    <= pop ? count_q - 1'b1 : count_q;
      end else if (tracking_q && pop) begin
        tracking_q <= ahead_q != '0;
        ahead_q    <= ahead_q - 1'b1;
      end
    end
  end

  logic             stalled_q;
  logic [Width-1:0] stalled_data_q;
  always_ff @(posedge clk_i) begin
    stalled_q      <= rst_ni && valid && !ready_i;
    stalled_data_q <= data;
  end

  always_comb begin
    if (started_q) begin
      // 1. It never holds more than Depth words, and level_o counts them.
      assert (count_q <= Depth);
      assert (level == count_q);
      // 2. It takes a word iff there is room, and offers one iff there is one: no overflow, no underflow.
      assert (ready == (count_q < Depth));
      assert (valid == (count_q != '0));
      // 3. A word leaves after those before it, before those after it, unchanged.
      assert (!tracking_q || ahead_q < count_q);
      assert (!(tracking_q && ahead_q == '0) || (valid && data == token_q));
      // 4. A word offered and not taken stays.
      assert (!stalled_q || (valid && data == stalled_data_q));
    end
  end

  // Invariants, true of the state inside, that make 1 to 4 inductive.
  /* verilator lint_off UNDRIVEN */
  (* hierconn *) wire [((Depth > 1) ? $clog2(Depth) : 1)-1:0] \u_dut.rptr_q ;
  (* hierconn *) wire [Width-1:0] \u_dut.mem_q[0] , \u_dut.mem_q[1] , \u_dut.mem_q[2] , \u_dut.mem_q[3] , \u_dut.mem_q[4] ;
  /* verilator lint_on UNDRIVEN */
  logic [5*Width-1:0] slots;
  logic [3:0]         at, slot;

  assign slots = { \u_dut.mem_q[4] , \u_dut.mem_q[3] , \u_dut.mem_q[2] , \u_dut.mem_q[1] , \u_dut.mem_q[0] };
  assign at    = 4'( \u_dut.rptr_q ) + 4'(ahead_q);
  assign slot  = (at >= 4'(Depth)) ? at - 4'(Depth) : at;

  if (Invariants) begin : gen_invariants
    always_comb begin
      if (started_q) begin
        assert ( \u_dut.rptr_q < Depth);
        assert (!tracking_q || slots[Width*slot +: Width] == token_q);
      end
    end
  end

endmodule
