// Every mechanism that aiobench knows, on every system, and how to make the engines of this one.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "engine/engine.h"

namespace aiobench::engine {

enum class Systems { linux_only, windows_only, both };

// What a mechanism is, the same on every system: the row of the catalog.
struct Mechanism {
  const char* name;
  Systems systems;
  const char* completion;  // how the completion reaches the program
  std::span<const OptionRule> options;
  // Hands out the file's own pages: it reads only, through the page cache, and needs no buffers.
  bool maps_files = false;
  const char* latency_of = "requests";  // what takes the time from submit to completion
};

// The name that stands for whatever is fastest here; it has a row, and no maker.
inline constexpr const char* kAuto = "auto";

// In the order in which they are listed to users.
std::span<const Mechanism> catalog();

// "sync, overlapped, ...": all of them.
std::string names();

// The row of `name`; an unknown name is refused with the list of all.
Result<const Mechanism*> find_mechanism(std::string_view name);

// A mechanism and its options, as written on the command line: "iocp:skip_on_success,batch=1".
struct EngineSpec {
  const Mechanism* mechanism = nullptr;
  Options options;

  std::string text() const;
};

Result<EngineSpec> parse_engine(std::string_view text);

// True where an option is set that only the Windows mechanism of that name has.
bool has_windows_option(const EngineSpec& spec);

// How one system makes a mechanism; each system has its table of these (makers() below).
struct Maker {
  const char* name;
  Result<std::unique_ptr<Engine>> (*make)(const EngineConfig& config);
  // Success, or the reason why the mechanism cannot be used on this machine.
  Status (*available)();
};

// The mechanisms of the system that this program was built for.
std::span<const Maker> makers();

// The name of that system: "Linux", "Windows".
const char* this_system();

// The maker, or nullptr where this system has no such mechanism.
const Maker* find_maker(std::string_view name);

}  // namespace aiobench::engine
