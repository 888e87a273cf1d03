// SPDX-License-Identifier: Apache-2.0
// Assertions in the RTL: silent while a unit is used as its ports say, and fatal, by name, when it is not.
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>

#include "Vhb_held.h"
#include "Vhb_link_credit.h"
#include "Vhb_link_window.h"

namespace hilbert::test {
namespace {

template <class Unit>
void clock(Unit& unit) {
  unit.clk_i = 0;
  unit.eval();
  unit.clk_i = 1;
  unit.eval();
}

template <class Unit>
std::unique_ptr<Unit> after_reset() {
  auto unit = std::make_unique<Unit>();
  unit->rst_ni = 0;
  clock(*unit);
  unit->rst_ni = 1;
  return unit;
}

/// A verilated model tells of a failed assertion on the standard output, a death test looks at the other.
void say_on_stderr() { dup2(STDERR_FILENO, STDOUT_FILENO); }

void offer(Vhb_held& held, bool valid, bool ready, unsigned data) {
  held.valid_i = valid;
  held.ready_i = ready;
  held.data_i = static_cast<CData>(data);
  clock(held);
}

/// A verilated model has threads, so a death test must not fork one that is at work.
class Promise : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};
using Held = Promise;
using Credit = Promise;
using Window = Promise;

TEST_F(Held, SilentWhenKept) {
  auto held = after_reset<Vhb_held>();
  offer(*held, true, false, 1);
  offer(*held, true, false, 1);
  offer(*held, true, true, 1);   // taken
  offer(*held, true, false, 2);  // another
  held->rst_ni = 0;              // may be withdrawn
  offer(*held, false, false, 0);
  held->rst_ni = 1;
  offer(*held, true, true, 3);
  offer(*held, false, true, 4);
}

TEST_F(Held, WithdrawnIsNoticed) {
  auto held = after_reset<Vhb_held>();
  offer(*held, true, false, 1);
  EXPECT_DEATH((say_on_stderr(), offer(*held, false, true, 1)),
               "Assertion failed in .*hb_held.valid_stays_until_ready");
}

TEST_F(Held, ChangedIsNoticed) {
  auto held = after_reset<Vhb_held>();
  offer(*held, true, false, 1);
  EXPECT_DEATH((say_on_stderr(), offer(*held, true, true, 0x81)), "Assertion failed in .*hb_held.payload_is_stable");
}

TEST_F(Credit, TakenWithoutCreditIsNoticed) {
  auto credit = after_reset<Vhb_link_credit>();
  credit->size_i = 8;
  credit->len_i = 5;
  credit->update_i = 1;
  credit->left_i = 0;
  clock(*credit);
  credit->update_i = 0;
  credit->take_i = 1;
  clock(*credit);  // 5 of 8
  EXPECT_DEATH((say_on_stderr(), clock(*credit)), "Assertion failed in .*hb_link_credit_never_beyond_limit");
}

TEST_F(Window, TakenWithoutRoomIsNoticed) {
  auto window = after_reset<Vhb_link_window>();
  window->take_i = 1;
  clock(*window);
  clock(*window);  // two ahead of the first that is sent: no more
  EXPECT_DEATH((say_on_stderr(), clock(*window)), "Assertion failed in .*hb_link_window_take_only_with_room");
}

TEST_F(Window, SentOutOfTurnIsNoticed) {
  auto window = after_reset<Vhb_link_window>();
  window->send_i = 1;
  EXPECT_DEATH((say_on_stderr(), clock(*window)), "Assertion failed in .*hb_link_window_send_only_pending");
}

}  // namespace
}  // namespace hilbert::test
