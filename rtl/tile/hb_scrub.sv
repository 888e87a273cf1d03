// SPDX-License-Identifier: Apache-2.0
// Scrubber, healer and error injector: walks through all memories one word an interval, and makes an uncorrectable word good
// or flips stored bits on command.
`default_nettype none

module hb_scrub #(
  parameter  int unsigned WordBytes  = 64,
  parameter  int unsigned DataWords  = 2048,  // a power of two
  parameter  int unsigned QueueWords = 16,    // a power of two, not above DataWords
  parameter  int unsigned CpuWords   = 0,     // a power of two, or 0
  localparam int unsigned IndexW     = hb_mem_pkg::index_width(DataWords, CpuWords),
  localparam int unsigned AddrW      = IndexW + 2
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic [31:0]      scrub_interval_i,  // SCRUB_INTERVAL
  output logic [31:0]      scrub_addr_o,      // byte address of the word scrubbed next
  output logic             scrub_pass_o,      // pulse: the last word of all memories was scrubbed
  output logic             scrub_fixed_o,     // pulse: a word was repaired

  input  logic             inject_go_i,       // pulse; without effect while inject_busy_o. The rest is read in that clock
  input  logic [31:0]      inject_addr_i,
  input  logic [6:0]       inject_bit0_i,
  input  logic [6:0]       inject_bit1_i,
  input  logic [2:0]       inject_lane_i,
  output logic             inject_busy_o,     // from the clock after inject_go_i up to and including inject_done_o
  output logic             inject_done_o,     // pulse: the bits are flipped for any later access

  input  logic             heal_go_i,         // pulse; without effect while heal_busy_o. The address is read in that clock
  input  logic [31:0]      heal_addr_i,
  output logic             heal_busy_o,
  output logic             healed_o,          // pulse: the word was uncorrectable and is zero for any later access

  output logic             req_o,             // holds until granted
  input  logic             gnt_i,
  output logic [2:0]       op_o,              // hb_mem_pkg::Op*
  output logic [AddrW-1:0] addr_o,            // hb_mem_pkg::Region* and word
  output logic [2:0]       flip_lane_o,
  output logic [71:0]      flip_mask_o,       // of that lane; only with OpFlip, up to the answer
  input  logic             rvalid_i,          // two clocks after the grant
  input  logic             ce_i,
  input  logic             ue_i
);

  localparam int unsigned ByteW       = $clog2(WordBytes);
  localparam int unsigned MinInterval = 16;   // a visit takes less, so the interval is kept

  // Every visit is: ask, then answered in the second clock after the grant. Four states that all move on, so that no upset
  // can stop the scrubber.
  localparam logic [1:0] StIdle = 2'd0;
  localparam logic [1:0] StAsk  = 2'd1;
  localparam logic [1:0] StWait = 2'd2;
  localparam logic [1:0] StTake = 2'd3;

  logic [1:0]       state_q;
  logic [2:0]       op_q;
  logic [AddrW-1:0] word_q;                   // as addr_o
  logic [31:0]      timer_q;
  logic             due_q;                    // the word's time has come

  logic [31:0] interval;
  logic        tick, again, visited, last;

  assign interval = (scrub_interval_i < 32'(MinInterval)) ? 32'(MinInterval) : scrub_interval_i;
  assign tick     = timer_q >= interval - 32'd1;

  // A correctable word is visited again, locked: somebody may have written it meanwhile.
  assign again   = state_q == StTake && op_q == hb_mem_pkg::OpRead && rvalid_i && ce_i && !ue_i;
  assign visited = state_q == StTake && (op_q == hb_mem_pkg::OpRead || op_q == hb_mem_pkg::OpRepair) && !again;

  // The memories in turn; an index that is past its end, after an upset, ends it too.
  logic [AddrW-1:0] next;
  always_comb begin
    next = word_q + AddrW'(1);
    last = 1'b0;
    if (!word_q[AddrW-1]) begin
      if (word_q[IndexW-1:0] >= IndexW'(DataWords - 1)) next = {hb_mem_pkg::RegionQueue, IndexW'(0)};
    end else if (!word_q[AddrW-2] && CpuWords != 0) begin
      if (word_q[IndexW-1:0] >= IndexW'(QueueWords - 1)) next = {hb_mem_pkg::RegionCpu, IndexW'(0)};
    end else if (word_q[IndexW-1:0] >= IndexW'(((CpuWords != 0) ? CpuWords : QueueWords) - 1)) begin
      next = {hb_mem_pkg::RegionData, IndexW'(0)};
      last = 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      timer_q <= '0;
      due_q   <= 1'b0;
      word_q  <= '0;
      state_q <= StIdle;
      op_q    <= hb_mem_pkg::OpRead;
    end else begin
      timer_q <= (scrub_interval_i == '0 || tick) ? '0 : timer_q + 32'd1;
      if (scrub_interval_i == '0) due_q <= 1'b0;
      else if (tick)              due_q <= 1'b1;
      else if (state_q == StIdle && !busy_q && !heal_q) due_q <= 1'b0;

      unique case (state_q)
        StIdle: begin
          op_q <= busy_q ? hb_mem_pkg::OpFlip : heal_q ? hb_mem_pkg::OpHeal : hb_mem_pkg::OpRead;
          if (busy_q || heal_q || due_q) state_q <= StAsk;
        end
        StAsk:   if (gnt_i) state_q <= StWait;
        StWait:  state_q <= StTake;
        default: begin
          op_q    <= hb_mem_pkg::OpRepair;
          state_q <= again ? StAsk : StIdle;
        end
      endcase

      if (visited) word_q <= next;
    end
  end

  // Injection
  logic             busy_q;
  logic [AddrW-1:0] flip_addr_q;
  logic [2:0]       flip_lane_q;
  logic [6:0]       flip_bit0_q, flip_bit1_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
    end else if (!busy_q) begin
      busy_q <= inject_go_i;
    end else if (inject_done_o) begin
      busy_q <= 1'b0;
    end
    if (inject_go_i && !busy_q) begin
      flip_addr_q <= {inject_addr_i[30], inject_addr_i[30] && inject_addr_i[29], inject_addr_i[ByteW +: IndexW]};
      flip_lane_q <= inject_lane_i;
      flip_bit0_q <= inject_bit0_i;
      flip_bit1_q <= inject_bit1_i;
    end
  end

  logic unused_addr;
  assign unused_addr = ^{inject_addr_i, heal_addr_i};

  assign inject_busy_o = busy_q;
  assign inject_done_o = busy_q && state_q == StTake && op_q == hb_mem_pkg::OpFlip;

  // Healing
  logic             heal_q, heal_done;
  logic [AddrW-1:0] heal_addr_q;
  assign heal_done = heal_q && state_q == StTake && op_q == hb_mem_pkg::OpHeal;

  always_ff @(posedge clk_i) begin
    if (!rst_ni)        heal_q <= 1'b0;
    else if (!heal_q)   heal_q <= heal_go_i;
    else if (heal_done) heal_q <= 1'b0;
    if (heal_go_i && !heal_q) begin
      heal_addr_q <= {heal_addr_i[30], heal_addr_i[30] && heal_addr_i[29], heal_addr_i[ByteW +: IndexW]};
    end
  end

  assign heal_busy_o = heal_q;
  assign healed_o    = heal_done && rvalid_i && ce_i;

  assign req_o       = state_q == StAsk;
  assign op_o        = op_q;
  assign addr_o      = (op_q == hb_mem_pkg::OpFlip) ? flip_addr_q : (op_q == hb_mem_pkg::OpHeal) ? heal_addr_q : word_q;
  assign flip_lane_o = flip_lane_q;

  // Two bits of one lane, or one if they are the same
  always_comb begin
    flip_mask_o = '0;
    if (op_q == hb_mem_pkg::OpFlip) begin
      for (int i = 0; i < 72; i++) begin
        flip_mask_o[i] = flip_bit0_q == 7'(i) || flip_bit1_q == 7'(i);
      end
    end
  end

  assign scrub_addr_o  = {1'b0, word_q[AddrW-1 -: 2], 29'd0} | (32'(word_q[IndexW-1:0]) << ByteW);
  assign scrub_pass_o  = visited && last;
  assign scrub_fixed_o = visited && op_q == hb_mem_pkg::OpRepair && rvalid_i && ce_i;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(3 + AddrW)) hb_scrub_req_held (
    .clk_i, .rst_ni, .valid_i(req_o), .ready_i(gnt_i), .data_i({op_o, addr_o})
  );
`endif

endmodule

`default_nettype wire
