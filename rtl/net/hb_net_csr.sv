// SPDX-License-Identifier: Apache-2.0
// Registers of the network: every one of rtl/regs/net.toml.
`default_nettype none

module hb_net_csr #(
  parameter int unsigned Links     = 4,
  parameter int unsigned MaxWords  = 129,
  parameter int unsigned FlitWords = 16,
  parameter int unsigned Window    = 4
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  // Register port: a request a clock, answered on the next one
  input  logic        reg_req_i,
  input  logic        reg_write_i,
  input  logic [11:0] reg_addr_i,       // byte offset in the block
  input  logic [31:0] reg_wdata_i,
  output logic [31:0] reg_rdata_o,      // zero unless a register was read
  output logic        reg_err_o,        // no such register, or a write to one that cannot be written: no effect

  output logic [7:0]  place_o,          // y, x
  output logic [3:0]  ports_o,
  output logic [31:0] get_timeout_o,
  input  logic        busy_i,
  input  logic        get_i,

  // Events of this clock
  input  logic [1:0]  bad_i,            // a bad flit on channel 0, on channel 1; with:
  input  logic [127:0] bad_header_i,    // its header
  input  logic [9:0]  no_route_i,
  input  logic [1:0]  poison_i,         // reader 0, reader 1; with:
  input  logic [63:0] poison_addr_i,    // bytes
  input  logic        get_lost_i,
  input  logic        get_end_i,
  input  logic        send_end_i,
  input  logic [1:0]  out_i,            // by channel: a word leaves the tile,
  input  logic [1:0]  in_i,             // comes for it,
  input  logic [1:0]  stall_i,          // waits to leave

  output logic        irq_o             // level: an enabled cause stands
);

  localparam int unsigned Counters = 11;  // in the order of their addresses, from BadFlits on

  logic [7:0]             place_q;
  logic [3:0]             ports_q, irq_status_q, irq_enable_q, irq_set, irq_clear, first;
  logic [31:0]            timeout_q, poison_addr_q, reg_rdata_q, addr, rdata;
  logic [63:0]            bad_header_q;
  logic [Counters*32-1:0] count_q;
  logic [Counters*4-1:0]  inc;
  logic [3:0]             no_routes;
  logic                   reg_err_q, known, writable, is_count, write;

  assign addr     = {20'd0, reg_addr_i};
  assign is_count = addr >= hb_net_regs_pkg::BadFlits && addr < hb_net_regs_pkg::BadFlits + 4 * Counters &&
                    addr[1:0] == '0;
  assign write    = reg_req_i && reg_write_i && known && writable;

  always_comb begin
    rdata    = '0;
    known    = 1'b1;
    writable = 1'b0;
    unique case (addr)
      hb_net_regs_pkg::Id:         rdata = hb_net_regs_pkg::IdValue;
      hb_net_regs_pkg::Version:    rdata = hb_net_regs_pkg::VersionValue;
      hb_net_regs_pkg::MapHash:    rdata = hb_net_regs_pkg::HashValue;
      hb_net_regs_pkg::Cfg:        rdata = {8'(Window), 8'(FlitWords), 8'(MaxWords), 8'(Links)};
      hb_net_regs_pkg::Place:      {writable, rdata} = {1'b1, 24'd0, place_q};
      hb_net_regs_pkg::Ports:      {writable, rdata} = {1'b1, 28'd0, ports_q};
      hb_net_regs_pkg::GetTimeout: {writable, rdata} = {1'b1, timeout_q};
      hb_net_regs_pkg::Status:     rdata = {30'd0, get_i, busy_i};
      hb_net_regs_pkg::IrqStatus:  {writable, rdata} = {1'b1, 28'd0, irq_status_q};
      hb_net_regs_pkg::IrqEnable:  {writable, rdata} = {1'b1, 28'd0, irq_enable_q};
      hb_net_regs_pkg::BadHeader:         rdata = bad_header_q[31:0];
      hb_net_regs_pkg::BadHeader + 32'd4: rdata = bad_header_q[63:32];
      hb_net_regs_pkg::PoisonAddr: rdata = poison_addr_q;
      default: begin
        known = is_count;
        if (is_count) rdata = count_q[{addr[5:2], 5'd0} +: 32];
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    reg_rdata_q <= (reg_req_i && !reg_write_i) ? rdata : '0;
    reg_err_q   <= reg_req_i && !(known && (writable || !reg_write_i));
  end

  always_comb begin
    no_routes = '0;
    for (int i = 0; i < 10; i++) no_routes = no_routes + 4'(no_route_i[i]);
  end
  assign inc = {3'd0, stall_i[1], 3'd0, stall_i[0], 3'd0, in_i[1], 3'd0, in_i[0], 3'd0, out_i[1], 3'd0, out_i[0],
                4'(get_end_i) + 4'(send_end_i), 3'd0, get_lost_i, 4'(poison_i[0]) + 4'(poison_i[1]), no_routes,
                4'(bad_i[0]) + 4'(bad_i[1])};

  // A cause that comes in the clock in which it is cleared stands.
  assign irq_set   = {get_lost_i, poison_i != '0, no_route_i != '0, bad_i != '0};
  assign irq_clear = (write && addr == hb_net_regs_pkg::IrqStatus) ? reg_wdata_i[3:0] : '0;
  assign first     = ~irq_status_q | irq_clear;  // a cause that comes now is the first

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      place_q      <= '0;
      ports_q      <= '0;
      timeout_q    <= hb_net_regs_pkg::GetTimeoutReset;
      irq_status_q <= '0;
      irq_enable_q <= '0;
      bad_header_q  <= '0;
      poison_addr_q <= '0;
      count_q      <= '0;
    end else begin
      if (write) begin
        unique case (addr)
          hb_net_regs_pkg::Place:      place_q      <= reg_wdata_i[7:0];
          hb_net_regs_pkg::Ports:      ports_q      <= reg_wdata_i[3:0];
          hb_net_regs_pkg::GetTimeout: timeout_q    <= reg_wdata_i;
          hb_net_regs_pkg::IrqEnable:  irq_enable_q <= reg_wdata_i[3:0];
          default: ;
        endcase
      end
      irq_status_q <= (irq_status_q & ~irq_clear) | irq_set;
      for (int i = 0; i < Counters; i++) begin
        if (inc[i*4 +: 4] != '0) count_q[i*32 +: 32] <= count_q[i*32 +: 32] + 32'(inc[i*4 +: 4]);
      end

      if (bad_i != '0 && first[hb_net_regs_pkg::IrqStatusBadFlitLsb]) begin
        bad_header_q <= bad_i[0] ? bad_header_i[63:0] : bad_header_i[127:64];
      end
      if (poison_i != '0 && first[hb_net_regs_pkg::IrqStatusPoisonLsb]) begin
        poison_addr_q <= poison_i[0] ? poison_addr_i[31:0] : poison_addr_i[63:32];
      end
    end
  end

  assign reg_rdata_o   = reg_rdata_q;
  assign reg_err_o     = reg_err_q;
  assign place_o       = place_q;
  assign ports_o       = ports_q;
  assign get_timeout_o = timeout_q;
  assign irq_o         = (irq_status_q & irq_enable_q) != '0;

endmodule

`default_nettype wire
