// SPDX-License-Identifier: Apache-2.0
// Flits of the network as words (rtl/net/README.md, "Flits").
`default_nettype none

package hb_net_pkg;

  // Whole memory words in the longest flit.
  function automatic int unsigned flit_words(input int unsigned max_words, input int unsigned word_bytes);
    flit_words = ((max_words - 1) * 8 < hb_job_pkg::FlitBytes) ? (max_words - 1) * 8 / word_bytes
                                                           : hb_job_pkg::FlitBytes / word_bytes;
  endfunction

  // A place is {y, x}.
  function automatic logic [63:0] header(input logic [3:0] op, input logic [7:0] to, input logic [7:0] from,
                                         input logic [11:0] field, input logic [31:0] addr);
    header = {addr, field, from, to, op};
  endfunction

endpackage

`default_nettype wire
