// SPDX-License-Identifier: Apache-2.0
// The sender's side of framing: chooses the next word, counts its position, and closes every flit with a check.
`default_nettype none

module hb_link_frame_tx #(
  parameter  int unsigned ReplayWords = 512,
  localparam int unsigned AddrWidth   = $clog2(ReplayWords),
  localparam int unsigned EntryWidth  = 1 + 8 + AddrWidth
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,
  input  logic                              run_i,        // data mode
  input  logic                              load_i,       // word_o is taken, or data mode begins: choose another
  output logic [63:0]                       word_o,

  // The flit to send next, if any, and the replay buffer, one clock behind its address
  input  logic                              pending_i,
  input  logic [EntryWidth-1:0]             entry_i,      // channel, length, address of the first word
  input  logic [7:0]                        seq_i,
  output logic                              send_o,       // it begins
  output logic                              read_o,
  output logic [AddrWidth-1:0]              read_addr_o,
  input  logic [63:0]                       read_data_i,

  input  logic                              back_req_i,   // a replay is due, until ...
  output logic                              back_o,       // ... the resync before it is on the way

  // What control words tell the partner
  input  logic [7:0]                        ack_i,
  input  logic [9:0]                        left0_i,
  input  logic [9:0]                        left1_i,
  input  logic                              news_i,       // one of them has changed
  input  logic                              hunting_i,
  input  logic                              lost_i,       // pulse: the receiver lost framing
  input  logic [hb_link_pkg::TimeWidth-1:0] nack_interval_i,  // words

  output logic                              nack_o,       // a resync with nack is on the way
  output logic                              flit_vc_o,    // channel of the flit that begins
  output logic                              payload_o     // a word of a flit is on the way
);

  // A partner with as small a replay buffer must not wait long for acknowledgements.
  localparam int unsigned Quarter    = (ReplayWords < 4) ? 1 : ReplayWords / 4;
  localparam int unsigned ControlGap = (Quarter < hb_link_pkg::ControlGap) ? Quarter : hb_link_pkg::ControlGap;

  logic [63:0]                       word_q;
  logic [31:0]                       crc_q, pos_q;
  logic [7:0]                        left_q;      // words of the flit still to come
  logic                              open_q;      // a flit waits for the framing word that closes it
  logic                              first_q;     // nothing was sent yet
  logic                              hunt_q, untold_q;
  logic                              news_q;
  logic [6:0]                        gap_q;       // words since the last control word
  logic [hb_link_pkg::TimeWidth-1:0] nack_q;      // words since the last nack, up to its interval
  logic [AddrWidth-1:0]              addr_q;      // last word read

  logic                              framing, resync_due, nack_due, control_due, hunt_d;
  logic [1:0]                        kind;
  hb_link_pkg::control_t             control;
  hb_link_pkg::data_t                data;
  logic [63:0]                       body;
  logic [31:0]                       crc_in, crc_out, check;

  assign framing     = left_q == 8'd0;
  assign nack_due    = hunting_i && nack_q >= nack_interval_i;
  assign resync_due  = first_q || back_req_i || nack_due;
  assign control_due = news_q && gap_q >= 7'(ControlGap);

  // A resync has a check of its own, so a control word closes the flit before it.
  always_comb begin
    if (resync_due) kind = open_q ? hb_link_pkg::KindControl : hb_link_pkg::KindResync;
    else if (pending_i && !control_due) kind = hb_link_pkg::KindData;
    else kind = hb_link_pkg::KindControl;
  end

  // The partner hears of every loss with a hunt bit unlike the one before; what was never told does not count.
  assign hunt_d = hunt_q ^ (untold_q && hunting_i);

  always_comb begin
    control.left1 = left1_i;
    control.left0 = left0_i;
    control.ack   = ack_i;
    control.hunt  = hunt_d;
    control.nack  = hunting_i;
    control.kind  = kind;
    data.zero     = '0;
    data.seq      = seq_i;
    data.len      = entry_i[AddrWidth +: 8];
    data.vc       = entry_i[AddrWidth + 8];
    data.kind     = kind;
  end

  always_comb begin
    if (!framing) body = read_data_i;
    else if (kind == hb_link_pkg::KindData) body = {32'd0, data};
    else body = {32'd0, control};
  end

  assign crc_in = (framing && kind == hb_link_pkg::KindResync) ? '1 : crc_q;

  hb_link_crc u_crc (.crc_i(crc_in), .word_i(body), .half_i(framing), .crc_o(crc_out));

  assign check = (kind == hb_link_pkg::KindResync) ? ~crc_out ^ pos_q : ~crc_out;

  assign send_o      = load_i && framing && kind == hb_link_pkg::KindData;
  assign back_o      = load_i && framing && kind == hb_link_pkg::KindResync && (back_req_i || first_q);
  assign nack_o      = load_i && framing && kind == hb_link_pkg::KindResync && hunting_i && !first_q;
  assign payload_o   = load_i && !framing;
  assign flit_vc_o   = data.vc;
  assign read_o      = send_o || (payload_o && left_q != 8'd1);
  assign read_addr_o = framing ? entry_i[AddrWidth-1:0] : addr_q + 1'b1;
  assign word_o      = word_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || !run_i) begin
      pos_q    <= '0;
      left_q   <= '0;
      open_q   <= 1'b0;
      first_q  <= 1'b1;
      hunt_q   <= 1'b0;
      untold_q <= 1'b0;
      news_q   <= 1'b0;
      gap_q    <= '0;
      nack_q   <= '0;
    end else begin
      if (load_i) begin
        pos_q   <= pos_q + 32'd1;
        first_q <= 1'b0;
        if (!framing) begin
          left_q <= left_q - 8'd1;
        end else begin
          open_q <= kind == hb_link_pkg::KindData;
          if (kind == hb_link_pkg::KindData) left_q <= data.len;
          else hunt_q <= hunt_d;
        end
        if (gap_q != 7'(ControlGap)) gap_q <= gap_q + 7'd1;
        if (nack_q < nack_interval_i) nack_q <= nack_q + 1'b1;
        if (framing && kind != hb_link_pkg::KindData) gap_q <= '0;
        if (framing && kind == hb_link_pkg::KindResync) nack_q <= '0;
      end
      if (lost_i) nack_q <= '1;  // the first nack of a loss goes out at once

      if (lost_i) untold_q <= 1'b1;
      else if (load_i && framing && kind != hb_link_pkg::KindData && hunting_i) untold_q <= 1'b0;

      if (news_i) news_q <= 1'b1;
      else if (load_i && framing && kind != hb_link_pkg::KindData) news_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (load_i) begin
      word_q <= framing ? {check, body[31:0]} : body;
      crc_q  <= framing ? '1 : crc_out;
    end
    if (read_o) addr_q <= read_addr_o;
  end

endmodule

`default_nettype wire
