// SPDX-License-Identifier: Apache-2.0
// Gathers the state of one verilated class. Included by the generated CLASS_state.cc alone, which enumerates members.
#pragma once

#include <verilated.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "hilbert/tb/faults.hpp"

namespace hilbert::tb {

static_assert(std::endian::native == std::endian::little, "bits are viewed in bytes");

/// A scalar or wide word, or what an array has of them, and how many.
template <class T>
struct WordOf {
  using Type = T;
  static constexpr std::uint32_t count = 1;
};
template <class T, std::size_t N>
struct WordOf<VlUnpacked<T, N>> {
  using Type = typename WordOf<T>::Type;
  static constexpr std::uint32_t count = static_cast<std::uint32_t>(N) * WordOf<T>::count;
};

/// "hb_chip__DOT__u_tile__DOT__gen_bank__BRA__0__KET____DOT__x_q" as "hb_chip.u_tile.gen_bank[0].x_q".
std::string rtl_name(std::string_view verilated);

class StateCollector {
 public:
  /// The members that follow are those of this instance of a module, as Verilator names it: "TOP",
  /// "TOP__hb_chip__DOT__u_cell".
  void enter(std::string_view instance);

  /// A member for bits high:low.
  template <class T>
  void member(std::string_view name, T& data, unsigned high, unsigned low) {
    using Word = typename WordOf<T>::Type;
    member(name, data);
    variable(name, {.width = high - low + 1,
                    .words = WordOf<T>::count,
                    .stride = sizeof(Word),
                    .data = reinterpret_cast<std::byte*>(&data)});
  }
  /// One that is no vector of bits.
  template <class T>
  void member(std::string_view, T& data) {
    static_assert(std::is_trivially_copyable_v<T>, "state that is not plain data: no snapshot can hold it");
    store({reinterpret_cast<std::byte*>(&data), sizeof data});
  }

  ModelState state;

 private:
  void variable(std::string_view member, ModelVariable variable);
  void store(std::span<std::byte> data);

  std::string instance_;  ///< in the RTL's names, with the top module; empty in TOP
};

}  // namespace hilbert::tb
