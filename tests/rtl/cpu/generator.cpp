// SPDX-License-Identifier: Apache-2.0
// Layout of a program: vectors, handler, set-up, body, jump back to the body. x28 is the handler's; x3 points to data.
#include "generator.hpp"

#include "support/assembler.hpp"
#include "support/lockstep/lockstep.hpp"
#include "support/random.hpp"

namespace hilbert::test {
namespace {

using namespace rv;

constexpr unsigned handler_register = 28, data_pointer = 3, body_words = 300;

class Writer {
 public:
  /// It begins somewhere in a page of 2 KiB, in which the core's guesses of branches end.
  Writer(Random& random) : random_(random), origin_(Memory::code + 4 * random_.below(512)) {}

  Program write() {
    vectors_and_handler();
    set_up();
    body_ = here();
    while (words_.size() < body_ / 4 + body_words) body();
    emit(jal(0, body_ - here()));
    return {origin_, std::move(words_)};
  }

 private:
  unsigned reg() {
    return random_.below(4) ? random_.below(8) + 8 : random_.below(32);
  }  // few registers: results are used
  /// A register to write: not those that keep the program going, most of the time.
  unsigned target() {
    const unsigned r = reg();
    return (r == data_pointer || r == handler_register) && random_.below(64) ? 9 : r;
  }
  Word value() { return static_cast<Word>(random_()); }
  std::uint32_t here() const { return static_cast<std::uint32_t>(4 * words_.size()); }
  void emit(Word word) { words_.push_back(word); }

  void vectors_and_handler() {
    emit(jal(0, 0));  // to the set-up, below
    const std::uint32_t vectors = here();
    for (unsigned i = 0; i < 16; ++i) emit(jal(0, 4 * (16 - i)));
    const unsigned t = handler_register;
    emit(csr(1, t, mscratch, t));
    emit(csrr(t, mcause));
    emit(blt(t, 0, 4 * 8));  // interrupt: back at once, the line falls by itself
    emit(op_imm(4, t, t, 1));
    emit(beq(t, 0, 4 * 9));  // fetch fault: its address leads nowhere
    emit(csrr(t, mepc));
    emit(addi(t, t, 4));
    emit(csrw(mepc, t));
    if (random_.below(4) == 0)
      emit(fence_i);
    else
      emit(nop);
    emit(nop);
    emit(csr(1, t, mscratch, t));
    emit(mret);
    emit(nop);
    emit(auipc(t, 0));
    emit(addi(t, t, 16));
    emit(csrw(mepc, t));
    emit(mret);
    words_[0] = jal(0, here());
    vectors_ = vectors;
  }

  void constant(unsigned rd, Word word) {
    emit(lui(rd, word + 0x800));
    emit(addi(rd, rd, word & 0xFFF));
  }

  void set_up() {
    constant(5, origin_ + vectors_ + (random_.below(2) ? 1 : 0));
    emit(csrw(mtvec, 5));
    constant(5, value());
    emit(csrw(mie, 5));
    if (random_.below(4)) emit(csr(6, 0, mstatus, 8));
    for (unsigned r = 6; r < 16; ++r) constant(r, random_.below(3) ? value() : random_.below(64) - 32);
    constant(data_pointer, 0x400 + 4 * random_.below(16));
  }

  void body() {
    switch (random_.below(40)) {
      default:
        arithmetic();
        break;
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
      case 5:
      case 6:
        memory();
        break;
      case 7:
      case 8:
      case 9:
      case 10:
      case 11:
        branches();
        break;
      case 12:
      case 13:
        emit(jal(random_.below(2) ? target() : 0, forward()));
        break;
      case 14:
        indirect();
        break;
      case 15:
      case 16:
        csr_access();
        break;
      case 17:
        rarely();
        break;
      case 18:
        if (random_.below(3) == 0) modify_itself();
        break;
    }
  }

  void arithmetic() {
    const unsigned funct3 = random_.below(8), shift = random_.below(32);
    switch (random_.below(8)) {
      case 0:
        emit(lui(target(), value()));
        break;
      case 1:
        emit(auipc(target(), value()));
        break;
      case 2:
      case 3:
      case 4:
        if (funct3 == 1 || funct3 == 5) {
          emit(op_imm(funct3, target(), reg(), shift | (funct3 == 5 && random_.below(2) ? 0x400 : 0)));
        } else {
          emit(op_imm(funct3, target(), reg(), value() & 0xFFF));
        }
        break;
      case 5:
        if (random_.below(3) == 0) emit(op(1, funct3, target(), reg(), reg()));  // M, or illegal
        break;
      default:
        emit(op((funct3 == 0 || funct3 == 5) && random_.below(2) ? 0x20 : 0, funct3, target(), reg(), reg()));
    }
  }

