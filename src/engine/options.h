// The options that follow an engine's name on the command line: "iocp:skip_on_success,batch=1".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace aiobench::engine {

// Options that were set; a switch has no value.
class Options {
 public:
  void set(const std::string& name, std::optional<std::uint64_t> value = std::nullopt) {
    values_[name] = value;
  }
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  std::uint64_t get(const std::string& name, std::uint64_t otherwise) const;
  // "batch=1,skip_on_success", in alphabetical order; empty where none is set.
  std::string text() const;

 private:
  std::map<std::string, std::optional<std::uint64_t>> values_;
};

// An option that a mechanism has. `most` 0 marks a switch, which takes no value.
struct OptionRule {
  const char* name;
  std::uint64_t least;
  std::uint64_t most;
  const char* help;
  bool windows_only = false;  // of a mechanism that has a namesake on Linux
};

// "batch (1 to 1024), skip_on_success", or "none".
std::string describe(std::span<const OptionRule> rules);

// Parses the part behind the colon; an unknown option or a bad value is refused with the list of
// valid ones. `engine` is only for messages.
Result<Options> parse_options(std::string_view engine, std::string_view text,
                              std::span<const OptionRule> rules);

}  // namespace aiobench::engine
