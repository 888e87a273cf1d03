// SPDX-License-Identifier: Apache-2.0
// Takes in requests, one after another: WRITE into memory, SIGNAL to the semaphores, READ to the maker of answers.
`default_nettype none

module hb_net_requests #(
  parameter  int unsigned WordBytes = 64,
  parameter  int unsigned DataBytes = 131072,
  parameter  int unsigned FlitWords = 16,
  localparam int unsigned W         = WordBytes * 8,
  localparam int unsigned IndexW    = $clog2(DataBytes / WordBytes),
  localparam int unsigned CountW    = $clog2(FlitWords + 1)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic [7:0]        place_i,        // y, x of this chip

  // Flits (hb_router)
  input  logic              valid_i,
  output logic              ready_o,
  input  logic [63:0]       data_i,
  input  logic              last_i,
  input  logic [7:0]        len_i,

  output logic              req_o,          // memory writes
  input  logic              gnt_i,
  output logic [IndexW-1:0] addr_o,
  output logic [W-1:0]      wdata_o,

  output logic              sem_valid_o,    // adds; holds until granted
  input  logic              sem_gnt_i,
  output logic [2:0]        sem_index_o,
  output logic [7:0]        sem_count_o,

  output logic              answer_o,       // the answer to a READ: its header, and what it carries
  input  logic              answer_ready_i,
  output logic [63:0]       answer_header_o,
  output logic [IndexW-1:0] answer_addr_o,
  output logic [CountW-1:0] answer_words_o,
  input  logic              answer_done_i,  // pulse: they have been read

  output logic              bad_o,          // pulse: a flit is thrown away;
  output logic [63:0]       bad_header_o    // its header
);

  localparam int unsigned PieceLog = $clog2(WordBytes / 8);
  localparam logic [11:0] PieceMsk = 12'(WordBytes / 8 - 1);

  typedef enum logic [2:0] {Head, Store, Drop, Second, Answer, Reading, Signal} state_e;

  state_e            state_q;
  logic [30:12]      header_q;  // what is still needed of it
  logic [39:0]       second_q;
  logic [IndexW-1:0] index_q;
  logic [CountW-1:0] words_q;

  // The header at hand. len counts it too.
  logic [11:0]       pieces;
  logic [11:0]       wanted;
  logic              write, read, signal, in_range, ok, begins;
  logic [IndexW-1:0] index;
  logic [CountW-1:0] words;

  assign pieces = 12'(len_i) - 12'd1;
  assign write  = data_i[3:0] == hb_job_pkg::FlitWrite && (pieces & PieceMsk) == '0 && data_i[31:20] == '0;
  assign read   = data_i[3:0] == hb_job_pkg::FlitRead && pieces == 12'd1;
  assign signal = data_i[3:0] == hb_job_pkg::FlitSignal && pieces == 12'd0 && data_i[63:31] == '0;
  assign wanted = read ? data_i[31:20] : pieces >> PieceLog;
  assign ok     = signal || ((write || read) && in_range);
  assign begins = state_q == Head && valid_i;

  hb_net_range #(.WordBytes(WordBytes), .DataBytes(DataBytes), .FlitWords(FlitWords)) u_range (
    .addr_i(data_i[63:32]), .words_i(wanted), .ok_o(in_range), .index_o(index), .words_o(words)
  );

  // Writes
  logic store_ready, store_idle, unused_end;

  hb_net_store #(.WordBytes(WordBytes), .IndexW(IndexW)) u_store (
    .clk_i, .rst_ni,
    .start_i(begins && ok && write), .addr_i(index),
    .valid_i(state_q == Store && valid_i), .ready_o(store_ready), .data_i(data_i), .last_i(last_i),
    .req_o, .gnt_i, .addr_o, .wdata_o,
    .idle_o(store_idle), .end_o(unused_end)
  );

  // What comes after WRITEs waits until they are in memory; what comes after a READ, until it has been read.
  assign sem_valid_o = state_q == Signal && store_idle;
  assign answer_o    = state_q == Answer && store_idle;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Head;
    end else begin
      unique case (state_q)
        Head: begin
          if (valid_i && !ok && !last_i) state_q <= Drop;
          else if (valid_i && ok) state_q <= signal ? Signal : read ? Second : Store;
        end
        Store:   if (valid_i && store_ready && last_i) state_q <= Head;
        Drop:    if (valid_i && last_i) state_q <= Head;
        Second:  if (valid_i) state_q <= Answer;
        Answer:  if (answer_o && answer_ready_i) state_q <= Reading;
        Reading: if (answer_done_i) state_q <= Head;
        Signal:  if (sem_valid_o && sem_gnt_i) state_q <= Head;
        default: state_q <= Head;
      endcase
    end
    if (begins) begin
      header_q <= data_i[30:12];
      index_q  <= index;
      words_q  <= words;
    end
    if (state_q == Second) second_q <= data_i[39:0];
  end

  assign ready_o = state_q == Head || state_q == Drop || state_q == Second || (state_q == Store && store_ready);

  assign sem_index_o = header_q[22:20];
  assign sem_count_o = header_q[30:23];

  assign answer_header_o = hb_net_pkg::header(hb_job_pkg::FlitData, header_q[19:12], place_i, {4'd0, second_q[39:32]},
                                              second_q[31:0]);
  assign answer_addr_o   = index_q;
  assign answer_words_o  = words_q;

  assign bad_o        = begins && !ok;
  assign bad_header_o = data_i;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(IndexW + W)) hb_net_requests_req_held (
    .clk_i, .rst_ni, .valid_i(req_o), .ready_i(gnt_i), .data_i({addr_o, wdata_o})
  );
  hb_held #(.Width(11)) hb_net_requests_sem_held (
    .clk_i, .rst_ni, .valid_i(sem_valid_o), .ready_i(sem_gnt_i), .data_i({sem_index_o, sem_count_o})
  );
  hb_held #(.Width(64 + IndexW + CountW)) hb_net_requests_answer_held (
    .clk_i, .rst_ni, .valid_i(answer_o), .ready_i(answer_ready_i), .data_i({answer_header_o, answer_addr_o, answer_words_o})
  );
`endif

endmodule

`default_nettype wire
