// SPDX-License-Identifier: Apache-2.0
// Whether words that a flit names lie in data memory. Combinational.
`default_nettype none

module hb_net_range #(
  parameter  int unsigned WordBytes = 64,
  parameter  int unsigned DataBytes = 131072,
  parameter  int unsigned FlitWords = 16,
  localparam int unsigned IndexW    = $clog2(DataBytes / WordBytes),
  localparam int unsigned CountW    = $clog2(FlitWords + 1)
) (
  input  logic [31:0]       addr_i,   // bytes
  input  logic [11:0]       words_i,  // memory words
  output logic              ok_o,     // aligned, 1 to FlitWords of them, and all in data memory; then:
  output logic [IndexW-1:0] index_o,  // the first word,
  output logic [CountW-1:0] words_o   // and how many
);

  localparam int unsigned WordLog = $clog2(WordBytes);
  localparam int unsigned DataLog = $clog2(DataBytes);

  logic [IndexW+12:0] past;  // the word behind the last one
  assign past = (IndexW+13)'(index_o) + (IndexW+13)'(words_i);

  assign index_o = addr_i[DataLog-1:WordLog];
  assign words_o = CountW'(words_i);
  assign ok_o    = addr_i[31:DataLog] == '0 && addr_i[WordLog-1:0] == '0 && words_i != '0 && words_i <= 12'(FlitWords) &&
                   past <= (IndexW+13)'(DataBytes / WordBytes);

endmodule

`default_nettype wire
