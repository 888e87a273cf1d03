// SPDX-License-Identifier: Apache-2.0
// Carries out SEND, GET and SIGNAL, in order: cuts transfers into flits, a row after the other, and signals their end.
`default_nettype none

module hb_net_tx #(
  parameter  int unsigned WordBytes = 64,
  parameter  int unsigned DataBytes = 131072,
  parameter  int unsigned FlitWords = 16,
  parameter  int unsigned Commands  = 4,    // held
  localparam int unsigned IndexW    = $clog2(DataBytes / WordBytes),
  localparam int unsigned CountW    = $clog2(FlitWords + 1)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic [7:0]          place_i,        // y, x of this chip

  // Commands, checked; taken on a clock with cmd_valid_i && cmd_ready_o
  input  logic                cmd_valid_i,
  output logic                cmd_ready_o,
  input  hb_tile_pkg::job_t   cmd_job_i,      // seed: word 13 of the descriptor; {col0, row0}: word 14
  input  hb_tile_pkg::order_t cmd_order_i,
  input  logic [IndexW-1:0]   cmd_a_base_i,   // words
  input  logic [IndexW-1:0]   cmd_d_base_i,
  input  logic [IndexW:0]     cmd_a_stride_i,
  input  logic [IndexW:0]     cmd_d_stride_i,

  // Flits to make (hb_net_send)
  output logic                go_o,
  input  logic                go_ready_i,
  output logic [63:0]         header_o,
  output logic                two_o,
  output logic [63:0]         second_o,
  output logic [IndexW-1:0]   addr_o,
  output logic [CountW-1:0]   words_o,
  input  logic                done_i,
  input  logic                poison_i,

  // The GET under way (hb_net_get)
  output logic                get_start_o,
  output logic                get_read_o,
  output logic                get_last_o,
  input  logic                get_busy_i,
  input  logic                get_room_i,
  input  logic                get_failed_i,
  input  logic [7:0]          get_tag_i,
  output logic [2:0]          sem_index_o,    // of the command in hand: with get_start_o, or with sem_valid_o
  output logic [7:0]          sem_count_o,

  output logic                sem_valid_o,    // adds; holds until granted
  input  logic                sem_gnt_i,

  output logic                busy_o,         // a command is held
  output logic                end_o           // pulse: a SEND or SIGNAL is over, but for those that end at an uncorrectable word
);

  localparam int unsigned WordLog = $clog2(WordBytes);

  typedef struct packed {
    logic              get;
    logic              signal;    // neither: SEND
    logic [15:0]       rows;
    logic [15:0]       row_words;
    logic [IndexW-1:0] a_base;
    logic [IndexW-1:0] d_base;
    logic [IndexW-1:0] a_stride;
    logic [IndexW-1:0] d_stride;
    logic [7:0]        to;
    logic [2:0]        there_sem;
    logic [7:0]        there_count;
    logic [2:0]        sem;
    logic [7:0]        count;
  } command_t;

  // Commands
  command_t   in, cmd;
  logic       valid, finish;
  logic [$clog2(Commands+1)-1:0] unused_level;

  always_comb begin
    in.get         = cmd_job_i.opcode == hb_job_pkg::OpGet;
    in.signal      = cmd_job_i.opcode == hb_job_pkg::OpSignal;
    in.rows        = cmd_job_i.m;
    in.row_words   = cmd_job_i.n;
    in.a_base      = cmd_a_base_i;
    in.d_base      = cmd_d_base_i;
    in.a_stride    = cmd_a_stride_i[IndexW-1:0];  // with more than one row it is less than the memory
    in.d_stride    = cmd_d_stride_i[IndexW-1:0];
    in.to          = {cmd_job_i.seed[hb_job_pkg::DescPlaceYLsb +: hb_job_pkg::DescPlaceYBits], cmd_job_i.seed[hb_job_pkg::DescPlaceXLsb +: hb_job_pkg::DescPlaceXBits]};
    in.there_sem   = cmd_job_i.row0[hb_job_pkg::DescThereSemLsb +: hb_job_pkg::DescThereSemBits];
    in.there_count = cmd_job_i.row0[hb_job_pkg::DescThereCountLsb +: hb_job_pkg::DescThereCountBits];
    in.sem         = cmd_order_i.signal_sem;
    in.count       = cmd_order_i.signal_count;
  end

  hb_fifo #(.Width($bits(cmd)), .Depth(Commands)) u_commands (
    .clk_i, .rst_ni,
    .valid_i(cmd_valid_i), .ready_o(cmd_ready_o), .data_i(in),
    .valid_o(valid), .ready_i(finish), .data_o(cmd), .level_o(unused_level)
  );

  logic unused;
  assign unused = ^{cmd_job_i, cmd_order_i, cmd_a_stride_i[IndexW], cmd_d_stride_i[IndexW]};

  // A command: its flits, one by one; the SIGNAL there; the semaphore here.
  typedef enum logic [2:0] {Idle, Flit, Read, Remote, Sent, Local} state_e;

  state_e            state_q;
  logic [15:0]       rows_q, left_q;              // rows still to finish; words left in this one
  logic [IndexW-1:0] a_row_q, d_row_q, a_q, d_q;
  logic [CountW-1:0] words;
  logic              go, row_end, flits_end;

  assign words     = (left_q > 16'(FlitWords)) ? CountW'(FlitWords) : CountW'(left_q);
  assign row_end   = left_q == 16'(words);
  assign flits_end = row_end && rows_q == 16'd1;
  assign go        = go_o && go_ready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else begin
      unique case (state_q)
        Idle:    if (valid && !(cmd.get && get_busy_i)) state_q <= cmd.signal ? Remote : Flit;
        Flit: begin
          if (cmd.get && (get_failed_i || !get_busy_i)) state_q <= Idle;
          else if (go && !cmd.get) state_q <= Read;
          else if (go && flits_end) state_q <= Idle;
        end
        Read:    if (done_i) state_q <= poison_i ? Idle : (rows_q != '0) ? Flit : Remote;
        Remote:  if (cmd.there_count == '0) state_q <= Local; else if (go) state_q <= Sent;
        Sent:    if (done_i) state_q <= Local;
        Local:   if (finish) state_q <= Idle;
        default: state_q <= Idle;
      endcase
    end
    if (state_q == Idle) begin
      rows_q  <= cmd.rows;
      left_q  <= cmd.row_words;
      a_row_q <= cmd.a_base;
      d_row_q <= cmd.d_base;
      a_q     <= cmd.a_base;
      d_q     <= cmd.d_base;
    end else if (state_q == Flit && go) begin
      left_q <= row_end ? cmd.row_words : left_q - 16'(words);
      a_q    <= row_end ? a_row_q + cmd.a_stride : a_q + IndexW'(words);
      d_q    <= row_end ? d_row_q + cmd.d_stride : d_q + IndexW'(words);
      if (row_end) begin
        rows_q  <= rows_q - 16'd1;
        a_row_q <= a_row_q + cmd.a_stride;
        d_row_q <= d_row_q + cmd.d_stride;
      end
    end
  end

  assign go_o    = (state_q == Flit && (!cmd.get || get_room_i)) || (state_q == Remote && cmd.there_count != '0);
  assign two_o   = cmd.get;
  assign addr_o  = a_q;
  assign words_o = (state_q == Flit && !cmd.get) ? words : '0;

  function automatic logic [31:0] bytes(input logic [IndexW-1:0] index);
    bytes = 32'(index) << WordLog;
  endfunction

  assign second_o = {24'd0, get_tag_i, bytes(d_q)};
  always_comb begin
    if (state_q == Remote) begin
      header_o = hb_net_pkg::header(hb_job_pkg::FlitSignal, cmd.to, place_i, {1'b0, cmd.there_count, cmd.there_sem}, '0);
    end else if (cmd.get) begin
      header_o = hb_net_pkg::header(hb_job_pkg::FlitRead, cmd.to, place_i, 12'(words), bytes(a_q));
    end else begin
      header_o = hb_net_pkg::header(hb_job_pkg::FlitWrite, cmd.to, place_i, '0, bytes(d_q));
    end
  end

  assign get_start_o = state_q == Idle && valid && cmd.get && !get_busy_i;
  assign get_read_o  = state_q == Flit && cmd.get && go;
  assign get_last_o  = get_read_o && flits_end;

  assign sem_index_o = cmd.sem;
  assign sem_count_o = cmd.count;
  assign sem_valid_o = state_q == Local && cmd.count != '0;
  assign end_o       = state_q == Local && (cmd.count == '0 || sem_gnt_i);
  assign finish      = end_o || (state_q == Read && done_i && poison_i) ||
                       (state_q == Flit && cmd.get && (get_failed_i || !get_busy_i || get_last_o));
  assign busy_o      = valid;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(65 + IndexW + CountW)) hb_net_tx_go_held (
    .clk_i, .rst_ni(rst_ni && !(cmd.get && (get_failed_i || !get_busy_i))), .valid_i(go_o), .ready_i(go_ready_i),
    .data_i({header_o, two_o, addr_o, words_o})
  );
  hb_held #(.Width(11)) hb_net_tx_sem_held (
    .clk_i, .rst_ni, .valid_i(sem_valid_o), .ready_i(sem_gnt_i), .data_i({sem_index_o, sem_count_o})
  );
`endif

endmodule

`default_nettype wire
