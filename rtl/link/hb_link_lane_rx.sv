// SPDX-License-Identifier: Apache-2.0
// One lane as it is received: heard or not, when data begins, and its data.
`default_nettype none

module hb_link_lane_rx #(
  parameter int unsigned Lane = 0
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        restart_i,     // training begins: nothing is heard yet, and there is no data

  input  logic        give_i,
  input  logic [15:0] phy_rx_i,

  input  logic        look_i,        // in data: look for training sets all the same
  input  logic        wanted_i,      // data may begin when the partner's countdown ends

  output logic        heard_o,       // before data: sets arrive; in data: held
  output logic        crossed_o,     // the last good set named another lane
  output logic        trains_o,      // two good sets in a row, and the partner is not about to send data
  output logic        bad_set_o,     // pulse: a set where one was due is wrong

  output logic        data_o,        // in data
  output logic        push_o,        // pulse: symbol_o is a symbol of data, descrambled
  output logic [15:0] symbol_o,

  // Sets as they arrive, while not in data
  output logic        set_valid_o,   // raw_o is symbol index_o of a set
  output logic [2:0]  index_o,
  output logic [15:0] raw_o,
  output logic        good_o         // with symbol 7: the set is good and names this lane
);

  logic       valid, sync, set_end, good, mine;
  logic [1:0] phase;
  logic [3:0] left;

  logic       locked_q;              // the symbols are cut into sets at a marker
  logic [1:0] skip_q;                // symbols that pass after a wrong set before a marker is looked for
  logic       heard_q, crossed_q, data_q, counting_q;
  logic [1:0] run_q;                 // sets in a row that speak against heard_q
  logic [3:0] left_q;                // while counting_q: sets that follow before data, after the one that ended last
  logic [1:0] hello_q;               // sets in a row, up to two, whose sender is not about to send data

  logic       due, ours, drop, begins, unheard;
  logic [3:0] left_now;
  logic [15:0] key;

  // A set is ours if it is good and names this lane; good sets of another lane are not wrong, only of no use.
  assign due      = set_end && locked_q;
  assign ours     = good && mine;
  assign unheard  = due && !ours && heard_q && run_q == 2'd3;
  assign drop     = due && !good && (data_q || !heard_q || run_q == 2'd3);

  // The countdown runs on over sets that are wrong: any of the 16 tells when data begins.
  assign left_now = ours ? left : left_q - 4'd1;
  assign begins   = due && !data_q && wanted_i && heard_q && !unheard && left_now == '0 &&
                    (ours ? phase == hb_link_lane_pkg::PhaseGo : counting_q);

  hb_link_align u_align (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .give_i   (give_i),
    .phy_rx_i (phy_rx_i),
    .search_i (!locked_q && !(valid && sync) && skip_q == '0 && (look_i || !data_q)),
    .keep_i   (begins),
    .restore_i(data_q && (drop || !look_i)),
    .valid_o  (valid),
    .symbol_o (raw_o),
    .sync_o   (sync)
  );

  hb_link_set_rx #(.Lane(Lane)) u_set_rx (
    .clk_i   (clk_i),
    .valid_i (valid),
    .symbol_i(raw_o),
    .sync_i  (sync),
    .index_o (index_o),
    .end_o   (set_end),
    .good_o  (good),
    .mine_o  (mine),
    .phase_o (phase),
    .left_o  (left)
  );

  hb_link_scramble #(.Lane(Lane)) u_scramble (
    .clk_i  (clk_i),
    .start_i(!data_q),
    .next_i (valid),
    .key_o  (key)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || restart_i) begin
      locked_q   <= 1'b0;
      skip_q     <= '0;
      heard_q    <= 1'b0;
      crossed_q  <= 1'b0;
      data_q     <= 1'b0;
      counting_q <= 1'b0;
      run_q      <= '0;
      hello_q    <= '0;
    end else begin
      // After a wrong set the same place is passed over once: a marker that is part of a set's content is tried in turn
      // with the true one, never for ever.
      if (begins || drop || (data_q && !look_i)) locked_q <= 1'b0;
      else if (valid && sync)                    locked_q <= 1'b1;
      if (drop)                         skip_q <= 2'd2;
      else if (valid && skip_q != '0)   skip_q <= skip_q - 2'd1;

      if (due) begin
        if (good) crossed_q <= !mine;
        if (!data_q) begin
          run_q   <= (ours != heard_q) ? run_q + 2'd1 : 2'd0;  // at 4, which is 0 again, it turns
          if (ours != heard_q && run_q == 2'd3) heard_q <= ours;
          left_q  <= left_now;
          counting_q <= !unheard && left_now != '0 && (ours ? phase == hb_link_lane_pkg::PhaseGo : counting_q);
        end
        if (!ours || phase == hb_link_lane_pkg::PhaseReady || phase == hb_link_lane_pkg::PhaseGo) hello_q <= '0;
        else if (!hello_q[1]) hello_q <= hello_q + 2'd1;
      end
      if (begins) begin
        data_q  <= 1'b1;
        hello_q <= '0;
      end else if (data_q && !look_i) begin
        hello_q <= '0;
      end
    end
  end

  assign heard_o     = heard_q;
  assign crossed_o   = crossed_q;
  assign trains_o    = hello_q[1];
  assign bad_set_o   = due && !good && !data_q;
  assign data_o      = data_q;
  assign push_o      = data_q && valid;
  assign symbol_o    = raw_o ^ key;
  assign set_valid_o = valid && (locked_q || sync) && !data_q;
  assign good_o      = due && ours;

endmodule

`default_nettype wire
