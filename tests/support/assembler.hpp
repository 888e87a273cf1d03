// SPDX-License-Identifier: Apache-2.0
// Encodings of instructions, from the tables of The RISC-V Instruction Set Manual, volume I, chapter 24.
#pragma once

#include <cstdint>

namespace hilbert::test::rv {

using Word = std::uint32_t;

constexpr Word r_type(unsigned funct7, unsigned rs2, unsigned rs1, unsigned funct3, unsigned rd, unsigned opcode) {
  return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}
constexpr Word i_type(Word imm, unsigned rs1, unsigned funct3, unsigned rd, unsigned opcode) {
  return imm << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}

constexpr Word lui(unsigned rd, Word imm) { return (imm & 0xFFFF'F000) | rd << 7 | 0x37; }
constexpr Word auipc(unsigned rd, Word imm) { return (imm & 0xFFFF'F000) | rd << 7 | 0x17; }
constexpr Word jal(unsigned rd, Word offset) {
  return (offset >> 20 & 1) << 31 | (offset >> 1 & 0x3FF) << 21 | (offset >> 11 & 1) << 20 |
         (offset >> 12 & 0xFF) << 12 | rd << 7 | 0x6F;
}
constexpr Word jalr(unsigned rd, unsigned rs1, Word imm) { return i_type(imm, rs1, 0, rd, 0x67); }
constexpr Word branch(unsigned funct3, unsigned rs1, unsigned rs2, Word offset) {
  return (offset >> 12 & 1) << 31 | (offset >> 5 & 0x3F) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 |
         (offset >> 1 & 15) << 8 | (offset >> 11 & 1) << 7 | 0x63;
}
constexpr Word beq(unsigned a, unsigned b, Word offset) { return branch(0, a, b, offset); }
constexpr Word bne(unsigned a, unsigned b, Word offset) { return branch(1, a, b, offset); }
constexpr Word blt(unsigned a, unsigned b, Word offset) { return branch(4, a, b, offset); }
constexpr Word load(unsigned funct3, unsigned rd, unsigned rs1, Word imm) { return i_type(imm, rs1, funct3, rd, 0x03); }
constexpr Word lw(unsigned rd, unsigned rs1, Word imm) { return load(2, rd, rs1, imm); }
constexpr Word store(unsigned funct3, unsigned rs2, unsigned rs1, Word imm) {
  return (imm >> 5 & 0x7F) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | (imm & 31) << 7 | 0x23;
}
constexpr Word sw(unsigned rs2, unsigned rs1, Word imm) { return store(2, rs2, rs1, imm); }
constexpr Word op_imm(unsigned funct3, unsigned rd, unsigned rs1, Word imm) {
  return i_type(imm, rs1, funct3, rd, 0x13);
}
constexpr Word addi(unsigned rd, unsigned rs1, Word imm) { return op_imm(0, rd, rs1, imm); }
constexpr Word op(unsigned funct7, unsigned funct3, unsigned rd, unsigned rs1, unsigned rs2) {
  return r_type(funct7, rs2, rs1, funct3, rd, 0x33);
}
constexpr Word add(unsigned rd, unsigned rs1, unsigned rs2) { return op(0, 0, rd, rs1, rs2); }
constexpr Word csr(unsigned funct3, unsigned rd, unsigned address, unsigned source) {
  return i_type(address, source, funct3, rd, 0x73);
}
constexpr Word csrw(unsigned address, unsigned rs1) { return csr(1, 0, address, rs1); }
constexpr Word csrr(unsigned rd, unsigned address) { return csr(2, rd, address, 0); }

constexpr Word nop = 0x0000'0013, ecall = 0x0000'0073, ebreak = 0x0010'0073, mret = 0x3020'0073, wfi = 0x1050'0073,
               fence = 0x0FF0'000F, fence_i = 0x0000'100F;

enum Csr : unsigned {
  mstatus = 0x300,
  misa = 0x301,
  mie = 0x304,
  mtvec = 0x305,
  mscratch = 0x340,
  mepc = 0x341,
  mcause = 0x342,
  mtval = 0x343,
  mip = 0x344,
  mcycle = 0xB00,
  minstret = 0xB02,
  mcycleh = 0xB80,
  minstreth = 0xB82
};

}  // namespace hilbert::test::rv
