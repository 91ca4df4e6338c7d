#include "report/json_document.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/size.h"

namespace aiobench::report {
namespace {

using Value = nlohmann::json;

// What a value takes in its parent, an array that grew to twice its size; and on the heap the head
// of an array, an object or a text (its bytes grew likewise), and a node of an object's tree.
constexpr std::size_t kValueBytes = 2 * sizeof(Value);
constexpr std::size_t kHeapBytes = 64;
constexpr std::size_t kNodeBytes = 112;

// The end of `text`, so much of it as belongs into a message.
std::string last_of(std::string_view text) {
  constexpr std::size_t kMost = 20;
  std::string out(text.substr(text.size() - std::min(text.size(), kMost)));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

Error error_at(std::size_t offset, std::string cause) {
  Error error = usage_error("", std::move(cause));
  error.offset = offset;
  return error;
}

// Takes the parser's events, and puts the tree together without recursion. Each returns whether to
// go on.
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
  bool binary(binary_t&) { return fail("binary data"); }  // no text leads here

  bool start_object(std::size_t) { return open(Value::object()); }
  bool start_array(std::size_t) { return open(Value::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(string_t& name) {
    if (!take(kNodeBytes + name.size())) return false;
    const auto [field, is_new] = open_.back()->emplace(name, nullptr);
    if (!is_new) return fail(fmt::format("the field '{}' is there twice", last_of(name)));
    field_ = &*field;
    return true;
  }

  // `read` counts the byte at which it went wrong, or one past the end.
  bool parse_error(std::size_t read, const std::string&, const Value::exception&) {
    if (read > text_.size() || text_.empty()) {
      error_ = error_at(text_.size(), "the JSON ends too early: some of the file is missing");
    } else {
      error_ = error_at(std::max<std::size_t>(read, 1) - 1,
                        fmt::format("no JSON: '{}'", last_of(text_.substr(0, read))));
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
    if (open_.size() == kMostJsonDepth) {
      return fail(fmt::format("nested more than {} deep", kMostJsonDepth));
    }
    if (!take(kHeapBytes) || !add(std::move(empty))) return false;
    open_.push_back(added_);  // stays in its place: its parent grows only after it is closed
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  MemoryBudget& memory_;
  Value root_;
  std::vector<Value*> open_;  // the arrays and objects that have begun, outermost first
  Value* field_ = nullptr;    // of the innermost object: where the next value goes
  Value* added_ = nullptr;
  std::optional<Error> error_;
};

}  // namespace

bool MemoryBudget::take(std::size_t bytes) {
  if (bytes > left_) return false;
  left_ -= bytes;
  return true;
}

std::string MemoryBudget::exceeded() const {
  return fmt::format("it takes more than {} of memory", format_size(bytes_));
}

Result<nlohmann::json> parse_json(std::string_view text, MemoryBudget& memory) {
  // The parser would take it for the end.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return error_at(nul, "no JSON: a zero byte");
  }
  Builder builder(text, memory);
  if (!Value::sax_parse(text, &builder)) return builder.take_error();
  return builder.take_root();
}

}  // namespace aiobench::report
