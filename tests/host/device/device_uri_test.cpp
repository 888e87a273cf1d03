// SPDX-License-Identifier: Apache-2.0
// Device URIs: every malformed one is refused with a message that names the part and says what may stand there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <hilbert/device.hpp>
#include <ostream>
#include <string>
#include <string_view>

namespace hilbert {
namespace {

struct Malformed {
  const char* uri;
  const char* names;     ///< the message must contain it: the offending part
  const char* suggests;  ///< and this: what may stand there
};

void PrintTo(const Malformed& malformed, std::ostream* out) {  // NOLINT: the name that GoogleTest looks for
  *out << '"' << malformed.uri << '"';
}
/// The URI, what is no letter or digit as its code: a name that tests can have.
std::string name_of(const testing::TestParamInfo<Malformed>& info) {
  std::string name = info.param.uri[0] == '\0' ? "nothing" : "";
  for (const unsigned char c : std::string_view(info.param.uri)) {
    constexpr const char* digits = "0123456789ABCDEF";
    if (std::isalnum(c) != 0)
      name += static_cast<char>(c);
    else
      name += {'_', digits[c >> 4], digits[c & 15]};
  }
  return name;
}

class MalformedUri : public testing::TestWithParam<Malformed> {};

INSTANTIATE_TEST_SUITE_P(
    Uri, MalformedUri,
    testing::Values(
        Malformed{"", "no ':'", "sim:full"}, Malformed{"full", "no ':'", "sim:full"},
        Malformed{":full", "unknown scheme ''", "model:"},
        Malformed{"verilator:full", "unknown scheme 'verilator'", "sim:"},
        Malformed{"SIM:full", "unknown scheme 'SIM'", "sim:"},
        Malformed{"sim:huge", "'huge'", "full, small, 4x8x2, 8x4x4"}, Malformed{"sim:2x2x2", "'2x2x2'", "full, small"},
        Malformed{"sim: full", "' full'", "full, small"}, Malformed{"sim:full:1", "'full:1'", "full, small"},
        Malformed{"sim:full?banks=4", "no parameters", "configuration"},
        Malformed{"sim:full?", "no parameters", "configuration"}, Malformed{"model:8x8", "'8x8'", "RxCxD"},
        Malformed{"model:8x8x4x1", "'8x8x4x1'", "RxCxD"}, Malformed{"model:8xx4", "'8xx4'", "RxCxD"},
        Malformed{"model:8x8x-4", "'8x8x-4'", "RxCxD"}, Malformed{"model:8x8x4294967300", "4294967300", "RxCxD"},
        Malformed{"model:7x8x4", "7 x 8", "powers of two"}, Malformed{"model:0x8x1", "0 x 8", "powers of two"},
        Malformed{"model:256x8x1", "256 x 8", "up to 128"}, Malformed{"model:8x8x8", "Depth 8", "1, 2 or 4"},
        Malformed{"model:2x2x4", "2x2x4", "at least Depth"}, Malformed{"model:2x2x1", "4 bytes", "8 to 64"},
        Malformed{"model:16x16x4", "128 bytes", "8 to 64"}, Malformed{"model:full?", "nothing after '?'", "banks=N"},
        Malformed{"model:full?bank=4", "'bank'", "banks=N"}, Malformed{"model:full?banks", "'banks'", "banks=N"},
        Malformed{"model:full?banks=", "'' is no whole number", "1 to 128 banks"},
        Malformed{"model:full?banks=four", "'four' is no whole number", "1 to 128 banks"},
        Malformed{"model:full?banks=4x", "'4x' is no whole number", "1 to 128 banks"},
        Malformed{"model:full?banks=3", "banks=3", "power of two"},
        Malformed{"model:full?banks=0", "'0' is too small", "1 to 128 banks"},
        Malformed{"model:full?banks=-1", "'-1' is too small", "1 to 128 banks"},
        Malformed{"model:full?banks=2&banks=4", "'banks' is given twice", "banks=N"},
        Malformed{"model:full?bank_bytes=1000", "bank_bytes=1000", "power of two"},
        Malformed{"model:full?bank_bytes=32", "bank_bytes=32", "at least a word"},
        Malformed{"model:full?bank_bytes=1073741824", "bank_bytes=1073741824", "1 GiB"},
        Malformed{"model:full?banks=4&&bank_bytes=64", "an empty parameter", "banks=N"}),
    name_of);

TEST_P(MalformedUri, IsRefusedByName) {
  try {
    (void)open_device(GetParam().uri);
    FAIL() << GetParam().uri << " was opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    const std::string text = error.what();
    EXPECT_NE(text.find(GetParam().names), std::string::npos) << text;
    EXPECT_NE(text.find(GetParam().suggests), std::string::npos) << text;
    EXPECT_NE(text.find('\'' + std::string(GetParam().uri) + '\''), std::string::npos) << "the URI itself: " << text;
  }
}

TEST(DeviceUri, IsCompletedWithItsDefaults) {
  EXPECT_EQ(open_device("model:")->capabilities().uri, "model:full");
  EXPECT_EQ(open_device("model:8x4x4")->capabilities().uri, "model:8x4x4");
  EXPECT_EQ(open_device("model:4x4x1")->capabilities().uri, "model:4x4x1?banks=4&bank_bytes=32768");
  EXPECT_EQ(open_device("model:small?banks=2")->capabilities().uri, "model:2x2x2?banks=2&bank_bytes=2048");
}

TEST(DeviceUri, CompletedUriOpensTheSameDevice) {
  for (const char* uri : {"model:4x4x1", "model:2x8x2?banks=8&bank_bytes=256", "model:4x8x2?bank_bytes=1024"}) {
    const auto first = open_device(uri);
    const auto second = open_device(first->capabilities().uri);
    EXPECT_EQ(second->capabilities().geometry, first->capabilities().geometry) << uri;
    EXPECT_EQ(second->capabilities().uri, first->capabilities().uri);
  }
}

TEST(DeviceUri, ModelTakesAnyGeometry) {
  const model::Geometry g = open_device("model:2x8x2?banks=8&bank_bytes=256")->capabilities().geometry;
  EXPECT_EQ(g, (model::Geometry{2, 8, 2, 8, 256, 8}));
}

TEST(DeviceUri, EveryAvailableDeviceOpens) {
  const std::vector<std::string> uris = available_devices();
  EXPECT_NE(std::find(uris.begin(), uris.end(), "model:full"), uris.end());
  for (const std::string& uri : uris) EXPECT_EQ(open_device(uri)->capabilities().uri, uri);
}

TEST(OpenOptions, RefusesWhatItCannotDo) {
  EXPECT_THROW((void)open_device("model:", {.trace_path = "x.fst", .seed = 1, .stall_probability = 0.0}), Error);
  for (const double p : {-0.5, 0.5, 1.0, std::nan("")}) {  // the model has no port that could stall
    EXPECT_THROW((void)open_device("model:", {.trace_path = {}, .seed = 1, .stall_probability = p}), Error) << p;
  }
}

}  // namespace
}  // namespace hilbert
