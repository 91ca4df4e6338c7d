// Proves that a result file compressed with Zstandard reads as the uncompressed one does, and that
// a damaged, truncated or too large one is an error.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "base/units.h"
#include "os/temp_directory.h"
#include "result/json_document.h"
#include "result/json_reader.h"
#include "result/json_writer.h"
#include "result/sample_result.h"

namespace aiobench::result {
namespace {

// A Zstandard frame of one block that is not compressed. Source: RFC 8878, sections 3.1.1.1 and
// 3.1.1.2.
std::string frame_of(const std::string& text, unsigned block_type = 0) {
  constexpr bool kLast = true;
  std::string frame = "\x28\xb5\x2f\xfd";
  frame += '\xa0';  // single segment; the size of the content takes 4 bytes
  const auto put = [&](std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) frame += static_cast<char>(value >> (8 * i) & 0xff);
  };
  put(text.size(), 4);
  put(std::uint64_t{text.size()} << 3 | block_type << 1 | unsigned{kLast}, 3);
  return frame + text;
}

bool built_without_libzstd() {
  const Result<std::string> text = decompress_zstd(frame_of("x"), 1);
  return !text && text.error().cause.find("without libzstd") != std::string::npos;
}

std::string cause_of(const std::string& frame, std::uint64_t max_bytes) {
  const Result<std::string> text = decompress_zstd(frame, max_bytes);
  return text ? "none" : text.error().cause;
}

TEST_CASE("zstd: a frame is recognised and decompressed") {
  CHECK(is_zstd(frame_of("text")));
  CHECK_FALSE(is_zstd("{}"));
  CHECK_FALSE(is_zstd(""));
  if (built_without_libzstd()) return;
  const std::string text(100'000, 'x');
  const Result<std::string> read = decompress_zstd(frame_of(text), text.size());
  REQUIRE(read);
  CHECK(*read == text);
}

TEST_CASE("zstd: what is damaged, truncated or too large is an error") {
  if (built_without_libzstd()) return;
  const std::string frame = frame_of("some text");
  for (std::size_t size = 0; size < frame.size(); ++size) {
    CAPTURE(size);
    CHECK(cause_of(frame.substr(0, size), 100) != "none");
  }
  CHECK(cause_of(frame.substr(0, frame.size() - 1), 100).find("truncated") != std::string::npos);
  constexpr unsigned kReserved = 3;
  CHECK(cause_of(frame_of("some text", kReserved), 100).find("corrupt") != std::string::npos);
  CHECK(cause_of(frame, 9) == "none");
  CHECK(cause_of(frame, 8).find("larger than") != std::string::npos);
}

// A frame of `blocks` blocks, each one byte repeated 128 KiB times. Source: RFC 8878,
// section 3.1.1.2.
std::string frame_of_blocks(std::uint64_t blocks) {
  std::string frame("\x28\xb5\x2f\xfd\x00\x38", 6);  // a window of 128 KiB
  constexpr unsigned kRepeated = 1;
  for (std::uint64_t i = 1; i <= blocks; ++i) {
    const unsigned header = (128 * 1024) << 3 | kRepeated << 1 | (i == blocks ? 1 : 0);
    for (int byte = 0; byte < 3; ++byte) frame += static_cast<char>(header >> (8 * byte) & 0xff);
    frame += 'x';
  }
  return frame;
}

TEST_CASE("zstd: a small file with a text that is too long is rejected before it is parsed") {
  if (built_without_libzstd()) return;
  const test::TempDirectory directory;
  const std::uint64_t most = kMaxResultBytes / (128 * kKiB);
  for (const std::uint64_t blocks : {most, most + 1}) {
    const std::string path = directory.file("long.json.zst");
    test::put_file(path, frame_of_blocks(blocks));
    const Result<Results> read = read_result_file(path);
    REQUIRE_FALSE(read);
    CHECK(read.error().path == path);
    CHECK(read.error().cause ==
          (blocks == most ? "invalid JSON near 'x'" : "larger than 128 MiB when decompressed"));
  }
}

TEST_CASE("zstd: a compressed result file reads as the text in it") {
  if (built_without_libzstd()) return;
  const test::TempDirectory directory;
  const std::string text = to_json(test::sample_result());
  test::put_file(directory.file("result.json.zst"), frame_of(text));
  const Result<Results> read = read_result_file(directory.file("result.json.zst"));
  REQUIRE(read);
  CHECK(to_json(*read) == text);
  test::put_file(directory.file("cut.json.zst"), frame_of(text).substr(0, 100));
  const Result<Results> cut = read_result_file(directory.file("cut.json.zst"));
  REQUIRE_FALSE(cut);
  CHECK(cut.error().line().find("cut.json.zst") != std::string::npos);
}

}  // namespace
}  // namespace aiobench::result
