// Standard output, where a command's result goes. A failure to write (a full disk, a closed pipe)
// is remembered, and told at the end: output that was lost must not end in exit code 0.
#pragma once

#include <fmt/core.h>

#include <string_view>
#include <utility>

#include "tool/exit_code.h"

namespace aiobench::tool {

// Writes `text` as it is.
void put(std::string_view text);

template <class... Parts>
void print(fmt::format_string<Parts...> format, Parts&&... parts) {
  put(fmt::format(format, std::forward<Parts>(parts)...));
}

// Makes what was put visible now.
void flush_output();

// Flushes. Returns `code`, or the exit code of a failure to write, after telling it.
ExitCode finish_output(ExitCode code);

}  // namespace aiobench::tool
