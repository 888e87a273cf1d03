// SPDX-License-Identifier: Apache-2.0
// The receiver's side of framing: in step it knows which words are framing words and judges the check of each; else it hunts.
`default_nettype none

module hb_link_frame_rx #(
  parameter int unsigned MaxWords  = 129,
  parameter int unsigned CheckBits = 32   // bits of the check that are compared; fewer only to measure what slips through
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  run_i,        // data mode; without it the receiver hunts and the position is 0
  input  logic                  give_i,       // word_i is new
  input  logic [63:0]           word_i,

  output logic                  hunting_o,
  output logic                  lost_o,       // pulse: framing was lost

  // A sequence number, judged by hb_link_order
  output logic [7:0]            seq_o,
  input  logic                  due_i,
  input  logic                  old_i,
  input  logic [9:0]            room0_i,      // words that the buffer of channel 0 and of channel 1 can take
  input  logic [9:0]            room1_i,

  output logic                  put_o,        // a word of the flit expected
  output logic                  put_vc_o,
  output logic [7:0]            put_len_o,    // words of that flit
  output logic [63:0]           put_data_o,
  output logic                  commit_o,     // the flit is whole and right: it is received
  output logic                  drop_o,       // words put and not committed are void

  output logic                  control_o,    // a control or resync word, checked
  output hb_link_pkg::control_t control_word_o,

  output logic                  crc_error_o,  // pulses, see hb_link_pkg::event_t
  output logic                  duplicate_o,
  output logic                  protocol_error_o
);

  if (CheckBits < 1 || CheckBits > 32) begin : gen_bad_parameters
    $error("hb_link_frame_rx: CheckBits must be 1 to 32");
  end

  localparam logic [31:0] CheckMask = 32'hFFFF_FFFF >> (32 - CheckBits);

  logic [63:0] word_q;
  logic        valid_q, hunting_q, open_q, wanted_q, vc_q;
  logic [31:0] crc_q, pos_q;
  logic [7:0]  len_q, left_q;

  logic                  framing, resync, good, sound, begins, legal, fits;
  logic [31:0]           crc_in, crc_out, difference;
  hb_link_pkg::data_t    data;
  hb_link_pkg::control_t control;

  assign data    = word_q[31:0];
  assign control = word_q[31:0];

  // Hunting, every word may be a resync.
  assign framing = hunting_q || left_q == 8'd0;
  assign resync  = data.kind == hb_link_pkg::KindResync;
  assign crc_in  = (framing && resync) ? '1 : crc_q;

  hb_link_crc u_crc (.crc_i(crc_in), .word_i(word_q), .half_i(framing), .crc_o(crc_out));

  assign difference = ~crc_out ^ word_q[63:32] ^ (resync ? pos_q : 32'd0);
  assign good       = valid_q && run_i && framing && (difference & CheckMask) == '0 && (resync || !hunting_q);

  // What a framing word with a right check may say
  assign begins = data.kind == hb_link_pkg::KindData;
  assign legal  = data.len != 8'd0 && data.len <= 8'(MaxWords) && data.zero == '0;
  assign fits   = {2'b00, data.len} <= (data.vc ? room1_i : room0_i);
  always_comb begin
    unique case (data.kind)
      hb_link_pkg::KindControl: sound = 1'b1;
      hb_link_pkg::KindResync:  sound = 1'b1;
      hb_link_pkg::KindData:    sound = legal && (old_i || (due_i && fits));
      default:                  sound = 1'b0;
    endcase
  end

  assign seq_o            = data.seq;
  assign control_o        = good && !begins && sound;
  assign control_word_o   = control;
  assign commit_o         = good && !resync && open_q && wanted_q;
  assign duplicate_o      = good && !resync && open_q && !wanted_q;
  assign crc_error_o      = valid_q && run_i && !hunting_q && framing && !good;
  assign lost_o           = valid_q && run_i && !hunting_q && framing && (!good || !sound);
  assign protocol_error_o = good && !sound && !(begins && legal && !old_i && !due_i);  // a flit ahead is one lost before it
  assign drop_o           = !run_i || (valid_q && framing && !commit_o);
  assign put_o            = valid_q && run_i && !framing && wanted_q;
  assign put_vc_o         = vc_q;
  assign put_len_o        = len_q;
  assign put_data_o       = word_q;
  assign hunting_o        = hunting_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || !run_i) begin
      valid_q   <= 1'b0;
      hunting_q <= 1'b1;
      left_q    <= '0;
      open_q    <= 1'b0;
      pos_q     <= '0;
    end else begin
      valid_q <= give_i;
      if (valid_q) begin
        pos_q <= pos_q + 32'd1;
        if (good && sound) begin
          hunting_q <= 1'b0;
          open_q    <= begins;
          left_q    <= begins ? data.len : 8'd0;
        end else if (framing) begin
          hunting_q <= 1'b1;  // the resync that ends it sets the others
        end else begin
          left_q <= left_q - 8'd1;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (give_i) word_q <= word_i;
    if (valid_q) begin
      crc_q <= framing ? '1 : crc_out;
      if (framing) begin
        wanted_q <= due_i;
        vc_q     <= data.vc;
        len_q    <= data.len;
      end
    end
  end

endmodule

`default_nettype wire
