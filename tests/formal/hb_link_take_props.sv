// SPDX-License-Identifier: Apache-2.0
// What hb_link_take promises: no word that may have to be sent again is overwritten, none gets lost uncounted, no channel starves.

module hb_link_take_props #(
  parameter  int unsigned MaxWords    = 3,
  parameter  int unsigned ReplayWords = 4,
  parameter  bit          Invariants  = 1,  // 0: judge the ports alone
  localparam int unsigned AddrWidth   = $clog2(ReplayWords)
) (
  input logic               clk_i,
  input logic               rst_ni,
  input logic               session_i,
  input logic               down_i,
  input logic [1:0]         valid_i,
  input logic [127:0]       data_i,
  input logic [1:0]         last_i,
  input logic [15:0]        len_i,
  input logic [1:0]         credit_ok_i,
  input logic               room_i,
  input logic [AddrWidth:0] oldest_i
);

  logic [1:0]         ready, grant, stall_credit, discard;
  logic               vc, first, put, stall_window;
  logic [7:0]         len;
  logic [AddrWidth:0] put_addr;
  logic [63:0]        put_data;

  hb_link_take #(.MaxWords(MaxWords), .ReplayWords(ReplayWords)) u_dut (
    .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i), .down_i(down_i),
    .valid_i(valid_i), .ready_o(ready), .data_i(data_i), .last_i(last_i), .len_i(len_i),
    .credit_ok_i(credit_ok_i), .room_i(room_i), .oldest_i(oldest_i), .grant_o(grant), .vc_o(vc), .len_o(len), .first_o(first),
    .put_o(put), .put_addr_o(put_addr), .put_data_o(put_data),
    .stall_credit_o(stall_credit), .stall_window_o(stall_window), .discard_o(discard)
  );

  logic started_q;
  initial started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb assume (started_q || !rst_ni);

  // The client keeps its promises: valid and len are held until taken, and inside a flit; last comes with word number len.
  logic [1:0]  accept, inside_q, held_q;
  logic [15:0] len_q, at_q;
  assign accept = valid_i & ready;
  always_ff @(posedge clk_i) begin
    len_q <= len_i;
    for (int v = 0; v < 2; v++) begin
      inside_q[v]    <= rst_ni && (accept[v] ? !last_i[v] : inside_q[v]);
      held_q[v]      <= rst_ni && (accept[v] ? !last_i[v] : valid_i[v]);
      at_q[8*v +: 8] <= !rst_ni ? 8'd0 : !accept[v] ? at_q[8*v +: 8] : last_i[v] ? 8'd0 : at_q[8*v +: 8] + 8'd1;
    end
  end
  logic [1:0] legal;
  always_comb begin
    for (int v = 0; v < 2; v++) begin
      legal[v] = len_i[8*v +: 8] >= 8'd1 && len_i[8*v +: 8] <= 8'(MaxWords);
      if (started_q) assume (!held_q[v] || (valid_i[v] && len_i[8*v +: 8] == len_q[8*v +: 8]));
      if (legal[v]) assume (last_i[v] == (at_q[8*v +: 8] + 8'd1 == len_i[8*v +: 8]));
    end
  end

  // Whether the next word of a channel is to be thrown away: of an illegal flit, in DOWN, and the rest of a flit that a session
  // or DOWN has cut.
  logic [1:0] cut, cut_q;
  logic       down_q;
  assign cut = (inside_q & cut_q) | (~inside_q & (~legal | {2{down_q}}));
  always_ff @(posedge clk_i) begin
    down_q <= rst_ni && down_i;
    cut_q  <= {2{rst_ni}} & ((accept & ~last_i & (cut | {2{session_i || down_i}})) | (~accept & inside_q & (cut_q | {2{session_i || down_i}})));
  end

  // What is kept moves on up to what has been put.
  logic [AddrWidth:0] oldest_q, put_addr_q;
  always_ff @(posedge clk_i) {oldest_q, put_addr_q} <= {oldest_i, put_addr};
  always_comb assume (!started_q || (AddrWidth + 1)'(oldest_i - oldest_q) <= (AddrWidth + 1)'(put_addr - oldest_q));
  logic reset_q;
  always_ff @(posedge clk_i) reset_q <= !rst_ni;
  always_comb assume (!started_q || !reset_q || oldest_i == put_addr);

  // The model: words of the flit granted that are still to come, and grants the other channel got while one waits.
  logic [7:0] left_q;
  logic       vc_q;
  logic [1:0] waited_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || session_i || down_i) left_q <= 8'd0;
    else if (grant != 2'b00) left_q <= len;
    else if (put) left_q <= left_q - 8'd1;
    if (grant != 2'b00) vc_q <= vc;
    for (int v = 0; v < 2; v++) begin
      if (!rst_ni || down_i || !valid_i[v] || !legal[v] || !credit_ok_i[v] || grant[v] || ready[v]) waited_q[v] <= 1'b0;
      else if (grant != 2'b00) waited_q[v] <= 1'b1;
    end
  end

  logic [AddrWidth:0] used;
  assign used = put_addr - oldest_i;

  always_comb begin
    if (started_q) begin
      // 1. No word is written over one that must be kept.
      assert (used <= (AddrWidth + 1)'(ReplayWords));
      assert (!put || used < (AddrWidth + 1)'(ReplayWords));
      // 2. A grant has credit, a place in the window, a legal length, and is for one channel, named with its length.
      assert ((grant & ~(valid_i & credit_ok_i & legal)) == 2'b00 && (grant == 2'b00 || room_i) && grant != 2'b11);
      assert (grant == 2'b00 || (grant[vc] && len == len_i[8*vc +: 8]));
      // 3. After a grant its words are put one a clock, all of them, the first marked, and nothing else ever.
      assert (put == (left_q != 8'd0));
      assert (!put || (accept[vc_q] && put_data == data_i[64*vc_q +: 64] && !discard[vc_q]));
      assert (!(first && put) || left_q == len_i[8*vc_q +: 8]);
      assert (grant == 2'b00 || left_q == 8'd0);
      // 4. What is taken is put or counted as thrown away.
      assert ((accept & ~discard) == (put ? 2'b01 << vc_q : 2'b00) && (discard & ~accept) == 2'b00);
      // 5. What is thrown away is what must be, and nothing else.
      assert ((accept & discard) == (accept & cut));
      // 6. Who has credit waits for one grant of the other channel at most.
      assert ((grant & {waited_q[0] && credit_ok_i[0], waited_q[1] && credit_ok_i[1]}) == 2'b00);
    end
  end

  // Invariants, true of the state inside, that make 1 to 6 inductive.
  (* hierconn *) wire \u_dut.busy_q , \u_dut.vc_q , \u_dut.turn_q , \u_dut.first_q ;
  (* hierconn *) wire [7:0] \u_dut.left_q ;
  (* hierconn *) wire [1:0] \u_dut.mid_q , \u_dut.drop_q ;

  if (Invariants) begin : gen_invariants
    always_comb begin
      if (started_q) begin
        assert ( \u_dut.busy_q == (left_q != 8'd0));
        assert (! \u_dut.busy_q || ( \u_dut.left_q == left_q && \u_dut.vc_q == vc_q && held_q[vc_q] && ! \u_dut.drop_q [vc_q]));
        assert (! \u_dut.busy_q || (legal[vc_q] && at_q[8*vc_q +: 8] + left_q == len_i[8*vc_q +: 8]));
        assert (! \u_dut.busy_q || ( \u_dut.first_q == (at_q[8*vc_q +: 8] == 8'd0)));
        assert (! \u_dut.busy_q || (AddrWidth + 8)'(used) + (AddrWidth + 8)'(left_q) <= (AddrWidth + 8)'(ReplayWords));
        assert ( \u_dut.mid_q == inside_q);
        for (int v = 0; v < 2; v++) begin
          assert (!inside_q[v] || held_q[v]);
          assert (inside_q[v] || at_q[8*v +: 8] == 8'd0);
          assert (!inside_q[v] || \u_dut.drop_q [v] || ( \u_dut.busy_q && vc_q == v[0]));
          assert (!inside_q[v] || \u_dut.drop_q [v] == cut_q[v]);
          assert (inside_q[v] || ! \u_dut.drop_q [v] || down_q || (held_q[v] && !legal[v]));
          assert (!down_q || \u_dut.drop_q [v]);
          assert (!waited_q[v] || (held_q[v] && legal[v] && ! \u_dut.drop_q [v] && (! \u_dut.busy_q || vc_q != v[0])));
          assert (!waited_q[v] || \u_dut.turn_q == v[0]);
          if (legal[v] && inside_q[v]) assert (at_q[8*v +: 8] < len_i[8*v +: 8]);
        end
      end
    end
  end

endmodule
