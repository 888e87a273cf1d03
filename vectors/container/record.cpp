// SPDX-License-Identifier: Apache-2.0
// A case as the payload of a record (vectors/README.md section 7).
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <hilbert/error.hpp>
#include <hilbert/little_endian.hpp>
#include <span>

#include "hilbert/vectors/file.hpp"

namespace hilbert::vectors {

bool legal_in_name(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("._:/+-").find(c) != std::string_view::npos;
}

namespace {

enum class Kind : std::uint8_t { job = 1, refused = 2 };

constexpr std::size_t job_fields = 40, refused_fields = 96;
constexpr std::uint32_t max_side = 1u << 24;

bool legal_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && std::ranges::all_of(name, legal_in_name);
}

/// Words 0, 2, 13 and 14 as in a descriptor: they hold options, formats, seed and origin of a job.
model::Words parameter_words(const MatrixJob& job) {
  model::Descriptor d;
  const model::Gemm& g = job.job;
  d.opcode = job.convert ? model::Opcode::convert : model::Opcode::gemm;
  d.accumulate = g.accumulate, d.relu = g.relu, d.saturate = g.saturate;
  d.stochastic = g.stochastic, d.literal = g.literal;
  d.a = g.a, d.d = g.d;
  if (!job.convert) d.b = g.b;
  if (g.stochastic) d.seed = g.seed, d.row0 = g.row0, d.col0 = g.col0;
  return d.pack();
}

/// The rules of rtl/README.md that do not depend on sizes or a tile, by the reference model's own check of a smallest
/// job.
model::CheckResult check_parameters(model::Words w) {
  const auto opcode = static_cast<model::Opcode>(w[0] & 0xFF);
  if (opcode != model::Opcode::gemm && opcode != model::Opcode::convert) return {model::Status::bad_opcode, 0};
  if ((w[0] >> 13 & 1u) != 0) return {model::Status::bad_option, 0};  // an interrupt is no part of a result
  w[3] = 1u | 1u << 16;
  w[4] = opcode == model::Opcode::gemm ? 1 : 0;
  w[6] = opcode == model::Opcode::gemm ? 4096 : 0;
  w[7] = (w[0] >> 8 & 1u) != 0 ? 8192 : 0;
  w[8] = 12288;
  return model::check(w, model::Geometry{});
}

[[noreturn]] void refuse(const std::string& where, std::string what) {
  throw Error(ExitCode::bad_input, std::move(what), where,
              "its checksums are right, so a faulty writer made it: make it again with hilbert vectors gen");
}

void append(std::vector<std::byte>& to, std::span<const std::byte> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}
void append(std::vector<std::byte>& to, std::string_view text) { append(to, std::as_bytes(std::span(text))); }

std::vector<std::byte> encode_job(const std::string& name, const MatrixJob& job) {
  const model::Words words = parameter_words(job);
  std::vector<std::byte> out;
  out.reserve(job_fields + name.size() + job.a.size() + job.b.size() + job.c.size() +
              job.results.size() * (4 + job.d_bytes()));
  append_number(out, static_cast<std::uint8_t>(Kind::job));
  append_number(out, static_cast<std::uint8_t>(name.size()));
  append_number(out, std::uint16_t{0});
  for (const std::uint32_t word :
       {words[0], words[2], job.job.m, job.job.n, job.convert ? 0 : job.job.k, words[13], words[14]}) {
    append_number(out, word);
  }
  append_number(out, static_cast<std::uint8_t>(job.results.size()));
  for (const std::uint8_t index : job.result_of) append_number(out, index);
  append_number(out, std::uint32_t{0});
  append(out, name);
  append(out, job.a);
  append(out, job.b);
  append(out, job.c);
  for (const Expected& result : job.results) {
    append_number(out, std::uint32_t{result.flags.bits});
    append(out, result.d);
  }
  return out;
}

std::vector<std::byte> encode_refused(const std::string& name, const RefusedDescriptor& refused) {
  std::vector<std::byte> out;
  append_number(out, static_cast<std::uint8_t>(Kind::refused));
  append_number(out, static_cast<std::uint8_t>(name.size()));
  append_number(out, static_cast<std::uint8_t>(refused.expected.status));
  append_number(out, refused.expected.field);
  const Scope& s = refused.scope;
  for (const std::uint32_t number : {s.rows, s.cols, s.depth, s.min_data_bytes, s.max_data_bytes, 0u, 0u}) {
    append_number(out, number);
  }
  for (const std::uint32_t word : refused.words) append_number(out, word);
  append(out, name);
  return out;
}

/// Takes the parts of a payload in order; the caller has checked that they are there.
class Cursor {
 public:
  explicit Cursor(std::span<const std::byte> rest) : rest_(rest) {}
  template <typename T>
  T number() {
    const T value = number_at<T>(rest_, 0);
    rest_ = rest_.subspan(sizeof(T));
    return value;
  }
  std::vector<std::byte> bytes(std::uint64_t count) {
    const auto part = rest_.first(static_cast<std::size_t>(count));
    rest_ = rest_.subspan(part.size());
    return {part.begin(), part.end()};
  }
  std::string text(std::size_t count) {
    const auto part = bytes(count);
    return {reinterpret_cast<const char*>(part.data()), part.size()};
  }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::span<const std::byte> rest_;
};

MatrixJob decode_job(Cursor& in, std::size_t name_length, std::string& name, const std::string& where) {
  model::Words words{};
  MatrixJob job;
  if (in.number<std::uint16_t>() != 0) refuse(where, "bytes 2 and 3 of a job record are not zero");
  words[0] = in.number<std::uint32_t>();
  words[2] = in.number<std::uint32_t>();
  const auto m = in.number<std::uint32_t>(), n = in.number<std::uint32_t>(), k = in.number<std::uint32_t>();
  words[13] = in.number<std::uint32_t>();
  words[14] = in.number<std::uint32_t>();
  const auto results = in.number<std::uint8_t>();
  for (std::uint8_t& index : job.result_of) index = in.number<std::uint8_t>();
  if (in.number<std::uint32_t>() != 0) refuse(where, "bytes 36 to 39 of a job record are not zero");

  if (const model::CheckResult checked = check_parameters(words); checked.status != model::Status::ok) {
    refuse(where, fmt::format("a job's parameters are {} in descriptor word {}", model::to_string(checked.status),
                              checked.field));
  }
  const model::Descriptor d = model::Descriptor::unpack(words);
  job.convert = d.opcode == model::Opcode::convert;
  model::Gemm& g = job.job;
  g.m = m, g.n = n, g.k = k;
  g.a = d.a, g.b = d.b, g.d = d.d;
  g.accumulate = d.accumulate, g.relu = d.relu, g.saturate = d.saturate, g.stochastic = d.stochastic;
  g.literal = d.literal, g.seed = d.seed, g.row0 = d.row0, g.col0 = d.col0;
  if (m == 0 || n == 0 || (k == 0) != job.convert || std::max({m, n, k}) > max_side) {
    refuse(where, fmt::format("a job's sizes are {} x {} x {}", m, n, k));
  }

  // Distinct results, numbered in the order of the Depths, so that there is one way to write a case.
  std::uint8_t used = 0;
  bool ordered = results != 0;
  for (const std::uint8_t index : job.result_of) {
    ordered = ordered && index <= used && index < results;
    if (index == used) ++used;
  }
  if (!ordered || used != results || (job.convert && results != 1)) {
    refuse(where, fmt::format("the results of Depth 1, 2, 4 are numbers {}, {}, {} of {}", job.result_of[0],
                              job.result_of[1], job.result_of[2], results));
  }
  const std::uint64_t expected =
      name_length + job.a_bytes() + job.b_bytes() + job.c_bytes() + results * (4 + job.d_bytes());
  if (in.left() != expected) {
    refuse(where, fmt::format("a job record has {} bytes after its fields, its sizes ask for {}", in.left(), expected));
  }
  name = in.text(name_length);
  job.a = in.bytes(job.a_bytes());
  job.b = in.bytes(job.b_bytes());
  job.c = in.bytes(job.c_bytes());
  for (unsigned i = 0; i < results; ++i) {
    const auto flags = in.number<std::uint32_t>();
    if (flags >> std::size(regs::job::flag_values) != 0) refuse(where, fmt::format("flags {:#x} do not exist", flags));
    job.results.push_back({in.bytes(job.d_bytes()), model::Flags{static_cast<std::uint8_t>(flags)}});
  }
  for (unsigned i = 0; i < results; ++i) {
    for (unsigned j = 0; j < i; ++j) {
      if (job.results[i] == job.results[j]) refuse(where, fmt::format("results {} and {} are equal", j, i));
    }
  }
  return job;
}

RefusedDescriptor decode_refused(Cursor& in, std::size_t name_length, std::string& name, const std::string& where) {
  RefusedDescriptor refused;
  const auto status = in.number<std::uint8_t>();
  refused.expected = {static_cast<model::Status>(status), in.number<std::uint8_t>()};
  if (status < static_cast<unsigned>(model::Status::bad_opcode) ||
      status > static_cast<unsigned>(model::Status::overlap) || refused.expected.field > 15) {
    refuse(where, fmt::format("no descriptor is refused with status {} in word {}", status, refused.expected.field));
  }
  Scope& s = refused.scope;
  for (std::uint32_t* number : {&s.rows, &s.cols, &s.depth, &s.min_data_bytes, &s.max_data_bytes}) {
    *number = in.number<std::uint32_t>();
  }
  if (in.number<std::uint64_t>() != 0) refuse(where, "bytes 24 to 31 of a refusal record are not zero");
  for (std::uint32_t& word : refused.words) word = in.number<std::uint32_t>();
  if (in.left() != name_length) {
    refuse(where, fmt::format("a refusal record has {} bytes for a name of {}", in.left(), name_length));
  }
  name = in.text(name_length);
  return refused;
}

}  // namespace

