// SPDX-License-Identifier: Apache-2.0
// Receive buffer of one virtual channel: words come one by one, flits are shown to the client whole.
`default_nettype none

module hb_link_rx_buffer #(
  parameter  int unsigned BufferWords = 512,              // a power of two, at most 512
  localparam int unsigned AddrWidth   = $clog2(BufferWords)
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        session_i,   // a new session begins: what is committed stays, and counts as not yet left

  input  logic        put_i,       // a word of a flit of len_i words
  input  logic [63:0] data_i,
  input  logic [7:0]  len_i,
  input  logic        commit_i,    // the words put since the last commit are a flit
  input  logic        drop_i,      // they are void; not with put_i
  output logic [9:0]  room_o,      // words that can be put
  output logic        overflow_o,  // a word was put without room, and is lost
  output logic [9:0]  left_o,      // words that left in this session, less those that were in at its begin, modulo 1024
  output logic        leave_o,     // one leaves now

  output logic        valid_o,     // a flit is here whole: its words follow each other as long as they are taken
  input  logic        ready_i,
  output logic [63:0] data_o,
  output logic [7:0]  len_o,       // words of the flit
  output logic        last_o
);

  if (BufferWords < 2 || BufferWords > hb_link_pkg::LimitBufferWords || 2 ** AddrWidth != BufferWords) begin : gen_bad_parameters
    $error("hb_link_rx_buffer: BufferWords must be a power of two, 2 to 512");
  end

  // Modulo 2 * BufferWords: put next; the first not committed; read next
  logic [AddrWidth:0] put_q, done_q, get_q, get_d, level, filled;
  logic [9:0]         left_q, left_d;
  logic [7:0]         at_q;                // words of the flit shown before this one
  logic               valid_q, full, write;

  assign level      = put_q - get_q;
  assign full       = level == (AddrWidth + 1)'(BufferWords);
  assign write      = put_i && !full;
  assign overflow_o = put_i && full;
  assign room_o     = 10'(BufferWords) - 10'(level);

  // The word shown is the RAM's output: the next one is read when it goes.
  assign leave_o = get_q != done_q && (!valid_q || ready_i);
  assign get_d   = get_q + (AddrWidth + 1)'(leave_o);
  assign left_d  = left_q + 10'(leave_o);
  assign filled  = done_q - get_d;

  assign valid_o = valid_q;
  assign left_o  = left_q;
  assign last_o  = at_q + 8'd1 == len_o;

  hb_ram_1r1w #(.Width(64), .Depth(BufferWords)) u_words (
    .clk_i(clk_i), .we_i(write), .waddr_i(put_q[AddrWidth-1:0]), .wdata_i(data_i),
    .re_i(leave_o), .raddr_i(get_q[AddrWidth-1:0]), .rdata_o(data_o)
  );
  hb_ram_1r1w #(.Width(8), .Depth(BufferWords)) u_lens (
    .clk_i(clk_i), .we_i(write), .waddr_i(put_q[AddrWidth-1:0]), .wdata_i(len_i),
    .re_i(leave_o), .raddr_i(get_q[AddrWidth-1:0]), .rdata_o(len_o)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      put_q   <= '0;
      done_q  <= '0;
      get_q   <= '0;
      left_q  <= '0;
      at_q    <= '0;
      valid_q <= 1'b0;
    end else begin
      if (session_i) put_q <= done_q;
      else if (commit_i) done_q <= put_q;
      else if (drop_i) put_q <= done_q;
      else if (write) put_q <= put_q + 1'b1;

      get_q   <= get_d;
      left_q  <= session_i ? 10'd0 - 10'(filled) : left_d;
      valid_q <= leave_o || (valid_q && !ready_i);
      if (valid_q && ready_i) at_q <= last_o ? '0 : at_q + 8'd1;
    end
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(73)) hb_link_rx_buffer_out_held (
    .clk_i, .rst_ni, .valid_i(valid_o), .ready_i(ready_i), .data_i({len_o, last_o, data_o})
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_link_rx_buffer_within_limit:    assert (32'(level) <= BufferWords);
      hb_link_rx_buffer_drop_or_put:     assert (!(drop_i && put_i));
    end
  end
`endif

endmodule

`default_nettype wire
