// SPDX-License-Identifier: Apache-2.0
// Registers of a link: every one of rtl/regs/link.toml but the counters, which hb_link_counters holds.
`default_nettype none

module hb_link_csr #(
  parameter int unsigned Lanes       = 4,
  parameter int unsigned MaxWords    = 129,
  parameter int unsigned BufferWords = 512,
  parameter int unsigned ReplayWords = 512,
  parameter int unsigned Window      = 64,
  parameter int unsigned CounterBits = 32
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  // Register port: a request a clock, answered on the next one
  input  logic             reg_req_i,
  input  logic             reg_write_i,
  input  logic [9:0]       reg_addr_i,         // byte offset in the block
  input  logic [31:0]      reg_wdata_i,
  output logic [31:0]      reg_rdata_o,        // zero unless a register was read
  output logic             reg_err_o,          // no such register, or a write to one that cannot be written: no effect
  output logic             irq_o,              // level: IRQ_STATUS & IRQ_ENABLE is not zero

  // What software asks for
  output logic [1:0]       mode_o,
  output logic             open_o,             // for one clock
  output logic             reopen_o,
  output logic [Lanes-1:0] lane_enable_o,
  output logic [Lanes-1:0] inject_o,           // for one clock
  output logic [15:0]      node_o,
  output logic [15:0]      nack_interval_o,
  output logic [hb_link_pkg::TimeWidth-1:0] replay_timeout_o,
  output logic [7:0]       retrain_after_o,
  output logic [hb_link_pkg::TimeWidth-1:0] hunt_timeout_o,
  output logic [7:0]       retrains_max_o,
  output logic [31:0]      train_timeout_o,

  // What the link says
  input  logic [2:0]       state_i,
  input  logic             up_i,
  input  logic             hunting_i,
  input  logic [Lanes-1:0] tx_lanes_i,         // none while not active; likewise below
  input  logic [Lanes-1:0] rx_lanes_i,
  input  logic [Lanes-1:0] bert_locked_i,
  input  logic [3:0]       reason_i,
  input  logic [Lanes-1:0] heard_i,
  input  logic [3:0]       partner_heard_i,
  input  logic [Lanes-1:0] crossed_i,
  input  logic [15:0]      partner_node_i,
  input  logic [19:0]      partner_settings_i,
  input  logic             session_i,          // a new session begins
  input  logic [7:0]       unacked_i,          // flits taken and not acknowledged
  input  logic [4:0]       irq_i,              // causes that come in this clock, as IRQ_STATUS

  // Counters
  output logic             clear_o,
  output logic [9:0]       count_addr_o,
  input  logic             count_known_i,
  input  logic [31:0]      count_value_i
);

  localparam logic [31:0] Cfg = {8'(CounterBits), 8'(Window), 8'(MaxWords), hb_link_lane_pkg::Version, 4'(Lanes)};

  function automatic logic [2:0] width(input logic [Lanes-1:0] lanes);
    width = '0;
    for (int unsigned l = 0; l < Lanes; l++) width = width + 3'(lanes[l]);
  endfunction

  logic [31:0]      addr, rdata, reg_rdata_q;
  logic             reg_err_q, known, writable, write;
  logic [1:0]       mode_q;
  logic             open_q, reopen_q, clear_q;
  logic [Lanes-1:0] lane_enable_q, inject_q;
  logic [15:0]      node_q, nack_interval_q;
  logic [hb_link_pkg::TimeWidth-1:0] replay_timeout_q, hunt_timeout_q;
  logic [7:0]       retrain_after_q, retrains_max_q, given_up_q;
  logic [31:0]      train_timeout_q;
  logic [4:0]       irq_q, irq_enable_q;

  assign addr         = 32'(reg_addr_i);
  assign write        = reg_req_i && reg_write_i && known && writable;
  assign count_addr_o = reg_addr_i;

  always_comb begin
    rdata    = '0;
    known    = 1'b1;
    writable = 1'b1;
    unique case (addr)
      hb_link_regs_pkg::Id:              {writable, rdata} = {1'b0, hb_link_regs_pkg::IdValue};
      hb_link_regs_pkg::Version:         {writable, rdata} = {1'b0, hb_link_regs_pkg::VersionValue};
      hb_link_regs_pkg::MapHash:         {writable, rdata} = {1'b0, hb_link_regs_pkg::HashValue};
      hb_link_regs_pkg::Cfg:             {writable, rdata} = {1'b0, Cfg};
      hb_link_regs_pkg::CfgBuffers:      {writable, rdata} = {1'b0, 16'(ReplayWords), 16'(BufferWords)};
      hb_link_regs_pkg::Ctrl:            rdata = {26'd0, reopen_q, 3'd0, mode_q};
      hb_link_regs_pkg::Status:          {writable, rdata} = {1'b0, 4'd0, 4'(bert_locked_i), 4'(rx_lanes_i), 4'(tx_lanes_i), 1'b0,
                                                              width(rx_lanes_i), 1'b0, width(tx_lanes_i), 2'd0, hunting_i, up_i, 1'b0, state_i};
      hb_link_regs_pkg::Reason:          {writable, rdata} = {1'b0, 28'd0, reason_i};
      hb_link_regs_pkg::LaneEnable:      rdata = 32'(lane_enable_q);
      hb_link_regs_pkg::LanesHeard:      {writable, rdata} = {1'b0, 20'd0, 4'(crossed_i), partner_heard_i, 4'(heard_i)};
      hb_link_regs_pkg::Node:            rdata = 32'(node_q);
      hb_link_regs_pkg::PartnerNode:     {writable, rdata} = {1'b0, 16'd0, partner_node_i};
      hb_link_regs_pkg::PartnerSettings: {writable, rdata} = {1'b0, 12'd0, partner_settings_i};
      hb_link_regs_pkg::Unacked:         {writable, rdata} = {1'b0, 16'd0, given_up_q, unacked_i};
      hb_link_regs_pkg::NackInterval:    rdata = 32'(nack_interval_q);
      hb_link_regs_pkg::ReplayTimeout:   rdata = 32'(replay_timeout_q);
      hb_link_regs_pkg::RetrainAfter:    rdata = 32'(retrain_after_q);
      hb_link_regs_pkg::HuntTimeout:     rdata = 32'(hunt_timeout_q);
      hb_link_regs_pkg::RetrainsMax:     rdata = 32'(retrains_max_q);
      hb_link_regs_pkg::TrainTimeout:    rdata = train_timeout_q;
      hb_link_regs_pkg::Inject:          ;
      hb_link_regs_pkg::IrqStatus:       rdata = 32'(irq_q);
      hb_link_regs_pkg::IrqEnable:       rdata = 32'(irq_enable_q);
      default:                           {known, writable, rdata} = {count_known_i, 1'b0, count_value_i};
    endcase
  end

  always_ff @(posedge clk_i) begin
    reg_rdata_q <= (reg_req_i && !reg_write_i) ? rdata : '0;
    reg_err_q   <= reg_req_i && !(known && (writable || !reg_write_i));
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      mode_q           <= '0;
      reopen_q         <= 1'b0;
      open_q           <= 1'b0;
      clear_q          <= 1'b0;
      inject_q         <= '0;
      lane_enable_q    <= '1;
      node_q           <= '0;
      nack_interval_q  <= hb_link_regs_pkg::NackIntervalReset[15:0];
      replay_timeout_q <= hb_link_regs_pkg::ReplayTimeoutReset[hb_link_pkg::TimeWidth-1:0];
      retrain_after_q  <= hb_link_regs_pkg::RetrainAfterReset[7:0];
      hunt_timeout_q   <= hb_link_regs_pkg::HuntTimeoutReset[hb_link_pkg::TimeWidth-1:0];
      retrains_max_q   <= hb_link_regs_pkg::RetrainsMaxReset[7:0];
      train_timeout_q  <= hb_link_regs_pkg::TrainTimeoutReset;
      given_up_q       <= '0;
      irq_q            <= '0;
      irq_enable_q     <= '0;
    end else begin
      open_q   <= 1'b0;
      clear_q  <= 1'b0;
      inject_q <= '0;
      if (write) begin
        unique case (addr)
          hb_link_regs_pkg::Ctrl: begin
            mode_q   <= (&reg_wdata_i[1:0]) ? 2'd0 : reg_wdata_i[1:0];
            reopen_q <= reg_wdata_i[hb_link_regs_pkg::CtrlReopenLsb];
            open_q   <= reg_wdata_i[hb_link_regs_pkg::CtrlOpenLsb];
            clear_q  <= reg_wdata_i[hb_link_regs_pkg::CtrlClearLsb];
          end
          hb_link_regs_pkg::LaneEnable:    lane_enable_q    <= reg_wdata_i[Lanes-1:0];
          hb_link_regs_pkg::Node:          node_q           <= reg_wdata_i[15:0];
          hb_link_regs_pkg::NackInterval:  nack_interval_q  <= reg_wdata_i[15:0];
          hb_link_regs_pkg::ReplayTimeout: replay_timeout_q <= reg_wdata_i[hb_link_pkg::TimeWidth-1:0];
          hb_link_regs_pkg::RetrainAfter:  retrain_after_q  <= reg_wdata_i[7:0];
          hb_link_regs_pkg::HuntTimeout:   hunt_timeout_q   <= reg_wdata_i[hb_link_pkg::TimeWidth-1:0];
          hb_link_regs_pkg::RetrainsMax:   retrains_max_q   <= reg_wdata_i[7:0];
          hb_link_regs_pkg::TrainTimeout:  train_timeout_q  <= reg_wdata_i;
          hb_link_regs_pkg::Inject:        inject_q         <= reg_wdata_i[Lanes-1:0];
          hb_link_regs_pkg::IrqEnable:     irq_enable_q     <= reg_wdata_i[4:0];
          default: ;
        endcase
      end
      if (session_i) given_up_q <= unacked_i;
      // A cause that comes in the clock in which it is cleared stands.
      irq_q <= (irq_q & ~((write && addr == hb_link_regs_pkg::IrqStatus) ? reg_wdata_i[4:0] : '0)) | irq_i;
    end
  end

  assign reg_rdata_o      = reg_rdata_q;
  assign reg_err_o        = reg_err_q;
  assign open_o           = open_q;
  assign clear_o          = clear_q;
  assign inject_o         = inject_q;
  assign mode_o           = mode_q;
  assign reopen_o         = reopen_q;
  assign lane_enable_o    = lane_enable_q;
  assign node_o           = node_q;
  assign nack_interval_o  = (nack_interval_q == '0) ? 16'd1 : nack_interval_q;
  assign replay_timeout_o = replay_timeout_q;
  assign retrain_after_o  = retrain_after_q;
  assign hunt_timeout_o   = hunt_timeout_q;
  assign retrains_max_o   = retrains_max_q;
  assign train_timeout_o  = train_timeout_q;
  assign irq_o            = (irq_q & irq_enable_q) != '0;

endmodule

`default_nettype wire
