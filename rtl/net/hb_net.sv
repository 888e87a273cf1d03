// SPDX-License-Identifier: Apache-2.0
// The network of a chip: two routers between its links and its tile, and what carries out transfers (rtl/net/README.md).
`default_nettype none

module hb_net #(
  parameter  int unsigned WordBytes = 64,      // of a memory word
  parameter  int unsigned DataBytes = 131072,  // of data memory
  parameter  int unsigned MaxWords  = 129,     // words in the longest flit that the links carry
  localparam int unsigned W         = WordBytes * 8,
  localparam int unsigned IndexW    = $clog2(DataBytes / WordBytes),
  localparam int unsigned L         = hb_net_regs_pkg::NumPort - 1
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  // Transfers (hb_seq): checked descriptors, carried out in order; taken on a clock with cmd_valid_i && cmd_ready_o
  input  logic                cmd_valid_i,
  output logic                cmd_ready_o,
  input  hb_tile_pkg::job_t   cmd_job_i,
  input  hb_tile_pkg::order_t cmd_order_i,
  input  logic [IndexW-1:0]   cmd_a_base_i,    // words
  input  logic [IndexW-1:0]   cmd_d_base_i,
  input  logic [IndexW:0]     cmd_a_stride_i,
  input  logic [IndexW:0]     cmd_d_stride_i,

  // Semaphores (hb_sem): adds; holds until granted
  output logic                sem_valid_o,
  input  logic                sem_gnt_i,
  output logic [2:0]          sem_index_o,
  output logic [7:0]          sem_count_o,

  // Requester n of the memory (hb_mem): data memory alone
  output logic                n_req_o,
  input  logic                n_gnt_i,
  output logic                n_write_o,
  output logic [IndexW-1:0]   n_addr_o,
  output logic [W-1:0]        n_wdata_o,
  input  logic [W-1:0]        n_rdata_i,
  input  logic                n_ue_i,

  // Registers: a request a clock, answered on the next one
  input  logic                reg_req_i,
  input  logic                reg_write_i,
  input  logic [11:0]         reg_addr_i,
  input  logic [31:0]         reg_wdata_i,
  output logic [31:0]         reg_rdata_o,
  output logic                reg_err_o,
  output logic                irq_o,           // level

  // Links, client side; link p, channel v at [2*p + v]. Once a flit's first word is taken, the others follow without a gap.
  output logic [2*L-1:0]      tx_valid_o,
  input  logic [2*L-1:0]      tx_ready_i,
  output logic [2*L*64-1:0]   tx_data_o,
  output logic [2*L-1:0]      tx_last_o,
  output logic [2*L*8-1:0]    tx_len_o,
  input  logic [2*L-1:0]      rx_valid_i,
  output logic [2*L-1:0]      rx_ready_o,
  input  logic [2*L*64-1:0]   rx_data_i,
  input  logic [2*L-1:0]      rx_last_i,
  input  logic [2*L*8-1:0]    rx_len_i
);

  localparam int unsigned FlitWords = hb_net_pkg::flit_words(MaxWords, WordBytes);
  localparam int unsigned CountW    = $clog2(FlitWords + 1);
  localparam int unsigned WordLog   = $clog2(WordBytes);
  localparam int unsigned Window    = (FlitWords * WordBytes < 256) ? 16 : 4;  // READs under way: more of short flits
  localparam int unsigned N         = hb_net_regs_pkg::NumPort;

  if (MaxWords > 129 || FlitWords < 1) begin : gen_bad_flit
    $error("hb_net: MaxWords must be at most 129, and a flit must have room for its header and a memory word");
  end

  logic [7:0]  place;
  logic [3:0]  ports;
  logic [31:0] get_timeout;

  // Routers, one a channel; the tile is at their last port.
  logic [1:0]     out_valid, out_ready, out_last, in_valid, in_ready, in_last;  // of the tile, by channel
  logic [2*64-1:0] out_data, in_data;
  logic [2*8-1:0] out_len, in_len;
  logic [2*N-1:0] no_route;

  for (genvar v = 0; v < 2; v++) begin : gen_channel
    logic [L-1:0]    rx_valid, rx_ready, rx_last, tx_valid, tx_ready, tx_last;
    logic [L*64-1:0] rx_data, tx_data;
    logic [L*8-1:0]  rx_len, tx_len;

    for (genvar p = 0; p < L; p++) begin : gen_port
      assign rx_valid[p]          = rx_valid_i[2*p + v];
      assign rx_data[p*64 +: 64]  = rx_data_i[(2*p + v)*64 +: 64];
      assign rx_last[p]           = rx_last_i[2*p + v];
      assign rx_len[p*8 +: 8]     = rx_len_i[(2*p + v)*8 +: 8];
      assign rx_ready_o[2*p + v]  = rx_ready[p];
      assign tx_valid_o[2*p + v]  = tx_valid[p];
      assign tx_last_o[2*p + v]   = tx_last[p];
      assign tx_ready[p]          = tx_ready_i[2*p + v];
      assign tx_data_o[(2*p + v)*64 +: 64] = tx_data[p*64 +: 64];
      assign tx_len_o[(2*p + v)*8 +: 8]    = tx_len[p*8 +: 8];
    end

    hb_router u_router (
      .clk_i, .rst_ni,
      .x_i(place[3:0]), .y_i(place[7:4]), .link_i(ports),
      .in_valid_i ({out_valid[v], rx_valid}),
      .in_ready_o ({out_ready[v], rx_ready}),
      .in_data_i  ({out_data[v*64 +: 64], rx_data}),
      .in_last_i  ({out_last[v], rx_last}),
      .in_len_i   ({out_len[v*8 +: 8], rx_len}),
      .out_valid_o({in_valid[v], tx_valid}),
      .out_ready_i({in_ready[v], tx_ready}),
      .out_data_o ({in_data[v*64 +: 64], tx_data}),
      .out_last_o ({in_last[v], tx_last}),
      .out_len_o  ({in_len[v*8 +: 8], tx_len}),
      .no_route_o (no_route[v*N +: N])
    );
  end

  // Memory: reader 0 for SEND, 1 for answers; writer 2 for requests, 3 for answers.
  logic [3:0]          mem_req, mem_gnt;
  logic [4*IndexW-1:0] mem_addr;
  logic [2*W-1:0]      mem_wdata;
  logic [1:0]          mem_rvalid;

  hb_net_mem #(.WordBytes(WordBytes), .IndexW(IndexW)) u_mem (
    .clk_i, .rst_ni,
    .req_i(mem_req), .gnt_o(mem_gnt), .addr_i(mem_addr), .wdata_i(mem_wdata), .rvalid_o(mem_rvalid),
    .n_req_o, .n_gnt_i, .n_write_o, .n_addr_o, .n_wdata_o
  );

  // What this chip's queue asks for: requests
  logic              go, go_ready, go_two, go_done, get_start, get_read, get_last, get_busy, get_room, get_failed;
  logic [63:0]       go_header, go_second;
  logic [IndexW-1:0] go_addr;
  logic [CountW-1:0] go_words;
  logic [7:0]        get_tag, cmd_sem_count;
  logic [2:0]        cmd_sem_index;
  logic [2:0]        sem_valid, sem_gnt;     // 0: a transfer is over; 1: a GET is; 2: a SIGNAL has come
  logic [3*11-1:0]   sem_order;              // {index, count} of each
  logic              busy, send_end, get_open, get_end, get_lost, data_done, data_poison;
  logic [1:0]        poison, bad;
  logic [2*IndexW-1:0] poison_index;
  logic              send_poison, answer_poison;
  logic [127:0]      bad_header;

  hb_net_tx #(.WordBytes(WordBytes), .DataBytes(DataBytes), .FlitWords(FlitWords)) u_tx (
    .clk_i, .rst_ni, .place_i(place),
    .cmd_valid_i, .cmd_ready_o, .cmd_job_i, .cmd_order_i, .cmd_a_base_i, .cmd_d_base_i, .cmd_a_stride_i, .cmd_d_stride_i,
    .go_o(go), .go_ready_i(go_ready), .header_o(go_header), .two_o(go_two), .second_o(go_second), .addr_o(go_addr),
    .words_o(go_words), .done_i(go_done), .poison_i(send_poison),
    .get_start_o(get_start), .get_read_o(get_read), .get_last_o(get_last), .get_busy_i(get_busy), .get_room_i(get_room),
    .get_failed_i(get_failed), .get_tag_i(get_tag),
    .sem_index_o(cmd_sem_index), .sem_count_o(cmd_sem_count), .sem_valid_o(sem_valid[0]), .sem_gnt_i(sem_gnt[0]),
    .busy_o(busy), .end_o(send_end)
  );
  assign sem_order[0 +: 11] = {cmd_sem_index, cmd_sem_count};

  hb_net_get #(.Window(Window)) u_get (
    .clk_i, .rst_ni, .timeout_i(get_timeout),
    .start_i(get_start), .sem_index_i(cmd_sem_index), .sem_count_i(cmd_sem_count),
    .read_i(get_read), .last_i(get_last), .busy_o(get_busy), .room_o(get_room), .failed_o(get_failed),
    .open_o(get_open), .tag_o(get_tag), .data_i(data_done), .poison_i(data_poison),
    .sem_valid_o(sem_valid[1]), .sem_gnt_i(sem_gnt[1]), .sem_index_o(sem_order[11+8 +: 3]),
    .sem_count_o(sem_order[11 +: 8]), .end_o(get_end), .lost_o(get_lost)
  );

  hb_net_send #(.WordBytes(WordBytes), .FlitWords(FlitWords), .IndexW(IndexW), .Tell(1'b0)) u_send (
    .clk_i, .rst_ni,
    .go_i(go), .go_ready_o(go_ready), .header_i(go_header), .two_i(go_two), .second_i(go_second), .addr_i(go_addr),
    .words_i(go_words), .done_o(go_done), .poison_o(send_poison), .poison_addr_o(poison_index[0 +: IndexW]),
    .req_o(mem_req[0]), .gnt_i(mem_gnt[0]), .addr_o(mem_addr[0 +: IndexW]), .rvalid_i(mem_rvalid[0]),
    .rdata_i(n_rdata_i), .ue_i(n_ue_i),
    .valid_o(out_valid[0]), .ready_i(out_ready[0]), .data_o(out_data[0 +: 64]), .last_o(out_last[0]),
    .len_o(out_len[0 +: 8])
  );

  // What others ask for, and the answers
  logic              answer, answer_ready, answer_done;
  logic [63:0]       answer_header;
  logic [IndexW-1:0] answer_addr;
  logic [CountW-1:0] answer_words;

  hb_net_requests #(.WordBytes(WordBytes), .DataBytes(DataBytes), .FlitWords(FlitWords)) u_requests (
    .clk_i, .rst_ni, .place_i(place),
    .valid_i(in_valid[0]), .ready_o(in_ready[0]), .data_i(in_data[0 +: 64]), .last_i(in_last[0]), .len_i(in_len[0 +: 8]),
    .req_o(mem_req[2]), .gnt_i(mem_gnt[2]), .addr_o(mem_addr[2*IndexW +: IndexW]), .wdata_o(mem_wdata[0 +: W]),
    .sem_valid_o(sem_valid[2]), .sem_gnt_i(sem_gnt[2]), .sem_index_o(sem_order[22+8 +: 3]),
    .sem_count_o(sem_order[22 +: 8]),
    .answer_o(answer), .answer_ready_i(answer_ready), .answer_header_o(answer_header), .answer_addr_o(answer_addr),
    .answer_words_o(answer_words), .answer_done_i(answer_done),
    .bad_o(bad[0]), .bad_header_o(bad_header[0 +: 64])
  );

  hb_net_send #(.WordBytes(WordBytes), .FlitWords(FlitWords), .IndexW(IndexW), .Tell(1'b1)) u_answer (
    .clk_i, .rst_ni,
    .go_i(answer), .go_ready_o(answer_ready), .header_i(answer_header), .two_i(1'b0), .second_i(64'd0),
    .addr_i(answer_addr), .words_i(answer_words), .done_o(answer_done), .poison_o(answer_poison),
    .poison_addr_o(poison_index[IndexW +: IndexW]),
    .req_o(mem_req[1]), .gnt_i(mem_gnt[1]), .addr_o(mem_addr[IndexW +: IndexW]), .rvalid_i(mem_rvalid[1]),
    .rdata_i(n_rdata_i), .ue_i(n_ue_i),
    .valid_o(out_valid[1]), .ready_i(out_ready[1]), .data_o(out_data[64 +: 64]), .last_o(out_last[1]),
    .len_o(out_len[8 +: 8])
  );

  hb_net_responses #(.WordBytes(WordBytes), .DataBytes(DataBytes), .FlitWords(FlitWords)) u_responses (
    .clk_i, .rst_ni,
    .valid_i(in_valid[1]), .ready_o(in_ready[1]), .data_i(in_data[64 +: 64]), .last_i(in_last[1]), .len_i(in_len[8 +: 8]),
    .req_o(mem_req[3]), .gnt_i(mem_gnt[3]), .addr_o(mem_addr[3*IndexW +: IndexW]), .wdata_o(mem_wdata[W +: W]),
    .open_i(get_open), .tag_i(get_tag), .done_o(data_done), .poison_o(data_poison),
    .bad_o(bad[1]), .bad_header_o(bad_header[64 +: 64])
  );

  // Semaphores
  logic [2:0] sem_turn;
  hb_arbiter #(.NumReq(3)) u_sem (.clk_i, .rst_ni, .req_i(sem_valid), .gnt_o(sem_turn), .ready_i(sem_gnt_i));
  assign sem_gnt     = sem_gnt_i ? sem_turn : '0;
  assign sem_valid_o = sem_valid != '0;
  assign {sem_index_o, sem_count_o} = ({11{sem_turn[0]}} & sem_order[0 +: 11]) | ({11{sem_turn[1]}} & sem_order[11 +: 11]) |
                                      ({11{sem_turn[2]}} & sem_order[22 +: 11]);

  assign poison = {answer_done && answer_poison, go_done && send_poison};

  hb_net_csr #(.Links(L), .MaxWords(MaxWords), .FlitWords(FlitWords), .Window(Window)) u_csr (
    .clk_i, .rst_ni,
    .reg_req_i, .reg_write_i, .reg_addr_i, .reg_wdata_i, .reg_rdata_o, .reg_err_o,
    .place_o(place), .ports_o(ports), .get_timeout_o(get_timeout), .busy_i(busy), .get_i(get_busy),
    .bad_i(bad), .bad_header_i(bad_header), .no_route_i(no_route), .poison_i(poison),
    .poison_addr_i({32'(poison_index[IndexW +: IndexW]) << WordLog, 32'(poison_index[0 +: IndexW]) << WordLog}),
    .get_lost_i(get_lost), .get_end_i(get_end), .send_end_i(send_end),
    .out_i(out_valid & out_ready), .in_i(in_valid & in_ready), .stall_i(out_valid & ~out_ready),
    .irq_o
  );

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(11)) hb_net_sem_held (
    .clk_i, .rst_ni, .valid_i(sem_valid_o), .ready_i(sem_gnt_i), .data_i({sem_index_o, sem_count_o})
  );
`endif

endmodule

`default_nettype wire
