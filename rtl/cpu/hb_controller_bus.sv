// SPDX-License-Identifier: Apache-2.0
// What the core asks for, sent by address to memory or registers; what is not there is answered with an error.
`default_nettype none

module hb_controller_bus #(
  parameter  int unsigned WordBytes  = 64,
  parameter  int unsigned DataBytes  = 131072,
  parameter  int unsigned QueueBytes = 1024,
  parameter  int unsigned CpuBytes   = 65536,
  localparam int unsigned W          = WordBytes * 8,
  localparam int unsigned IndexW     = hb_mem_pkg::index_width(DataBytes / WordBytes, CpuBytes / WordBytes),
  localparam int unsigned MapW       = IndexW + 2,
  localparam int unsigned PieceW     = $clog2(WordBytes / 4)
) (
  input  logic              clk_i,
  input  logic              rst_ni,

  // Fetch port of hb_cpu; its data comes from hb_mem directly
  input  logic              f_req_i,
  output logic              f_gnt_o,
  input  logic [31:0]       f_addr_i,
  output logic              f_err_o,     // exactly two clocks after the grant: uncorrectable, or nothing to fetch there

  // Load and store port of hb_cpu
  input  logic              d_req_i,
  output logic              d_gnt_o,
  input  logic              d_write_i,
  input  logic [31:0]       d_addr_i,
  input  logic [3:0]        d_be_i,
  input  logic [31:0]       d_wdata_i,
  output logic              d_rvalid_o,  // one clock after the grant (registers, errors), or two (memory)
  output logic [31:0]       d_rdata_o,
  output logic              d_err_o,

  // Memory requesters (hb_mem)
  output logic              i_req_o,
  input  logic              i_gnt_i,
  output logic [MapW-1:0]   i_addr_o,
  input  logic              i_rvalid_i,
  input  logic              i_ue_i,
  output logic              c_req_o,
  input  logic              c_gnt_i,
  output logic              c_write_o,
  output logic [MapW-1:0]   c_addr_o,
  output logic [PieceW-1:0] c_piece_o,
  output logic [3:0]        c_be_o,
  output logic [31:0]       c_wdata_o,
  input  logic              c_rvalid_i,
  input  logic [W-1:0]      c_rdata_i,
  input  logic              c_ue_i,

  // Registers: address and data are those of d; answered exactly one clock after the grant
  output logic              r_req_o,
  input  logic              r_gnt_i,
  input  logic [31:0]       r_rdata_i,
  input  logic              r_err_i
);

  localparam int unsigned ByteW = $clog2(WordBytes);

  function automatic logic in_data(input logic [31:0] addr);
    in_data = addr < 32'(DataBytes);
  endfunction
  function automatic logic in_cpu(input logic [31:0] addr);
    in_cpu = addr >= hb_job_pkg::ControllerBase && addr < hb_job_pkg::ControllerBase + 32'(CpuBytes);
  endfunction

  // Fetch
  logic f_mem, f_bad1_q, f_bad2_q;
  assign f_mem    = in_data(f_addr_i) || in_cpu(f_addr_i);
  assign i_req_o  = f_req_i && f_mem;
  assign i_addr_o = {f_addr_i[30], f_addr_i[30] && f_addr_i[29], f_addr_i[ByteW +: IndexW]};
  assign f_gnt_o  = f_req_i && (!f_mem || i_gnt_i);
  assign f_err_o  = f_bad2_q || (i_rvalid_i && i_ue_i);

  // Load and store. A register is accessed whole.
  logic              d_mem, d_reg, reg1_q, bad1_q;
  logic [PieceW-1:0] piece_q;
  assign d_mem   = in_data(d_addr_i) || in_cpu(d_addr_i) ||
                   (d_addr_i >= hb_job_pkg::QueueBase && d_addr_i < hb_job_pkg::QueueBase + 32'(QueueBytes));
  assign d_reg   = d_addr_i[31:16] == hb_job_pkg::RegistersBase[31:16] && d_be_i == '1;
  assign r_req_o = d_req_i && d_reg;
  assign c_req_o = d_req_i && d_mem;
  assign d_gnt_o = d_req_i && (d_mem ? c_gnt_i : !d_reg || r_gnt_i);

  assign c_write_o = d_write_i;
  assign c_addr_o  = {d_addr_i[30], d_addr_i[30] && d_addr_i[29], d_addr_i[ByteW +: IndexW]};
  assign c_piece_o = d_addr_i[2 +: PieceW];
  assign c_be_o    = d_be_i;
  assign c_wdata_o = d_wdata_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      f_bad1_q <= 1'b0;
      f_bad2_q <= 1'b0;
      reg1_q   <= 1'b0;
      bad1_q   <= 1'b0;
    end else begin
      f_bad1_q <= f_req_i && !f_mem;
      f_bad2_q <= f_bad1_q;
      reg1_q   <= r_req_o && r_gnt_i;
      bad1_q   <= d_req_i && !d_mem && !d_reg;
    end
    if (d_req_i) piece_q <= c_piece_o;
  end

  assign d_rvalid_o = c_rvalid_i || reg1_q || bad1_q;
  assign d_rdata_o  = c_rvalid_i ? c_rdata_i[{piece_q, 5'd0} +: 32] : r_rdata_i;
  assign d_err_o    = bad1_q || (reg1_q && r_err_i) || (c_rvalid_i && c_ue_i);

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_controller_bus_one_answer: assert (2'(c_rvalid_i) + 2'(reg1_q) + 2'(bad1_q) <= 2'd1);
    end
  end
`endif

endmodule

`default_nettype wire
