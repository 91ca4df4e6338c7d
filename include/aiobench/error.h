// Errors as values. An Error states which operation failed, on which path and at which offset, the
// code and the text of the system, and what the user can do about it. line() makes the one line
// that every command prints. The kind determines the exit code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace aiobench {

// Bytes of a file, or an offset in one.
using FileOffset = std::uint64_t;

struct Error {
  enum class Kind {
    usage,        // invalid command line or settings file: exit code 2
    system,       // I/O or system error: exit code 3
    interrupted,  // the user pressed Ctrl-C: exit code 130
  };

  Kind kind = Kind::system;
  int code = 0;           // errno or GetLastError(); 0 if no system call failed
  std::string operation;  // a verb phrase: "open", "read", "parse --depth"
  std::string path;       // UTF-8; empty if no file is involved
  std::optional<FileOffset> offset;
  std::string cause;  // what happened: the system's text for the code, or the library's own text
  std::string hint;   // what the user can do; may be empty

  // One line without a line break: "cannot OPERATION 'PATH' at offset N: CAUSE (HINT)".
  std::string line() const;
};

// An error of kind `usage`, without a path and a system code.
Error usage_error(std::string operation, std::string cause, std::string hint = {});

// Returns `text` with every character that would break a line or move the cursor of a terminal
// replaced by \n, \t or \xNN. UTF-8 is kept.
std::string printable(const std::string& text);

// Success, or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}  // NOLINT: an Error is a Status

  explicit operator bool() const { return !error_; }
  const Error& error() const { return *error_; }
  Error&& take_error() { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

// A value, or an Error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}      // NOLINT: a T is a Result<T>
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: so is an Error

  explicit operator bool() const { return value_.has_value(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  T&& take() { return std::move(*value_); }
  const Error& error() const { return error_; }
  Error&& take_error() { return std::move(error_); }

 private:
  std::optional<T> value_;
  Error error_;
};

}  // namespace aiobench
