#include "report/style.h"

namespace aiobench::report {
namespace {

// The eight colours that every terminal has, as its user has chosen them.
const char* code_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::strong:
      return "1";
    case Tone::faint:
      return "2";
    case Tone::good:
      return "1;32";
    case Tone::doubtful:
      return "33";
    case Tone::bad:
      return "1;31";
  }
  return "";
}

}  // namespace

std::string Style::in(Tone tone, std::string_view text) const {
  if (!colour || tone == Tone::plain || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code_of(tone)) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace aiobench::report
