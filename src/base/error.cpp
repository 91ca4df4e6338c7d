#include "base/error.h"

#include <fmt/format.h>

namespace aiobench {

std::string printable(const std::string& text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string Error::line() const {
  std::string text = operation.empty() ? std::string() : "cannot " + operation;
  if (!path.empty()) text += fmt::format("{}'{}'", text.empty() ? "" : " ", printable(path));
  if (offset) text += fmt::format(" at offset {}", *offset);
  if (!cause.empty()) text += fmt::format("{}{}", text.empty() ? "" : ": ", printable(cause));
  if (!hint.empty()) text += fmt::format("; {}", hint);
  return text;
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
