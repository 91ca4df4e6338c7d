#include "report/json_value.h"

#include <fmt/core.h>

#include <limits>

namespace aiobench::report {
namespace {

// True where `json` is a whole number from 0 to what T can hold; then it is in `into`.
template <class T>
bool whole_number(const nlohmann::json& json, T& into) {
  if (!json.is_number_unsigned()) return false;
  const auto value = json.get<std::uint64_t>();
  if (value > std::uint64_t{std::numeric_limits<T>::max()}) return false;
  into = static_cast<T>(value);
  return true;
}

template <class T>
std::string not_whole() {
  return fmt::format("not a whole number from 0 to {}", std::numeric_limits<T>::max());
}

}  // namespace

std::string JsonValue::place() const {
  if (parent_ == nullptr) return "";
  const std::string before = parent_->place();
  if (name_ == nullptr) return fmt::format("{}[{}]", before, index_);
  return fmt::format("{}{}{}", before, before.empty() ? "" : ".", name_);
}

void JsonValue::fail(const std::string& cause) const {
  if (failed()) return;
  const std::string where = place();
  reading_.failure = fmt::format("{}: {}", where.empty() ? "the document" : where, cause);
}

void JsonValue::fail(const char* name, const std::string& cause) const {
  fail_within(fmt::format("{}: {}", name, cause));
}

void JsonValue::fail_within(const std::string& cause) const {
  if (failed()) return;
  const std::string where = place();
  reading_.failure = fmt::format("{}{}{}", where, where.empty() ? "" : ".", cause);
}

const nlohmann::json* JsonValue::find(const char* name) const {
  if (!json_.is_object()) {
    fail("not an object");
    return nullptr;
  }
  const auto found = json_.find(name);
  if (found == json_.end()) {
    fail(name, "missing");
    return nullptr;
  }
  return &*found;
}

std::size_t JsonValue::size() const {
  if (json_.is_array()) return json_.size();
  fail("not a list");
  return 0;
}

bool JsonValue::take_memory(std::size_t bytes) const {
  if (reading_.memory.take(bytes)) return true;
  fail(reading_.memory.exceeded());
  return false;
}

void JsonValue::read(bool& into) const {
  if (!json_.is_boolean()) return fail("not true or false");
  into = json_.get<bool>();
}

void JsonValue::read(int& into) const {
  using Limits = std::numeric_limits<int>;
  const bool fits = json_.is_number_unsigned()
                        ? json_.get<std::uint64_t>() <= std::uint64_t{Limits::max()}
                        : json_.is_number_integer() && json_.get<std::int64_t>() >= Limits::min();
  if (!fits) {
    return fail(fmt::format("not a whole number from {} to {}", Limits::min(), Limits::max()));
  }
  into = json_.get<int>();
}

void JsonValue::read(unsigned& into) const {
  if (!whole_number(json_, into)) fail(not_whole<unsigned>());
}

void JsonValue::read(std::uint64_t& into) const {
  if (!whole_number(json_, into)) fail(not_whole<std::uint64_t>());
}

void JsonValue::read(double& into) const {
  if (!json_.is_number() || json_.get<double>() < 0) return fail("not a number, 0 or more");
  into = json_.get<double>();
}

void JsonValue::read(std::string& into) const {
  if (!json_.is_string()) return fail("not a text");
  const auto& text = json_.get_ref<const std::string&>();
  if (take_memory(text.size())) into = text;
}

void JsonValue::read(std::pair<std::uint64_t, std::uint64_t>& into) const {
  if (!json_.is_array() || json_.size() != 2 || !whole_number(json_[0], into.first) ||
      !whole_number(json_[1], into.second)) {
    fail("not a pair of whole numbers, 0 or more");
  }
}

}  // namespace aiobench::report