  void memory() {
    const unsigned size = random_.below(3), base = random_.below(24) ? data_pointer : reg();
    Word offset = (random_.below(512) - 256) & ~((1u << size) - 1);
    if (random_.below(16) == 0) offset += random_.below(4);  // perhaps misaligned
    if (random_.below(2)) {
      emit(store(size, reg(), base, offset & 0xFFF));
    } else {
      emit(load(size < 2 && random_.below(2) ? size | 4 : size, target(), base, offset & 0xFFF));
    }
  }

  Word forward() { return 4 * (1 + random_.below(random_.below(4) ? 6 : 40)) + (random_.below(64) ? 0 : 2); }

  void branches() {
    static constexpr unsigned conditions[] = {0, 1, 4, 5, 6, 7};
    if (random_.below(8)) {
      emit(branch(conditions[random_.below(6)], reg(), reg(), forward()));
    } else {  // a loop that counts down
      const unsigned counter = 16 + random_.below(8), length = 1 + random_.below(10);
      emit(addi(counter, 0, 1 + random_.below(6)));
      for (unsigned i = 0; i < length; ++i) random_.below(3) ? arithmetic() : memory();
      const std::uint32_t begin = here() - 4 * (1 + random_.below(length));
      emit(addi(counter, counter, ~0u));
      const unsigned to_page_end = (2044 - (origin_ + here()) % 2048) / 4;
      if (to_page_end < 32 && random_.below(2)) words_.insert(words_.end(), to_page_end, nop);
      emit(blt(0, counter, begin - here() + (random_.below(16) ? 0 : 2)));
    }
  }

  void indirect() {
    if (random_.below(4) == 0) return emit(jalr(target(), reg(), value() & 0xFFF));  // anywhere
    const unsigned base = 8 + random_.below(8);
    emit(auipc(base, 0));
    emit(jalr(random_.below(2) ? target() : base, base,
              8 + 4 * random_.below(8) + (random_.below(8) ? 0 : random_.below(4))));
  }

  void csr_access() {
    static constexpr unsigned csrs[] = {mstatus, mstatus, misa,     mie,     mie,       mscratch, mepc,  mcause, mtval,
                                        mip,     mcycle,  minstret, mcycleh, minstreth, 0x310,    0x320, 0x323,  0x33F,
                                        0xB03,   0xB1F,   0xB83,    0xF11,   0xF12,     0xF13,    0xF14, 0xF15,  mtvec};
    static constexpr unsigned funct3_values[] = {1, 2, 3, 5, 6, 7};
    const unsigned address =
        random_.below(24) ? csrs[random_.below(sizeof(csrs) / sizeof(*csrs))] : random_.below(4096);
    const bool look = random_.below(3) == 0 || (address == mtvec && random_.below(8));
    const unsigned funct3 = funct3_values[random_.below(6)];
    emit(csr(look ? 2 | (funct3 & 4) : funct3, target(), address, look ? 0 : reg()));
    if (!look && random_.below(2))
      emit(csrr(target(), address));  // before a trap or the next write hides what was written
  }

  void rarely() {
    switch (random_.below(12)) {
      case 0:
        emit(ecall);
        break;
      case 1:
        emit(ebreak);
        break;
      case 2:
      case 3:
        emit(wfi);
        break;
      case 4:
        emit(fence);
        break;
      case 5:
      case 6:
        emit(fence_i);
        break;
      case 7:
        if (random_.below(4) == 0) emit(mret);
        break;
      case 8:
        emit(csr(random_.below(2) ? 6 : 7, target(), mstatus, 8));
        break;
      default: {  // anything, or an instruction with one bit flipped
        const Word word = value();
        emit(random_.below(2) || words_.empty()
                 ? word
                 : words_[random_.below(static_cast<unsigned>(words_.size()))] ^ 1u << (word & 31));
      }
    }
  }

  /// Writes an instruction a few words ahead and goes there through FENCE.I.
  void modify_itself() {
    constant(9, add(10, 11, 12) | target() << 7);
    emit(auipc(8, 0));
    const unsigned ahead = 3 + random_.below(4);
    emit(sw(9, 8, 4 * ahead));
    emit(fence_i);
    for (unsigned i = 3; i <= ahead; ++i) emit(nop);
  }

  Random& random_;
  std::vector<Word> words_;
  std::uint32_t origin_, body_ = 0, vectors_ = 0;
};

}  // namespace

Program random_program(Random& random) { return Writer(random).write(); }

}  // namespace hilbert::test
