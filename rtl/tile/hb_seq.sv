// SPDX-License-Identifier: Apache-2.0
// Sequencer: runs the queue's jobs in order and writes their completions; the next job is fetched and checked meanwhile.
`default_nettype none

module hb_seq #(
  parameter  int unsigned Rows       = 8,
  parameter  int unsigned Cols       = 8,
  parameter  int unsigned Depth      = 4,
  parameter  int unsigned Banks      = 4,
  parameter  int unsigned BankBytes  = 32768,
  parameter  int unsigned QueueSlots = 8,
  parameter  bit          Net        = 0,  // there is a network: SEND, GET and SIGNAL
  localparam int unsigned WordBytes  = hb_chip_pkg::word_bytes(Rows, Cols, Depth),
  localparam int unsigned AddrW      = $clog2(Banks * BankBytes / WordBytes) + 1
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  // Registers (hb_csr). Not enabled: the running job (or its wait) goes on, no other is fetched or started, and one already
  // fetched is forgotten: it is fetched again.
  input  hb_tile_pkg::queue_t      queue_i,
  input  logic                     abort_i,        // pulse: end the job that waits or runs; without one, nothing
  input  logic                     queue_reset_i,  // pulse, only while not busy: the head to 0
  output hb_tile_pkg::seq_report_t report_o,
  input  logic [3:0]               ecc_corrected_i,  // words corrected in this clock

  // Semaphores (hb_sem)
  output logic                   sem_valid_o,
  output logic                   sem_signal_o,
  output logic [2:0]             sem_index_o,
  output logic [7:0]             sem_count_o,
  input  logic                   sem_gnt_i,

  // Engine (hb_engine)
  output logic                   start_o,        // the job below is stable from here to done_i
  output logic                   abort_o,        // level, until done_i
  output hb_tile_pkg::job_t      job_o,
  output logic [4*(AddrW-1)-1:0] base_o,         // words: A in the lowest bits, then B, C, D
  output logic [4*AddrW-1:0]     stride_o,
  input  logic                   done_i,
  input  logic [5:0]             job_flags_i,
  input  logic                   poison_i,
  input  logic [AddrW-1:0]       poison_addr_i,
  input  logic                   active_i,
  input  hb_tile_pkg::activity_t activity_i,

  // Network (hb_net_tx): takes a transfer, with job, bases and strides above, on a clock with valid and ready
  output logic                   net_valid_o,
  input  logic                   net_ready_i,
  output hb_tile_pkg::order_t    net_order_o,

  // Memory requester port
  output logic                   q_req_o,
  input  logic                   q_gnt_i,
  output logic                   q_write_o,
  output logic [AddrW-1:0]       q_addr_o,
  output logic [WordBytes*8-1:0] q_wdata_o,
  input  logic                   q_rvalid_i,
  input  logic [WordBytes*8-1:0] q_rdata_i,
  input  logic                   q_ue_i
);

  localparam int unsigned SlotW     = $clog2(QueueSlots);
  localparam int unsigned SlotWords = hb_job_pkg::DescriptorBytes / WordBytes;  // memory words in a completion

  // As STATUS.SEQ_STATE shows it
  typedef enum logic [2:0] {
    Idle      = hb_tile_regs_pkg::SeqIdle,
    Semaphore = hb_tile_regs_pkg::SeqSemaphore,
    Start     = hb_tile_regs_pkg::SeqStart,
    Run       = hb_tile_regs_pkg::SeqRun,
    Complete  = hb_tile_regs_pkg::SeqComplete,
    Retire    = hb_tile_regs_pkg::SeqRetire,
    Hand      = hb_tile_regs_pkg::SeqHand
  } state_e;

  state_e               state_q;
  logic [15:0]          head_q;
  logic [31:0]          sequence_q;   // completions since reset
  hb_tile_pkg::job_t    job_q;
  hb_tile_pkg::order_t  order_q;
  logic [4*(AddrW-1)-1:0] base_q;
  logic [4*AddrW-1:0]   stride_q;
  hb_job_pkg::status_e  status_q;
  logic [7:0]           field_q;
  logic [5:0]           flags_q;
  logic [AddrW-1:0]     poison_addr_q;
  logic                 abort_q;      // the running job was told to stop
  logic [2:0]           beat_q;       // counts the memory words of the completion

  // The next job. Its number is head, or head + 1 with a job in hand, and does not change when that one retires.
  logic                   next_valid, next_busy, next_req, next_drop, take;
  logic [15:0]            next_number;
  hb_job_pkg::status_e   next_status;
  logic [7:0]             next_field;
  logic [AddrW-1:0]       next_poison_addr, next_addr;
  hb_tile_pkg::job_t      next_job;
  hb_tile_pkg::order_t    next_order;
  logic [4*(AddrW-1)-1:0] next_base;
  logic [4*AddrW-1:0]     next_stride;

  assign next_number = head_q + 16'(state_q != Idle);
  assign take        = state_q == Idle && next_valid && queue_i.enable;
  assign next_drop   = take || !queue_i.enable;

  hb_desc_fetch #(
    .Rows      (Rows),
    .Cols      (Cols),
    .Depth     (Depth),
    .Banks     (Banks),
    .BankBytes (BankBytes),
    .QueueSlots(QueueSlots),
    .Net       (Net)
  ) u_next (
    .clk_i,
    .rst_ni,
    .go_i         (queue_i.enable && next_number != queue_i.tail),
    .slot_i       (next_number[SlotW-1:0]),
    .hold_i       (state_q == Complete),
    .drop_i       (next_drop),
    .busy_o       (next_busy),
    .valid_o      (next_valid),
    .status_o     (next_status),
    .field_o      (next_field),
    .poison_addr_o(next_poison_addr),
    .job_o        (next_job),
    .order_o      (next_order),
    .base_o       (next_base),
    .stride_o     (next_stride),
    .req_o        (next_req),
    .gnt_i        (q_gnt_i),
    .addr_o       (next_addr),
    .rvalid_i     (q_rvalid_i),
    .rdata_i      (q_rdata_i),
    .ue_i         (q_ue_i)
  );

  // The job in hand.
  logic       refused, no_wait, transfer, last_beat, write_gnt, retire, busy, waiting;
  logic [2:0] beat;
  assign refused   = status_q != hb_job_pkg::StOk;
  assign no_wait   = order_q.wait_count == '0;
  assign transfer  = Net && hb_job_pkg::needs_links(job_q.opcode);  // the network gives its signal
  assign beat      = beat_q & 3'(SlotWords - 1);
  assign last_beat = beat == 3'(SlotWords - 1);
  assign write_gnt = state_q == Complete && !next_req && q_gnt_i;
  assign retire    = state_q == Retire && (!sem_valid_o || sem_gnt_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else begin
      unique case (state_q)
        Idle:      if (take) state_q <= Semaphore;
        Semaphore: begin
          if (refused || abort_i) state_q <= Complete;
          else if (no_wait || sem_gnt_i) state_q <= transfer ? Hand : (job_q.opcode == hb_job_pkg::OpSync) ? Complete : Start;
        end
        Start:     state_q <= Run;
        Run:       if (done_i) state_q <= Complete;
        Complete:  if (write_gnt && last_beat) state_q <= Retire;
        Retire:    if (retire) state_q <= Idle;
        Hand:      if (abort_i || net_ready_i) state_q <= Complete;
        default:   state_q <= Idle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == Idle) begin
      job_q         <= next_job;
      order_q       <= next_order;
      base_q        <= next_base;
      stride_q      <= next_stride;
      status_q      <= next_status;
      field_q       <= next_field;
      poison_addr_q <= next_poison_addr;
      flags_q       <= '0;
      abort_q       <= 1'b0;
      beat_q        <= '0;
    end else begin
      if (abort_i && (state_q == Start || state_q == Run)) abort_q <= 1'b1;
      if (abort_i && ((state_q == Semaphore && !refused) || state_q == Hand)) status_q <= hb_job_pkg::StAborted;
      if (state_q == Run && done_i) begin
        flags_q       <= job_flags_i;
        poison_addr_q <= poison_addr_i;
        if (poison_i) status_q <= hb_job_pkg::StPoisoned;
        if (abort_q || abort_i) status_q <= hb_job_pkg::StAborted;
      end
      if (write_gnt) beat_q <= beat_q + 3'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      head_q     <= '0;
      sequence_q <= '0;
    end else begin
      if (queue_reset_i) head_q <= '0;
      else if (retire) head_q <= head_q + 16'd1;
      if (retire) sequence_q <= sequence_q + 32'd1;
    end
  end

  // A semaphore taken by a job that is aborted in that clock would be lost: the abort waits for no grant, so it must not
  // ask for one. Nor may a transfer be taken over in the clock in which it is aborted.
  assign net_valid_o  = state_q == Hand && !abort_i;
  assign net_order_o  = order_q;
  assign sem_valid_o  = (state_q == Semaphore && !refused && !no_wait && !abort_i) ||
                        (state_q == Retire && !refused && !transfer && order_q.signal_count != '0);
  assign sem_signal_o = state_q == Retire;
  assign sem_index_o  = (state_q == Retire) ? order_q.signal_sem : order_q.wait_sem;
  assign sem_count_o  = (state_q == Retire) ? order_q.signal_count : order_q.wait_count;

  // The completion, and the counters in it.
  logic [7*32-1:0] counts;
  logic [511:0]    completion;
  logic [31:0]     poison_byte;

  hb_job_counters u_counters (
    .clk_i,
    .clear_i(state_q == Idle),
    .inc_i  ({(state_q == Run) ? ecc_corrected_i : 4'd0, 3'd0, waiting, 3'd0, activity_i.stall_c, 3'd0, activity_i.stall_result,
              3'd0, activity_i.stall_operand, 3'd0, activity_i.step, 3'd0, active_i}),
    .count_o(counts)
  );

  assign poison_byte = (poison_addr_q[AddrW-1] ? hb_job_pkg::QueueBase : 32'd0) |
                       (32'(poison_addr_q[AddrW-2:0]) << $clog2(WordBytes));
  assign completion  = {160'd0, counts, (status_q == hb_job_pkg::StPoisoned) ? poison_byte : 32'd0, sequence_q,
                        job_q.opcode, 2'b00, flags_q, field_q, status_q, order_q.tag};

  // The fetch has the port until its request is granted, and makes no new one while a completion is written.
  assign q_req_o   = next_req || state_q == Complete;
  assign q_write_o = !next_req;
  assign q_addr_o  = next_req ? next_addr :
                     {1'b1, (AddrW-1)'((QueueSlots + 32'(head_q[SlotW-1:0])) * SlotWords + 32'(beat))};
  assign q_wdata_o = completion[beat*WordBytes*8 +: WordBytes*8];

  assign start_o         = state_q == Start;
  assign abort_o         = abort_q;
  assign job_o           = job_q;
  assign base_o          = base_q;
  assign stride_o        = stride_q;
  assign busy            = state_q != Idle || next_busy || (queue_i.enable && queue_i.tail != head_q);
  assign waiting         = state_q == Semaphore && !refused && !no_wait && !sem_gnt_i;

  assign report_o.head          = head_q;
  assign report_o.busy          = busy;
  assign report_o.waiting       = waiting;
  assign report_o.state         = {next_busy, state_q};
  assign report_o.opcode        = (state_q == Idle) ? 8'd0 : job_q.opcode;
  assign report_o.retire        = retire;
  assign report_o.retire_status = status_q;
  assign report_o.retire_field  = field_q;
  assign report_o.retire_irq    = order_q.irq;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width($bits(job_o) + $bits(net_order_o))) hb_seq_net_held (
    .clk_i, .rst_ni(rst_ni && !abort_i), .valid_i(net_valid_o), .ready_i(net_ready_i), .data_i({job_o, net_order_o})
  );
  hb_held #(.Width(12)) hb_seq_sem_held (
    .clk_i, .rst_ni(rst_ni && !abort_i), .valid_i(sem_valid_o), .ready_i(sem_gnt_i),
    .data_i({sem_signal_o, sem_index_o, sem_count_o})
  );
  hb_held #(.Width(1 + AddrW + WordBytes * 8)) hb_seq_q_held (
    .clk_i, .rst_ni, .valid_i(q_req_o), .ready_i(q_gnt_i), .data_i({q_write_o, q_addr_o, q_write_o ? q_wdata_o : (WordBytes * 8)'(0)})
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_seq_state_is_legal:       assert (state_q <= Hand);
      hb_seq_tail_within_slots:    assert (16'(queue_i.tail - head_q) <= 16'(QueueSlots));
      hb_seq_reset_only_when_idle: assert (!queue_reset_i || !busy);
    end
  end
`endif

endmodule

`default_nettype wire
