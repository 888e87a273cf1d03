// SPDX-License-Identifier: Apache-2.0
// Packs chunks of result codes into whole words and writes them, panel after panel.
`default_nettype none

module hb_pack #(
  parameter int unsigned AddrW    = 12,
  parameter int unsigned WordBits = 512
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                run_i,     // low: forgets everything. High: writes the whole result once, as told by:
  input  logic [AddrW-2:0]    base_i,    // first panel (from here to size_i: stable from the clock before run_i rises)
  input  logic [AddrW-2:0]    stride_i,  // from a panel to the next
  input  logic [17:0]         chunks_i,  // of a panel, at least 1
  input  logic [15:0]         panels_i,  // at least 1
  input  logic [1:0]          size_i,    // a chunk is a quarter of a word (0), half a word (1), a word (2)

  input  logic                valid_i,   // one is taken on each clock with valid_i && ready_o
  output logic                ready_o,
  input  logic [WordBits-1:0] data_i,    // of a chunk; bits beyond it are ignored

  output logic                req_o,     // the words: where a panel ends within one, the rest is zero
  input  logic                gnt_i,
  output logic [AddrW-1:0]    addr_o,
  output logic [WordBits-1:0] wdata_o,
  output logic                done_o     // the last word was written; until run_i falls
);

  localparam int unsigned Quarter = WordBits / 4;

  logic [WordBits-1:0] word_q;
  logic [1:0]          slot_q;        // quarter of the word for the next chunk
  logic                full_q;        // word_q waits to be written
  logic                end_q;         // it is its panel's last
  logic [17:0]         left_q;        // chunks of the panel still to come
  logic [15:0]         panels_q;      // panels whose last chunk is still to come
  logic                all_q;         // none is: what is offered now belongs to nothing
  logic [AddrW-2:0]    addr_q, panel_q, panel_next;
  logic                take, last_chunk, last_slot, write;

  assign req_o   = run_i && full_q;
  assign addr_o  = {1'b0, addr_q};
  assign wdata_o = word_q;
  assign write   = req_o && gnt_i;
  assign ready_o = run_i && !all_q && (!full_q || gnt_i);
  assign take    = valid_i && ready_o;
  assign done_o  = run_i && all_q && !full_q;

  assign last_chunk = left_q == 18'd1;
  assign panel_next = panel_q + stride_i;

  always_comb begin
    unique case (size_i)
      2'd0:    last_slot = slot_q == 2'd3;
      2'd1:    last_slot = slot_q == 2'd2;
      default: last_slot = 1'b1;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || !run_i) begin
      slot_q   <= '0;
      full_q   <= 1'b0;
      end_q    <= 1'b0;
      left_q   <= chunks_i;
      panels_q <= panels_i;
      all_q    <= 1'b0;
      addr_q   <= base_i;
      panel_q  <= base_i;
    end else begin
      if (take) begin
        left_q <= last_chunk ? chunks_i : left_q - 1'b1;
        end_q  <= last_chunk;
        if (last_chunk) begin
          panels_q <= panels_q - 1'b1;
          all_q    <= panels_q == 16'd1;
        end
        slot_q <= (last_chunk || last_slot) ? '0 : slot_q + ((size_i == 2'd0) ? 2'd1 : 2'd2);
      end
      if (take) full_q <= last_chunk || last_slot;
      else if (write) full_q <= 1'b0;
      if (write) begin
        addr_q <= end_q ? panel_next : addr_q + 1'b1;
        if (end_q) panel_q <= panel_next;
      end
    end
  end

  // The first chunk of a word clears the rest of it.
  always_ff @(posedge clk_i) begin
    if (take) begin
      unique case (size_i)
        2'd0:
          if (slot_q == 2'd0) word_q <= {{(3*Quarter){1'b0}}, data_i[Quarter-1:0]};
          else word_q[slot_q*Quarter +: Quarter] <= data_i[Quarter-1:0];
        2'd1:
          if (slot_q == 2'd0) word_q <= {{(2*Quarter){1'b0}}, data_i[2*Quarter-1:0]};
          else word_q[2*Quarter +: 2*Quarter] <= data_i[2*Quarter-1:0];
        default: word_q <= data_i;
      endcase
    end
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(AddrW + WordBits)) hb_pack_req_held (
    .clk_i, .rst_ni(rst_ni && run_i), .valid_i(req_o), .ready_i(gnt_i), .data_i({addr_o, wdata_o})
  );
`endif

endmodule

`default_nettype wire
