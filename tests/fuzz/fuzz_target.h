// Test support, proves nothing itself: what a fuzz target is. NAME_fuzz.cpp defines accepts() for
// one reader of text that comes from elsewhere. corpus_main.cpp runs it over the inputs in
// corpus/NAME, in every build; libfuzzer_entry.cpp has clang's libFuzzer invent more of them.
#pragma once

#include <string>
#include <string_view>

#include "base/check.h"
#include "base/error.h"

namespace aiobench::fuzz {

// Reads any bytes at all, and aborts where something that has to hold does not. Returns whether the
// text was read, or refused.
bool accepts(std::string_view text);

// What is typed at a command line is no longer: more would only take time.
inline constexpr std::size_t kMostTyped = 100;

// What holds of all that is told of a text: nothing in it is obeyed by a terminal.
inline void check_printable(const std::string& line) {
  AIOBENCH_CHECK(printable(line) == line);
}

// What holds of every message besides: it is not long, but for what it quotes of the text.
inline void check_message(const Error& error, std::string_view quoted = {}) {
  constexpr std::size_t kMost = 1000;
  const std::string line = error.line();
  AIOBENCH_CHECK(!line.empty() && line.size() < kMost + 4 * quoted.size());  // 4: as in \x1b
  check_printable(line);
}

}  // namespace aiobench::fuzz
