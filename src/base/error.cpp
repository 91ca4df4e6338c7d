#include "base/error.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

namespace aiobench {
namespace {

// The length in bytes of the control character that `text` starts with, or 0 if it starts with
// none. A control character must not reach a terminal. These are the control characters of ASCII,
// U+0080 to U+009F in UTF-8 (one of them starts an escape sequence, like ESC [), and the line
// separators U+2028 and U+2029.
std::size_t control_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  if (text.size() >= 2 && byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) <= 0x9f) return 2;
  const std::string_view three = text.substr(0, 3);
  return three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9" ? 3 : 0;
}

}  // namespace

std::string printable(const std::string& text) {
  std::string out;
  out.reserve(text.size());
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t control = control_bytes(rest);
    if (rest[0] == '\n') {
      out += "\\n";
    } else if (rest[0] == '\t') {
      out += "\\t";
    } else if (control == 0) {
      out += rest[0];
    } else {
      for (const char c : rest.substr(0, control)) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      }
    }
    rest.remove_prefix(std::max<std::size_t>(control, 1));
  }
  return out;
}

std::string Error::line() const {
  std::string text;
  const auto add = [&](const char* between, const std::string& part) {
    text += (text.empty() ? "" : between) + part;
  };
  if (!operation.empty()) add("", "cannot " + operation);
  if (!path.empty()) add(" ", "'" + path + "'");
  if (offset) add(" ", fmt::format("at offset {}", *offset));
  if (!cause.empty()) add(": ", cause);
  if (!hint.empty()) text += text.empty() ? hint : " (" + hint + ")";
  return printable(text);
}

Error usage_error(std::string operation, std::string cause, std::string hint) {
  Error error;
  error.kind = Error::Kind::usage;
  error.operation = std::move(operation);
  error.cause = std::move(cause);
  error.hint = std::move(hint);
  return error;
}

}  // namespace aiobench
