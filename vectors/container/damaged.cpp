// SPDX-License-Identifier: Apache-2.0
// Files that a reader must refuse: damaged ones, and ones whose checksums are right and whose content lies.
#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <functional>

#include "header.hpp"
#include "hilbert/vectors/generate.hpp"

namespace hilbert::vectors {
namespace {

using Bytes = std::vector<std::byte>;

/// A file of any content whose checksums are right.
Bytes file_of(const Bytes& content, std::uint32_t cases, const std::function<void(FileInfo&, Bytes&)>& lie = {}) {
  Bytes body(ZSTD_compressBound(content.size()));
  body.resize(ZSTD_compress(body.data(), body.size(), content.data(), content.size(), 19));
  FileInfo info;
  info.cases = cases;
  info.content_bytes = content.size();
  info.content_crc = crc32(0, content);
  info.zstd_version = ZSTD_versionNumber();
  info.body_bytes = body.size();
  if (lie) lie(info, body);
  info.body_crc = crc32(0, body);
  const auto header = pack_header(info);
  Bytes all(header.size() + body.size());
  std::ranges::copy(body, std::ranges::copy(header, all.begin()).out);
  return all;
}

/// Content with an empty note and the given payloads.
Bytes content_of(const std::vector<Bytes>& payloads) {
  Bytes content;
  append_number(content, std::uint32_t{0});
  for (const Bytes& payload : payloads) {
    append_number(content, static_cast<std::uint32_t>(payload.size()));
    content.insert(content.end(), payload.begin(), payload.end());
  }
  return content;
}

void set32(Bytes& bytes, std::size_t at, std::uint32_t value) { put_number<std::uint32_t>(bytes, at, value); }

}  // namespace

std::vector<DamagedFile> damaged_files() {
  const Bytes payload = encode_record(generate(find_family("random"), corpus_seed, 0));
  const Bytes refusal = encode_record(refused_descriptors().front());
  const Bytes good = file_of(content_of({payload, refusal}), 2);
  std::vector<DamagedFile> files;
  const auto add = [&](std::string name, Bytes bytes, std::string message) {
    files.push_back({name + ".hbv", std::move(bytes), std::move(message)});
  };
  const auto changed = [&](std::size_t at, unsigned xor_bits) {
    Bytes bytes = good;
    bytes[at] ^= static_cast<std::byte>(xor_bits);
    return bytes;
  };
  const auto record = [&](const Bytes& from, const std::function<void(Bytes&)>& change) {
    Bytes bytes = from;
    change(bytes);
    return file_of(content_of({bytes}), 1);
  };

  // Damage
  add("empty", {}, "is empty");
  add("no-magic", changed(0, 0x80), "does not begin with the magic bytes");
  add("line-ends-changed", changed(4, '\r' ^ '\n'), "does not begin with the magic bytes");
  add("truncated-header", {good.begin(), good.begin() + 40}, "is truncated: 40 bytes");
  add("truncated-body", {good.begin(), good.end() - 1}, "is truncated");
  Bytes longer = good;
  longer.push_back(std::byte{0});
  add("trailing-byte", longer, "has 1 bytes after its end");
  add("header-bit", changed(20, 0x01), "checksum of its header is wrong");
  add("body-bit", changed(good.size() - 5, 0x10), "checksum of its body is wrong");

  // Right checksums around something that is not what it says
  add("version-2", file_of(content_of({}), 0, [](FileInfo& info, Bytes&) { info.version = 2; }),
      "has version 2, this program reads version 1");
  add("not-zstd", file_of(content_of({}), 0, [](FileInfo&, Bytes& body) { body[0] = std::byte{0}; }),
      "body that zstd refuses");
  add("two-frames",
      file_of(content_of({payload}), 1,
              [](FileInfo& info, Bytes& body) {
                const Bytes copy = body;
                body.insert(body.end(), copy.begin(), copy.end());
                info.body_bytes = body.size();
              }),
      "bytes after the zstd frame");
  add("content-checksum", file_of(content_of({payload}), 1, [](FileInfo& info, Bytes&) { info.content_crc ^= 1; }),
      "does not match its checksum");
  add("content-too-long", file_of(content_of({payload}), 1, [](FileInfo& info, Bytes&) { info.content_bytes -= 1; }),
      "ends inside a record");
  add("content-absurd",
      file_of(content_of({payload}), 2, [](FileInfo& info, Bytes&) { info.content_bytes = ~std::uint64_t{0}; }),
      "body that ends before its content does");
  add("one-case-too-few", file_of(content_of({payload, refusal}), 1), "after its last case");
  add("one-case-too-many", file_of(content_of({payload}), 2), "ends inside a record");
  Bytes long_note = content_of({});
  set32(long_note, 0, 0x7FFF'FFFF);
  add("note-absurd", file_of(long_note, 0), "has a note of 2147483647 bytes");
  Bytes long_record = content_of({payload});
  set32(long_record, 4, 0xFFFF'FFFF);
  add("record-absurd", file_of(long_record, 1), "has a record of 4294967295 bytes");

  // Records that break a rule
  add("record-kind", record(payload, [](Bytes& b) { b[0] = std::byte{3}; }), "a record of kind 3");
  add("record-short", file_of(content_of({Bytes(8, std::byte{1})}), 1), "a record of kind 1 with 8 bytes");
  add("name-empty", record(refusal, [](Bytes& b) { b.resize(96), b[1] = std::byte{0}; }), "characters");
  add("name-control-character", record(refusal, [](Bytes& b) { b.back() = std::byte{'\n'}; }), "characters");
  add("job-reserved", record(payload, [](Bytes& b) { b[36] = std::byte{1}; }), "bytes 36 to 39");
  add("job-opcode", record(payload, [](Bytes& b) { b[4] = std::byte{5}; }), "BAD_OPCODE");
  add("job-option", record(payload, [](Bytes& b) { b[6] = std::byte{1}; }), "BAD_OPTION");
  add("job-format", record(payload, [](Bytes& b) { set32(b, 8, 0); }), "BAD_FORMAT");
  add("job-empty-matrix", record(payload, [](Bytes& b) { set32(b, 12, 0); }), "a job's sizes are 0 x");
  add("job-absurd-matrix",
      record(payload,
             [](Bytes& b) {
               for (const std::size_t at : {12u, 16u, 20u}) set32(b, at, 1u << 24);
             }),
      "its sizes ask for");
  add("job-overflowing-matrix",
      record(payload,
             [](Bytes& b) {
               for (const std::size_t at : {12u, 16u, 20u}) set32(b, at, 0xFFFF'FFFF);
             }),
      "a job's sizes are 4294967295 x");
  add("job-one-row-more", record(payload, [](Bytes& b) { b[12] ^= std::byte{1}; }), "its sizes ask for");
  add("job-result-index", record(payload, [](Bytes& b) { b[35] = std::byte{7}; }), "are numbers");
  add("refusal-with-ok", record(refusal, [](Bytes& b) { b[2] = std::byte{0}; }), "is refused with status 0");
  add("refusal-scope", record(refusal, [](Bytes& b) { b[24] = std::byte{1}; }), "bytes 24 to 31");
  return files;
}

}  // namespace hilbert::vectors
