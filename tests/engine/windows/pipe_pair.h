// A named pipe with both ends in this process. The engine gets one end; the test holds the other,
// and so decides when a request of the engine completes. Under Wine, where a read of a file always
// finishes inside the call, only requests on pipes are really in flight.
#pragma once

#include <windows.h>

#include <fmt/core.h>

#include <string>
#include <string_view>

#include "base/error.h"
#include "os/file.h"

namespace aiobench::engine {

class PipePair {
 public:
  enum class Kind { asynchronous, synchronous };

  // The bytes that the pipe buffers before a write waits for a reader.
  static constexpr DWORD kRoom = 4096;

  explicit PipePair(Kind kind = Kind::asynchronous) {
    static int count = 0;
    const std::string name =
        fmt::format("\\\\.\\pipe\\aiobench-test-{}-{}", GetCurrentProcessId(), count++);
    const DWORD mode = kind == Kind::asynchronous ? static_cast<DWORD>(FILE_FLAG_OVERLAPPED) : 0;
    near_ = CreateNamedPipeA(name.c_str(), PIPE_ACCESS_DUPLEX | mode, PIPE_TYPE_BYTE, 1, kRoom,
                             kRoom, 0, nullptr);
    AIOBENCH_CHECK(near_ != INVALID_HANDLE_VALUE);
    far_ = CreateFileA(name.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0,
                       nullptr);
    AIOBENCH_CHECK(far_ != INVALID_HANDLE_VALUE);
  }

  PipePair(const PipePair&) = delete;
  PipePair& operator=(const PipePair&) = delete;

  ~PipePair() {
    if (near_ != nullptr) CloseHandle(near_);
    close_far_end();
  }

  // Call once, to give the handle to an engine.
  os::File near_end() {
    const auto handle = reinterpret_cast<os::NativeHandle>(near_);
    near_ = nullptr;
    return os::File::adopt(handle, "pipe");
  }

  HANDLE near_handle() const { return near_; }

  void write(std::string_view text) {
    DWORD put = 0;
    AIOBENCH_CHECK(WriteFile(far_, text.data(), static_cast<DWORD>(text.size()), &put, nullptr) !=
                   0);
    AIOBENCH_CHECK(put == text.size());
  }

  // Waits until this many bytes have arrived.
  std::string read(std::size_t bytes) {
    std::string text(bytes, '\0');
    for (std::size_t at = 0; at < bytes;) {
      DWORD got = 0;
      AIOBENCH_CHECK(
          ReadFile(far_, text.data() + at, static_cast<DWORD>(bytes - at), &got, nullptr) != 0);
      at += got;
    }
    return text;
  }

  void close_far_end() {
    if (far_ != nullptr) CloseHandle(far_);
    far_ = nullptr;
  }

 private:
  HANDLE near_ = nullptr;
  HANDLE far_ = nullptr;
};

}  // namespace aiobench::engine
