// SPDX-License-Identifier: Apache-2.0
// Reads a matrix as a stream of words, panel after panel: up to a word a clock, whatever the memory's latency and conflicts.
`default_nettype none

module hb_fetch #(
  parameter int unsigned AddrW     = 12,  // of a word; the top bit (queue memory) is never set
  parameter int unsigned WordBits  = 512,
  parameter int unsigned FifoDepth = 4    // reads granted and not yet taken; 3 sustain a word a clock, more ride out conflicts
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                run_i,        // low: forgets everything but the reads under way. High: walks once, as told by:
  input  logic [AddrW-2:0]    base_i,       // first panel (from here to repeat_i: stable from the clock before run_i rises)
  input  logic [AddrW-2:0]    stride_i,     // from a panel to the next
  input  logic [AddrW-1:0]    words_i,      // of a panel, at least 1
  input  logic [15:0]         inner_i,      // panels in a turn, at least 1
  input  logic [15:0]         outer_i,      // turns, at least 1
  input  logic                repeat_i,     // 0: every turn begins at base_i and takes the next panel each time;
                                            // 1: a turn takes one panel inner_i times, the next turn the next panel
  output logic                req_o,
  input  logic                gnt_i,
  output logic [AddrW-1:0]    addr_o,
  input  logic                rvalid_i,
  input  logic [WordBits-1:0] rdata_i,
  input  logic                ue_i,

  output logic                valid_o,      // the words in order; one is taken on each clock with valid_o && ready_i
  input  logic                ready_i,
  output logic [WordBits-1:0] data_o,

  output logic                quiet_o,      // no read is under way
  output logic                poison_o,     // the word arriving now is uncorrectable,
  output logic [AddrW-1:0]    poison_addr_o // from this address
);

  localparam int unsigned UsedW = $clog2(FifoDepth + 1);

  // Where the next read goes: word in the panel, panel in the turn, turn; counted down.
  logic [AddrW-2:0] addr_q, panel_q, panel_next;
  logic [AddrW-1:0] words_q;
  logic [15:0]      inner_q, outer_q;
  logic             all_q;
  logic             grant, last_word, last_inner, last_outer;

  assign grant      = req_o && gnt_i;
  assign last_word  = words_q == AddrW'(1);
  assign last_inner = inner_q == 16'd1;
  assign last_outer = outer_q == 16'd1;

  always_comb begin
    if (last_inner && !repeat_i) panel_next = base_i;
    else if (!last_inner && repeat_i) panel_next = panel_q;
    else panel_next = panel_q + stride_i;
  end

  always_ff @(posedge clk_i) begin
    if (!run_i) begin
      addr_q  <= base_i;
      panel_q <= base_i;
      words_q <= words_i;
      inner_q <= inner_i;
      outer_q <= outer_i;
      all_q   <= 1'b0;
    end else if (grant) begin
      addr_q  <= last_word ? panel_next : addr_q + 1'b1;
      words_q <= last_word ? words_i : words_q - 1'b1;
      if (last_word) begin
        panel_q <= panel_next;
        inner_q <= last_inner ? inner_i : inner_q - 1'b1;
        if (last_inner) outer_q <= outer_q - 1'b1;
        all_q   <= last_inner && last_outer;
      end
    end
  end

  // A read is asked for only when the FIFO will have room for its word.
  logic [UsedW-1:0] used_q;
  logic             pop;

  assign req_o  = run_i && !all_q && used_q != UsedW'(FifoDepth);
  assign addr_o = {1'b0, addr_q};
  assign pop    = valid_o && ready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || !run_i) used_q <= '0;
    else if (grant && !pop) used_q <= used_q + 1'b1;
    else if (pop && !grant) used_q <= used_q - 1'b1;
  end

  // Reads under way and their addresses: data comes two clocks after the grant.
  logic             flight1_q, flight2_q;
  logic [AddrW-2:0] addr1_q, addr2_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      flight1_q <= 1'b0;
      flight2_q <= 1'b0;
    end else begin
      flight1_q <= grant;
      flight2_q <= flight1_q;
    end
    if (grant) addr1_q <= addr_q;
    if (flight1_q) addr2_q <= addr1_q;
  end

  assign quiet_o       = !flight1_q && !flight2_q;
  assign poison_o      = run_i && rvalid_i && ue_i;
  assign poison_addr_o = {1'b0, addr2_q};

  // Never full when a word arrives: used_q counts the words in it too.
  logic                           unused_ready;
  logic [$clog2(FifoDepth+1)-1:0] unused_level;

  hb_fifo #(.Width(WordBits), .Depth(FifoDepth)) u_fifo (
    .clk_i, .rst_ni(rst_ni && run_i),
    .valid_i(rvalid_i), .ready_o(unused_ready), .data_i(rdata_i),
    .valid_o, .ready_i, .data_o, .level_o(unused_level)
  );

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(AddrW)) hb_fetch_req_held (
    .clk_i, .rst_ni(rst_ni && run_i), .valid_i(req_o), .ready_i(gnt_i), .data_i(addr_o)
  );
  hb_held #(.Width(WordBits)) hb_fetch_out_held (
    .clk_i, .rst_ni(rst_ni && run_i), .valid_i(valid_o), .ready_i(ready_i), .data_i(data_o)
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_fetch_room_for_every_answer: assert (!run_i || !rvalid_i || unused_ready);
    end
  end
`endif

endmodule

`default_nettype wire
