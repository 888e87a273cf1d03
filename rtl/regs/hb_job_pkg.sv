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
endpackage : hb_job_pkg
/* verilator lint_on UNUSEDPARAM */

`default_nettype wire
