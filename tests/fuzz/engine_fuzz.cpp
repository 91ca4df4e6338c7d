// Proves that an engine with options, as typed, has one meaning: if accepted, its values are within
// their limits and its text is read back the same; if rejected, it gets an error line.
#include "engine/registry.h"
#include "fuzz/fuzz_target.h"

namespace aiobench::fuzz {

bool accepts(std::string_view text) {
  if (text.size() > kMaxTyped) return false;
  const Result<engine::EngineSpec> spec = engine::parse_engine(text);
  if (!spec) {
    AIOBENCH_CHECK(spec.error().kind == Error::Kind::usage);
    check_message(spec.error(), text);
    return false;
  }
  const engine::Mechanism& mechanism = *spec->mechanism;
  for (const engine::OptionRule& rule : mechanism.options) {
    if (rule.max == 0 || !spec->options.has(rule.name)) continue;
    const std::uint64_t value = spec->options.get(rule.name, UINT64_MAX);
    AIOBENCH_CHECK(value >= rule.min && value <= rule.max);
  }
  const std::string written = spec->text();
  AIOBENCH_CHECK(written.rfind(mechanism.name, 0) == 0);
  const Result<engine::EngineSpec> again = engine::parse_engine(written);
  AIOBENCH_CHECK(again && again->mechanism == spec->mechanism);
  AIOBENCH_CHECK(again->text() == written);
  AIOBENCH_CHECK(engine::has_windows_option(*again) == engine::has_windows_option(*spec));
  return true;
}

}  // namespace aiobench::fuzz
