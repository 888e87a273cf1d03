// SPDX-License-Identifier: Apache-2.0
// Parameters of a chip and its configurations. Made from chips.toml by scripts/regmap.py: do not edit.
`default_nettype none

module hb_chip_check #(
  parameter  int unsigned Rows = 8,
  parameter  int unsigned Cols = 8,
  parameter  int unsigned Depth = 4,
  parameter  int unsigned Banks = 4,
  parameter  int unsigned BankBytes = 32768,
  parameter  int unsigned QueueSlots = 8,
  parameter  int unsigned Links = 0,
  parameter  int unsigned LinkLanes = 4,
  parameter  int unsigned LinkMaxWords = 129,
  parameter  int unsigned LinkBufferWords = 512,
  parameter  int unsigned LinkReplayWords = 512,
  parameter  int unsigned LinkWindow = 64,
  parameter  int unsigned CpuBytes = 0,
  localparam int unsigned WordBytes = hb_chip_pkg::word_bytes(Rows, Cols, Depth)
);
  if (!((Rows != 0 && (Rows & (Rows - 1)) == 0) && (Rows <= 128) && (Cols != 0 && (Cols & (Cols - 1)) == 0) && (Cols <= 128))) begin : gen_rule_0
    $error("hb_chip: Rows and Cols are powers of two up to 128");
  end
  if (!(Depth == 1 || Depth == 2 || Depth == 4)) begin : gen_rule_1
    $error("hb_chip: Depth is 1, 2 or 4");
  end
  if (!((Rows >= Depth) && (Cols >= Depth))) begin : gen_rule_2
    $error("hb_chip: Rows and Cols must be at least Depth");
  end
  if (!(8 <= WordBytes && WordBytes <= 64)) begin : gen_rule_3
    $error("hb_chip: max(Rows, Cols) * Depth * 2 must be 8 to 64: one to eight 64-bit lanes, and a descriptor is whole words");
  end
  if (!((Banks != 0 && (Banks & (Banks - 1)) == 0) && (Banks <= 128))) begin : gen_rule_4
    $error("hb_chip: banks is a power of two up to 128");
  end
  if (!(Banks >= 2)) begin : gen_rule_5
    $error("hb_chip: a chip has two banks or more");
  end
  if (!((BankBytes != 0 && (BankBytes & (BankBytes - 1)) == 0) && (BankBytes >= WordBytes) && (BankBytes <= (1073741824 / Banks)))) begin : gen_rule_6
    $error("hb_chip: bank_bytes is a power of two, at least a word, and all banks together at most 1 GiB");
  end
  if (!(BankBytes >= (2 * WordBytes))) begin : gen_rule_7
    $error("hb_chip: a bank of a chip has two words or more");
  end
  if (!((QueueSlots != 0 && (QueueSlots & (QueueSlots - 1)) == 0) && (2 <= QueueSlots && QueueSlots <= 128))) begin : gen_rule_8
    $error("hb_chip: QueueSlots is a power of two, 2 to 128");
  end
  if (!(QueueSlots <= ((Banks * BankBytes) / 128))) begin : gen_rule_9
    $error("hb_chip: the queue memory, 128 bytes a slot, is not larger than the data memory");
  end
  if (!(Links == 0 || Links == 4)) begin : gen_rule_10
    $error("hb_chip: a chip has 0 or 4 links");
  end
  if (!((CpuBytes == 0) || ((CpuBytes != 0 && (CpuBytes & (CpuBytes - 1)) == 0) && ((2 * WordBytes) <= CpuBytes && CpuBytes <= 536870912)))) begin : gen_rule_11
    $error("hb_chip: controller_bytes is 0 (no controller) or a power of two, at least two words and at most 512 MiB");
  end
  if (!((Links == 0) || (((LinkMaxWords - 1) * 8) >= WordBytes))) begin : gen_rule_12
    $error("hb_chip: a flit of LinkMaxWords has room for its header and a memory word");
  end
  if (!((Links == 0) || (LinkLanes == 1 || LinkLanes == 2 || LinkLanes == 4))) begin : gen_rule_13
    $error("hb_chip: LinkLanes is 1, 2 or 4");
  end
  if (!((Links == 0) || ((LinkMaxWords <= 129) && (LinkMaxWords <= LinkBufferWords)))) begin : gen_rule_14
    $error("hb_chip: a flit has at most 129 words, and there is room for one in the receive buffer");
  end
  if (!((Links == 0) || ((LinkBufferWords != 0 && (LinkBufferWords & (LinkBufferWords - 1)) == 0) && (2 <= LinkBufferWords && LinkBufferWords <= 512)))) begin : gen_rule_15
    $error("hb_chip: LinkBufferWords is a power of two, 2 to 512");
  end
  if (!((Links == 0) || ((LinkReplayWords != 0 && (LinkReplayWords & (LinkReplayWords - 1)) == 0) && (LinkReplayWords > LinkMaxWords)))) begin : gen_rule_16
    $error("hb_chip: LinkReplayWords is a power of two, and more than LinkMaxWords");
  end
  if (!((Links == 0) || ((LinkWindow != 0 && (LinkWindow & (LinkWindow - 1)) == 0) && (LinkWindow <= 64)))) begin : gen_rule_17
    $error("hb_chip: LinkWindow is a power of two, at most 64");
  end
endmodule

`default_nettype wire
