// SPDX-License-Identifier: Apache-2.0
// Training: which lanes carry data in either direction, when it begins, when to train again, and when to give up.
`default_nettype none

module hb_link_train #(
  parameter int unsigned Lanes = 4
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  // Software
  input  logic [1:0]       mode_i,
  input  logic             open_i,           // pulse: begin a new session
  input  logic             reopen_i,         // do so by itself when the partner was reset
  input  logic [Lanes-1:0] lane_enable_i,
  input  logic [7:0]       retrains_max_i,   // trainings in a row without progress; one more needed, and the link is down
  input  logic [31:0]      train_timeout_i,  // clocks that a training may take; 0: for ever

  // Word side
  input  logic             retrain_i,        // pulse: train again
  input  logic             progress_i,       // pulse: something new came through, in either direction
  input  logic             bound_i,          // in this session a flit was received or acknowledged
  input  logic             hunting_i,        // the receiver has no framing, as it has not when data begins
  output logic             session_o,        // pulse: a new session

  // Lanes, as received
  input  logic [Lanes-1:0] heard_i,          // enabled ones alone; likewise below
  input  logic [Lanes-1:0] crossed_i,
  input  logic [Lanes-1:0] trains_i,
  input  logic [Lanes-1:0] data_i,
  input  logic             overflow_i,
  output logic             restart_o,        // hb_link_lane_rx.restart_i
  output logic [Lanes-1:0] wanted_o,         // hb_link_lane_rx.wanted_i

  // The partner (hb_link_partner)
  input  logic             known_i,
  input  logic [1:0]       phase_i,
  input  logic             fresh_i,
  input  logic [3:0]       partner_heard_i,
  input  logic [3:0]       partner_want_i,
  input  logic [3:0]       partner_send_i,
  input  logic             fits_i,

  // My sets (hb_link_set_tx)
  input  logic             tick_i,
  input  logic             done_i,
  output logic [1:0]       phase_o,
  output logic             fresh_o,
  output logic [3:0]       want_o,
  output logic [3:0]       send_o,

  output logic [2:0]       state_o,          // hb_link_lane_pkg::St*
  output logic             active_o,         // data mode, sending
  output logic             rx_data_o,        // data mode, receiving
  output logic             up_o,             // both
  output logic             down_o,
  output logic [Lanes-1:0] rx_lanes_o,       // lanes that I want, once I know
  output logic [3:0]       reason_o,         // hb_link_lane_pkg::Reason*, of the last time
  output logic             retrained_o       // pulse: data mode ends, to train again
);

  logic [2:0]       state_q, state;
  logic [3:0]       want_q, send_q, reason_q, reason, failure, chosen, data, enabled;
  logic [31:0]      timer_q;                 // clocks of this training
  logic [7:0]       retrains_q;              // trainings since there was progress
  logic             fresh_q, skewed_q;
  logic             normal, partner_idle, wish_ok, lost, broken, again, reset_met, expired, heard_long;

  assign data    = 4'(data_i);
  assign enabled = 4'(lane_enable_i);
  assign normal  = mode_i == hb_link_regs_pkg::ModeNormal;

  hb_link_choose u_choose (
    .clk_i, .start_i(restart_o || state_q != hb_link_regs_pkg::StateHello), .tick_i,
    .heard_i(4'(heard_i)), .done_o(heard_long), .lanes_o(chosen)
  );

  // What the partner wishes counts if I can do it. (Its wish is zero while it does not know.)
  assign wish_ok = known_i && partner_want_i != '0 && (partner_want_i & ~enabled) == '0 &&
                   partner_want_i == hb_link_lane_pkg::pick(partner_want_i);

  assign partner_idle = phase_i == hb_link_lane_pkg::PhaseHello || phase_i == hb_link_lane_pkg::PhaseDown;
  assign lost         = (want_q & ~(4'(heard_i) | data)) != '0;
  assign broken       = !known_i || partner_idle || partner_want_i != send_q || partner_send_i != want_q;
  assign reset_met    = known_i && fresh_i && bound_i;
  assign rx_data_o    = (data & want_q) != '0;
  assign up_o         = state_q == hb_link_regs_pkg::StateActive && rx_data_o;

  // Reasons to train again once lanes were agreed. While lanes bring data, nobody speaks for the partner, and what it said
  // last stands; if it trains, its sets are seen because the receiver loses its framing.
  assign again = lost || (broken && !rx_data_o) || overflow_i || (rx_data_o && hunting_i && trains_i != '0) ||
                 (retrain_i && state_q == hb_link_regs_pkg::StateActive);

  // Why a training failed, from what can be told apart to what cannot
  always_comb begin
    if (skewed_q)                        failure = hb_link_regs_pkg::ReasonDeskew;
    else if (up_o)                       failure = hb_link_regs_pkg::ReasonNoProgress;
    else if (heard_i == '0)              failure = (crossed_i != '0) ? hb_link_regs_pkg::ReasonCrossed : hb_link_regs_pkg::ReasonNoPartner;
    else if (known_i && partner_heard_i == '0) failure = hb_link_regs_pkg::ReasonNotHeard;
    else if (known_i && phase_i == hb_link_lane_pkg::PhaseDown) failure = hb_link_regs_pkg::ReasonPartnerDown;
    else                                 failure = hb_link_regs_pkg::ReasonTimeout;
  end

  assign expired = train_timeout_i != '0 && timer_q >= train_timeout_i && !up_o;

  always_comb begin
    state     = state_q;
    reason    = reason_q;
    session_o = open_i;
    unique case (state_q)
      hb_link_regs_pkg::StateOff: if (normal) state = hb_link_regs_pkg::StateHello;
      hb_link_regs_pkg::StateHello, hb_link_regs_pkg::StateReady: begin
        if (state_q == hb_link_regs_pkg::StateHello) begin
          if (heard_long) state = hb_link_regs_pkg::StateReady;
        end else if (lost) begin
          state = hb_link_regs_pkg::StateHello;
        end else if (wish_ok && !partner_idle && partner_send_i == want_q) begin
          state = hb_link_regs_pkg::StateGo;
        end
        if (known_i && !fits_i) begin
          state  = hb_link_regs_pkg::StateDown;
          reason = hb_link_regs_pkg::ReasonSettings;
        end else if (reset_met) begin
          state     = reopen_i ? hb_link_regs_pkg::StateHello : hb_link_regs_pkg::StateDown;
          reason    = hb_link_regs_pkg::ReasonPartnerReset;
          session_o = open_i || reopen_i;
        end
      end
      hb_link_regs_pkg::StateGo, hb_link_regs_pkg::StateActive: begin
        if (again)       state = hb_link_regs_pkg::StateHello;
        else if (done_i) state = hb_link_regs_pkg::StateActive;
      end
      hb_link_regs_pkg::StateDown: ;
      default: state = hb_link_regs_pkg::StateHello;  // no state: an upset
    endcase
    if (expired && normal && state_q != hb_link_regs_pkg::StateDown && state_q != hb_link_regs_pkg::StateOff) begin
      state  = hb_link_regs_pkg::StateDown;
      reason = failure;
    end else if (up_o && again && retrains_q >= retrains_max_i) begin
      state  = hb_link_regs_pkg::StateDown;
      reason = overflow_i ? hb_link_regs_pkg::ReasonDeskew : failure;
    end
    // Down lasts until software opens a session, whatever the mode meanwhile.
    if (open_i) begin
      state  = hb_link_regs_pkg::StateHello;
      reason = reason_q;
    end
    if (!normal && state != hb_link_regs_pkg::StateDown) state = hb_link_regs_pkg::StateOff;
  end

  // A session that was opened anew in hello begins hello anew.
  assign restart_o   = !rst_ni || !normal || session_o ||
                       (state != state_q && (state == hb_link_regs_pkg::StateHello || state == hb_link_regs_pkg::StateDown));
  assign retrained_o = up_o && state == hb_link_regs_pkg::StateHello && !session_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q    <= hb_link_regs_pkg::StateOff;
      reason_q   <= hb_link_regs_pkg::ReasonNone;
      want_q     <= '0;
      send_q     <= '0;
      timer_q    <= '0;
      retrains_q <= '0;
      fresh_q    <= 1'b1;
      skewed_q   <= 1'b0;
    end else begin
      state_q  <= state;
      reason_q <= reason;

      if (restart_o) want_q <= '0;
      else if (state_q == hb_link_regs_pkg::StateHello && state == hb_link_regs_pkg::StateReady) begin
        want_q <= chosen;
      end
      // Held from the agreement on
      if (restart_o) send_q <= '0;
      else if (state_q == hb_link_regs_pkg::StateHello || state_q == hb_link_regs_pkg::StateReady) begin
        send_q <= wish_ok ? partner_want_i : '0;
      end

      if (session_o || up_o || state_q == hb_link_regs_pkg::StateOff || state_q == hb_link_regs_pkg::StateDown) timer_q <= '0;
      else if (timer_q != '1) timer_q <= timer_q + 32'd1;

      if (session_o || progress_i)                    retrains_q <= '0;
      else if (retrained_o && retrains_q != '1)       retrains_q <= retrains_q + 8'd1;

      // A partner can have received something only after I sent data.
      if (session_o)                                  fresh_q <= 1'b1;
      else if (state == hb_link_regs_pkg::StateActive)   fresh_q <= 1'b0;

      if (session_o || progress_i)                    skewed_q <= 1'b0;
      else if (overflow_i)                            skewed_q <= 1'b1;
    end
  end

  always_comb begin
    unique case (state_q)
      hb_link_regs_pkg::StateReady: phase_o = hb_link_lane_pkg::PhaseReady;
      hb_link_regs_pkg::StateGo:    phase_o = hb_link_lane_pkg::PhaseGo;
      hb_link_regs_pkg::StateDown:  phase_o = hb_link_lane_pkg::PhaseDown;
      default:                   phase_o = hb_link_lane_pkg::PhaseHello;
    endcase
  end

  assign state_o    = (mode_i == hb_link_regs_pkg::ModeBert) ? hb_link_regs_pkg::StateBert : normal ? state_q : hb_link_regs_pkg::StateOff;
  assign active_o   = state_q == hb_link_regs_pkg::StateActive;
  assign down_o     = state_q == hb_link_regs_pkg::StateDown;
  assign reason_o   = reason_q;
  assign fresh_o    = fresh_q;
  assign send_o     = send_q;
  assign rx_lanes_o = want_q[Lanes-1:0];
  assign want_o     = (state_q == hb_link_regs_pkg::StateReady || state_q == hb_link_regs_pkg::StateGo) ? want_q : '0;
  assign wanted_o   = (state_q == hb_link_regs_pkg::StateGo || state_q == hb_link_regs_pkg::StateActive) ? want_q[Lanes-1:0] : '0;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_link_train_state_is_legal: assert (state_q <= hb_link_regs_pkg::StateDown);
      hb_link_train_data_only_up:   assert (!active_o || (want_q != '0 && send_q != '0));
    end
  end
`endif

endmodule

`default_nettype wire
