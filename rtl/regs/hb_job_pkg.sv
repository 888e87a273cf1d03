// SPDX-License-Identifier: Apache-2.0
// Memory regions, descriptors, number formats and completions. Made from job.toml by scripts/regmap.py: do not edit.
`default_nettype none

// No unit uses all of it.
/* verilator lint_off UNUSEDPARAM */
package hb_job_pkg;
  localparam logic [31:0] QueueBase = 32'h40000000;  // queue memory: descriptors and completions; below it data memory
  localparam logic [31:0] ControllerBase = 32'h60000000;  // controller memory
  localparam logic [31:0] RegistersBase = 32'h80000000;  // registers: the blocks of the register maps, 64 KiB
  localparam int unsigned DescriptorWords = 16;  // 32-bit words of a descriptor and of a completion
  localparam int unsigned DescriptorBytes = 64;  // bytes of a descriptor and of a completion
  localparam logic [7:0] FieldDescriptor = 8'hFF;  // field of a POISONED completion whose descriptor itself could not be read
  localparam int unsigned Window = 28;  // bits of the cell's alignment window: five of them sum into 31 bits and a sign (vectors/README.md, section 2)
  localparam logic [31:0] CanonicalNan = 32'h7FC00000;  // the one NaN that hardware makes
  localparam int unsigned MostBias = 63;  // largest bias of a tensor
  localparam int unsigned FlitBytes = 1024;  // bytes of a flit behind its header, at most (net/README.md)

  // Bits of descriptor word 0 above the opcode.
  localparam int unsigned OptionAccumulate = 8;  // start from C
  localparam int unsigned OptionRelu = 9;  // negative results become zero
  localparam int unsigned OptionSaturate = 10;  // beyond the largest finite value: that value
  localparam int unsigned OptionStochastic = 11;  // stochastic rounding
  localparam int unsigned OptionLiteral = 12;  // subnormal_literal: CFloat8 subnormals as Tesla's paper prints them
  localparam int unsigned OptionIrq = 13;  // interrupt on completion
  localparam int unsigned NumOption = 6;

  // First byte of a packet at the host port.
  typedef enum logic [7:0] {
    PortRead = 8'd1,
    PortWrite = 8'd2
  } port_op_e;
  localparam int unsigned NumPortOp = 2;

  // Status of a response of the host port.
  typedef enum logic [2:0] {
    PortStOk = 3'd0,  // ok
    PortStBadOp = 3'd1,  // bad op
    PortStBadAddress = 3'd2,  // bad address
    PortStMisaligned = 3'd3,  // misaligned
    PortStPoisoned = 3'd4,  // poisoned
    PortStBadCount = 3'd5  // bad count or length
  } port_status_e;
  localparam int unsigned NumPortStatus = 6;

  // Kinds of flits of the network: header, bits 3:0 (net/README.md).
  typedef enum logic [3:0] {
    FlitWrite = 4'd1,
    FlitRead = 4'd2,
    FlitData = 4'd3,
    FlitSignal = 4'd4
  } flit_e;
  localparam int unsigned NumFlit = 4;

  // What of a descriptor an opcode and its options use.
  localparam int unsigned UseA = 0;  // A, or a source
  localparam int unsigned UseB = 1;
  localparam int unsigned UseC = 2;
  localparam int unsigned UseD = 3;
  localparam int unsigned UseFormatA = 4;  // A is numbers; without it words of memory
  localparam int unsigned UseFormatB = 5;
  localparam int unsigned UseFormatD = 6;
  localparam int unsigned UseSize = 7;  // M and N
  localparam int unsigned UseK = 8;
  localparam int unsigned UseSeed = 9;
  localparam int unsigned UseOrigin = 10;  // row and column of the first element
  localparam int unsigned UsePlace = 11;  // another chip: A and D lie in two memories
  localparam int unsigned UseThere = 12;  // a semaphore there
  localparam int unsigned NumUse = 13;

  // How a job ended; 1 to 9 in the order of the checks (rtl/README.md).
  typedef enum logic [7:0] {
    StOk = 8'd0,  // it ended well
    StBadOpcode = 8'd1,  // no such opcode
    StBadOption = 8'd2,  // an option that the opcode does not have, or a reserved bit
    StBadFormat = 8'd3,  // a format that the opcode does not take
    StBadSize = 8'd4,  // M, N or K
    StMisaligned = 8'd5,  // a base or stride that is no multiple of a memory word
    StUnused = 8'd6,  // a word that the opcode does not use is not zero
    StBadSemaphore = 8'd7,  // reserved bits of word 15
    StOutOfRange = 8'd8,  // a matrix leaves data memory
    StOverlap = 8'd9,  // the result meets itself or an operand
    StPoisoned = 8'd10,  // it read an uncorrectable word: the result must not be used
    StAborted = 8'd11  // ended by CTRL.ABORT
  } status_e;
  localparam int unsigned NumStatus = 12;

  // Sticky flags of a completion (vectors/README.md, section 5).
  localparam int unsigned FlagInvalid = 0;
  localparam int unsigned FlagDenormal = 1;
  localparam int unsigned FlagOverflow = 2;
  localparam int unsigned FlagUnderflow = 3;
  localparam int unsigned FlagInexact = 4;
  localparam int unsigned FlagIntRange = 5;
  localparam int unsigned NumFlag = 6;

  // Opcodes: descriptor word 0, bits 7:0.
  typedef enum logic [7:0] {
    OpGemm = 8'd1,  // D = A B, or A B + C
    OpConvert = 8'd2,  // D = A in another format
    OpCopy = 8'd3,  // words from A to D
    OpFill = 8'd4,  // a 32-bit pattern to D
    OpSync = 8'd5,  // semaphores alone
    OpSend = 8'd6,  // words to another chip
    OpGet = 8'd7,  // words from another chip
    OpSignal = 8'd8  // a semaphore of another chip
  } opcode_e;
  localparam int unsigned NumOpcode = 8;

  // Codes of the number formats.
  typedef enum logic [3:0] {
    FmtFp32 = 4'd0,  // IEEE 754 binary32
    FmtBf16 = 4'd1,  // bfloat16
    FmtCf8143 = 4'd2,  // CFloat8 with 4 bits of exponent
    FmtCf8152 = 4'd3,  // CFloat8 with 5 bits of exponent
    FmtE4m3 = 4'd4,  // OCP E4M3
    FmtE5m2 = 4'd5,  // OCP E5M2
    FmtInt8 = 4'd6  // two's complement
  } format_e;
  localparam int unsigned NumFormat = 7;

  // Whether an opcode is one of chips with links.
  function automatic logic needs_links(input logic [7:0] op);
    needs_links = op >= hb_job_pkg::OpSend;
  endfunction

  // Every opcode; `net`: of a chip with links.
  function automatic logic is_opcode(input logic [7:0] op, input logic net);
    is_opcode = op != 8'd0 && op <= hb_job_pkg::OpSignal && (net || !(op >= hb_job_pkg::OpSend));
  endfunction

  // Bits of word 0 that an opcode may have, itself left out.
  function automatic logic [31:8] options_of(input logic [7:0] op);
    unique case (op)
      hb_job_pkg::OpGemm: options_of = 24'h00003F;
      hb_job_pkg::OpConvert: options_of = 24'h00003E;
      default: options_of = 24'h000020;
    endcase
  endfunction

  // log2 of the bytes of an element.
  function automatic logic [1:0] bytes_log(input logic [3:0] code);
    bytes_log = (code == hb_job_pkg::FmtFp32) ? 2'd2 : (code == hb_job_pkg::FmtBf16) ? 2'd1 : 2'd0;
  endfunction

  // Whether the descriptor gives the bias.
  function automatic logic has_bias(input logic [3:0] code);
    has_bias = code == hb_job_pkg::FmtCf8143 || code == hb_job_pkg::FmtCf8152;
  endfunction

  // Whether it is no operand of a GEMM.
  function automatic logic result_only(input logic [3:0] code);
    result_only = code == hb_job_pkg::FmtFp32;
  endfunction

  // Whether it is a format.
  function automatic logic is_format(input logic [3:0] code);
    is_format = code <= hb_job_pkg::FmtInt8;
  endfunction

  // Fields of a descriptor: word, lowest bit, number of bits.
  localparam logic [3:0] DescOpcodeWord = 4'd0;  // opcode; above it the options
  localparam int unsigned DescOpcodeLsb = 0;
  localparam int unsigned DescOpcodeBits = 8;
  localparam logic [3:0] DescTagWord = 4'd1;  // returned in the completion
  localparam int unsigned DescTagLsb = 0;
  localparam int unsigned DescTagBits = 32;
  localparam logic [3:0] DescFormatAWord = 4'd2;  // format of A, or of the source
  localparam int unsigned DescFormatALsb = 0;
  localparam int unsigned DescFormatABits = 4;
  localparam logic [3:0] DescBiasAWord = 4'd2;  // its bias
  localparam int unsigned DescBiasALsb = 4;
  localparam int unsigned DescBiasABits = 6;
  localparam logic [3:0] DescFormatBWord = 4'd2;  // format of B
  localparam int unsigned DescFormatBLsb = 10;
  localparam int unsigned DescFormatBBits = 4;
  localparam logic [3:0] DescBiasBWord = 4'd2;  // its bias
  localparam int unsigned DescBiasBLsb = 14;
  localparam int unsigned DescBiasBBits = 6;
  localparam logic [3:0] DescFormatDWord = 4'd2;  // format of D
  localparam int unsigned DescFormatDLsb = 20;
  localparam int unsigned DescFormatDBits = 4;
  localparam logic [3:0] DescBiasDWord = 4'd2;  // its bias
  localparam int unsigned DescBiasDLsb = 24;
  localparam int unsigned DescBiasDBits = 6;
  localparam logic [3:0] DescMWord = 4'd3;  // rows
  localparam int unsigned DescMLsb = 0;
  localparam int unsigned DescMBits = 16;
  localparam logic [3:0] DescNWord = 4'd3;  // columns in elements; without formats: memory words in a row
  localparam int unsigned DescNLsb = 16;
  localparam int unsigned DescNBits = 16;
  localparam logic [3:0] DescKWord = 4'd4;  // columns of A, rows of B
  localparam int unsigned DescKLsb = 0;
  localparam int unsigned DescKBits = 16;
  localparam logic [3:0] DescBaseAWord = 4'd5;  // byte address of A, or of the source
  localparam int unsigned DescBaseALsb = 0;
  localparam int unsigned DescBaseABits = 32;
  localparam logic [3:0] DescBaseBWord = 4'd6;  // byte address of B
  localparam int unsigned DescBaseBLsb = 0;
  localparam int unsigned DescBaseBBits = 32;
  localparam logic [3:0] DescBaseCWord = 4'd7;  // byte address of C, always fp32
  localparam int unsigned DescBaseCLsb = 0;
  localparam int unsigned DescBaseCBits = 32;
  localparam logic [3:0] DescBaseDWord = 4'd8;  // byte address of D
  localparam int unsigned DescBaseDLsb = 0;
  localparam int unsigned DescBaseDBits = 32;
  localparam logic [3:0] DescStrideAWord = 4'd9;  // bytes from a panel, or a row, of A to the next
  localparam int unsigned DescStrideALsb = 0;
  localparam int unsigned DescStrideABits = 32;
  localparam logic [3:0] DescStrideBWord = 4'd10;  // of B
  localparam int unsigned DescStrideBLsb = 0;
  localparam int unsigned DescStrideBBits = 32;
  localparam logic [3:0] DescStrideCWord = 4'd11;  // of C
  localparam int unsigned DescStrideCLsb = 0;
  localparam int unsigned DescStrideCBits = 32;
  localparam logic [3:0] DescStrideDWord = 4'd12;  // of D
  localparam int unsigned DescStrideDLsb = 0;
  localparam int unsigned DescStrideDBits = 32;
  localparam logic [3:0] DescSeedWord = 4'd13;  // of stochastic rounding; FILL: the pattern
  localparam int unsigned DescSeedLsb = 0;
  localparam int unsigned DescSeedBits = 32;
  localparam logic [3:0] DescPlaceXWord = 4'd13;  // column of the other chip
  localparam int unsigned DescPlaceXLsb = 0;
  localparam int unsigned DescPlaceXBits = 4;
  localparam logic [3:0] DescPlaceYWord = 4'd13;  // its row
  localparam int unsigned DescPlaceYLsb = 4;
  localparam int unsigned DescPlaceYBits = 4;
  localparam logic [3:0] DescRow0Word = 4'd14;  // row of the first element, for stochastic rounding
  localparam int unsigned DescRow0Lsb = 0;
  localparam int unsigned DescRow0Bits = 16;
  localparam logic [3:0] DescCol0Word = 4'd14;  // its column
  localparam int unsigned DescCol0Lsb = 16;
  localparam int unsigned DescCol0Bits = 16;
  localparam logic [3:0] DescThereSemWord = 4'd14;  // semaphore of the other chip to signal
  localparam int unsigned DescThereSemLsb = 0;
  localparam int unsigned DescThereSemBits = 3;
  localparam logic [3:0] DescThereCountWord = 4'd14;  // count to add there; 0: none
  localparam int unsigned DescThereCountLsb = 8;
  localparam int unsigned DescThereCountBits = 8;
  localparam logic [3:0] DescWaitSemWord = 4'd15;  // semaphore to wait for
  localparam int unsigned DescWaitSemLsb = 0;
  localparam int unsigned DescWaitSemBits = 3;
  localparam logic [3:0] DescWaitCountWord = 4'd15;  // wait until it is at least that, and subtract it; 0: do not wait
  localparam int unsigned DescWaitCountLsb = 8;
  localparam int unsigned DescWaitCountBits = 8;
  localparam logic [3:0] DescSignalSemWord = 4'd15;  // semaphore to signal when the job ends well
  localparam int unsigned DescSignalSemLsb = 16;
  localparam int unsigned DescSignalSemBits = 3;
  localparam logic [3:0] DescSignalCountWord = 4'd15;  // count to add; 0: none
  localparam int unsigned DescSignalCountLsb = 24;
  localparam int unsigned DescSignalCountBits = 8;

  // What an opcode and its options use. Of no opcode: anything.
  function automatic logic [12:0] uses_of(input logic [7:0] op, input logic accumulate, input logic stochastic, input logic net);
    uses_of[hb_job_pkg::UseA] = !(op == hb_job_pkg::OpFill || op == hb_job_pkg::OpSync || (net && op == hb_job_pkg::OpSignal));
    uses_of[hb_job_pkg::UseB] = op == hb_job_pkg::OpGemm;
    uses_of[hb_job_pkg::UseC] = accumulate;
    uses_of[hb_job_pkg::UseD] = !(op == hb_job_pkg::OpSync || (net && op == hb_job_pkg::OpSignal));
    uses_of[hb_job_pkg::UseFormatA] = op == hb_job_pkg::OpGemm || op == hb_job_pkg::OpConvert;
    uses_of[hb_job_pkg::UseFormatB] = op == hb_job_pkg::OpGemm;
    uses_of[hb_job_pkg::UseFormatD] = op == hb_job_pkg::OpGemm || op == hb_job_pkg::OpConvert;
    uses_of[hb_job_pkg::UseSize] = !(op == hb_job_pkg::OpSync || (net && op == hb_job_pkg::OpSignal));
    uses_of[hb_job_pkg::UseK] = op == hb_job_pkg::OpGemm;
    uses_of[hb_job_pkg::UseSeed] = op == hb_job_pkg::OpFill || stochastic;
    uses_of[hb_job_pkg::UseOrigin] = stochastic;
    uses_of[hb_job_pkg::UsePlace] = (net && op == hb_job_pkg::OpSend) || (net && op == hb_job_pkg::OpGet) || (net && op == hb_job_pkg::OpSignal);
    uses_of[hb_job_pkg::UseThere] = (net && op == hb_job_pkg::OpSend) || (net && op == hb_job_pkg::OpSignal);
  endfunction

  // Whether a word has bits that are not used. The options of word 0 are not looked at.
  function automatic logic surplus(input logic [3:0] index, input logic [31:0] word, input logic [12:0] uses);
    unique case (index)
      4'd0, 4'd1: surplus = 1'b0;
      4'd2: surplus = (word[9:0] != '0 && !uses[hb_job_pkg::UseFormatA]) || (word[19:10] != '0 && !uses[hb_job_pkg::UseFormatB]) || (word[29:20] != '0 && !uses[hb_job_pkg::UseFormatD]) || (word[31:30] != '0);
      4'd3: surplus = (word != '0 && !uses[hb_job_pkg::UseSize]);
      4'd4: surplus = (word[15:0] != '0 && !uses[hb_job_pkg::UseK]) || (word[31:16] != '0);
      4'd5, 4'd9: surplus = (word != '0 && !uses[hb_job_pkg::UseA]);
      4'd6, 4'd10: surplus = (word != '0 && !uses[hb_job_pkg::UseB]);
      4'd7, 4'd11: surplus = (word != '0 && !uses[hb_job_pkg::UseC]);
      4'd8, 4'd12: surplus = (word != '0 && !uses[hb_job_pkg::UseD]);
      4'd13: surplus = (word[7:0] != '0 && !(uses[hb_job_pkg::UseSeed] || uses[hb_job_pkg::UsePlace])) || (word[31:8] != '0 && !uses[hb_job_pkg::UseSeed]);
      4'd14: surplus = (word[2:0] != '0 && !(uses[hb_job_pkg::UseOrigin] || uses[hb_job_pkg::UseThere])) || (word[7:3] != '0 && !uses[hb_job_pkg::UseOrigin]) || (word[15:8] != '0 && !(uses[hb_job_pkg::UseOrigin] || uses[hb_job_pkg::UseThere])) || (word[31:16] != '0 && !uses[hb_job_pkg::UseOrigin]);
      4'd15: surplus = (word[7:3] != '0) || (word[23:19] != '0);
    endcase
  endfunction
endpackage : hb_job_pkg
/* verilator lint_on UNUSEDPARAM */

`default_nettype wire
