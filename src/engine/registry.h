// The registry: all mechanisms that aiobench supports, on every system, and the functions that
// create the engines of this system.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/settings.h"
#include "engine/engine.h"

namespace aiobench::engine {

enum class Systems { linux_only, windows_only, both };

// The description of a mechanism, the same on every system.
struct Mechanism {
  const char* name;
  Systems systems;
  const char* completion;  // how the completion arrives, for users
  std::span<const OptionRule> options;
  // The engine maps the file: it cannot write or bypass the page cache, and needs no buffers.
  bool maps_files = false;
  const char* latency_of = "requests";  // what is timed as the latency, for users
};

// The name that stands for the fastest mechanism on this machine. mechanisms() contains it,
// factories() does not: run/auto_tune.h replaces it by the name of a mechanism.
inline constexpr const char* kAuto = kAutoEngine;

// All mechanisms, in the order in which users see them.
std::span<const Mechanism> mechanisms();

// The names of all mechanisms: "sync, overlapped, ...".
std::string names();

// The mechanism called `name`. The error for an unknown name lists all names.
Result<const Mechanism*> find_mechanism(std::string_view name);

// A mechanism with its options, as on the command line: "iocp:skip_on_success,batch=1".
struct EngineSpec {
  const Mechanism* mechanism = nullptr;
  Options options;

  std::string text() const;
};

Result<EngineSpec> parse_engine(std::string_view text);

// Whether an option is set that only the Windows mechanism of this name has.
bool has_windows_option(const EngineSpec& spec);

// How this system creates the engines of a mechanism.
struct Factory {
  const char* name;
  Result<std::unique_ptr<Engine>> (*make)(const EngineConfig& config);
  // Success, or the reason why the mechanism cannot be used on this machine.
  Status (*available)();
};

// The mechanisms of this system.
std::span<const Factory> factories();

// The name of this system: "Linux" or "Windows".
const char* this_system();

// The entry of this system for a mechanism; nullptr if it has no such mechanism.
const Factory* find_factory(std::string_view name);

}  // namespace aiobench::engine
