// SPDX-License-Identifier: Apache-2.0
// What is shown of a board: what is down, what is worn, and what has no part in traffic.
#include "board_text.hpp"

#include <gtest/gtest.h>

namespace hilbert::cli {
namespace {

constexpr unsigned hello = 1, active = 4, down = 5;

/// 2 x 2 chips, all links up.
BoardView whole() {
  BoardView view;
  view.file =
      parse_board_file(R"({"version": 1, "name": "t", "chip": "4x8x2", "mesh": {"width": 2, "height": 2}})", "f");
  view.lanes = 4;
  LinkEnd end;
  end.state = active, end.up = true, end.tx_width = end.rx_width = 4;
  view.links.assign(view.file.links.size(), {end, end});
  return view;
}
/// The link eastwards or northwards of a chip.
std::array<LinkEnd, 2>& link(BoardView& view, BoardEnd a) {
  for (std::size_t i = 0; i < view.links.size(); ++i) {
    if (view.file.links[i].a == a) return view.links[i];
  }
  throw std::out_of_range("no link");
}
std::size_t count(const std::string& text, const std::string& piece) {
  std::size_t n = 0;
  for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++n;
  return n;
}

TEST(BoardText, AGoodBoard) {
  EXPECT_EQ(picture(whole()), "[ 0, 1]====[ 1, 1]\n   |          |\n[ 0, 0]====[ 1, 0]\n");
  EXPECT_EQ(count(to_html(whole()), "<g class=\"up\">"), 4u);
}

TEST(BoardText, HuntingIsWornAndNotDown) {
  BoardView view = whole();
  link(view, {0, 0})[1].up = false;  // active: it looks for its step, as after every error
  EXPECT_EQ(picture(view), "[ 0, 1]====[ 1, 1]\n   |          |\n[ 0, 0]=~= [ 1, 0]\n");
  EXPECT_NE(link_table(view).find("active, hunting"), std::string::npos);
  const std::string page = to_html(view);
  EXPECT_EQ(count(page, "<g class=\"worn\">"), 1u);
  EXPECT_EQ(count(page, "<g class=\"down\">"), 0u);
  EXPECT_NE(page.find(">hunting</text>"), std::string::npos);
  EXPECT_NE(page.find("4 of 4"), std::string::npos) << "links up";
}

TEST(BoardText, FewerLanesAndErrorsAreWornToo) {
  BoardView view = whole();
  link(view, {0, 2})[0].rx_width = 1;
  link(view, {1, 2})[0].crc_errors = 0xFFFFFFFF, link(view, {1, 2})[1].crc_errors = 2;
  EXPECT_EQ(picture(view), "[ 0, 1]====[ 1, 1]\n   ~          ~\n[ 0, 0]====[ 1, 0]\n");
  const std::string page = to_html(view);
  EXPECT_EQ(count(page, "<g class=\"worn\">"), 2u);
  EXPECT_NE(page.find(">1 of 4 lanes</text>"), std::string::npos);
  EXPECT_NE(page.find(">4294967297 errors</text>"), std::string::npos) << "and no wrapped sum";
}

TEST(BoardText, WhatCarriesNothingIsDown) {
  BoardView view = whole();
  link(view, {2, 0})[0] = {.state = down, .reason = 1};
  link(view, {0, 2})[1] = {.state = hello};
  EXPECT_EQ(picture(view), "[ 0, 1]=x= [ 1, 1]\n   x          |\n[ 0, 0]====[ 1, 0]\n");
  const std::string page = to_html(view);
  EXPECT_EQ(count(page, "<g class=\"down\">"), 2u);
  EXPECT_NE(page.find(">no partner</text>"), std::string::npos);
  EXPECT_NE(page.find("2 of 4"), std::string::npos);
}

TEST(BoardText, TrafficSaysWhatItLeftOut) {
  const BoardFile file = whole().file;
  const board::Traffic all{.transfers = 8, .bytes = 100, .clocks = 9, .senders = 4, .pairs = 12};
  EXPECT_EQ(traffic_text(file, all, 5).find("whole"), std::string::npos);
  const board::Traffic some{.transfers = 6, .bytes = 100, .clocks = 9, .senders = 3, .pairs = 6};
  EXPECT_NE(traffic_text(file, some, 5).find("of 12 ways from chip to chip 6 are whole"), std::string::npos);
  EXPECT_NE(traffic_text(file, some, 5).find("3 of 4 chips sent"), std::string::npos);
  EXPECT_EQ(traffic_json(some, 5)["ways"], 6);
}

}  // namespace
}  // namespace hilbert::cli
