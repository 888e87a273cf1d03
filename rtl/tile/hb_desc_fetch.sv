// SPDX-License-Identifier: Apache-2.0
// Fetches the next descriptor from queue memory, feeds it to hb_desc_check, and holds the checked job until it is taken.
`default_nettype none

module hb_desc_fetch #(
  parameter  int unsigned Rows       = 8,
  parameter  int unsigned Cols       = 8,
  parameter  int unsigned Depth      = 4,
  parameter  int unsigned Banks      = 4,
  parameter  int unsigned BankBytes  = 32768,
  parameter  int unsigned QueueSlots = 8,
  parameter  bit          Net        = 0,
  localparam int unsigned WordBytes  = hb_chip_pkg::word_bytes(Rows, Cols, Depth),
  localparam int unsigned AddrW      = $clog2(Banks * BankBytes / WordBytes) + 1,
  localparam int unsigned SlotW      = $clog2(QueueSlots)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  input  logic                   go_i,      // while idle: fetch slot_i
  input  logic [SlotW-1:0]       slot_i,    // stable from go_i until valid_o
  input  logic                   hold_i,    // ask for no further word (a request already shown stands)
  input  logic                   drop_i,    // the job, fetched or under way, is forgotten; never shown as valid again
  output logic                   busy_o,    // from the clock after go_i until forgotten

  output logic                   valid_o,   // the verdict and the job below are there, and stay
  output hb_job_pkg::status_e   status_o,
  output logic [7:0]             field_o,
  output logic [AddrW-1:0]       poison_addr_o,  // with StPoisoned: the first uncorrectable word of the descriptor
  output hb_tile_pkg::job_t      job_o,
  output hb_tile_pkg::order_t    order_o,
  output logic [4*(AddrW-1)-1:0] base_o,
  output logic [4*AddrW-1:0]     stride_o,

  output logic                   req_o,     // memory requester port (reads only)
  input  logic                   gnt_i,
  output logic [AddrW-1:0]       addr_o,
  input  logic                   rvalid_i,
  input  logic [WordBytes*8-1:0] rdata_i,
  input  logic                   ue_i
);

  localparam int unsigned SlotWords = hb_job_pkg::DescriptorBytes / WordBytes;  // memory words in a descriptor
  localparam int unsigned WordWords = WordBytes / 4;   // descriptor words in a memory word

  typedef enum logic [2:0] {Idle, Request, Wait, Feed, Check, Full} state_e;

  state_e                 state_q;
  logic [3:0]             index_q;     // descriptor word that goes to the check next
  logic [WordBytes*8-1:0] word_q;      // a memory word; moves out at the bottom, 32 bits a clock
  logic                   poisoned_q, dropped_q;
  logic [AddrW-1:0]       poison_addr_q;

  logic                   check_done, feed, word_end;
  hb_job_pkg::status_e   check_status;
  logic [7:0]             check_field;

  // The last descriptor word of a memory word goes when the next memory word can be asked for.
  assign feed     = state_q == Feed && !(word_end && hold_i && index_q != 4'd15);
  assign word_end = (index_q & 4'(WordWords - 1)) == 4'(WordWords - 1);

  // Top bit: queue memory; then the slot; then the memory word in it.
  assign addr_o = {1'b1, (AddrW-1)'((32'(slot_i) * SlotWords) + (32'(index_q) / WordWords))};
  assign req_o  = state_q == Request;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else begin
      unique case (state_q)
        Idle:    if (go_i && !hold_i) state_q <= Request;
        Request: if (gnt_i) state_q <= Wait;
        Wait:    if (rvalid_i) state_q <= Feed;
        Feed:    if (word_end && feed) state_q <= (index_q == 4'd15) ? Check : Request;
        Check:   if (dropped_q) state_q <= Idle; else if (check_done) state_q <= Full;
        Full:    if (drop_i || dropped_q) state_q <= Idle;
        default: state_q <= Idle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == Idle) begin
      index_q    <= '0;
      poisoned_q <= 1'b0;
      dropped_q  <= 1'b0;
    end else begin
      if (feed) index_q <= index_q + 4'd1;
      if (drop_i) dropped_q <= 1'b1;
    end
    if (state_q == Wait && rvalid_i) begin
      word_q <= rdata_i;
      if (ue_i && !poisoned_q) begin
        poisoned_q    <= 1'b1;
        poison_addr_q <= addr_o;
      end
    end else if (feed) begin
      word_q <= word_q >> 32;
    end
  end

  hb_desc_check #(
    .Rows     (Rows),
    .Cols     (Cols),
    .Depth    (Depth),
    .Banks    (Banks),
    .BankBytes(BankBytes),
    .Net      (Net)
  ) u_check (
    .clk_i,
    .rst_ni,
    .valid_i (feed),
    .index_i (index_q),
    .word_i  (word_q[31:0]),
    .done_o  (check_done),
    .status_o(check_status),
    .field_o (check_field),
    .job_o,
    .order_o,
    .base_o,
    .stride_o
  );

  assign busy_o        = state_q != Idle;
  assign valid_o       = state_q == Full && !dropped_q;
  assign status_o      = poisoned_q ? hb_job_pkg::StPoisoned : check_status;
  assign field_o       = poisoned_q ? hb_job_pkg::FieldDescriptor : check_field;
  assign poison_addr_o = poison_addr_q;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(AddrW)) hb_desc_fetch_req_held (
    .clk_i, .rst_ni, .valid_i(req_o), .ready_i(gnt_i), .data_i(addr_o)
  );
  hb_held #(.Width(16 + $bits(job_o) + $bits(order_o) + $bits(base_o) + $bits(stride_o))) hb_desc_fetch_verdict_held (
    .clk_i, .rst_ni, .valid_i(valid_o), .ready_i(drop_i), .data_i({status_o, field_o, job_o, order_o, base_o, stride_o})
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_desc_fetch_state_is_legal: assert (state_q <= Full);
    end
  end
`endif

endmodule

`default_nettype wire
