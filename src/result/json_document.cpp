#include "result/json_document.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace aiobench::result {
namespace {

using nlohmann::json;

// The end of `text`, short enough for a message and printable.
std::string last_of(std::string_view text) {
  constexpr std::size_t kMaxChars = 20;
  std::string out(text.substr(text.size() - std::min(text.size(), kMaxChars)));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

// Receives the events of the parser and builds the document within the limits. Each function
// returns whether parsing continues. json::parse() has no limits, and with a callback it takes
// quadratic time for an object that contains many objects.
class Builder final : public nlohmann::json_sax<json> {
 public:
  Builder(std::string_view text, std::size_t max_values) : text_(text), max_values_(max_values) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return fail("binary data"); }  // cannot occur in text
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const auto [field, is_new] = open_.back()->emplace(name, nullptr);
    field_ = &*field;
    return is_new || fail(fmt::format("duplicate field '{}'", last_of(name)));
  }

  // `read` is the number of bytes read, including the one with the error, or one more than the text
  // has.
  bool parse_error(std::size_t read, const std::string&, const json::exception&) override {
    const bool at_end = read > text_.size() || text_.empty();
    error_.offset = at_end ? text_.size() : std::max<std::size_t>(read, 1) - 1;
    return fail(at_end ? "unexpected end of JSON: the file is truncated"
                       : fmt::format("invalid JSON near '{}'", last_of(text_.substr(0, read))));
  }

  Error&& take_error() { return std::move(error_); }
  json&& take_document() { return std::move(root_[0]); }

 private:
  bool fail(std::string cause) {
    error_.kind = Error::Kind::usage;
    error_.cause = std::move(cause);
    return false;
  }

  bool add(json value) {
    json& parent = *open_.back();
    added_ =
        parent.is_array() ? &parent.emplace_back(std::move(value)) : &(*field_ = std::move(value));
    return ++values_ <= max_values_ || fail(fmt::format("more than {} values", max_values_));
  }

  bool open(json empty) {
    if (open_.size() > kMaxJsonDepth) {
      return fail(fmt::format("more than {} levels of nesting", kMaxJsonDepth));
    }
    if (!add(std::move(empty))) return false;
    open_.push_back(added_);  // stays valid: its parent grows only after it is closed
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  json root_ = json::array();           // its only element is the document
  std::vector<json*> open_ = {&root_};  // the open arrays and objects, outermost first
  json* field_ = nullptr;  // the field of the innermost object that gets the next value
  json* added_ = nullptr;
  std::size_t values_ = 0;
  std::size_t max_values_;
  Error error_;
};

}  // namespace

Result<json> parse_json(std::string_view text, std::size_t max_values) {
  // The parser would treat a NUL byte as the end of the text.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    Error error = usage_error("", "invalid JSON: NUL byte");
    error.offset = nul;
    return error;
  }
  Builder builder(text, max_values);
  if (!json::sax_parse(text, &builder)) return builder.take_error();
  return builder.take_document();
}

}  // namespace aiobench::result
