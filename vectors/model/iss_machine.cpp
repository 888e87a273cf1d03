// SPDX-License-Identifier: Apache-2.0
// Machine mode, from The RISC-V Instruction Set Manual, volume II, version 1.12: CSRs, traps, returns.
#include "hilbert/model/iss.hpp"

namespace hilbert::model {
namespace {

constexpr unsigned illegal = 2, breakpoint = 3, ecall_m = 11;
constexpr std::uint32_t interrupts = 1u << 11 | 1u << 7 | 1u << 3;

constexpr std::uint64_t with_half(std::uint64_t old, std::uint32_t half, bool high) {
  return high ? (old & 0xFFFF'FFFF) | std::uint64_t{half} << 32 : (old & ~std::uint64_t{0xFFFF'FFFF}) | half;
}

}  // namespace

std::optional<std::uint32_t> Iss::read_csr(unsigned csr) const {
  switch (csr) {
    case 0x300:
      return 3u << 11 | unsigned{status_mpie_} << 7 | unsigned{status_mie_} << 3;
    case 0x301:
      return 1u << 30 | 1u << ('I' - 'A') | unsigned{options_.ext_m} << ('M' - 'A');
    case 0x304:
      return mie_;
    case 0x305:
      return mtvec_;
    case 0x310:
      return 0;  // mstatush
    case 0x340:
      return mscratch_;
    case 0x341:
      return mepc_;
    case 0x342:
      return mcause_;
    case 0x343:
      return mtval_;
    case 0x344:
      return mip_;
    case 0xB00:
      return options_.counters ? static_cast<std::uint32_t>(mcycle_) : 0;
    case 0xB80:
      return options_.counters ? static_cast<std::uint32_t>(mcycle_ >> 32) : 0;
    case 0xB02:
      return options_.counters ? static_cast<std::uint32_t>(minstret_) : 0;
    case 0xB82:
      return options_.counters ? static_cast<std::uint32_t>(minstret_ >> 32) : 0;
    case 0xF11:
    case 0xF12:
    case 0xF14:
    case 0xF15:
      return 0;  // mvendorid, marchid, mhartid, mconfigptr
    case 0xF13:
      return 1;  // mimpid
    default:
      break;
  }
  // mcountinhibit; mhpmevent, mhpmcounter and mhpmcounterh 3..31
  const unsigned block = csr & ~31u, index = csr & 31;
  if (csr == 0x320 || (index >= 3 && (block == 0x320 || block == 0xB00 || block == 0xB80))) return 0;
  return std::nullopt;
}

void Iss::write_csr(unsigned csr, std::uint32_t value) {
  switch (csr) {
    case 0x300:
      status_mie_ = value >> 3 & 1;
      status_mpie_ = value >> 7 & 1;
      break;
    case 0x304:
      mie_ = value & interrupts;
      break;
    case 0x305:
      mtvec_ = value & ~2u;
      break;
    case 0x340:
      mscratch_ = value;
      break;
    case 0x341:
      mepc_ = value & ~3u;
      break;
    case 0x342:
      mcause_ = value;
      break;
    case 0x343:
      mtval_ = value;
      break;
    case 0xB00:
    case 0xB80:
      mcycle_ = with_half(mcycle_, value, csr & 0x80) - 1;  // the clock of the write does not count
      break;
    case 0xB02:
    case 0xB82:
      minstret_ = with_half(minstret_, value, csr & 0x80);
      count_ = false;
      break;
    default:
      break;
  }
}

void Iss::system(std::uint32_t insn) {
  switch (insn) {
    case 0x0000'0073:
      throw Exception{ecall_m, 0};
    case 0x0010'0073:
      throw Exception{breakpoint, pc_};
    case 0x1050'0073:
      break;  // wfi: when it goes on is for the caller to know
    case 0x3020'0073:
      next_pc_ = mepc_;
      status_mie_ = status_mpie_;
      status_mpie_ = true;
      break;
    default:
      throw Exception{illegal, insn};
  }
}

void Iss::trap(unsigned cause, std::uint32_t tval) {
  const bool interrupt = cause & 16;
  mepc_ = pc_;
  mcause_ = (cause & 15) | std::uint32_t{interrupt} << 31;
  mtval_ = tval;
  status_mpie_ = status_mie_;
  status_mie_ = false;
  pc_ = (mtvec_ & ~3u) + (interrupt && (mtvec_ & 1) ? 4 * (cause & 15) : 0);
}

std::optional<unsigned> Iss::due(std::uint32_t mip) const {
  if (!status_mie_) return std::nullopt;
  for (const unsigned cause : {11u, 3u, 7u}) {
    if ((mip & mie_) >> cause & 1) return cause;
  }
  return std::nullopt;
}

}  // namespace hilbert::model
