#include "engine/registry.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace aiobench::engine {
namespace {

constexpr OptionRule kSkipOnSuccess = {
    "skip_on_success", 0, 0, "no completion packet for a request that finished inside the call",
    true};

constexpr std::array<OptionRule, 2> kIocpOptions = {{
    {"batch", 1, 1024, "maximum completions per call"},
    kSkipOnSuccess,
}};
constexpr std::array<OptionRule, 1> kThreadpoolOptions = {{kSkipOnSuccess}};
constexpr OptionRule kSleep = {"sleep", 0, 0,
                               "sleep immediately, without polling for completions first"};
constexpr std::array<OptionRule, 3> kUringOptions = {{
    {"fixed_buffers", 0, 0, "register the buffers with the kernel"},
    kSleep,
    {"sqpoll", 0, 0, "let a kernel thread poll for submissions"},
}};
constexpr std::array<OptionRule, 1> kAioOptions = {{kSleep}};

constexpr Mechanism kMechanisms[] = {
    {"sync", Systems::both, "the call itself; the baseline", {}},
    {"overlapped", Systems::windows_only, "an event per request, waited on", {}},
    {"extended", Systems::windows_only, "a completion routine: an APC in the issuing thread", {}},
    {"iocp", Systems::windows_only, "a completion port shared by the threads", kIocpOptions},
    {"threadpool", Systems::both, "a pool thread: Windows' own pool, or pread workers on Linux",
     kThreadpoolOptions},
    {"io_uring", Systems::linux_only, "a completion ring", kUringOptions},
    {"libaio", Systems::linux_only, "io_getevents, or the ring shared with the kernel",
     kAioOptions},
    {"posix-aio", Systems::linux_only, "aio_suspend, woken by glibc's threads", {}},
    {"mmap",
     Systems::both,
     "page faults, with pages populated ahead; a baseline",
     {},
     true,
     "populating pages"},
    {"null", Systems::both, "immediately, without I/O: measures the overhead of aiobench", {}},
    {kAuto, Systems::both, "chosen from the engines above; the result names it", {}},
};

}  // namespace

std::span<const Mechanism> mechanisms() {
  return kMechanisms;
}

std::string names() {
  std::string list;
  for (const Mechanism& mechanism : kMechanisms) {
    list += fmt::format("{}{}", list.empty() ? "" : ", ", mechanism.name);
  }
  return list;
}

Result<const Mechanism*> find_mechanism(std::string_view name) {
  for (const Mechanism& mechanism : kMechanisms) {
    if (name == mechanism.name) return &mechanism;
  }
  return usage_error(fmt::format("use engine '{}'", name), "unknown engine",
                     fmt::format("choose one of: {}", names()));
}

std::string EngineSpec::text() const {
  const std::string set = options.text();
  return set.empty() ? mechanism->name : fmt::format("{}:{}", mechanism->name, set);
}

Result<EngineSpec> parse_engine(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  Result<const Mechanism*> mechanism = find_mechanism(text.substr(0, colon));
  if (!mechanism) return mechanism.take_error();
  EngineSpec spec;
  spec.mechanism = *mechanism;
  if (colon == text.size()) return spec;
  Result<Options> options =
      parse_options(spec.mechanism->name, text.substr(colon + 1), spec.mechanism->options);
  if (!options) return options.take_error();
  spec.options = options.take();
  return spec;
}

bool has_windows_option(const EngineSpec& spec) {
  return std::any_of(
      spec.mechanism->options.begin(), spec.mechanism->options.end(),
      [&](const OptionRule& rule) { return rule.windows_only && spec.options.has(rule.name); });
}

const Factory* find_factory(std::string_view name) {
  for (const Factory& factory : factories()) {
    if (name == factory.name) return &factory;
  }
  return nullptr;
}

}  // namespace aiobench::engine
