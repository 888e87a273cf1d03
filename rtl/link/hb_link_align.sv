// SPDX-License-Identifier: Apache-2.0
// Finds where symbols begin in the bits of a lane: looks for the marker at all 16 bit positions and cuts symbols there.
`default_nettype none

module hb_link_align (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        give_i,        // phy_rx_i is new
  input  logic [15:0] phy_rx_i,
  input  logic        search_i,      // take the next marker's position
  input  logic        keep_i,        // pulse: remember the position
  input  logic        restore_i,     // pulse: back to the position remembered; wins over a marker found

  output logic        valid_o,       // pulse: symbol_o is new, one a give_i whatever happens to the position
  output logic [15:0] symbol_o,
  output logic        sync_o         // with valid_o: symbol_o ends a marker just found
);

  localparam logic [31:0] Marker = {hb_link_lane_pkg::Marker1, hb_link_lane_pkg::Marker0};

  logic [30:0] last_q;               // the 31 bits before phy_rx_i
  logic [46:0] bits;
  logic [15:0] symbol_q;
  logic        valid_q, sync_q;
  logic [3:0]  position_q, position, kept_q, found_at;
  logic        found;

  // No beginning of the marker is an end of it, so two markers never overlap.
  assign bits = {phy_rx_i, last_q};
  always_comb begin
    found    = 1'b0;
    found_at = '0;
    if (search_i && give_i) begin
      for (int i = 0; i < 16; i++) begin
        if (bits[i +: 32] == Marker) begin
          found    = 1'b1;
          found_at = 4'(i);
        end
      end
    end
  end

  assign position = found ? found_at : position_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      position_q <= '0;
      kept_q     <= '0;
      valid_q    <= 1'b0;
      sync_q     <= 1'b0;
    end else begin
      position_q <= restore_i ? kept_q : position;
      if (keep_i) kept_q <= position_q;
      valid_q    <= give_i;
      sync_q     <= found;
    end
    if (give_i) begin
      last_q   <= bits[46:16];
      symbol_q <= bits[6'(position) + 6'd16 +: 16];
    end
  end

  assign valid_o  = valid_q;
  assign symbol_o = symbol_q;
  assign sync_o   = sync_q;

endmodule

`default_nettype wire
