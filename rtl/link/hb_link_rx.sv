// SPDX-License-Identifier: Apache-2.0
// Receiver of the link: checks words, puts flits in order, and keeps them for the client, each channel in a buffer of its own.
`default_nettype none

module hb_link_rx #(
  parameter int unsigned MaxWords    = 129,
  parameter int unsigned BufferWords = 512,
  parameter int unsigned CheckBits   = 32
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  session_i,
  input  logic                  run_i,           // data mode
  input  logic                  give_i,          // word_i is new
  input  logic [63:0]           word_i,

  // The client; bit or slice v is channel v
  output logic [1:0]            valid_o,
  input  logic [1:0]            ready_i,
  output logic [127:0]          data_o,
  output logic [15:0]           len_o,
  output logic [1:0]            last_o,

  // For this end's sender: what the partner says, and what it is to be told
  output logic                  control_o,
  output hb_link_pkg::control_t control_word_o,
  output logic [7:0]            expected_o,
  output logic [9:0]            left0_o,
  output logic [9:0]            left1_o,
  output logic                  news_o,          // one of these three changes
  output logic                  hunting_o,
  output logic                  lost_o,

  output hb_link_pkg::event_t   event_o          // what the receiver counts; the rest is zero
);

  if (MaxWords < 1 || MaxWords > hb_link_pkg::LimitMaxWords || BufferWords < MaxWords) begin : gen_bad_parameters
    $error("hb_link_rx: MaxWords must be 1 to 129 and at most BufferWords");
  end

  logic        due, old, put, put_vc, commit, drop, crc_error, duplicate, protocol_error;
  logic [7:0]  seq, put_len;
  logic [63:0] put_data;
  logic [19:0] room, left;
  logic [1:0]  overflow, leave;

  hb_link_frame_rx #(.MaxWords(MaxWords), .CheckBits(CheckBits)) u_frame (
    .clk_i(clk_i), .rst_ni(rst_ni), .run_i(run_i), .give_i(give_i), .word_i(word_i),
    .hunting_o(hunting_o), .lost_o(lost_o),
    .seq_o(seq), .due_i(due), .old_i(old), .room0_i(room[9:0]), .room1_i(room[19:10]),
    .put_o(put), .put_vc_o(put_vc), .put_len_o(put_len), .put_data_o(put_data), .commit_o(commit), .drop_o(drop),
    .control_o(control_o), .control_word_o(control_word_o),
    .crc_error_o(crc_error), .duplicate_o(duplicate), .protocol_error_o(protocol_error)
  );

  hb_link_order u_order (
    .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i),
    .accept_i(commit), .expected_o(expected_o), .seq_i(seq), .due_o(due), .old_o(old)
  );

  for (genvar v = 0; v < 2; v++) begin : gen_buffer
    hb_link_rx_buffer #(.BufferWords(BufferWords)) u_buffer (
      .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i),
      .put_i(put && put_vc == 1'(v)), .data_i(put_data), .len_i(put_len), .commit_i(commit), .drop_i(drop),
      .room_o(room[10*v +: 10]), .overflow_o(overflow[v]), .left_o(left[10*v +: 10]), .leave_o(leave[v]),
      .valid_o(valid_o[v]), .ready_i(ready_i[v]), .data_o(data_o[64*v +: 64]), .len_o(len_o[8*v +: 8]), .last_o(last_o[v])
    );
  end

  assign left0_o = left[9:0];
  assign left1_o = left[19:10];
  assign news_o  = commit || leave != 2'b00;

  always_comb begin
    event_o                = '0;
    event_o.flit_rx        = commit ? 2'b01 << put_vc : 2'b00;
    event_o.word_rx        = put;
    event_o.crc_error      = crc_error;
    event_o.hunt           = lost_o;
    event_o.duplicate      = duplicate;
    event_o.protocol_error = protocol_error;
    event_o.overflow       = overflow != 2'b00;
  end

endmodule

`default_nettype wire
