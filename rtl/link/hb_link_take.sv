// SPDX-License-Identifier: Apache-2.0
// Takes flits from the two channels of the client, in turn, into the replay buffer; throws away what can never be sent.
`default_nettype none

module hb_link_take #(
  parameter  int unsigned MaxWords    = 129,
  parameter  int unsigned ReplayWords = 512,
  localparam int unsigned AddrWidth   = $clog2(ReplayWords)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 session_i,      // a new session begins: of a flit half taken the rest is thrown away
  input  logic                 down_i,         // everything is thrown away

  // The client; bit or slice v is channel v. valid, len and data are held until taken.
  input  logic [1:0]           valid_i,
  output logic [1:0]           ready_o,        // from a flip-flop; high from the first word to the last of a flit
  input  logic [127:0]         data_i,
  input  logic [1:0]           last_i,         // with the last word of a flit, word number len
  input  logic [15:0]          len_i,          // words of the flit; 0 or more than MaxWords: thrown away

  input  logic [1:0]           credit_ok_i,    // channel v has credit for len_i
  input  logic                 room_i,         // the window has room for a flit
  input  logic [AddrWidth:0]   oldest_i,       // address, modulo 2 * ReplayWords, of the oldest word that must be kept
  output logic [1:0]           grant_o,        // the flit offered by channel v will be taken: its credit is spent
  output logic                 vc_o,           // of that flit: its channel,
  output logic [7:0]           len_o,          // and its words, from put_addr_o on
  output logic                 first_o,        // its first word is taken

  output logic                 put_o,          // a word for the replay buffer
  output logic [AddrWidth:0]   put_addr_o,     // modulo 2 * ReplayWords
  output logic [63:0]          put_data_o,

  output logic [1:0]           stall_credit_o, // hb_link_pkg::event_t
  output logic                 stall_window_o,
  output logic [1:0]           discard_o
);

  logic               busy_q, vc_q, first_q, turn_q;
  logic [7:0]         left_q;
  logic [AddrWidth:0] addr_q;
  logic [1:0]         mid_q, drop_q;  // channel v is inside a flit; its words are thrown away

  logic [1:0]         legal, fits, want, accept, mid_d, grant;
  logic [AddrWidth:0] used;
  logic               idle, pick;
  logic [7:0]         len;

  assign used = addr_q - oldest_i;

  always_comb begin
    for (int v = 0; v < 2; v++) begin
      legal[v] = len_i[8*v +: 8] != 8'd0 && len_i[8*v +: 8] <= 8'(MaxWords);
      fits[v]  = (AddrWidth + 2)'(used) + (AddrWidth + 2)'(len_i[8*v +: 8]) <= (AddrWidth + 2)'(ReplayWords);
    end
  end

  assign accept = valid_i & ready_o;
  assign mid_d  = (accept & ~last_i) | (~accept & mid_q);

  // A channel that has credit and its turn waits for room even if the other channel's flit would fit, or long flits would
  // starve behind short ones. Room comes with acknowledgements, whatever the partner's client does.
  assign idle  = !busy_q && !down_i && !session_i;
  assign want  = valid_i & ~drop_q & legal & credit_ok_i;
  assign pick  = want[turn_q] ? turn_q : !turn_q;
  assign grant = (idle && room_i) ? (2'b01 << pick) & want & fits : 2'b00;
  assign len   = pick ? len_i[15:8] : len_i[7:0];

  assign grant_o        = grant;
  assign vc_o           = pick;
  assign len_o          = len;
  assign put_o          = busy_q && valid_i[vc_q];
  assign put_addr_o     = addr_q;
  assign put_data_o     = vc_q ? data_i[127:64] : data_i[63:0];
  assign first_o        = put_o && first_q;
  assign ready_o        = drop_q | (busy_q ? 2'b01 << vc_q : 2'b00);
  assign stall_credit_o = idle ? valid_i & ~drop_q & legal & ~credit_ok_i : 2'b00;
  assign stall_window_o = idle && want != 2'b00 && grant == 2'b00;
  assign discard_o      = accept & drop_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      turn_q <= 1'b0;
      addr_q <= '0;
      mid_q  <= 2'b00;
      drop_q <= 2'b00;
    end else begin
      mid_q <= mid_d;
      for (int v = 0; v < 2; v++) begin
        drop_q[v] <= down_i || (mid_d[v] && (drop_q[v] || session_i)) || (idle && valid_i[v] && !drop_q[v] && !legal[v]);
      end
      if (down_i || session_i) busy_q <= 1'b0;
      else if (grant != 2'b00) busy_q <= 1'b1;
      else if (put_o && left_q == 8'd1) busy_q <= 1'b0;
      if (grant != 2'b00) turn_q <= !pick;
      if (put_o) addr_q <= addr_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (grant != 2'b00) begin
      vc_q    <= pick;
      left_q  <= len;
      first_q <= 1'b1;
    end else if (put_o) begin
      left_q  <= left_q - 8'd1;
      first_q <= 1'b0;
    end
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  for (genvar v = 0; v < 2; v++) begin : gen_promises
    hb_held #(.Width(73)) hb_link_take_in_held (
      .clk_i, .rst_ni, .valid_i(valid_i[v]), .ready_i(ready_o[v]), .data_i({len_i[8*v +: 8], last_i[v], data_i[64*v +: 64]})
    );
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_link_take_one_grant:          assert (grant != 2'b11);
      hb_link_take_ready_inside_flit:  assert ((mid_q & ~ready_o) == '0);
      hb_link_take_valid_inside_flit:  assert ((mid_q & ~valid_i) == '0);
      hb_link_take_no_put_when_full:   assert (!put_o || 32'(used) < ReplayWords);
    end
  end
`endif

endmodule

`default_nettype wire
