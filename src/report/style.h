// How text for a terminal is shown: the one place that knows escape sequences. What is coloured
// says the same without colour. Source: ECMA-48, "SGR - Select Graphic Rendition".
#pragma once

#include <string>
#include <string_view>

namespace aiobench::report {

enum class Tone {
  plain,
  strong,    // what is looked for first
  faint,     // what is there to be looked up
  good,      // the best, a good verdict
  doubtful,  // what a reader has to bear in mind
  bad,       // an error, a bad verdict
};

// As it is made: plain, for pipes and files.
struct Style {
  bool colour = false;
  bool unicode = false;  // bars of block characters, else of ASCII

  // `text` as it is where nothing is coloured. It has to be one line, and fit to be printed.
  std::string in(Tone tone, std::string_view text) const;
};

}  // namespace aiobench::report
