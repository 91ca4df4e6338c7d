// Test support, proves nothing itself: the interface of a fuzz target. NAME_fuzz.cpp defines
// accepts() for one reader of untrusted text. corpus_main.cpp runs it over the inputs in
// corpus/NAME in every build; libfuzzer_entry.cpp lets clang's libFuzzer generate more inputs.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace aiobench::fuzz {

// Reads any bytes and aborts if an invariant is violated. Returns whether the text was accepted.
bool accepts(std::string_view text);

// The maximum length of command-line input: more would only take time.
inline constexpr std::size_t kMaxTyped = 100;

// Every output: it contains no control characters.
inline void check_printable(const std::string& line) {
  AIOBENCH_CHECK(printable(line) == line);
}

// Every error line: in addition, its length is limited, except for the text that it quotes.
inline void check_message(const Error& error, std::string_view quoted = {}) {
  constexpr std::size_t kMaxBytes = 1000;
  const std::string line = error.line();
  AIOBENCH_CHECK(!line.empty() && line.size() < kMaxBytes + 4 * quoted.size());  // 4: as in \x1b
  check_printable(line);
}

}  // namespace aiobench::fuzz
