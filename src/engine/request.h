// One read or write in flight, and the queue that completions travel in.
//
// A Request belongs to its caller (the lane) and stays at one address, with the buffer it names,
// from submit until the engine has delivered its completion. The operating system's structure
// (OVERLAPPED, iocb, ...) lives inside it, so nothing is allocated for a request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

#include "base/error.h"
#include "base/intrusive_queue.h"
#include "os/clock.h"

namespace aiobench::os {
class FileView;
}

namespace aiobench::engine {

struct AttachedFile;

enum class Operation : std::uint8_t { read, write };

struct Request {
  // Whether the request is the caller's, or the engine's and the system's.
  enum class State : std::uint8_t { idle, in_flight };

  // What to do; set by the caller while idle.
  const AttachedFile* file = nullptr;
  std::byte* buffer = nullptr;
  FileOffset offset = 0;
  std::uint32_t bytes = 0;
  std::uint32_t buffer_index = 0;  // which of EngineConfig's buffers `buffer` lies in
  Operation operation = Operation::read;

  // What came of it; set by the engine. A transfer of 0 bytes without an error is the end of the
  // file; fewer bytes than asked for are no error.
  State state = State::idle;
  std::uint32_t transferred = 0;
  // Where what was read lies: `buffer`, or the file itself where the mechanism maps it. Valid until
  // the next request with this buffer_index, at most as long as the engine.
  const std::byte* data = nullptr;
  // What `data` lies in where that is a mapping: the reader asks it afterwards whether all of the
  // file was still there.
  const os::FileView* view = nullptr;
  int error = 0;  // errno or GetLastError(); 0 is success
  // It was done when the call returned that gave it to the system, and its completion was delivered
  // all the same: as Outcome::notified, known only later. Set by mechanisms that hand over batches.
  bool done_in_call = false;

  // When: before submit, and at delivery (one reading for a batch that was reaped together).
  os::Ticks submitted_ticks = 0;
  os::Ticks completed_ticks = 0;

  Request* next = nullptr;  // in a RequestQueue

  // Room for the structure of the mechanism in use.
  static constexpr std::size_t kNativeBytes = 192;
  alignas(16) std::byte native[kNativeBytes];

  // The mechanism's structure, made anew. `T` must not need destruction, because a request may
  // be abandoned with its lane's frame once it is idle.
  template <class T>
  T& make_native() {
    static_assert(sizeof(T) <= kNativeBytes && alignof(T) <= 16);
    static_assert(std::is_trivially_destructible_v<T>);
    return *new (native) T{};
  }

  template <class T>
  T& native_as() {
    return *std::launder(reinterpret_cast<T*>(native));
  }

  // The request around the structure that the system hands back.
  static Request& from_native(void* structure);
};

using RequestQueue = IntrusiveQueue<Request>;

}  // namespace aiobench::engine