std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes) {
  if (bytes.empty()) return crc;  // zlib takes a null pointer for a wish to begin
  return static_cast<std::uint32_t>(::crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::vector<std::byte> encode_record(const Case& item) {
  const std::string where = fmt::format("case '{}'", item.name);
  const auto bad = [&](std::string what) { throw Error(ExitCode::bad_input, std::move(what), where); };
  if (!legal_name(item.name)) bad("a name has 1 to 255 of the characters A-Z a-z 0-9 . _ : / + -");
  if (const auto* refused = std::get_if<RefusedDescriptor>(&item.body)) return encode_refused(item.name, *refused);
  const auto& job = std::get<MatrixJob>(item.body);
  const auto wrong = [&](const Expected& e) { return e.d.size() != job.d_bytes(); };
  if (job.a.size() != job.a_bytes() || job.b.size() != job.b_bytes() || job.c.size() != job.c_bytes() ||
      job.results.empty() || std::ranges::any_of(job.results, wrong)) {
    bad("the matrices do not have the sizes that the job says");
  }
  if (std::max({job.job.m, job.job.n, job.job.k}) > max_side) {
    bad(fmt::format("a job's sizes are {} x {} x {}, a file holds up to {}", job.job.m, job.job.n, job.job.k,
                    max_side));
  }
  if (job_fields + item.name.size() + job.a_bytes() + job.b_bytes() + job.c_bytes() +
          job.results.size() * (4 + job.d_bytes()) >
      max_record_bytes) {
    bad(fmt::format("a case is longer than {} bytes", max_record_bytes));
  }
  return encode_job(item.name, job);
}

Case decode_record(std::span<const std::byte> payload, const std::string& where) {
  if (payload.size() < 2) refuse(where, fmt::format("a record of {} bytes", payload.size()));
  Cursor in(payload);
  const auto kind = in.number<std::uint8_t>();
  const std::size_t name_length = in.number<std::uint8_t>();
  if (kind != static_cast<unsigned>(Kind::job) && kind != static_cast<unsigned>(Kind::refused)) {
    refuse(where, fmt::format("a record of kind {}; there are 1 (job) and 2 (refusal)", kind));
  }
  const bool is_job = kind == static_cast<unsigned>(Kind::job);
  if (payload.size() < (is_job ? job_fields : refused_fields)) {
    refuse(where, fmt::format("a record of kind {} with {} bytes", kind, payload.size()));
  }
  Case item;
  if (is_job) {
    item.body = decode_job(in, name_length, item.name, where);
  } else {
    item.body = decode_refused(in, name_length, item.name, where);
  }
  if (!legal_name(item.name)) refuse(where, "a case's name has characters that a name may not have");
  return item;
}

}  // namespace hilbert::vectors
