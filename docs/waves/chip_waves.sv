// SPDX-License-Identifier: Apache-2.0
// A host at the port of a chip with the parameters of `small`, without a controller, for docs/timing.md: it writes operands and a
// descriptor, waits for the GEMM of 4 x 4 x 16, checks what comes out, and then writes and reads three words with pauses.

module chip_waves;
  logic clk = 1'b0, rst_n = 1'b0;
  always #1 clk = ~clk;

  logic        req_valid = 1'b0, req_ready, req_last = 1'b0, rsp_valid, rsp_ready = 1'b1, rsp_last, irq;
  logic [63:0] req_data = '0, rsp_data;
  logic        handshake = 1'b0;  // the part that is drawn as `host`
  int unsigned beats_q;           // of answers, in that part

  hb_chip #(.Rows(2), .Cols(2), .Depth(2), .Banks(4), .BankBytes(2048), .QueueSlots(8)) u_chip (
    .clk_i(clk), .rst_ni(rst_n),
    .req_valid_i(req_valid), .req_ready_o(req_ready), .req_last_i(req_last), .req_data_i(req_data),
    .rsp_valid_o(rsp_valid), .rsp_ready_i(rsp_ready), .rsp_last_o(rsp_last), .rsp_data_o(rsp_data),
    .phy_tx_o(), .phy_tx_take_i('0), .phy_rx_i('0), .phy_rx_give_i('0), .irq_o(irq)
  );

  // Answers are taken at once, but while `handshake` the host stands for three clocks before the second beat of data.
  int unsigned pause_q;
  always_ff @(posedge clk) begin
    if (!handshake) begin
      beats_q   <= '0;
      pause_q   <= 3;
      rsp_ready <= 1'b1;
    end else begin
      if (rsp_valid && rsp_ready) beats_q <= beats_q + 1;
      if (beats_q == 1 && rsp_valid && rsp_ready && pause_q != 0) rsp_ready <= 1'b0;
      else if (!rsp_ready && pause_q > 1) pause_q <= pause_q - 1;
      else rsp_ready <= 1'b1;
      if (!rsp_ready && pause_q == 1) pause_q <= '0;
    end
  end

  // What the host drives, as the last edge took it: Verilator 5.006 leaves some of what processes write out of its waveforms.
  logic req_valid_q, req_last_q;
  always_ff @(posedge clk) begin
    req_valid_q <= req_valid;
    req_last_q  <= req_last;
  end

  logic [63:0] answer[$];
  always_ff @(posedge clk) if (rst_n && rsp_valid && rsp_ready) answer.push_back(rsp_data);

  // The host moves between the edges: ready is a function of the chip's state, so it says whether the coming edge takes the beat.
  task automatic beat(input logic [63:0] data, input logic last);
    logic taken;
    req_valid = 1'b1;
    req_data  = data;
    req_last  = last;
    do begin
      taken = req_ready;
      @(negedge clk);
    end while (!taken);
    req_valid = 1'b0;
    req_last  = 1'b0;
  endtask

  function automatic logic [63:0] header(input logic [7:0] op, input logic [31:0] address, input logic [15:0] count);
    return {address, count, 8'h5a, op};
  endfunction

  // Waits for the status beat, the `beats`-th of the answer, and checks it: op | 0x80, tag, status 0.
  task automatic finish(input int unsigned beats, input logic [7:0] op);
    while (answer.size() < beats) @(negedge clk);
    if (answer[beats-1][23:0] !== {8'h00, 8'h5a, op | 8'h80}) $fatal(1, "status %h", answer[beats-1]);
  endtask

  task automatic write(input logic [31:0] address, input logic [63:0] words[$]);
    answer.delete();
    beat(header(8'd2, address, 16'(words.size())), 1'b0);
    foreach (words[i]) beat(words[i], i == words.size() - 1);
    finish(1, 8'd2);
  endtask

  task automatic read(input logic [31:0] address, input int unsigned count);
    answer.delete();
    beat(header(8'd1, address, 16'(count)), 1'b1);
    finish(count + 1, 8'd1);
  endtask

  logic [63:0] ones[$], zeros[$];
  initial begin
    $dumpfile("chip.vcd");
    $dumpvars(0, chip_waves);
    repeat (16) ones.push_back(64'h3f80_3f80_3f80_3f80);  // bf16: four times 1.0
    repeat (8) zeros.push_back('0);
    repeat (4) @(negedge clk);
    rst_n = 1'b1;
    write(32'h0000_0000, ones);   // A: 2 panels of 64 bytes, bank 0
    write(32'h0000_0800, ones);   // B, bank 1
    write(32'h0000_1000, zeros);  // C: 2 panels of 32 bytes, bank 2
    write(32'h4000_0000, '{64'h0000_0001_0000_0101,    // tag 1; GEMM, accumulate
                           64'h0004_0004_0000_0401,    // M = N = 4; A and B bf16, D fp32
                           64'h0000_0000_0000_0010,    // A at 0; K = 16
                           64'h0000_1000_0000_0800,    // C, B
                           64'h0000_0040_0000_1800,    // stride of A; D in bank 3
                           64'h0000_0020_0000_0040,    // strides of C, B
                           64'h0000_0000_0000_0020,    // stride of D
                           64'h0000_0000_0000_0000});
    write(32'h8000_0020, '{64'd1});  // CTRL: ENABLE
    write(32'h8000_0028, '{64'd1});  // QUEUE_TAIL
    repeat (150) @(negedge clk);
    read(32'h4000_0200, 8);  // the completion
    if (answer[0][47:32] !== 16'h0000) $fatal(1, "status and field %h", answer[0][47:32]);
    $display("completion: %0d clocks, %0d steps", answer[2][31:0], answer[2][63:32]);
    read(32'h0000_1800, 8);
    foreach (zeros[i]) if (answer[i] !== 64'h4180_0000_4180_0000) $fatal(1, "D is %h, not twice 16.0", answer[i]);
    repeat (5) @(negedge clk);
    handshake = 1'b1;
    repeat (2) @(negedge clk);
    write(32'h0000_0000, '{64'h1111, 64'h2222, 64'h3333});
    read(32'h0000_0000, 3);
    repeat (3) @(negedge clk);
    $finish;
  end
endmodule
