// Proves that an error is one line with all its parts, whatever bytes they contain, and that Status
// and Result are either a value or an error.
#include "base/error.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace aiobench {
namespace {

Error full_error() {
  Error error;
  error.code = 5;
  error.operation = "read";
  error.path = "a directory/file.bin";
  error.offset = 4096;
  error.cause = "Input/output error [EIO 5]";
  error.hint = "see the kernel log";
  return error;
}

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

TEST_CASE("an error line has all its parts, in order") {
  CHECK(full_error().line() ==
        "cannot read 'a directory/file.bin' at offset 4096: Input/output error [EIO 5] "
        "(see the kernel log)");
}

TEST_CASE("an error line leaves out the parts that are not there") {
  Error error = full_error();
  error.offset.reset();
  CHECK(error.line() ==
        "cannot read 'a directory/file.bin': Input/output error [EIO 5] (see the kernel log)");
  error.hint.clear();
  CHECK(error.line() == "cannot read 'a directory/file.bin': Input/output error [EIO 5]");
  error.path.clear();
  CHECK(error.line() == "cannot read: Input/output error [EIO 5]");
  error.operation.clear();
  CHECK(error.line() == "Input/output error [EIO 5]");
  error.offset = 0;
  error.path = "f";
  error.operation = "write";
  CHECK(error.line() == "cannot write 'f' at offset 0: Input/output error [EIO 5]");
}

TEST_CASE("a hint is in parentheses, unless it is all there is") {
  Error error;
  error.hint = "try again";
  CHECK(error.line() == "try again");
  error.operation = "read";
  CHECK(error.line() == "cannot read (try again)");
}

TEST_CASE("an error line reads well with any part missing") {
  for (unsigned parts = 0; parts < 16; ++parts) {
    Error error = full_error();
    if ((parts & 1) != 0) error.operation.clear();
    if ((parts & 2) != 0) error.path.clear();
    if ((parts & 4) != 0) error.offset.reset();
    if ((parts & 8) != 0) error.hint.clear();
    const std::string line = error.line();
    CAPTURE(line);
    CHECK(line.front() != ' ');
    CHECK(line.back() != ' ');
    CHECK(line.find("  ") == std::string::npos);
    CHECK(line.find("Input/output error") != std::string::npos);
  }
}

TEST_CASE("no part can break the line or move the cursor") {
  const std::string nasty = "x\ny\rz\tt\x1b[2Jb\bv\x7f" + std::string(1, '\0') + "e";
  for (unsigned part = 0; part < 4; ++part) {
    CAPTURE(part);
    Error error = full_error();
    (part == 0   ? error.operation
     : part == 1 ? error.path
     : part == 2 ? error.cause
                 : error.hint) = nasty;
    CHECK_FALSE(has_control(error.line()));
    CHECK(error.line().find("x\\ny") != std::string::npos);
  }
}

TEST_CASE("printable escapes every control character and nothing else of ASCII") {
  for (int code = 0; code < 0x80; ++code) {
    CAPTURE(code);
    const std::string text = "a" + std::string(1, static_cast<char>(code)) + "b";
    const std::string shown = printable(text);
    if (code >= 0x20 && code != 0x7f) {
      CHECK(shown == text);
    } else {
      CHECK_FALSE(has_control(shown));
      CHECK(shown.size() > text.size());
      CHECK(shown.substr(0, 2) == "a\\");
    }
  }
  CHECK(printable("a\nb\tc") == "a\\nb\\tc");
  CHECK(printable("\x1b[31m\r") == "\\x1b[31m\\x0d");
  CHECK(printable("") == "");
}

TEST_CASE("printable passes UTF-8, but not its control characters and line ends") {
  for (const char* text : {"gr\xc3\xbc\xc3\x9f", "\xe2\x82\xac 5", "\xf0\x9f\x92\xbe", "\xc2\xa0",
                           "\xe6\x97\xa5\xe6\x9c\xac", "\xe2\x80\xa6"}) {
    CAPTURE(text);
    CHECK(printable(text) == text);
  }
  CHECK(printable("a\xc2\x9b"
                  "31mb") == "a\\xc2\\x9b31mb");              // U+009B: CSI, as ESC [
  CHECK(printable("a\xc2\x85z") == "a\\xc2\\x85z");           // U+0085: next line
  CHECK(printable("a\xe2\x80\xa8z") == "a\\xe2\\x80\\xa8z");  // U+2028: line separator
  CHECK(printable("a\xe2\x80\xa9z") == "a\\xe2\\x80\\xa9z");  // U+2029: paragraph separator
}

TEST_CASE("usage_error is of the kind that ends with exit code 2") {
  const Error error = usage_error("use --depth", "'0' is too small", "use 1 to 4096");
  CHECK(error.kind == Error::Kind::usage);
  CHECK(error.code == 0);
  CHECK(error.line() == "cannot use --depth: '0' is too small (use 1 to 4096)");
  CHECK(usage_error("parse", "bad").hint.empty());
}

TEST_CASE("a Status is a success or an error") {
  const Status success;
  CHECK(success);
  Status failure = full_error();
  REQUIRE_FALSE(failure);
  CHECK(failure.error().code == 5);
  const Error taken = failure.take_error();
  CHECK(taken.path == "a directory/file.bin");
  failure = Status();
  CHECK(failure);
}

TEST_CASE("a Result is a value or an error") {
  Result<std::string> value = std::string("text");
  REQUIRE(value);
  CHECK(*value == "text");
  CHECK(value->size() == 4);
  *value += "!";
  CHECK(value.take() == "text!");

  Result<std::string> failure = full_error();
  REQUIRE_FALSE(failure);
  CHECK(failure.error().offset == std::optional<FileOffset>(4096));
  CHECK(failure.take_error().line() == full_error().line());
}

TEST_CASE("a Result holds what can only be moved, and a zero is a value") {
  Result<std::unique_ptr<int>> value = std::make_unique<int>(7);
  REQUIRE(value);
  const std::unique_ptr<int> taken = value.take();
  CHECK(*taken == 7);
  const Result<std::uint64_t> zero = std::uint64_t{0};
  CHECK(zero);
  const Result<bool> no = false;
  REQUIRE(no);
  CHECK_FALSE(*no);
}

}  // namespace
}  // namespace aiobench
