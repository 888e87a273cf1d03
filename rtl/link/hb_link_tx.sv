// SPDX-License-Identifier: Apache-2.0
// Sender of the link: takes flits that have credit, keeps them until they are acknowledged, and sends them as often as needed.
`default_nettype none

module hb_link_tx #(
  parameter int unsigned MaxWords    = 129,
  parameter int unsigned ReplayWords = 512,
  parameter int unsigned Window      = 64
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,
  input  logic                              session_i,
  input  logic                              down_i,
  input  logic                              run_i,             // data mode
  input  logic                              load_i,            // word_o is taken, or data mode begins
  output logic [63:0]                       word_o,

  // The client
  input  logic [1:0]                        valid_i,
  output logic [1:0]                        ready_o,
  input  logic [127:0]                      data_i,
  input  logic [1:0]                        last_i,
  input  logic [15:0]                       len_i,

  // From this end's receiver: what the partner says, and what it is to be told
  input  logic                              control_i,
  input  hb_link_pkg::control_t             control_word_i,
  input  logic [7:0]                        ack_i,
  input  logic [9:0]                        left0_i,
  input  logic [9:0]                        left1_i,
  input  logic                              news_i,
  input  logic                              hunting_i,
  input  logic                              lost_i,

  input  logic [9:0]                        partner_buffer_i,  // words, of each channel
  input  logic [hb_link_pkg::TimeWidth-1:0] nack_interval_i,
  input  logic [hb_link_pkg::TimeWidth-1:0] replay_timeout_i,
  input  logic [7:0]                        retrain_after_i,
  output logic                              retrain_o,
  output logic                              progress_o,
  output logic [7:0]                        unacked_o,

  output hb_link_pkg::event_t               event_o            // what the sender counts; the rest is zero
);

  if (Window < 1 || Window > hb_link_pkg::LimitWindow || 2 ** $clog2(Window) != Window) begin : gen_bad_window
    $error("hb_link_tx: Window must be a power of two, at most 64");
  end
  if (ReplayWords < MaxWords + 1 || 2 ** $clog2(ReplayWords) != ReplayWords) begin : gen_bad_replay
    $error("hb_link_tx: ReplayWords must be a power of two and more than MaxWords");
  end

  localparam int unsigned AddrWidth  = $clog2(ReplayWords);
  localparam int unsigned Slots      = (Window > 1) ? Window : 2;
  localparam int unsigned SlotWidth  = $clog2(Slots);
  localparam int unsigned EntryWidth = 1 + 8 + AddrWidth;

  logic [1:0]            credit_ok, grant, credit_bad;
  logic                  room, first, put, pending, send, back, back_req, advance, ack_bad, flying, timeout, read, flit_vc;
  logic [EntryWidth-1:0] next_entry;
  logic [AddrWidth:0]    put_addr, oldest, oldest_entry;
  logic [AddrWidth-1:0]  read_addr;
  logic [63:0]           put_data, read_data;
  logic [7:0]            head, next, tail;
  logic [7:0]            next_d, tail_d;  // of these and of head the low bits are a slot of the window
  logic                  grant_vc, stall_window, nack, payload;
  logic [7:0]            grant_len;
  logic [1:0]            stall_credit, discard;

  hb_link_take #(.MaxWords(MaxWords), .ReplayWords(ReplayWords)) u_take (
    .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i), .down_i(down_i),
    .valid_i(valid_i), .ready_o(ready_o), .data_i(data_i), .last_i(last_i), .len_i(len_i),
    .credit_ok_i(credit_ok), .room_i(room), .oldest_i(oldest), .grant_o(grant), .vc_o(grant_vc), .len_o(grant_len), .first_o(first),
    .put_o(put), .put_addr_o(put_addr), .put_data_o(put_data),
    .stall_credit_o(stall_credit), .stall_window_o(stall_window), .discard_o(discard)
  );

  for (genvar v = 0; v < 2; v++) begin : gen_credit
    hb_link_credit u_credit (
      .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i), .size_i(partner_buffer_i),
      .len_i(len_i[8*v +: 8]), .ok_o(credit_ok[v]), .take_i(grant[v]),
      .update_i(control_i), .left_i(v == 0 ? control_word_i.left0 : control_word_i.left1), .bad_o(credit_bad[v])
    );
  end

  hb_link_window #(.Window(Window)) u_window (
    .clk_i(clk_i), .rst_ni(rst_ni), .session_i(session_i),
    .room_o(room), .take_i(first), .head_o(head),
    .pending_o(pending), .send_i(send), .next_o(next), .next_d_o(next_d), .back_i(back),
    .ack_i(control_i), .ack_seq_i(control_word_i.ack), .advance_o(advance), .bad_o(ack_bad),
    .tail_o(tail), .tail_d_o(tail_d), .flying_o(flying)
  );

  // Channel, length and place of every flit in the window, read for the flit to send next and for the oldest.
  hb_ram_1r1w #(.Width(EntryWidth), .Depth(Slots)) u_next_entry (
    .clk_i(clk_i), .we_i(grant != 2'b00), .waddr_i(head[SlotWidth-1:0]),
    .wdata_i({grant_vc, grant_len, put_addr[AddrWidth-1:0]}),
    .re_i(1'b1), .raddr_i(next_d[SlotWidth-1:0]), .rdata_o(next_entry)
  );
  hb_ram_1r1w #(.Width(AddrWidth + 1), .Depth(Slots)) u_oldest_entry (
    .clk_i(clk_i), .we_i(grant != 2'b00), .waddr_i(head[SlotWidth-1:0]), .wdata_i(put_addr),
    .re_i(1'b1), .raddr_i(tail_d[SlotWidth-1:0]), .rdata_o(oldest_entry)
  );

  hb_ram_1r1w #(.Width(64), .Depth(ReplayWords)) u_replay (
    .clk_i(clk_i), .we_i(put), .waddr_i(put_addr[AddrWidth-1:0]), .wdata_i(put_data),
    .re_i(read), .raddr_i(read_addr), .rdata_o(read_data)
  );

  assign oldest = (tail == head) ? put_addr : oldest_entry;

  hb_link_frame_tx #(.ReplayWords(ReplayWords)) u_frame (
    .clk_i(clk_i), .rst_ni(rst_ni), .run_i(run_i), .load_i(load_i), .word_o(word_o),
    .pending_i(pending), .entry_i(next_entry), .seq_i(next), .send_o(send),
    .read_o(read), .read_addr_o(read_addr), .read_data_i(read_data),
    .back_req_i(back_req), .back_o(back),
    .ack_i(ack_i), .left0_i(left0_i), .left1_i(left1_i), .news_i(news_i), .hunting_i(hunting_i), .lost_i(lost_i),
    .nack_interval_i(nack_interval_i), .nack_o(nack), .flit_vc_o(flit_vc), .payload_o(payload)
  );

  hb_link_retry u_retry (
    .clk_i(clk_i), .rst_ni(rst_ni), .run_i(run_i), .replay_timeout_i(replay_timeout_i), .retrain_after_i(retrain_after_i),
    .control_i(control_i), .nack_i(control_word_i.nack), .hunt_i(control_word_i.hunt), .advance_i(advance),
    .flying_i(flying), .send_i(send), .back_req_o(back_req), .back_i(back),
    .timeout_o(timeout), .retrain_o(retrain_o), .progress_o(progress_o)
  );

  assign unacked_o = head - tail;

  logic unused;
  assign unused = ^{next_d, tail_d};

  always_comb begin
    event_o                = '0;
    event_o.flit_tx        = send ? 2'b01 << flit_vc : 2'b00;
    event_o.word_tx        = payload;
    event_o.replay         = back && back_req;
    event_o.timeout        = timeout;
    event_o.nack_tx        = nack;
    event_o.nack_rx        = control_i && control_word_i.nack && control_word_i.kind == hb_link_pkg::KindResync;
    event_o.protocol_error = ack_bad || credit_bad != 2'b00;
    event_o.stall_credit   = stall_credit;
    event_o.stall_window   = stall_window;
    event_o.discard        = discard;
  end

endmodule

`default_nettype wire
