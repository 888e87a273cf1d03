// SPDX-License-Identifier: Apache-2.0
// hilbert firmware run, selftest, log and the choice of the path, as a user runs them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <hilbert/device.hpp>
#include <hilbert/file.hpp>
#include <hilbert/monitor_image.hpp>
#include <hilbert/npy.hpp>
#include <hilbert/regs/cpu.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "small_elf.hpp"
#include "support/shell.hpp"

namespace hilbert {
namespace {

namespace fs = std::filesystem;
namespace rv = test::rv;
using Json = nlohmann::ordered_json;
using test::Outcome;

class FirmwareCli : public testing::TestWithParam<std::string> {
 protected:
  Outcome run(const std::string& arguments) const { return shell_.run(arguments); }
  Outcome on_device(const std::string& arguments) const { return run(arguments + " --device " + GetParam()); }
  std::string text(const std::string& name) const { return shell_.text(name); }
  void save(const std::string& name, const std::vector<rv::Word>& code, bool named = true) const {
    constexpr std::uint32_t base = 0x6000'0000;
    write_file(shell_.folder / name, test::elf(base, code, {{named ? "tohost" : "main", base + (named ? 128u : 0u)}}));
  }
  [[nodiscard]] bool has_monitor() const { return why_no_monitor(open_device(GetParam())->capabilities()).empty(); }

