// SPDX-License-Identifier: Apache-2.0
// Tile memory: data banks, queue memory and controller memory behind up to nine requesters, one access a bank a clock, round robin,
// SECDED, scrubbed.
`default_nettype none

module hb_mem #(
  parameter  int unsigned Rows       = 8,
  parameter  int unsigned Cols       = 8,
  parameter  int unsigned Depth      = 4,
  parameter  int unsigned Banks      = 4,
  parameter  int unsigned BankBytes  = 32768,
  parameter  int unsigned QueueSlots = 8,
  parameter  int unsigned CpuBytes   = 0,  // of controller memory; 0: neither that nor the requesters i and c
  parameter  bit          Net        = 0,  // there is the requester n
  localparam int unsigned WordBytes  = hb_chip_pkg::word_bytes(Rows, Cols, Depth),
  localparam int unsigned W          = WordBytes * 8,
  localparam int unsigned AddrW      = $clog2(Banks * BankBytes / WordBytes) + 1,
  localparam int unsigned MapW       = hb_mem_pkg::index_width(Banks * BankBytes / WordBytes, CpuBytes / WordBytes) + 2,
  localparam int unsigned PieceW     = $clog2(WordBytes / 4)
) (
  input  logic             clk_i,
  input  logic             rst_ni,     // then every word is written with zero: nothing is granted for as many clocks as the
                                       // largest bank has words

  // Requester ports. A request holds, with all that belongs to it, until granted (those of i and c may be withdrawn, those of
  // a, b, s and d by an abort); another may follow on the next clock. A read is answered exactly two clocks after its grant.
  // Addresses are words, which must exist. Those of h, i and c begin with hb_mem_pkg::Region*; i does not reach the queue
  // memory. a, b, s, d, n reach the data memory and q the queue memory alone, whatever their top bit says.
  input  logic             a_req_i,
  output logic             a_gnt_o,
  input  logic [AddrW-1:0] a_addr_i,
  output logic             a_rvalid_o,
  output logic [W-1:0]     a_rdata_o,  // corrected; only with rvalid
  output logic             a_ue_o,     // with rvalid: uncorrectable, the data is as stored

  input  logic             b_req_i,
  output logic             b_gnt_o,
  input  logic [AddrW-1:0] b_addr_i,
  output logic             b_rvalid_o,
  output logic [W-1:0]     b_rdata_o,
  output logic             b_ue_o,

  input  logic             s_req_i,
  output logic             s_gnt_o,
  input  logic [AddrW-1:0] s_addr_i,
  output logic             s_rvalid_o,
  output logic [W-1:0]     s_rdata_o,
  output logic             s_ue_o,

  input  logic             d_req_i,    // always a write
  output logic             d_gnt_o,
  input  logic [AddrW-1:0] d_addr_i,
  input  logic [W-1:0]     d_wdata_i,

  input  logic             h_req_i,
  output logic             h_gnt_o,
  input  logic             h_write_i,
  input  logic [MapW-1:0]  h_addr_i,
  input  logic [W-1:0]     h_wdata_i,
  output logic             h_rvalid_o,
  output logic [W-1:0]     h_rdata_o,
  output logic             h_ue_o,

  input  logic             q_req_i,
  output logic             q_gnt_o,
  input  logic             q_write_i,
  input  logic [AddrW-1:0] q_addr_i,
  input  logic [W-1:0]     q_wdata_i,
  output logic             q_rvalid_o,
  output logic [W-1:0]     q_rdata_o,
  output logic             q_ue_o,

  input  logic             i_req_i,
  output logic             i_gnt_o,
  input  logic [MapW-1:0]  i_addr_i,
  output logic             i_rvalid_o,
  output logic [W-1:0]     i_rdata_o,
  output logic             i_ue_o,

  input  logic             c_req_i,
  output logic             c_gnt_o,
  input  logic             c_write_i,  // merges: bytes of one 32-bit piece of the word change, in one locked access
  input  logic [MapW-1:0]  c_addr_i,
  input  logic [PieceW-1:0] c_piece_i, // which
  input  logic [3:0]       c_be_i,
  input  logic [31:0]      c_wdata_i,
  output logic             c_rvalid_o, // of merges too, two clocks after the grant
  output logic [W-1:0]     c_rdata_o,  // of reads
  output logic             c_ue_o,     // of a merge: the word is uncorrectable and was left as it is

  input  logic             n_req_i,
  output logic             n_gnt_o,
  input  logic             n_write_i,
  input  logic [AddrW-1:0] n_addr_i,
  input  logic [W-1:0]     n_wdata_i,
  output logic             n_rvalid_o,
  output logic [W-1:0]     n_rdata_o,
  output logic             n_ue_o,

  // Registers (hb_csr)
  input  hb_mem_pkg::control_t control_i,
  output hb_mem_pkg::report_t  report_o
);

  localparam int unsigned ByteW      = $clog2(WordBytes);
  localparam int unsigned BankWords  = BankBytes / WordBytes;
  localparam int unsigned QueueWords = 2 * QueueSlots * hb_job_pkg::DescriptorBytes / WordBytes;
  localparam int unsigned BankW      = $clog2(BankWords);
  localparam int unsigned QueueW     = $clog2(QueueWords);
  localparam int unsigned CpuWords   = CpuBytes / WordBytes;
  localparam int unsigned CpuW       = (CpuWords > 1) ? $clog2(CpuWords) : 1;
  localparam int unsigned All        = Banks + 1 + ((CpuBytes != 0) ? 1 : 0);  // data, queue, controller memory
  localparam int unsigned Lanes      = WordBytes / 8;
  localparam int unsigned LaneW      = (Lanes > 1) ? $clog2(Lanes) : 1;
  localparam int unsigned NumLocal   = (CpuBytes != 0) ? hb_mem_pkg::NumReq : hb_mem_pkg::NumBare;
  localparam int unsigned NumReq     = NumLocal + ((Net != 0) ? 1 : 0);
  localparam int unsigned ReqN       = NumReq - 1;
  localparam int unsigned DataClearW = (BankW > QueueW) ? BankW : QueueW;
  localparam int unsigned ClearW     = (CpuW > DataClearW) ? CpuW : DataClearW;

  if (WordBytes < 8 || WordBytes > 64 || (1 << ByteW) != WordBytes) begin : gen_bad_word
    $error("hb_mem: WordBytes = max(Rows, Cols) * Depth * 2 must be 8, 16, 32 or 64");
  end
  if ((1 << $clog2(Banks)) != Banks || (1 << $clog2(BankBytes)) != BankBytes || (1 << QueueW) != QueueWords ||
      BankWords < 2 || QueueWords < 2 || QueueWords > Banks * BankWords || Banks * BankBytes > hb_job_pkg::QueueBase) begin : gen_bad_size
    $error("hb_mem: Banks, BankBytes and QueueSlots must be powers of two, with at least 2 words in every bank");
  end
  if (CpuBytes != 0 && ((1 << $clog2(CpuBytes)) != CpuBytes || CpuWords < 2 || CpuBytes > 32'h2000_0000)) begin : gen_bad_cpu
    $error("hb_mem: CpuBytes must be 0 or a power of two, at least 2 words, at most 512 MiB");
  end

  // After power-up no word of a RAM is a code word. Two bits, so that no single upset can start this again.
  localparam logic [1:0] ClearRun  = 2'b01;
  localparam logic [1:0] ClearDone = 2'b10;
  logic [1:0]        clear_q;
  logic [ClearW-1:0] clear_addr_q;
  logic              clear;
  assign clear = clear_q == ClearRun;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      clear_q      <= ClearRun;
      clear_addr_q <= '0;
    end else begin
      if (!clear || clear_addr_q == '1) clear_q <= ClearDone;
      if (clear) clear_addr_q <= clear_addr_q + 1'b1;
    end
  end

  // Scrubber, healer and injector: a requester too
  logic             x_req, x_gnt, x_rvalid, x_ce, x_ue;
  logic [2:0]       x_op;
  logic [MapW-1:0]  x_addr;
  logic [2:0]       flip_lane;
  logic [71:0]      flip_mask;
  logic [31:0]      scrub_addr, poison_addr;
  logic             scrub_pass, scrub_fixed, inject_busy, inject_done, heal_busy, healed;
  logic [3:0]       ecc_corrected, ecc_ue, conflict;
  logic [2:0]       poison_source;

  hb_scrub #(.WordBytes(WordBytes), .DataWords(Banks * BankWords), .QueueWords(QueueWords), .CpuWords(CpuWords)) u_scrub (
    .clk_i, .rst_ni,
    .scrub_interval_i(control_i.scrub_interval), .scrub_addr_o(scrub_addr), .scrub_pass_o(scrub_pass), .scrub_fixed_o(scrub_fixed),
    .inject_go_i(control_i.inject_go), .inject_addr_i(control_i.inject_addr), .inject_bit0_i(control_i.inject_bit0),
    .inject_bit1_i(control_i.inject_bit1), .inject_lane_i(control_i.inject_lane), .inject_busy_o(inject_busy),
    .inject_done_o(inject_done),
    .heal_go_i(control_i.heal_go), .heal_addr_i(control_i.heal_addr), .heal_busy_o(heal_busy), .healed_o(healed),
    .req_o(x_req), .gnt_i(x_gnt), .op_o(x_op), .addr_o(x_addr),
    .flip_lane_o(flip_lane), .flip_mask_o(flip_mask),
    .rvalid_i(x_rvalid), .ce_i(x_ce), .ue_i(x_ue)
  );

  // Which bank each requester asks for, one-hot
  logic [All-1:0] a_want, b_want, s_want, d_want, h_want, q_want, x_want, i_want, c_want, n_want;
  assign a_want = All'(a_req_i) << (a_addr_i[AddrW-2:0] >> BankW);
  assign b_want = All'(b_req_i) << (b_addr_i[AddrW-2:0] >> BankW);
  assign s_want = All'(s_req_i) << (s_addr_i[AddrW-2:0] >> BankW);
  assign d_want = All'(d_req_i) << (d_addr_i[AddrW-2:0] >> BankW);
  assign h_want = All'(h_req_i) << bank_of(h_addr_i);
  assign x_want = All'(x_req)   << bank_of(x_addr);
  assign i_want = All'(i_req_i) << bank_of(i_addr_i);
  assign c_want = All'(c_req_i) << bank_of(c_addr_i);
  assign n_want = All'(n_req_i) << (n_addr_i[AddrW-2:0] >> BankW);
  assign q_want = All'(q_req_i) << Banks;

  function automatic logic [AddrW-2:0] bank_of(input logic [MapW-1:0] addr);
    bank_of = addr[AddrW-2:0] >> BankW;
    if (addr[MapW-1]) bank_of = (addr[MapW-2] && CpuBytes != 0) ? (AddrW-1)'(Banks + 1) : (AddrW-1)'(Banks);
  endfunction

  // A merge's data, for the clock in which the bank decodes the word
  logic [PieceW-1:0] piece_q;
  logic [3:0]        be_q;
  logic [31:0]       merge_q;
  if (CpuBytes != 0) begin : gen_merge
    always_ff @(posedge clk_i) begin
      if (c_req_i && c_write_i) begin
        piece_q <= c_piece_i;
        be_q    <= c_be_i;
        merge_q <= c_wdata_i;
      end
    end
  end else begin : gen_no_merge
    assign {piece_q, be_q, merge_q} = '0;
  end

  logic unused;
  assign unused = ^{a_addr_i[AddrW-1], b_addr_i[AddrW-1], s_addr_i[AddrW-1], d_addr_i[AddrW-1], q_addr_i, flip_lane, x_want,
                    i_want, c_want, n_want, n_addr_i, n_write_i, n_wdata_i, i_addr_i, c_addr_i, c_write_i, c_piece_i, c_be_i, c_wdata_i};

  // Bank by bank: take (accepted requests), answered (reads whose answer is there), word and verdict
  logic [All*NumReq-1:0] take, answered;
  logic [All*W-1:0]      word;
  logic [All-1:0]        ce, ue;
  logic [All*32-1:0]     word_addr;

  for (genvar i = 0; i < All; i++) begin : gen_bank
    localparam int unsigned Words = (i < Banks) ? BankWords : (i == Banks) ? QueueWords : CpuWords;
    localparam int unsigned AW    = (i < Banks) ? BankW : (i == Banks) ? QueueW : CpuW;
    localparam logic [31:0] Base  = (i < Banks) ? 32'(i * BankBytes) : (i == Banks) ? hb_job_pkg::QueueBase : hb_job_pkg::ControllerBase;

    logic [NumReq-1:0] req, gnt, take_rd, read1_q, read2_q;
    logic              ready;
    logic [AW-1:0]     addr, cpu_addr, net_addr, raddr;
    logic [2:0]        op;
    logic [W-1:0]      wdata;
    logic              merge, net_write;

    assign req[hb_mem_pkg::NumBare-1:0] = {x_want[i], q_want[i], h_want[i], d_want[i], s_want[i], b_want[i], a_want[i]};
    if (CpuBytes != 0) begin : gen_cpu_req
      assign req[hb_mem_pkg::ReqI] = i_want[i];
      assign req[hb_mem_pkg::ReqC] = c_want[i];
      assign cpu_addr = ({AW{gnt[hb_mem_pkg::ReqI]}} & AW'(i_addr_i)) | ({AW{gnt[hb_mem_pkg::ReqC]}} & AW'(c_addr_i));
      assign merge    = gnt[hb_mem_pkg::ReqC] && c_write_i;
    end else begin : gen_no_cpu_req
      assign cpu_addr = '0;
      assign merge    = 1'b0;
    end

    if (Net) begin : gen_net_req
      assign req[ReqN]  = n_want[i] && i < Banks;
      assign net_addr  = {AW{gnt[ReqN]}} & AW'(n_addr_i);
      assign net_write = gnt[ReqN] && n_write_i;
    end else begin : gen_no_net_req
      assign net_addr  = '0;
      assign net_write = 1'b0;
    end

    hb_arbiter #(.NumReq(NumReq)) u_arb (.clk_i, .rst_ni, .req_i(req), .gnt_o(gnt), .ready_i(ready));

    assign take[i*NumReq +: NumReq] = ready ? gnt : '0;

    assign addr = ({AW{gnt[hb_mem_pkg::ReqA]}} & AW'(a_addr_i)) | ({AW{gnt[hb_mem_pkg::ReqB]}} & AW'(b_addr_i)) |
                  ({AW{gnt[hb_mem_pkg::ReqS]}} & AW'(s_addr_i)) | ({AW{gnt[hb_mem_pkg::ReqD]}} & AW'(d_addr_i)) |
                  ({AW{gnt[hb_mem_pkg::ReqH]}} & AW'(h_addr_i)) | ({AW{gnt[hb_mem_pkg::ReqQ]}} & AW'(q_addr_i)) |
                  ({AW{gnt[hb_mem_pkg::ReqScrub]}} & AW'(x_addr)) | cpu_addr | net_addr;
    assign op   = gnt[hb_mem_pkg::ReqScrub] ? x_op : merge ? hb_mem_pkg::OpMerge :
                  (gnt[hb_mem_pkg::ReqD] || net_write || (gnt[hb_mem_pkg::ReqH] && h_write_i) || (gnt[hb_mem_pkg::ReqQ] && q_write_i)) ?
                  hb_mem_pkg::OpWrite : hb_mem_pkg::OpRead;
    if (i < Banks) begin : gen_data_wdata
      assign wdata = gnt[hb_mem_pkg::ReqH] ? h_wdata_i : net_write ? n_wdata_i : d_wdata_i;
    end else if (i == Banks) begin : gen_queue_wdata
      assign wdata = gnt[hb_mem_pkg::ReqH] ? h_wdata_i : q_wdata_i;
    end else begin : gen_cpu_wdata
      assign wdata = h_wdata_i;
    end

    hb_bank #(.Words(Words), .WordBytes(WordBytes)) u_bank (
      .clk_i, .rst_ni,
      .clear_i(clear), .clear_addr_i(clear_addr_q[AW-1:0]),
      .ready_o(ready), .en_i(gnt != '0), .op_i(op), .addr_i(addr), .wdata_i(wdata),
      .flip_lane_i(flip_lane[LaneW-1:0]), .flip_mask_i(flip_mask),
      .merge_piece_i(piece_q), .merge_be_i(be_q), .merge_wdata_i(merge_q),
      .rdata_o(word[i*W +: W]), .ce_o(ce[i]), .ue_o(ue[i]), .raddr_o(raddr)
    );

    // Who gets the answer
    assign take_rd = (op == hb_mem_pkg::OpWrite) ? '0 : take[i*NumReq +: NumReq];
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        read1_q <= '0;
        read2_q <= '0;
      end else begin
        read1_q <= take_rd;
        read2_q <= read1_q;
      end
    end
    assign answered[i*NumReq +: NumReq] = read2_q;
    assign word_addr[i*32 +: 32] = Base | (32'(raddr) << ByteW);
  end

  // Grants, verdicts and counts
  logic [NumReq-1:0] granted, rvalid, got_ce, got_ue, waiting;

  // The network's reads are told as those of S.
  function automatic logic [2:0] source_of(input logic [NumReq-1:0] req);
    source_of = (Net && req[ReqN]) ? hb_tile_regs_pkg::SourceS : hb_mem_pkg::source(hb_mem_pkg::NumReq'(req[NumLocal-1:0]));
  endfunction

  always_comb begin
    granted         = '0;
    rvalid          = '0;
    got_ce          = '0;
    got_ue          = '0;
    poison_addr   = word_addr[31:0];
    poison_source = source_of(answered[NumReq-1:0]);
    for (int i = All - 1; i >= 0; i--) begin
      granted = granted | take[i*NumReq +: NumReq];
      rvalid  = rvalid | answered[i*NumReq +: NumReq];
      if (ce[i]) got_ce = got_ce | answered[i*NumReq +: NumReq];
      if (ue[i]) begin
        got_ue = got_ue | answered[i*NumReq +: NumReq];
        if (answered[i*NumReq +: NumReq] != '0) begin
          poison_addr   = word_addr[i*32 +: 32];
          poison_source = source_of(answered[i*NumReq +: NumReq]);
        end
      end
    end
  end

  assign waiting[hb_mem_pkg::NumBare-1:0] = {1'b0, q_req_i, h_req_i, d_req_i, s_req_i, b_req_i, a_req_i} &
                                            ~granted[hb_mem_pkg::NumBare-1:0];

  always_comb begin
    ecc_corrected = '0;
    ecc_ue        = '0;
    conflict      = '0;
    for (int r = 0; r < NumReq; r++) begin
      if (r != hb_mem_pkg::ReqScrub) ecc_corrected = ecc_corrected + 4'(got_ce[r]);
      ecc_ue   = ecc_ue + 4'(got_ue[r]);
      conflict = conflict + 4'(waiting[r]);
    end
  end

  assign report_o.scrub_addr    = scrub_addr;
  assign report_o.scrub_pass    = scrub_pass;
  assign report_o.scrub_fixed   = scrub_fixed;
  assign report_o.ecc_corrected = ecc_corrected;
  assign report_o.ecc_ue        = ecc_ue;
  assign report_o.poison_valid  = got_ue != '0;
  assign report_o.poison_addr   = poison_addr;
  assign report_o.poison_source = poison_source;
  assign report_o.inject_busy   = inject_busy;
  assign report_o.inject_done   = inject_done;
  assign report_o.heal_busy     = heal_busy;
  assign report_o.healed        = healed;
  assign report_o.conflict      = conflict;

  assign {x_gnt, q_gnt_o, h_gnt_o, d_gnt_o, s_gnt_o, b_gnt_o, a_gnt_o} = granted[hb_mem_pkg::NumBare-1:0];

  assign a_rvalid_o = rvalid[hb_mem_pkg::ReqA];
  assign b_rvalid_o = rvalid[hb_mem_pkg::ReqB];
  assign s_rvalid_o = rvalid[hb_mem_pkg::ReqS];
  assign h_rvalid_o = rvalid[hb_mem_pkg::ReqH];
  assign q_rvalid_o = rvalid[hb_mem_pkg::ReqQ];
  assign x_rvalid   = rvalid[hb_mem_pkg::ReqScrub];
  assign a_ue_o     = got_ue[hb_mem_pkg::ReqA];
  assign b_ue_o     = got_ue[hb_mem_pkg::ReqB];
  assign s_ue_o     = got_ue[hb_mem_pkg::ReqS];
  assign h_ue_o     = got_ue[hb_mem_pkg::ReqH];
  assign q_ue_o     = got_ue[hb_mem_pkg::ReqQ];
  assign x_ue       = got_ue[hb_mem_pkg::ReqScrub];
  assign x_ce       = got_ce[hb_mem_pkg::ReqScrub];

  // The answered word of each reader (one `if` a bank: a simulator copies one word at most)
  always_comb begin
    a_rdata_o = word[0 +: W];
    b_rdata_o = word[0 +: W];
    s_rdata_o = word[0 +: W];
    h_rdata_o = word[0 +: W];
    for (int i = 1; i < All; i++) begin
      if (answered[i*NumReq + hb_mem_pkg::ReqA]) a_rdata_o = word[i*W +: W];
      if (answered[i*NumReq + hb_mem_pkg::ReqB]) b_rdata_o = word[i*W +: W];
      if (answered[i*NumReq + hb_mem_pkg::ReqS]) s_rdata_o = word[i*W +: W];
      if (answered[i*NumReq + hb_mem_pkg::ReqH]) h_rdata_o = word[i*W +: W];
    end
  end
  assign q_rdata_o = word[Banks*W +: W];

  if (CpuBytes != 0) begin : gen_cpu
    assign waiting[hb_mem_pkg::ReqI] = i_req_i && !granted[hb_mem_pkg::ReqI];
    assign waiting[hb_mem_pkg::ReqC] = c_req_i && !granted[hb_mem_pkg::ReqC];

    assign i_gnt_o    = granted[hb_mem_pkg::ReqI];
    assign i_rvalid_o = rvalid[hb_mem_pkg::ReqI];
    assign i_ue_o     = got_ue[hb_mem_pkg::ReqI];
    assign c_gnt_o    = granted[hb_mem_pkg::ReqC];
    assign c_rvalid_o = rvalid[hb_mem_pkg::ReqC];
    assign c_ue_o     = got_ue[hb_mem_pkg::ReqC];

    // The controller's own memory is the default: an idle core moves no words.
    always_comb begin
      i_rdata_o = word[(Banks+1)*W +: W];
      c_rdata_o = word[(Banks+1)*W +: W];
      for (int i = 0; i <= Banks; i++) begin
        if (answered[i*NumReq + hb_mem_pkg::ReqI]) i_rdata_o = word[i*W +: W];
        if (answered[i*NumReq + hb_mem_pkg::ReqC]) c_rdata_o = word[i*W +: W];
      end
    end
  end else begin : gen_no_cpu
    assign {i_gnt_o, i_rvalid_o, i_ue_o, c_gnt_o, c_rvalid_o, c_ue_o} = '0;
    assign i_rdata_o = '0;
    assign c_rdata_o = '0;
  end

  if (Net) begin : gen_net
    assign waiting[ReqN] = n_req_i && !granted[ReqN];

    assign n_gnt_o    = granted[ReqN];
    assign n_rvalid_o = rvalid[ReqN];
    assign n_ue_o     = got_ue[ReqN];

    always_comb begin
      n_rdata_o = word[0 +: W];
      for (int i = 1; i < Banks; i++) begin
        if (answered[i*NumReq + ReqN]) n_rdata_o = word[i*W +: W];
      end
    end
  end else begin : gen_no_net
    assign {n_gnt_o, n_rvalid_o, n_ue_o} = '0;
    assign n_rdata_o = '0;
  end

`ifndef SYNTHESIS
  // Promises of the ports, checked in simulation (rtl/README.md)
  hb_held #(.Width(1 + MapW + W)) hb_mem_h_held (
    .clk_i, .rst_ni, .valid_i(h_req_i), .ready_i(h_gnt_o), .data_i({h_write_i, h_addr_i, h_write_i ? h_wdata_i : W'(0)})
  );
  hb_held #(.Width(1 + AddrW + W)) hb_mem_q_held (
    .clk_i, .rst_ni, .valid_i(q_req_i), .ready_i(q_gnt_o), .data_i({q_write_i, q_addr_i, q_write_i ? q_wdata_i : W'(0)})
  );
  hb_held #(.Width(1 + AddrW + W)) hb_mem_n_held (
    .clk_i, .rst_ni, .valid_i(n_req_i && Net), .ready_i(n_gnt_o), .data_i({n_write_i, n_addr_i, n_write_i ? n_wdata_i : W'(0)})
  );

  // A requester has one request and one answer at a time: no two banks answer it in one clock.
  logic [NumReq-1:0] answered_once, answered_twice;
  always_comb begin
    answered_once  = '0;
    answered_twice = '0;
    for (int i = 0; i < All; i++) begin
      answered_twice = answered_twice | (answered_once & answered[i*NumReq +: NumReq]);
      answered_once  = answered_once | answered[i*NumReq +: NumReq];
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      hb_mem_one_answer_a_requester: assert (answered_twice == '0);
      hb_mem_nothing_granted_while_cleared: assert (!clear || granted == '0);
    end
  end
`endif

endmodule

`default_nettype wire
