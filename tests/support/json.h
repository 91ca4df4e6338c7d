// A JSON document for tests: what the program wrote, to look at, and to make a wrong one of.
//
// It stands for nlohmann::json, which costs each source that includes it some seconds to compile;
// here only json.cpp includes it.
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

// A value that never changes. What is asked of one of another kind, of a field that is not there
// or of an element beyond the last throws, which fails the test.
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
  // An object where each element is a pair that begins with a text, otherwise an array.
  Json(std::initializer_list<Json> list);
  static Json array(std::initializer_list<Json> elements = {});
  static Json object();

  // Throws where the text is not JSON.
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

  // Fields by their place, as messages write it: "runs[2].config.depth". places() has every field
  // of every object within this one, and those within a field before the field itself.
  std::vector<std::string> places() const;
  Json at(std::string_view place) const;
  // This document with another value there, and without that field.
  Json with(std::string_view place, const Json& value) const;
  Json without(std::string_view place) const;

  // By content, and numbers by their value.
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

  // Also keeps the document alive of which this value is a part.
  std::shared_ptr<const nlohmann::json> value_;
};

}  // namespace aiobench::test
