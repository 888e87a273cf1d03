// SPDX-License-Identifier: Apache-2.0
// Host port: carries out read and write packets on memory and registers, one beat a clock, and reports every error by address.
`default_nettype none

module hb_host_port #(
  parameter  int unsigned Rows       = 8,
  parameter  int unsigned Cols       = 8,
  parameter  int unsigned Depth      = 4,
  parameter  int unsigned Banks      = 4,
  parameter  int unsigned BankBytes  = 32768,
  parameter  int unsigned QueueSlots = 8,
  parameter  int unsigned CpuBytes   = 0,
  localparam int unsigned WordBytes  = hb_chip_pkg::word_bytes(Rows, Cols, Depth),
  localparam int unsigned W          = WordBytes * 8,
  localparam int unsigned IndexW     = hb_mem_pkg::index_width(Banks * BankBytes / WordBytes, CpuBytes / WordBytes),
  localparam int unsigned MapW       = IndexW + 2
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  // Packet streams (rtl/README.md, "Host port"). Everything shown on them comes from flip-flops.
  input  logic             req_valid_i,
  output logic             req_ready_o,
  input  logic             req_last_i,
  input  logic [W-1:0]     req_data_i,
  output logic             rsp_valid_o,
  input  logic             rsp_ready_i,
  output logic             rsp_last_o,
  output logic [W-1:0]     rsp_data_o,

  // Memory requester (hb_mem)
  output logic             h_req_o,
  input  logic             h_gnt_i,
  output logic             h_write_o,
  output logic [MapW-1:0]  h_addr_o,
  output logic [W-1:0]     h_wdata_o,
  input  logic             h_rvalid_i,
  input  logic [W-1:0]     h_rdata_i,
  input  logic             h_ue_i,

  // Registers: a request holds until granted, and is answered exactly one clock later; at most one every three clocks
  output logic             reg_req_o,
  input  logic             reg_gnt_i,
  output logic             reg_write_o,
  output logic [15:0]      reg_addr_o,   // byte offset from 0x8000_0000, a multiple of 4
  output logic [31:0]      reg_wdata_o,
  input  logic [31:0]      reg_rdata_i,
  input  logic             reg_err_i,    // there is no such register

  output logic             beat_o        // pulse: a data beat goes to or comes from a memory word or a register
);

  localparam int unsigned ByteW      = $clog2(WordBytes);
  localparam int unsigned DataBytes  = Banks * BankBytes;
  localparam int unsigned QueueBytes = 2 * QueueSlots * hb_job_pkg::DescriptorBytes;

  if (WordBytes < 8) begin : gen_bad_parameters
    $error("hb_host_port: a beat must hold a header: WordBytes must be at least 8");
  end

  // Request side: the packet's beat that is looked at
  logic         beat_valid, beat_ready, beat_last;
  logic [W-1:0] beat;

  hb_skid #(.Width(W + 1)) u_req (
    .clk_i, .rst_ni,
    .valid_i(req_valid_i), .ready_o(req_ready_o), .data_i({req_last_i, req_data_i}),
    .valid_o(beat_valid), .ready_i(beat_ready), .data_o({beat_last, beat})
  );

  // A request in progress
  typedef enum logic [2:0] {
    Header,  // waiting for a header, nothing under way
    Read,    // data beats of a read still to be asked for
    Write,   // data beats of a write still to come
    Drop,    // beats that do not belong to the packet, or to a packet that is refused
    Status   // the status beat is to be sent
  } state_e;

  state_e      state_q;
  logic [7:0]  op_q, tag_q;
  logic [15:0] count_q;        // data beats to go
  logic [31:0] addr_q;         // of the next data beat to be asked for
  logic [31:0] done_addr_q;    // of the next data beat to be answered
  logic        refused_q;      // no data beat is carried out any more
  logic        bad_length_q;   // a write was shorter or longer than its count
  logic [2:0]  err_q;          // the first error, and where; PortStOk: none yet
  logic [31:0] err_addr_q;
  logic [31:0] step;
  assign step = addr_q[31] ? 32'd4 : 32'(WordBytes);

  // What there is at an address
  logic [31:0] where;
  logic        in_data, in_queue, in_cpu, in_regs, misaligned;
  assign where      = (state_q == Header) ? beat[63:32] : addr_q;
  assign in_data    = where < 32'(DataBytes);
  assign in_queue   = where >= hb_job_pkg::QueueBase && where < hb_job_pkg::QueueBase + 32'(QueueBytes);
  assign in_cpu     = where >= hb_job_pkg::ControllerBase && where < hb_job_pkg::ControllerBase + 32'(CpuBytes);
  assign in_regs    = where[31:16] == hb_job_pkg::RegistersBase[31:16];
  assign misaligned = in_regs ? where[1:0] != '0 : where[ByteW-1:0] != '0;

  // Verdict on a header
  logic [2:0] header_err;
  always_comb begin
    header_err = hb_job_pkg::PortStOk;
    if (beat[7:0] != hb_job_pkg::PortRead && beat[7:0] != hb_job_pkg::PortWrite)      header_err = hb_job_pkg::PortStBadOp;
    else if (beat[31:16] == '0 || (beat[7:0] == hb_job_pkg::PortRead && !beat_last)) header_err = hb_job_pkg::PortStBadCount;
    else if (!in_data && !in_queue && !in_cpu && !in_regs)                           header_err = hb_job_pkg::PortStBadAddress;
    else if (misaligned)                                                             header_err = hb_job_pkg::PortStMisaligned;
  end

  // Data and status beats pass a pipeline of two clocks in which memory and registers answer, so that errors are met in
  // the order of the beats and the answers leave in that order.
  localparam logic [1:0] KindVoid   = 2'd0;  // a data beat that is not carried out: reads as zero
  localparam logic [1:0] KindMem    = 2'd1;
  localparam logic [1:0] KindReg    = 2'd2;
  localparam logic [1:0] KindStatus = 2'd3;

  logic        issue, valid1_q, valid2_q, idle, room;
  logic [1:0]  kind, kind1_q, kind2_q;
  logic [31:0] reg_rdata_q;
  logic        reg_err_q;
  logic        is_read, data_beat, last_beat;

  assign is_read   = op_q == hb_job_pkg::PortRead;
  assign idle      = !valid1_q && !valid2_q;
  assign data_beat = (state_q == Read && room) || (state_q == Write && beat_valid);
  assign last_beat = count_q == 16'd1;

  always_comb begin
    kind = KindVoid;
    if (state_q == Status)                  kind = KindStatus;
    else if (refused_q)                     kind = KindVoid;
    else if (in_data || in_queue || in_cpu) kind = KindMem;
    else if (in_regs)                       kind = KindReg;
  end

  always_comb begin
    unique case (kind)
      KindStatus: issue = room;
      KindMem:    issue = data_beat && h_gnt_i;
      KindReg:    issue = reg_req_o && reg_gnt_i;
      default:    issue = data_beat;
    endcase
  end

  assign h_req_o     = data_beat && kind == KindMem;
  assign h_write_o   = !is_read;
  assign h_addr_o    = {addr_q[30], addr_q[30] && addr_q[29], addr_q[ByteW +: IndexW]};
  assign h_wdata_o   = beat;
  assign reg_req_o   = data_beat && kind == KindReg && idle;  // one at a time: the next depends on its error
  assign reg_write_o = !is_read;
  assign reg_addr_o  = addr_q[15:0];
  assign reg_wdata_o = beat[31:0];
  assign beat_o      = issue && (kind == KindMem || kind == KindReg);

  always_comb begin
    unique case (state_q)
      Header:  beat_ready = idle;
      Write:   beat_ready = issue;
      Drop:    beat_ready = 1'b1;
      default: beat_ready = 1'b0;
    endcase
  end

  // The error of the beat that is answered now
  logic       answered, found;
  logic [2:0] answer_err;
  assign answered = valid2_q && kind2_q != KindStatus;
  always_comb begin
    unique case (kind2_q)
      KindMem: answer_err = (h_rvalid_i && h_ue_i) ? hb_job_pkg::PortStPoisoned : hb_job_pkg::PortStOk;
      KindReg: answer_err = reg_err_q ? hb_job_pkg::PortStBadAddress : hb_job_pkg::PortStOk;
      default: answer_err = hb_job_pkg::PortStBadAddress;
    endcase
  end
  assign found = answered && answer_err != hb_job_pkg::PortStOk && err_q == hb_job_pkg::PortStOk;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q  <= Header;
      valid1_q <= 1'b0;
      valid2_q <= 1'b0;
    end else begin
      valid1_q <= issue;
      valid2_q <= valid1_q;
      unique case (state_q)
        Header: if (beat_valid && beat_ready) begin
          if (beat[7:0] == hb_job_pkg::PortWrite && beat[31:16] != '0) state_q <= beat_last ? Status : Write;
          else if (!beat_last)                           state_q <= Drop;
          else state_q <= (beat[7:0] == hb_job_pkg::PortRead && beat[31:16] != '0) ? Read : Status;
        end
        Read:   if (issue && last_beat) state_q <= Status;
        Write:  if (issue && (beat_last || last_beat)) state_q <= beat_last ? Status : Drop;
        Drop:   if (beat_valid && beat_last) state_q <= (is_read && count_q != '0) ? Read : Status;
        Status: if (issue) state_q <= Header;
        default: state_q <= Header;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    kind1_q     <= kind;
    kind2_q     <= kind1_q;
    reg_rdata_q <= reg_err_i ? '0 : reg_rdata_i;
    reg_err_q   <= reg_err_i;
    if (state_q == Header && beat_valid && beat_ready) begin
      op_q         <= beat[7:0];
      tag_q        <= beat[15:8];
      count_q      <= beat[31:16];
      addr_q       <= beat[63:32];
      done_addr_q  <= beat[63:32];
      err_addr_q   <= beat[63:32];
      err_q        <= header_err;
      refused_q    <= header_err != hb_job_pkg::PortStOk;
      bad_length_q <= beat_last;  // what a write comes to if nothing follows; a read's length is in header_err
    end else begin
      if (issue && state_q != Status) begin
        count_q <= count_q - 16'd1;
        addr_q  <= addr_q + step;
        if (state_q == Write) bad_length_q <= beat_last != last_beat;
      end
      if (answered) done_addr_q <= done_addr_q + step;
      if (found) begin
        err_q      <= answer_err;
        err_addr_q <= done_addr_q;
        if (answer_err == hb_job_pkg::PortStBadAddress) refused_q <= 1'b1;
      end
    end
  end

  // Response side
  logic [63:0]  status;
  logic         push, last_in;
  logic [W-1:0] rsp_in;
  logic [2:0]   level, claimed;

  always_comb begin
    status = {32'd0, 16'd0, tag_q, op_q | 8'h80};
    if (err_q != hb_job_pkg::PortStOk) begin
      status[63:32] = err_addr_q;
      status[18:16] = err_q;
    end else if (bad_length_q && !is_read) begin
      status[63:32] = done_addr_q;
      status[18:16] = hb_job_pkg::PortStBadCount;
    end
  end

  assign last_in = kind2_q == KindStatus;
  assign push    = valid2_q && (is_read || last_in);
  assign rsp_in  = (kind2_q == KindMem)    ? h_rdata_i :
                   (kind2_q == KindReg)    ? W'(reg_rdata_q) :
                   (kind2_q == KindStatus) ? W'(status) : '0;

  // Room for every beat that is under way
  assign claimed = level + 3'(valid1_q) + 3'(valid2_q);
  assign room    = claimed < 3'd4;

  logic unused_ready;
  hb_fifo #(.Width(W + 1), .Depth(4)) u_rsp (
    .clk_i, .rst_ni,
    .valid_i(push), .ready_o(unused_ready), .data_i({last_in, rsp_in}),
    .valid_o(rsp_valid_o), .ready_i(rsp_ready_i), .data_o({rsp_last_o, rsp_data_o}),
    .level_o(level)
  );

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(1 + W)) hb_host_port_req_held (
    .clk_i, .rst_ni, .valid_i(req_valid_i), .ready_i(req_ready_o), .data_i({req_last_i, req_data_i})
  );
  hb_held #(.Width(1 + W)) hb_host_port_rsp_held (
    .clk_i, .rst_ni, .valid_i(rsp_valid_o), .ready_i(rsp_ready_i), .data_i({rsp_last_o, rsp_data_o})
  );
  hb_held #(.Width(1 + MapW + W)) hb_host_port_h_held (
    .clk_i, .rst_ni, .valid_i(h_req_o), .ready_i(h_gnt_i), .data_i({h_write_o, h_addr_o, h_write_o ? h_wdata_o : W'(0)})
  );
  hb_held #(.Width(49)) hb_host_port_reg_held (
    .clk_i, .rst_ni, .valid_i(reg_req_o), .ready_i(reg_gnt_i),
    .data_i({reg_write_o, reg_addr_o, reg_write_o ? reg_wdata_o : 32'd0})
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_host_port_state_is_legal:        assert (state_q <= Status);
      hb_host_port_room_for_every_answer: assert (!push || unused_ready);
    end
  end
`endif

endmodule

`default_nettype wire
