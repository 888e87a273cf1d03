// SPDX-License-Identifier: Apache-2.0
// The GET under way: counts its READs against their answers, and ends it, well or not.
`default_nettype none

module hb_net_get #(
  parameter int unsigned Window = 4  // READs whose answers are not here yet, at most
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic [31:0] timeout_i,    // clocks without an answer after which a GET has failed; 0: never

  input  logic        start_i,      // pulse, only while !busy_o; a GET begins, with its semaphore
  input  logic [2:0]  sem_index_i,
  input  logic [7:0]  sem_count_i,  // 0: none
  input  logic        read_i,       // pulse, only with room_o: a READ goes out
  input  logic        last_i,       // pulse: no more READs follow
  output logic        busy_o,
  output logic        room_o,       // READs are wanted, and one more may go
  output logic        failed_o,     // no more READs are wanted

  // Answers (hb_net_responses)
  output logic        open_o,       // some are awaited, with this number
  output logic [7:0]  tag_o,
  input  logic        data_i,       // pulse: one is in memory
  input  logic        poison_i,     // pulse: one says that the word there is uncorrectable

  output logic        sem_valid_o,  // adds; holds until granted
  input  logic        sem_gnt_i,
  output logic [2:0]  sem_index_o,
  output logic [7:0]  sem_count_o,
  output logic        end_o,        // pulse: the GET is over, its semaphore given;
  output logic        lost_o        // pulse: or it has failed
);

  localparam int unsigned CountW = $clog2(Window + 1);

  logic              busy_q, all_q, failed_q;
  logic [CountW-1:0] flight_q;
  logic [7:0]        tag_q, sem_count_q;
  logic [2:0]        sem_index_q;
  logic [31:0]       timer_q;
  logic              late, over;

  assign late = busy_q && timeout_i != '0 && timer_q >= timeout_i;
  assign over = busy_q && (all_q || failed_q) && flight_q == '0;

  assign busy_o   = busy_q;
  assign room_o   = busy_q && !failed_q && flight_q != CountW'(Window);
  assign failed_o = failed_q;
  assign open_o   = busy_q && flight_q != '0;
  assign tag_o    = tag_q;

  assign sem_valid_o = over && !failed_q && sem_count_q != '0;
  assign sem_index_o = sem_index_q;
  assign sem_count_o = sem_count_q;
  assign end_o       = over && !failed_q && (sem_count_q == '0 || sem_gnt_i);
  assign lost_o      = (over && failed_q) || (late && !over);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q   <= 1'b0;
      tag_q    <= '0;
      flight_q <= '0;
    end else if (start_i) begin
      busy_q   <= 1'b1;
      tag_q    <= tag_q + 8'd1;  // answers to an earlier one, however late, are not taken for answers to this one
      flight_q <= '0;
    end else begin
      if (end_o || lost_o) busy_q <= 1'b0;
      flight_q <= flight_q + CountW'(read_i) - CountW'(data_i) - CountW'(poison_i);
    end

    if (start_i) begin
      all_q       <= 1'b0;
      failed_q    <= 1'b0;
      sem_index_q <= sem_index_i;
      sem_count_q <= sem_count_i;
    end else begin
      if (last_i) all_q <= 1'b1;
      if (poison_i) failed_q <= 1'b1;
    end
    timer_q <= (start_i || read_i || data_i) ? '0 : timer_q + 32'd1;
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(11)) hb_net_get_sem_held (
    .clk_i, .rst_ni, .valid_i(sem_valid_o), .ready_i(sem_gnt_i), .data_i({sem_index_o, sem_count_o})
  );
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_net_get_starts_only_when_idle: assert (!start_i || !busy_q);
      hb_net_get_never_beyond_window:   assert (32'(flight_q) <= Window);
      hb_net_get_read_only_with_room:   assert (!read_i || room_o);
    end
  end
`endif

endmodule

`default_nettype wire
