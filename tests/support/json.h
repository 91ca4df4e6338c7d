// A JSON document for tests: examines what the program wrote, and makes invalid variants of it.
//
// It wraps nlohmann::json, which costs each source that includes it some seconds to compile; only
// json.cpp includes it.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace aiobench::test {

// An immutable value. Access to a value of another kind, to a missing field, or beyond the last
// element throws, which fails the test.
class Json {
 public:
  enum class Kind { null, boolean, whole, negative, real, text, array, object };

  Json() : Json(nullptr) {}
  Json(std::nullptr_t);
  Json(bool value);
  template <std::integral T>
  Json(T value) : Json(Integer{value < T{}, static_cast<std::uint64_t>(value)}) {}
  Json(double value);
  Json(const char* text) : Json(std::string_view(text)) {}
  Json(const std::string& text) : Json(std::string_view(text)) {}
  Json(std::string_view text);
  Json(const std::vector<Json>& elements);
  // An object if each element is a pair that begins with a string, otherwise an array.
  Json(std::initializer_list<Json> list);
  static Json array(std::initializer_list<Json> elements = {});
  static Json object();

  // Throws if the text is not JSON.
  static Json parse(std::string_view text);
  static bool is_valid(std::string_view text);

  Json operator[](const char* name) const { return (*this)[std::string_view(name)]; }
  Json operator[](std::string_view name) const;
  Json operator[](std::size_t index) const;
  Json operator[](int index) const { return (*this)[static_cast<std::size_t>(index)]; }
  bool contains(std::string_view name) const;
  std::size_t size() const;  // fields or elements
  bool empty() const { return size() == 0; }
  std::vector<std::string> names() const;  // of the fields, in ascending order
  std::vector<Json> elements() const;

  Kind kind() const;
  bool is_null() const { return kind() == Kind::null; }
  bool is_number() const;
  std::string text() const;
  double real() const;  // of any number
  std::uint64_t whole() const;

  std::string dump() const;  // on one line

  // Fields by their path, as messages write it: "runs[2].config.depth". places() returns every
  // field of every object in this one; the fields inside a field come before the field itself.
  std::vector<std::string> places() const;
  Json at(std::string_view place) const;
  // A copy of this document with another value at that path, or without that field.
  Json with(std::string_view place, const Json& value) const;
  Json without(std::string_view place) const;

  // Compares contents; numbers compare by value.
  friend bool operator==(const Json& a, const Json& b);
  friend std::ostream& operator<<(std::ostream& out, const Json& json);

 private:
  struct Integer {
    bool negative;
    std::uint64_t bits;
  };
  Json(Integer value);
  explicit Json(std::shared_ptr<const nlohmann::json> value) : value_(std::move(value)) {}
  Json within(const nlohmann::json& value) const;

  // Keeps the document alive to which this value belongs.
  std::shared_ptr<const nlohmann::json> value_;
};

}  // namespace aiobench::test
