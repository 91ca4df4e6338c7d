// Reads JSON from untrusted sources, within limits of memory and nesting.
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

// Limits the memory for a document and everything made from it. The amounts are estimates.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t bytes) : bytes_(bytes), left_(bytes) {}

  // Reserves `bytes`. Returns false if less is left.
  bool take(std::size_t bytes);
  // "needs more than 1 GiB of memory"
  std::string exceeded() const;

 private:
  std::size_t bytes_;
  std::size_t left_;
};

// Maximum nesting of arrays and objects.
inline constexpr std::size_t kMaxJsonDepth = 64;

// Parses `text`. An error has a cause and, if the text is not JSON, the offset; the caller adds
// operation and path. A duplicate field of an object is an error, because programs differ in which
// of the two they use.
Result<nlohmann::json> parse_json(std::string_view text, MemoryBudget& memory);

// A value in an untrusted JSON document that is read into a field of a result. Errors include the
// location: "runs[2].config.depth: missing". Only the first failure is kept. Reading continues
// after it and leaves the fields unchanged, so that callers need no error handling.
class JsonValue {
 public:
  // The state of reading one document: the first failure (empty if none) and the memory limit.
  struct Reading {
    std::string failure;
    MemoryBudget memory;
  };

  // The document itself. Both arguments must outlive this value and all values derived from it.
  JsonValue(const nlohmann::json& json, Reading& reading) : json_(json), reading_(reading) {}

  bool failed() const { return !reading_.failure.empty(); }
  void fail(const std::string& cause) const;
  // Reports a failure of a field of this object.
  void fail(const char* name, const std::string& cause) const;
  // Reports a failure whose cause starts with the name of the field: "buckets[3]: empty".
  void fail_within(const std::string& cause) const;

  // Reads this value. Numbers must not be negative and must fit the type.
  void read(bool& into) const;
  void read(int& into) const;
  void read(unsigned& into) const;
  void read(std::uint64_t& into) const;
  void read(double& into) const;
  void read(std::string& into) const;
  // Reads an array of two integers.
  void read(std::pair<std::uint64_t, std::uint64_t>& into) const;
  template <class T>
  void read(std::optional<T>& into) const {
    read(into.emplace());
  }

  // Reads a field of this object that must be present. `reader` reads a field that is itself an
  // object.
  template <class T>
  void required(const char* name, T& into) const {
    required(name, into, read_plain<T>);
  }
  template <class T, std::invocable<const JsonValue&, T&> Reader>
  void required(const char* name, T& into, Reader reader) const {
    if (const nlohmann::json* const found = find(name))
      reader(JsonValue(*found, *this, name), into);
  }

  // Reads a field that must be present. null means unknown and leaves `into` unchanged.
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

  // Reads a field that is an array. `reader` reads one element.
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
      if (!take_memory(2 * sizeof(T))) return;  // a vector may grow to twice its size
      reader(elements.at(i), into.emplace_back());
    }
  }

  // Reserves `bytes`. Reports a failure and returns false if less is left.
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
  // Reports a failure and returns nullptr if this is not an object or has no such field.
  const nlohmann::json* find(const char* name) const;
  // The number of elements. Reports a failure and returns 0 if this is not an array.
  std::size_t size() const;
  JsonValue at(std::size_t index) const { return {json_[index], *this, index}; }
  std::string place() const;

  const nlohmann::json& json_;
  Reading& reading_;
  const JsonValue* parent_ = nullptr;
  const char* name_ = nullptr;  // name in the parent object, or nullptr
  std::size_t index_ = 0;       // index in the parent array if there is no name
};

// Reads result files that are compressed with Zstandard (FILE.json.zst). Source: libzstd's manual,
// RFC 8878.

// True if `bytes` starts with the magic number of a Zstandard frame.
bool is_zstd(std::string_view bytes);

// Decompresses `bytes`. Fails if the frame is damaged or truncated, if the text is longer than
// `max_bytes`, or if this program was built without libzstd. The caller adds the path to the
// error.
Result<std::string> decompress_zstd(std::string_view bytes, std::uint64_t max_bytes);

}  // namespace aiobench::result