  const test::Shell shell_{"firmware_cli"};
};

INSTANTIATE_TEST_SUITE_P(Device, FirmwareCli, testing::ValuesIn(test::model_and_simulation()),
                         [](const auto& device) { return device.param.substr(0, device.param.find(':')); });

TEST_P(FirmwareCli, RunTellsHowAProgramEnded) {
  save("pass.elf", test::ending_with(1));
  Outcome o = on_device("firmware run pass.elf");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_NE(o.out.find(": passed after 8 instructions\n"), std::string::npos) << o.out;

  save("fail.elf", test::ending_with(2 * 7 + 1));
  o = on_device("firmware run fail.elf --json");
  EXPECT_EQ(o.code, 1) << o.err;
  EXPECT_EQ(Json::parse(o.out)["end"], "reports failure 7");
  EXPECT_EQ(Json::parse(o.out)["instructions"], 8) << "to the store to tohost";

  save("hang.elf", test::program({}));
  EXPECT_EQ(on_device("firmware run hang.elf --max-clocks 5000").code, 1) << "it has a tohost and does not use it";
  save("forever.elf", test::program({}), false);
  o = on_device("firmware run forever.elf --max-clocks 5000");
  EXPECT_EQ(o.code, 0) << "it never promised to end";
  EXPECT_NE(o.out.find("still running after"), std::string::npos) << o.out;
  EXPECT_NE(o.out.find("pc 0x60000008"), std::string::npos) << o.out;

  save("lockup.elf", test::program({rv::lui(5, 0x5000'0000), rv::csrw(rv::mtvec, 5), rv::ecall}), false);
  o = on_device("firmware run lockup.elf");
  EXPECT_EQ(o.code, 1);
  EXPECT_NE(o.out.find("locked up"), std::string::npos) << o.out;
}

TEST_P(FirmwareCli, RunShowsTheMailbox) {
  // MAILBOX 5 = 0x123
  const std::uint32_t mailbox = 0x8000'1000 + regs::cpu::mailbox;
  save("box.elf",
       test::program({rv::lui(5, mailbox & 0xFFFF'F000), rv::addi(6, 0, 0x123),
                      rv::sw(6, 5, static_cast<std::int32_t>(mailbox & 0xFFF) + 20)}),
       false);
  const Outcome o = on_device("firmware run box.elf --max-clocks 5000");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_NE(o.out.find("MAILBOX 5  0x00000123"), std::string::npos) << o.out;
}

TEST_P(FirmwareCli, RunKnowsTheFirmware) {
  if (!has_monitor()) GTEST_SKIP() << "the firmware does not fit";
  write_file(shell_.folder / "monitor.elf", monitor_image());
  Outcome o = on_device("firmware run monitor.elf");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_NE(o.out.find(": ready after "), std::string::npos) << o.out;
  EXPECT_NE(o.out.find("started by the host"), std::string::npos) << o.out;
  o = on_device("firmware run monitor.elf --json");
  EXPECT_EQ(Json::parse(o.out)["firmware"]["health"], "ready");
}

/// `sha256sum monitor.elf` finds the image that the program names.
TEST_P(FirmwareCli, TheImageIsNamedByItsSum) {
  write_file(shell_.folder / "monitor.elf", monitor_image());
  ASSERT_EQ(std::system(("cd " + shell_.folder.string() + " && sha256sum monitor.elf > sum").c_str()), 0);
  EXPECT_EQ(text("sum").substr(0, 8), monitor_image_id());
}

TEST_P(FirmwareCli, SelfTest) {
  if (!has_monitor()) GTEST_SKIP() << "the firmware does not fit";
  Outcome o = on_device("firmware selftest --only registers --only matrix");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(std::count(o.out.begin(), o.out.end(), '\n'), 3) << o.out;
  EXPECT_NE(o.out.find("\nregisters"), std::string::npos) << o.out;
  EXPECT_NE(o.out.find("\nmatrix"), std::string::npos) << o.out;
  o = on_device("firmware selftest --only timer --json");
  const Json json = Json::parse(o.out);
  EXPECT_EQ(json["passed"], true);
  EXPECT_EQ(json["tests"].size(), 1u);
  o = on_device("firmware selftest --only tiner");
  EXPECT_EQ(o.code, 2);
  EXPECT_NE(o.err.find("did you mean 'timer'?"), std::string::npos) << o.err;
}

/// A chip that has not the room for a test has not failed it.
TEST_P(FirmwareCli, SelfTestsThatDoNotFitAreSkipped) {
  const std::string little = " --device 'model:2x2x2?banks=4&bank_bytes=512&controller_bytes=32768'";
  Outcome o = run("firmware selftest --only timer --only matrix" + little);
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_NE(o.out.find("\ntimer        passed"), std::string::npos) << o.out;
  EXPECT_NE(o.out.find("\nmatrix       skipped: data memory is too small: the test takes 2048 bytes"),
            std::string::npos)
      << o.out;
  o = run("firmware selftest --only timer --only matrix --json" + little);
  EXPECT_EQ(Json::parse(o.out)["passed"], true) << o.out;
  EXPECT_TRUE(Json::parse(o.out)["tests"][1]["passed"].is_null()) << o.out;
  o = run("firmware selftest --only matrix" + little);
  EXPECT_EQ(o.code, 2) << o.out;
  EXPECT_NE(o.err.find("every test was skipped"), std::string::npos) << o.err;
  o = run("firmware log --selftest" + little);
  EXPECT_EQ(o.out.find("failed"), std::string::npos) << o.out;
  o = run("firmware selftest --only matrix --device 'model:2x2x2?banks=4&bank_bytes=1024&controller_bytes=32768'");
  EXPECT_EQ(o.code, 0) << "just room enough: " << o.err;
}

TEST_P(FirmwareCli, Log) {
  if (!has_monitor()) GTEST_SKIP() << "the firmware does not fit";
  Outcome o = on_device("firmware log");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_NE(o.out.find("started by the host, self-tests: none"), std::string::npos) << o.out;
  EXPECT_EQ(Json::parse(on_device("firmware log --json").out)["log"].size(), 1u);
  o = on_device("firmware log --attach");
  EXPECT_EQ(o.code, 2);
  EXPECT_NE(o.err.find("no firmware runs there"), std::string::npos) << o.err;
}

TEST_P(FirmwareCli, GemmSaysWhichPathItTook) {
  write_npy(shell_.folder / "a.npy", Matrix<float>(2, 3, {1, 2, 3, 4, 5, 6}));
  write_npy(shell_.folder / "b.npy", Matrix<float>(3, 2, {7, 8, 9, 10, 11, 12}));
  const std::string gemm = "gemm --a a.npy --b b.npy -f bf16 --check --json ";
  const auto path = [&](const Outcome& o) { return Json::parse(o.out)["report"]["path"].get<std::string>(); };
  EXPECT_EQ(path(on_device(gemm + "--path direct")), "direct");
  const auto text = [&](const std::string& options) {
    return on_device("gemm --a a.npy --b b.npy -f bf16 " + options).out;
  };
  EXPECT_NE(text("--path direct").find("on the direct path"), std::string::npos);
  if (has_monitor()) {
    EXPECT_NE(text("").find(fmt::format("through the firmware (image {})", monitor_image_id())), std::string::npos);
    EXPECT_EQ(Json::parse(on_device(gemm).out)["report"]["firmware_image"], monitor_image_id());
  }
  EXPECT_EQ(path(on_device(gemm)), has_monitor() ? "firmware" : "direct");
  if (has_monitor()) {
    EXPECT_EQ(path(on_device(gemm + "--path firmware")), "firmware");
  }
  Outcome o = on_device(gemm + "--path frimware");
  EXPECT_EQ(o.code, 2) << o.err;
  o = run(gemm + "--path firmware --device 'model:2x2x2?controller_bytes=0'");
  EXPECT_EQ(o.code, 2);
  EXPECT_NE(o.err.find("no firmware can run: the device has no controller"), std::string::npos) << o.err;
  EXPECT_NE(o.err.find("use the direct path"), std::string::npos) << o.err;
  o = run("firmware selftest --device 'model:2x2x2?controller_bytes=0'");
  EXPECT_EQ(o.code, 2);
  EXPECT_NE(o.err.find("no firmware can run"), std::string::npos) << o.err;
}

}  // namespace
}  // namespace hilbert
