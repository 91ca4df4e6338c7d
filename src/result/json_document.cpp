#include "result/json_document.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/units.h"

namespace aiobench::result {
namespace {

using Value = nlohmann::json;

// Estimated memory of a value: its place in the parent (an array that may have grown to twice its
// size), the heap block of an array, object or string (strings grow likewise), and one node of the
// tree of an object.
constexpr std::size_t kValueBytes = 2 * sizeof(Value);
constexpr std::size_t kHeapBytes = 64;
constexpr std::size_t kNodeBytes = 112;

// The end of `text`, short enough for a message and printable.
std::string last_of(std::string_view text) {
  constexpr std::size_t kMaxChars = 20;
  std::string out(text.substr(text.size() - std::min(text.size(), kMaxChars)));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

Error error_at(std::size_t offset, std::string cause) {
  Error error = usage_error("", std::move(cause));
  error.offset = offset;
  return error;
}

// Receives the events of the parser and builds the tree without recursion. Each function returns
// whether parsing continues.
class Builder {
 public:
  using number_integer_t = Value::number_integer_t;
  using number_unsigned_t = Value::number_unsigned_t;
  using number_float_t = Value::number_float_t;
  using string_t = Value::string_t;
  using binary_t = Value::binary_t;

  Builder(std::string_view text, MemoryBudget& memory) : text_(text), memory_(memory) {}

  bool null() { return add(Value()); }
  bool boolean(bool value) { return add(Value(value)); }
  bool number_integer(number_integer_t value) { return add(Value(value)); }
  bool number_unsigned(number_unsigned_t value) { return add(Value(value)); }
  bool number_float(number_float_t value, const string_t&) { return add(Value(value)); }
  bool string(string_t& value) {
    return take(kHeapBytes + 2 * value.size()) && add(Value(std::move(value)));
  }
  bool binary(binary_t&) { return fail("binary data"); }  // cannot occur in text

  bool start_object(std::size_t) { return open(Value::object()); }
  bool start_array(std::size_t) { return open(Value::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(string_t& name) {
    if (!take(kNodeBytes + name.size())) return false;
    const auto [field, is_new] = open_.back()->emplace(name, nullptr);
    if (!is_new) return fail(fmt::format("duplicate field '{}'", last_of(name)));
    field_ = &*field;
    return true;
  }

  // `read` is the number of bytes read, including the one with the error, or one more than the text
  // has.
  bool parse_error(std::size_t read, const std::string&, const Value::exception&) {
    if (read > text_.size() || text_.empty()) {
      error_ = error_at(text_.size(), "unexpected end of JSON: the file is truncated");
    } else {
      error_ = error_at(std::max<std::size_t>(read, 1) - 1,
                        fmt::format("invalid JSON near '{}'", last_of(text_.substr(0, read))));
    }
    return false;
  }

  Error take_error() { return std::move(*error_); }
  Value&& take_root() { return std::move(root_); }

 private:
  bool fail(std::string cause) {
    error_ = usage_error("", std::move(cause));
    return false;
  }

  bool take(std::size_t bytes) { return memory_.take(bytes) || fail(memory_.exceeded()); }

  bool add(Value value) {
    if (!take(kValueBytes)) return false;
    if (open_.empty()) {
      added_ = &(root_ = std::move(value));
    } else if (open_.back()->is_array()) {
      added_ = &open_.back()->emplace_back(std::move(value));
    } else {
      added_ = &(*field_ = std::move(value));
    }
    return true;
  }

  bool open(Value empty) {
    if (open_.size() == kMaxJsonDepth) {
      return fail(fmt::format("more than {} levels of nesting", kMaxJsonDepth));
    }
    if (!take(kHeapBytes) || !add(std::move(empty))) return false;
    open_.push_back(added_);  // stays valid: its parent grows only after it is closed
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  MemoryBudget& memory_;
  Value root_;
  std::vector<Value*> open_;  // the open arrays and objects, outermost first
  Value* field_ = nullptr;    // the field of the innermost object that gets the next value
  Value* added_ = nullptr;
  std::optional<Error> error_;
};

// True if `json` is an integer from 0 to the maximum of T. Then stores it in `into`.
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
  return fmt::format("not an integer from 0 to {}", std::numeric_limits<T>::max());
}

}  // namespace

bool MemoryBudget::take(std::size_t bytes) {
  if (bytes > left_) return false;
  left_ -= bytes;
  return true;
}

std::string MemoryBudget::exceeded() const {
  return fmt::format("needs more than {} of memory", format_size(bytes_));
}

Result<nlohmann::json> parse_json(std::string_view text, MemoryBudget& memory) {
  // The parser would treat a NUL byte as the end of the text.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return error_at(nul, "invalid JSON: NUL byte");
  }
  Builder builder(text, memory);
  if (!Value::sax_parse(text, &builder)) return builder.take_error();
  return builder.take_root();
}

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
  fail("not an array");
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
    return fail(fmt::format("not an integer from {} to {}", Limits::min(), Limits::max()));
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
  if (!json_.is_number() || json_.get<double>() < 0) return fail("not a number of at least 0");
  into = json_.get<double>();
}

void JsonValue::read(std::string& into) const {
  if (!json_.is_string()) return fail("not a string");
  const auto& text = json_.get_ref<const std::string&>();
  if (take_memory(text.size())) into = text;
}

void JsonValue::read(std::pair<std::uint64_t, std::uint64_t>& into) const {
  if (!json_.is_array() || json_.size() != 2 || !whole_number(json_[0], into.first) ||
      !whole_number(json_[1], into.second)) {
    fail("not a pair of integers of at least 0");
  }
}

}  // namespace aiobench::result
