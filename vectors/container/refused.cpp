// SPDX-License-Identifier: Apache-2.0
// Descriptors that every tile must refuse, row by row of the table of checks in rtl/README.md. What is expected is
// written here by hand; a test compares it with the reference model's check.
#include <fmt/format.h>

#include <array>

#include "hilbert/vectors/generate.hpp"

namespace hilbert::vectors {
namespace {

using model::Descriptor;
using model::Format;
using model::Geometry;
using model::Opcode;
using model::Status;
using model::Words;

/// The chips that are built; refusals that depend on a tile's shape or memory are written for these.
constexpr std::array<Geometry, 4> shapes{
    {{8, 8, 4, 4, 32768, 8}, {2, 2, 2, 4, 2048, 8}, {4, 8, 2, 4, 8192, 8}, {8, 4, 4, 4, 16384, 8}}};
constexpr Scope any_tile{0, 0, 0, 4096, 0xFFFF'FFFF};
constexpr std::array<Opcode, 5> opcodes{Opcode::gemm, Opcode::convert, Opcode::copy, Opcode::fill, Opcode::sync};
constexpr std::uint32_t far_base = 0x8000'0000u;  ///< beyond any data memory, aligned to any word
constexpr std::uint16_t tall_rows = 40;           ///< rows of more than one panel on any tile (Rows is at most 32)

/// A descriptor that every tile with 4 KiB of data takes: matrices of 3 x 3, or 2 rows of a word, 1 KiB apart.
Words legal(Opcode opcode, bool accumulate = false) {
  Descriptor d;
  d.opcode = opcode;
  if (opcode == Opcode::sync) return d.pack();
  const bool matrices = opcode == Opcode::gemm || opcode == Opcode::convert;
  d.m = matrices ? 3 : 2, d.n = matrices ? 3 : 1;
  d.d_at = {3072, 256};
  if (opcode != Opcode::fill) d.a_at = {0, 256};
  if (matrices) d.a = {Format::bf16, 0};
  if (opcode == Opcode::gemm) {
    d.k = 3;
    d.b = {Format::bf16, 0};
    d.b_at = {1024, 256};
    d.accumulate = accumulate;
    if (accumulate) d.c_at = {2048, 256};
  }
  return d.pack();
}

std::string lower(Opcode opcode) {
  std::string text(model::to_string(opcode));
  for (char& c : text) c = static_cast<char>(c | 0x20);
  return text;
}

std::string lower(const Geometry& g) { return fmt::format("{}x{}x{}", g.rows, g.cols, g.depth); }

Scope exactly(const Geometry& g) { return {g.rows, g.cols, g.depth, g.data_bytes(), g.data_bytes()}; }

class List {
 public:
  void add(std::string name, Words words, Status status, unsigned field, Scope scope = any_tile) {
    words[1] = static_cast<std::uint32_t>(cases_.size()) | 0xABCD'0000u;  // tags come back from refused jobs too
    RefusedDescriptor refused{words, {status, static_cast<std::uint8_t>(field)}, scope};
    cases_.push_back({std::move(name), refused});
  }
  std::vector<Case> take() { return std::move(cases_); }

 private:
  std::vector<Case> cases_;
};

Words with(Words words, unsigned word, std::uint32_t value) {
  words[word] = value;
  return words;
}
Words with_bits(Words words, unsigned word, std::uint32_t bits) {
  words[word] |= bits;
  return words;
}

/// The words of the bases of A, B, C, D that an opcode uses.
std::vector<unsigned> used_bases(Opcode opcode, bool accumulate) {
  switch (opcode) {
    case Opcode::gemm:
      return accumulate ? std::vector<unsigned>{5, 6, 7, 8} : std::vector<unsigned>{5, 6, 8};
    case Opcode::convert:
    case Opcode::copy:
      return {5, 8};
    case Opcode::fill:
      return {8};
    default:
      break;
  }
  return {};
}

void opcodes_and_options(List& list) {
  for (const std::uint32_t code : {0u, 9u, 128u, 255u}) {
    Words words = legal(Opcode::gemm);
    words[0] = code;
    list.add(fmt::format("opcode/{}", code), words, Status::bad_opcode, 0);
  }
  Words garbage{};
  garbage.fill(0xFFFF'FFFFu);
  list.add("opcode/all-ones", garbage, Status::bad_opcode, 0);
  list.add("opcode/all-zeros", Words{}, Status::bad_opcode, 0);
  for (const Opcode opcode : opcodes) {
    const unsigned first = opcode == Opcode::gemm ? 13 : opcode == Opcode::convert ? 9 : 13;
    for (unsigned bit = 8; bit < 32; ++bit) {
      const bool taken = (bit >= first && bit <= 13) || (opcode == Opcode::gemm && bit <= 13) ||
                         (opcode == Opcode::convert && bit >= 9 && bit <= 13);
      if (taken) continue;
      list.add(fmt::format("option/{}-bit-{}", lower(opcode), bit), with_bits(legal(opcode), 0, 1u << bit),
               Status::bad_option, 0);
    }
  }
}

void formats(List& list) {
  const auto bad = [&](std::string name, Words words) {
    list.add("format/" + std::move(name), words, Status::bad_format, 2);
  };
  struct Operand {
    const char* name;
    unsigned low;
  };
  for (const Operand o : {Operand{"a", 0}, Operand{"b", 10}, Operand{"d", 20}}) {
    const auto put = [&](Opcode opcode, std::uint32_t format, std::uint32_t bias) {
      Words words = legal(opcode);
      words[2] = (words[2] & ~(0x3FFu << o.low)) | (format | bias << 4) << o.low;
      return words;
    };
    for (const std::uint32_t code : {7u, 8u, 15u}) {
      bad(fmt::format("gemm-{}-code-{}", o.name, code), put(Opcode::gemm, code, 0));
      if (o.low != 10) bad(fmt::format("convert-{}-code-{}", o.name, code), put(Opcode::convert, code, 0));
    }
    if (o.low != 20) bad(fmt::format("gemm-{}-fp32", o.name), put(Opcode::gemm, 0, 0));
    for (const std::uint32_t code : {1u, 4u, 5u, 6u}) {
      bad(fmt::format("gemm-{}-bias-of-code-{}", o.name, code), put(Opcode::gemm, code, 1u << code % 6));
    }
    for (const Opcode opcode : {Opcode::copy, Opcode::fill, Opcode::sync}) {
      bad(fmt::format("{}-{}-unused", lower(opcode), o.name), put(opcode, 1, 0));
    }
  }
  bad("gemm-d-bias-of-fp32", with_bits(legal(Opcode::gemm), 2, 1u << 24));
  bad("convert-b-unused-format", with_bits(legal(Opcode::convert), 2, 1u << 10));
  bad("convert-b-unused-bias", with_bits(legal(Opcode::convert), 2, 32u << 14));
  for (const Opcode opcode : opcodes) {
    for (const unsigned bit : {30u, 31u}) {
      bad(fmt::format("{}-bit-{}", lower(opcode), bit), with_bits(legal(opcode), 2, 1u << bit));
    }
  }
}

void sizes(List& list) {
  for (const Opcode opcode : opcodes) {
    const std::string name = "size/" + lower(opcode);
    const Words words = legal(opcode);
    if (opcode == Opcode::sync) {
      list.add(name + "-m", with(words, 3, 1), Status::bad_size, 3);
      list.add(name + "-n", with(words, 3, 0x8000'0000u), Status::bad_size, 3);
    } else {
      list.add(name + "-no-m", with(words, 3, words[3] & 0xFFFF'0000u), Status::bad_size, 3);
      list.add(name + "-no-n", with(words, 3, words[3] & 0xFFFFu), Status::bad_size, 3);
    }
    list.add(name + (opcode == Opcode::gemm ? "-no-k" : "-k"), with(words, 4, opcode == Opcode::gemm ? 0 : 7),
             Status::bad_size, 4);
    list.add(name + "-bit-16-of-k", with_bits(words, 4, 1u << 16), Status::bad_size, 4);
    list.add(name + "-bit-31-of-k", with_bits(words, 4, 1u << 31), Status::bad_size, 4);
  }
}

void alignment(List& list) {
  for (const Opcode opcode : opcodes) {
    const bool accumulate = opcode == Opcode::gemm;
    for (const unsigned base : used_bases(opcode, accumulate)) {
      for (const unsigned word : {base, base + 4}) {
        for (const std::uint32_t off : {1u, 2u, 4u}) {
          list.add(fmt::format("alignment/{}-word-{}-by-{}", lower(opcode), word, off),
                   with_bits(legal(opcode, accumulate), word, off), Status::misaligned, word);
        }
      }
    }
  }
  for (const Geometry& g : shapes) {
    list.add(fmt::format("alignment/half-a-word-{}", lower(g)), with_bits(legal(Opcode::gemm), 6, g.word_bytes() / 2),
             Status::misaligned, 6, exactly(g));
  }
  Words two = with_bits(with_bits(legal(Opcode::gemm), 12, 1), 6, 1);
  list.add("alignment/the-first-of-two", two, Status::misaligned, 6);
}

void unused(List& list) {
  for (const Opcode opcode : opcodes) {
    const auto bases = used_bases(opcode, false);
    for (unsigned word = 5; word <= 14; ++word) {
      bool used = word == 13 && opcode == Opcode::fill;
      for (const unsigned base : bases) used = used || word == base || word == base + 4;
      if (used) continue;
      list.add(fmt::format("unused/{}-word-{}", lower(opcode), word), with(legal(opcode), word, 64), Status::unused,
               word);
    }
  }
  list.add("unused/gemm-high-bit-of-origin", with(legal(Opcode::gemm), 14, 1u << 31), Status::unused, 14);
}

void semaphores(List& list) {
  for (const Opcode opcode : opcodes) {
    for (const unsigned bit : {3u, 4u, 5u, 6u, 7u, 19u, 20u, 21u, 22u, 23u}) {
      if (opcode != Opcode::gemm && bit != 3 && bit != 23) continue;
      list.add(fmt::format("semaphore/{}-bit-{}", lower(opcode), bit), with_bits(legal(opcode), 15, 1u << bit),
               Status::bad_semaphore, 15);
    }
  }
}

void ranges(List& list) {
  for (const Opcode opcode : opcodes) {
    const bool accumulate = opcode == Opcode::gemm;
    for (const unsigned base : used_bases(opcode, accumulate)) {
      for (const unsigned word : {base, base + 4}) {
        list.add(fmt::format("range/{}-word-{}-far", lower(opcode), word),
                 with(legal(opcode, accumulate), word, far_base), Status::out_of_range, word);
        list.add(fmt::format("range/{}-word-{}-top", lower(opcode), word),
                 with(legal(opcode, accumulate), word, 0xFFFF'FFC0u), Status::out_of_range, word);
      }
      for (const Geometry& g : shapes) {
        Scope scope = exactly(g);
        scope.rows = scope.cols = scope.depth = 0;
        list.add(fmt::format("range/{}-word-{}-at-the-end-of-{}", lower(opcode), base, g.data_bytes()),
                 with(legal(opcode, accumulate), base, g.data_bytes()), Status::out_of_range, base, scope);
      }
    }
  }
  for (const Geometry& g : shapes) {
    // The last word is one too few: a panel of D is 3 columns of fp32, more than a word everywhere.
    list.add(fmt::format("range/gemm-last-word-{}", lower(g)),
             with(legal(Opcode::gemm), 8, g.data_bytes() - g.word_bytes()), Status::out_of_range, 8, exactly(g));
    // The first panel is inside, the second is not.
    Words tall = with(legal(Opcode::gemm), 3, tall_rows | 3u << 16);
    tall[9] = 0;
    tall[12] = g.data_bytes() - 64;
    list.add(fmt::format("range/gemm-second-panel-{}", lower(g)), tall, Status::out_of_range, 8, exactly(g));
  }
  list.add("range/copy-65535-rows-of-65535-words", with(legal(Opcode::copy), 3, 0xFFFF'FFFFu), Status::out_of_range, 5,
           {0, 0, 0, 4096, 0x1000'0000u});
  list.add("range/fill-65535-rows-of-65535-words", with(legal(Opcode::fill), 3, 0xFFFF'FFFFu), Status::out_of_range, 8,
           {0, 0, 0, 4096, 0x1000'0000u});
}

void overlaps(List& list) {
  const auto panels_too_close = [&](Opcode opcode) {
    Words words = legal(opcode);
    if (opcode == Opcode::gemm || opcode == Opcode::convert) words[3] = tall_rows | 3u << 16;
    words[9] = words[12] = 0;  // reading one panel again and again is allowed, writing it is not
    return words;
  };
  for (const Opcode opcode : {Opcode::gemm, Opcode::convert, Opcode::copy, Opcode::fill}) {
    list.add(fmt::format("overlap/{}-stride-zero", lower(opcode)), panels_too_close(opcode), Status::overlap, 12);
  }
  for (const Geometry& g : shapes) {
    Words words = legal(Opcode::fill);
    words[3] = 2u | 3u << 16;
    words[12] = 2 * g.word_bytes();
    list.add(fmt::format("overlap/fill-stride-a-word-short-{}", lower(g)), words, Status::overlap, 12, exactly(g));
  }
  for (const unsigned base : used_bases(Opcode::gemm, true)) {
    if (base == 8) continue;
    const Words words = legal(Opcode::gemm, true);
    Words same = with(words, 8, words[base]);
    if (base == 7) same[2] |= 1u << 20;  // D in bf16: only fp32 may be computed in place
    list.add(fmt::format("overlap/gemm-d-on-word-{}", base), same, Status::overlap, 8);
  }
  Words other_stride = with(legal(Opcode::gemm, true), 8, 2048);
  other_stride[12] = 320;
  list.add("overlap/gemm-d-on-c-with-another-stride", other_stride, Status::overlap, 8);
  list.add("overlap/convert-in-place", with(legal(Opcode::convert), 8, 0), Status::overlap, 8);
  list.add("overlap/copy-in-place", with(legal(Opcode::copy), 8, 0), Status::overlap, 8);
  // D begins with A's last word; rows of a word, 256 bytes apart, interleave but their intervals meet.
  list.add("overlap/copy-last-word", with(legal(Opcode::copy), 8, 256), Status::overlap, 8);
  list.add("overlap/copy-interleaved", with(legal(Opcode::copy), 8, 128), Status::overlap, 8);
}

/// All defects at once, then without the first row's, and so on: the first row that fails decides.
void order(List& list) {
  struct Defect {
    const char* name;
    unsigned word;
    std::uint32_t bits;
    Status status;
  };
  constexpr std::array<Defect, 8> defects{{{"option", 0, 1u << 31, Status::bad_option},
                                           {"format", 2, 1u << 31, Status::bad_format},
                                           {"size", 4, 1u << 31, Status::bad_size},
                                           {"alignment", 6, 1u, Status::misaligned},
                                           {"unused", 7, 64u, Status::unused},
                                           {"semaphore", 15, 8u, Status::bad_semaphore},
                                           {"range", 5, far_base, Status::out_of_range},
                                           {"overlap", 8, 0, Status::overlap}}};
  for (std::size_t first = 0; first < defects.size(); ++first) {
    Words words = with(legal(Opcode::gemm), 8, 0);  // D on A
    if (first < 6) words[8] = 64;
    for (std::size_t i = first; i < defects.size(); ++i) words[defects[i].word] |= defects[i].bits;
    list.add(fmt::format("order/{}-first", defects[first].name), words, defects[first].status, defects[first].word);
  }
}

}  // namespace

std::vector<Case> refused_descriptors() {
  List list;
  opcodes_and_options(list);
  formats(list);
  sizes(list);
  alignment(list);
  unused(list);
  semaphores(list);
  ranges(list);
  overlaps(list);
  order(list);
  return list.take();
}

}  // namespace hilbert::vectors
