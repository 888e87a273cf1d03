// SPDX-License-Identifier: Apache-2.0
// Memory bank: a single-port RAM of SECDED words, one access a clock, with locked read-modify-write for repair, healing,
// injection and the controller's stores.
`default_nettype none

module hb_bank #(
  parameter  int unsigned Words      = 512,
  parameter  int unsigned WordBytes  = 64,
  localparam int unsigned Lanes      = WordBytes / 8,
  localparam int unsigned AddrWidth  = $clog2(Words),
  localparam int unsigned LaneWidth  = (Lanes > 1) ? $clog2(Lanes) : 1,
  localparam int unsigned PieceWidth = $clog2(WordBytes / 4)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,        // forgets accesses under way; the words stay

  input  logic                   clear_i,       // write a good zero to clear_addr_i in this clock; no access is taken
  input  logic [AddrWidth-1:0]   clear_addr_i,

  output logic                   ready_o,       // an access can be taken: from flip-flops and clear_i alone
  input  logic                   en_i,          // take an access; only with ready_o
  input  logic [2:0]             op_i,          // hb_mem_pkg::Op*
  input  logic [AddrWidth-1:0]   addr_i,
  input  logic [WordBytes*8-1:0] wdata_i,       // OpWrite
  input  logic [LaneWidth-1:0]   flip_lane_i,   // OpFlip: a lane, and which of its bits to flip: 63:0 data, 71:64 check bits. To
  input  logic [71:0]            flip_mask_i,   // be held for the clock after the access was taken
  input  logic [PieceWidth-1:0]  merge_piece_i, // OpMerge: a 32-bit piece of the word, which of its bytes to change and what
  input  logic [3:0]             merge_be_i,    // into. To be shown in the clock after the access was taken
  input  logic [31:0]            merge_wdata_i,

  // Exactly two clocks after any access but OpWrite was taken:
  output logic [WordBytes*8-1:0] rdata_o,       // the word, corrected; held until the next. OpMerge: unknown
  output logic                   ce_o,          // it was corrected (OpRepair, OpMerge: and is being written back); OpFlip: 0;
                                                // OpHeal: it was uncorrectable, and zeros are being written
  output logic                   ue_o,          // it is uncorrectable, rdata_o is as stored; OpFlip, OpHeal: 0; OpMerge: and is
                                                // left so
  output logic [AddrWidth-1:0]   raddr_o        // its address
);

  if (Words < 2 || WordBytes % 8 != 0 || WordBytes < 8) begin : gen_bad_parameters
    $error("hb_bank: Words must be at least 2 and WordBytes a multiple of 8");
  end

  // Access pipeline: 0 taken and at the RAM, 1 decoding, 2 answered and, in a read-modify-write, at the RAM for the second
  // time. It shifts on every clock, so an upset in it is gone after two.
  logic                 read1_q, lock1_q, lock2_q, flip1_q, flip2_q, merge1_q, heal1_q, rewrite2_q;
  logic [AddrWidth-1:0] addr1_q, addr2_q;

  logic take, rmw;
  assign ready_o = !clear_i && !lock1_q && !lock2_q;
  assign take    = en_i && ready_o;
  assign rmw     = op_i != hb_mem_pkg::OpRead && op_i != hb_mem_pkg::OpWrite;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read1_q    <= 1'b0;
      lock1_q    <= 1'b0;
      lock2_q    <= 1'b0;
      flip1_q    <= 1'b0;
      flip2_q    <= 1'b0;
      merge1_q   <= 1'b0;
      heal1_q    <= 1'b0;
      rewrite2_q <= 1'b0;
    end else begin
      read1_q    <= take && op_i != hb_mem_pkg::OpWrite;
      lock1_q    <= take && rmw;
      lock2_q    <= lock1_q;
      flip1_q    <= take && op_i == hb_mem_pkg::OpFlip;
      flip2_q    <= flip1_q;
      merge1_q   <= take && op_i == hb_mem_pkg::OpMerge;
      heal1_q    <= take && op_i == hb_mem_pkg::OpHeal;
      rewrite2_q <= lock1_q && (flip1_q || (merge1_q ? !dec_ue : heal1_q ? dec_ue : dec_ce));
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) addr1_q <= addr_i;
    addr2_q <= addr1_q;
  end

  logic                   ram_we;
  logic [AddrWidth-1:0]   ram_addr;
  logic [WordBytes*8-1:0] new_wdata, ram_wdata, ram_rdata;
  logic [Lanes*8-1:0]     ram_wcheck, ram_rcheck;

  assign ram_we    = clear_i || rewrite2_q || (take && op_i == hb_mem_pkg::OpWrite);
  assign ram_addr  = clear_i ? clear_addr_i : lock2_q ? addr2_q : addr_i;
  assign new_wdata = clear_i ? '0 : wdata_i;
  assign ram_wdata = lock2_q ? rdata_q : new_wdata;

  // Only a flipped word keeps check bits that are not its own. The `if` keeps a simulator from encoding words that are only
  // read.
  always_comb begin
    ram_wcheck = check_q;
    if (ram_we && !flip2_q) begin
      for (int l = 0; l < Lanes; l++) begin
        ram_wcheck[l*8 +: 8] = hb_secded_pkg::check_bits(ram_wdata[l*64 +: 64]);
      end
    end
  end

  // Data and check bits in arrays of their own: the code does not promise to detect upsets of neighbouring check bits, and
  // a 64-bit lane keeps its alignment.
  hb_ram_1rw #(.Width(WordBytes * 8), .Depth(Words)) u_data (
    .clk_i, .en_i(ram_we || take), .we_i(ram_we), .addr_i(ram_addr), .wdata_i(ram_wdata), .rdata_o(ram_rdata)
  );
  hb_ram_1rw #(.Width(Lanes * 8), .Depth(Words)) u_check (
    .clk_i, .en_i(ram_we || take), .we_i(ram_we), .addr_i(ram_addr), .wdata_i(ram_wcheck), .rdata_o(ram_rcheck)
  );

  logic [WordBytes*8-1:0] dec_data, rdata_q;
  logic [Lanes*8-1:0]     check_q;  // as read
  logic                   dec_ce, dec_ue, ce_q, ue_q;

  hb_word_dec #(.WordBytes(WordBytes)) u_dec (
    .en_i(read1_q && !flip1_q), .data_i(ram_rdata), .check_i(ram_rcheck),
    .data_o(dec_data), .ce_o(dec_ce), .ue_o(dec_ue)
  );

  always_ff @(posedge clk_i) begin
    if (read1_q) begin
      rdata_q <= dec_data;
      check_q <= ram_rcheck;
      ce_q    <= heal1_q ? dec_ue : dec_ce;
      ue_q    <= dec_ue && !heal1_q;
      if (heal1_q) rdata_q <= '0;
      if (flip1_q) begin
        for (int l = 0; l < Lanes; l++) begin
          if (flip_lane_i == LaneWidth'(l)) begin
            rdata_q[l*64 +: 64] <= ram_rdata[l*64 +: 64] ^ flip_mask_i[63:0];
            check_q[l*8 +: 8]   <= ram_rcheck[l*8 +: 8] ^ flip_mask_i[71:64];
          end
        end
      end
      if (merge1_q) begin
        for (int b = 0; b < WordBytes; b++) begin
          if (merge_piece_i == PieceWidth'(b / 4) && merge_be_i[b%4]) begin
            rdata_q[b*8 +: 8] <= merge_wdata_i[(b%4)*8 +: 8];
          end
        end
      end
    end
  end

  assign rdata_o = rdata_q;
  assign ce_o    = ce_q;
  assign ue_o    = ue_q;
  assign raddr_o = addr2_q;

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_bank_never_corrected_and_not: assert (!(dec_ce && dec_ue));
      hb_bank_one_access_in_a_locked:  assert (!(read1_q && lock2_q));
    end
  end
`endif

endmodule

`default_nettype wire
