// A JSON text that may come from anywhere, as a tree: within a bound of memory and of depth,
// whatever the text holds.
#pragma once

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace aiobench::result {

// Memory that may still be taken for a document and for what is made of it, by estimate.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t bytes) : bytes_(bytes), left_(bytes) {}

  // False where there is not so much left.
  bool take(std::size_t bytes);
  // "it takes more than 1 GiB of memory"
  std::string exceeded() const;

 private:
  std::size_t bytes_;
  std::size_t left_;
};

// Arrays and objects within each other.
inline constexpr std::size_t kMostJsonDepth = 64;

// An error has a cause, and where the text is no JSON the offset in it; operation and path are the
// caller's. A field that an object has twice is an error, as programs differ in which one they
// take.
Result<nlohmann::json> parse_json(std::string_view text, MemoryBudget& memory);

// A value in a JSON document that somebody else may have written, read into a field of ours. What
// is wrong is told with its place, "runs[2].config.depth: missing"; the first failure is kept, and
// reading goes on with what the fields held before, so that readers are written as straight lines.

class JsonValue {
 public:
  // What is read from one document: the first failure, empty where there is none yet, and the
  // memory for what is made of it.
  struct Reading {
    std::string failure;
    MemoryBudget memory;
  };

  // The document itself. Both outlive the value and all that is reached from it.
  JsonValue(const nlohmann::json& json, Reading& reading) : json_(json), reading_(reading) {}

  bool failed() const { return !reading_.failure.empty(); }
  void fail(const std::string& cause) const;
  // Of a field of this object.
  void fail(const char* name, const std::string& cause) const;
  // The same, with a cause that names the field itself: "buckets[3]: empty".
  void fail_within(const std::string& cause) const;

  // The value itself. A number is not negative, and fits.
  void read(bool& into) const;
  void read(int& into) const;
  void read(unsigned& into) const;
  void read(std::uint64_t& into) const;
  void read(double& into) const;
  void read(std::string& into) const;
  // Two whole numbers in a list of their own.
  void read(std::pair<std::uint64_t, std::uint64_t>& into) const;
  template <class T>
  void read(std::optional<T>& into) const {
    read(into.emplace());
  }

  // Fields of this object, which have to be there. `reader` reads one that is an object itself.
  template <class T>
  void required(const char* name, T& into) const {
    required(name, into, read_plain<T>);
  }
  template <class T, std::invocable<const JsonValue&, T&> Reader>
  void required(const char* name, T& into, Reader reader) const {
    if (const nlohmann::json* const found = find(name))
      reader(JsonValue(*found, *this, name), into);
  }

  // The same, but null leaves the field as it is: not known.
  template <class T>
  void nullable(const char* name, T& into) const {
    if (const nlohmann::json* const found = find(name); found && !found->is_null()) {
      JsonValue(*found, *this, name).read(into);
    }
  }
  template <class T, std::invocable<const JsonValue&, T&> Reader>
  void nullable(const char* name, std::optional<T>& into, Reader reader) const {
    if (const nlohmann::json* const found = find(name); found && !found->is_null()) {
      reader(JsonValue(*found, *this, name), into.emplace());
    }
  }

  // A field that is a list; `reader` reads one element.
  template <class T>
  void list(const char* name, std::vector<T>& into) const {
    list(name, into, read_plain<T>);
  }
  template <class T, std::invocable<const JsonValue&, T&> Reader>
  void list(const char* name, std::vector<T>& into, Reader reader) const {
    const nlohmann::json* const found = find(name);
    if (found == nullptr) return;
    const JsonValue elements(*found, *this, name);
    for (std::size_t i = 0; i < elements.size() && !failed(); ++i) {
      if (!take_memory(2 * sizeof(T))) return;  // a vector may have grown to twice its size
      reader(elements.at(i), into.emplace_back());
    }
  }

  // False, and a failure, where there is no memory left for so many bytes.
  bool take_memory(std::size_t bytes) const;

 private:
  JsonValue(const nlohmann::json& json, const JsonValue& parent, const char* name)
      : json_(json), reading_(parent.reading_), parent_(&parent), name_(name) {}
  JsonValue(const nlohmann::json& json, const JsonValue& parent, std::size_t index)
      : json_(json), reading_(parent.reading_), parent_(&parent), index_(index) {}

  template <class T>
  static void read_plain(const JsonValue& from, T& into) {
    from.read(into);
  }
  // nullptr, and a failure, where this is no object or has no such field.
  const nlohmann::json* find(const char* name) const;
  // The elements of a list; 0, and a failure, where this is none.
  std::size_t size() const;
  JsonValue at(std::size_t index) const { return {json_[index], *this, index}; }
  std::string place() const;

  const nlohmann::json& json_;
  Reading& reading_;
  const JsonValue* parent_ = nullptr;
  const char* name_ = nullptr;  // in the parent, or nullptr
  std::size_t index_ = 0;       // there, where it has no name
};

}  // namespace aiobench::result
