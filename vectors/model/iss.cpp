// SPDX-License-Identifier: Apache-2.0
// Instructions, from The RISC-V Instruction Set Manual, volume I: RV32I 2.1, Zifencei 2.0, M 2.0.
#include "hilbert/model/iss.hpp"

#include <utility>

namespace hilbert::model {
namespace {

constexpr unsigned fetch_misaligned = 0, fetch_fault = 1, illegal = 2, load_misaligned = 4, load_fault = 5,
                   store_misaligned = 6, store_fault = 7;

constexpr std::uint32_t bits(std::uint32_t word, unsigned high, unsigned low) {
  return word << (31 - high) >> (31 - high + low);
}
constexpr std::uint32_t sign_extend(std::uint32_t value, unsigned width) {
  const std::uint32_t sign = 1u << (width - 1);
  return (value ^ sign) - sign;
}
constexpr std::int32_t as_signed(std::uint32_t value) { return static_cast<std::int32_t>(value); }

constexpr std::uint32_t imm_i(std::uint32_t insn) { return sign_extend(bits(insn, 31, 20), 12); }
constexpr std::uint32_t imm_s(std::uint32_t insn) {
  return sign_extend(bits(insn, 31, 25) << 5 | bits(insn, 11, 7), 12);
}
constexpr std::uint32_t imm_b(std::uint32_t insn) {
  return sign_extend(
      bits(insn, 31, 31) << 12 | bits(insn, 7, 7) << 11 | bits(insn, 30, 25) << 5 | bits(insn, 11, 8) << 1, 13);
}
constexpr std::uint32_t imm_j(std::uint32_t insn) {
  return sign_extend(
      bits(insn, 31, 31) << 20 | bits(insn, 19, 12) << 12 | bits(insn, 20, 20) << 11 | bits(insn, 30, 21) << 1, 21);
}

std::uint32_t arithmetic(unsigned funct3, bool alternative, std::uint32_t a, std::uint32_t b) {
  switch (funct3) {
    case 0:
      return alternative ? a - b : a + b;
    case 1:
      return a << (b & 31);
    case 2:
      return as_signed(a) < as_signed(b);
    case 3:
      return a < b;
    case 4:
      return a ^ b;
    case 5:
      return alternative ? static_cast<std::uint32_t>(as_signed(a) >> (b & 31)) : a >> (b & 31);
    case 6:
      return a | b;
    default:
      return a & b;
  }
}

std::uint32_t multiply_divide(unsigned funct3, std::uint32_t a, std::uint32_t b) {
  const auto wide = [](std::uint32_t value, bool is_signed) {
    return is_signed ? std::int64_t{as_signed(value)} : static_cast<std::int64_t>(value);
  };
  const auto upper = [](std::int64_t left, std::int64_t right) {
    return static_cast<std::uint32_t>(static_cast<std::uint64_t>(left) * static_cast<std::uint64_t>(right) >> 32);
  };
  const bool overflow = a == 0x8000'0000 && b == 0xFFFF'FFFF;
  switch (funct3) {
    case 0:
      return a * b;
    case 1:
      return upper(wide(a, true), wide(b, true));
    case 2:
      return upper(wide(a, true), wide(b, false));
    case 3:
      return upper(wide(a, false), wide(b, false));
    case 4:
      return b == 0 ? ~0u : overflow ? a : static_cast<std::uint32_t>(as_signed(a) / as_signed(b));
    case 5:
      return b == 0 ? ~0u : a / b;
    case 6:
      return b == 0 ? a : overflow ? 0 : static_cast<std::uint32_t>(as_signed(a) % as_signed(b));
    default:
      return b == 0 ? a : a % b;
  }
}

bool branches(unsigned funct3, std::uint32_t a, std::uint32_t b) {
  switch (funct3) {
    case 0:
      return a == b;
    case 1:
      return a != b;
    case 4:
      return as_signed(a) < as_signed(b);
    case 5:
      return as_signed(a) >= as_signed(b);
    case 6:
      return a < b;
    default:
      return a >= b;
  }
}

/// The bytes of `data` that `bytes` names, the others zero.
constexpr std::uint32_t lanes(std::uint32_t data, unsigned bytes) {
  std::uint32_t mask = 0;
  for (unsigned i = 0; i < 4; ++i) mask |= (bytes >> i & 1) * (0xFFu << 8 * i);
  return data & mask;
}

}  // namespace

Retired Iss::step() {
  Retired retired{.pc = pc_};
  next_pc_ = pc_ + 4;
  count_ = true;
  try {
    const auto insn = bus_.fetch(pc_);
    if (!insn) throw Exception{fetch_fault, pc_};
    retired.insn = *insn;
    execute(*insn, retired);
    pc_ = next_pc_;
    if (count_) ++minstret_;
  } catch (const Exception& exception) {
    retired = {.pc = retired.pc, .insn = retired.insn, .trap = true, .cause = exception.cause, .tval = exception.tval};
    trap(exception.cause, exception.tval);
  }
  return retired;
}

Retired Iss::interrupt(unsigned cause) {
  const Retired retired{.pc = pc_, .trap = true, .cause = 16 | cause};
  trap(16 | cause, 0);
  return retired;
}

void Iss::jump(std::uint32_t target) {
  if (target & 3) throw Exception{fetch_misaligned, target};
  next_pc_ = target;
}

void Iss::execute(std::uint32_t insn, Retired& retired) {
  const unsigned funct3 = bits(insn, 14, 12), funct7 = bits(insn, 31, 25), rd = bits(insn, 11, 7);
  const std::uint32_t a = x_[bits(insn, 19, 15)], b = x_[bits(insn, 24, 20)];
  const auto require = [insn](bool legal) {
    if (!legal) throw Exception{illegal, insn};
  };
  std::optional<std::uint32_t> value;

  switch (bits(insn, 6, 0)) {
    case 0x37:
      value = insn & 0xFFFF'F000;
      break;
    case 0x17:
      value = pc_ + (insn & 0xFFFF'F000);
      break;
    case 0x6F:
      jump(pc_ + imm_j(insn));
      value = pc_ + 4;
      break;
    case 0x67:
      require(funct3 == 0);
      jump((a + imm_i(insn)) & ~1u);
      value = pc_ + 4;
      break;
    case 0x63:
      require(funct3 != 2 && funct3 != 3);
      if (branches(funct3, a, b)) jump(pc_ + imm_b(insn));
      break;
    case 0x03:
      require(funct3 <= 2 || funct3 == 4 || funct3 == 5);
      load(insn, a + imm_i(insn), retired);
      value = retired.rd;
      break;
    case 0x23:
      require(funct3 <= 2);
      store(insn, a + imm_s(insn), retired);
      break;
    case 0x13:
      require(funct3 == 1 ? funct7 == 0 : funct3 == 5 ? funct7 == 0 || funct7 == 0x20 : true);
      value = arithmetic(funct3, funct3 == 5 && funct7 == 0x20, a, imm_i(insn));
      break;
    case 0x33:
      require(funct7 == 0 || (funct7 == 0x20 && (funct3 == 0 || funct3 == 5)) || (options_.ext_m && funct7 == 1));
      value = funct7 == 1 ? multiply_divide(funct3, a, b) : arithmetic(funct3, funct7 == 0x20, a, b);
      break;
    case 0x0F:
      require(funct3 <= 1);
      break;  // one access after the other anyway
    case 0x73:
      if (funct3 == 0) {
        system(insn);
      } else {
        const unsigned csr = bits(insn, 31, 20), source = bits(insn, 19, 15);
        const bool writes = (funct3 & 3) == 1 || source != 0;
        const auto old = read_csr(csr);
        require(funct3 != 4 && old && !(writes && csr >> 10 == 3));
        const std::uint32_t operand = funct3 & 4 ? source : a;
        const std::uint32_t results[] = {0, operand, *old | operand, *old & ~operand};
        if (writes) write_csr(csr, results[funct3 & 3]);
        value = old;
      }
      break;
    default:
      require(false);
  }

  retired.rd = 0;
  if (value && rd != 0) {
    x_[rd] = *value;
    retired.rd_we = true;
    retired.rd = *value;
  }
}

void Iss::load(std::uint32_t insn, std::uint32_t address, Retired& retired) {
  const unsigned funct3 = bits(insn, 14, 12), size = 1u << (funct3 & 3), shift = 8 * (address & 3);
  if (address % size != 0) throw Exception{load_misaligned, address};
  const unsigned bytes = ((1u << size) - 1) << (address & 3);
  const auto word = bus_.load(address & ~3u, bytes);
  if (!word) throw Exception{load_fault, address};
  retired.mem_bytes = bytes;
  retired.mem_address = address & ~3u;
  retired.mem_data = lanes(*word, bytes);
  const std::uint32_t value = retired.mem_data >> shift;
  retired.rd = funct3 & 4 ? value : sign_extend(value, 8 * size);
}

void Iss::store(std::uint32_t insn, std::uint32_t address, Retired& retired) {
  const unsigned size = 1u << bits(insn, 13, 12);
  if (address % size != 0) throw Exception{store_misaligned, address};
  const unsigned bytes = ((1u << size) - 1) << (address & 3);
  const std::uint32_t data = lanes(x_[bits(insn, 24, 20)] << 8 * (address & 3), bytes);
  if (!bus_.store(address & ~3u, bytes, data)) throw Exception{store_fault, address};
  retired.mem_bytes = bytes;
  retired.mem_write = true;
  retired.mem_address = address & ~3u;
  retired.mem_data = data;
}

}  // namespace hilbert::model
