// One read or write, and the queue for completed requests.
//
// A Request belongs to its caller (the lane). From submit() until the engine has delivered the
// completion, it stays at one address, and so does its buffer. It embeds the structure of the
// operating system (OVERLAPPED, iocb, ...), so nothing is allocated per request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

#include "base/error.h"
#include "base/intrusive_queue.h"
#include "os/clock.h"

namespace aiobench::os {
class Mapping;
}

namespace aiobench::engine {

struct AttachedFile;

enum class Operation : std::uint8_t { read, write };

struct Request {
  // `in_flight`: the request belongs to the engine and the system.
  enum class State : std::uint8_t { idle, in_flight };

  // Input, set by the caller while idle.
  const AttachedFile* file = nullptr;
  std::byte* buffer = nullptr;
  FileOffset offset = 0;
  std::uint32_t bytes = 0;
  std::uint32_t buffer_index = 0;  // index of `buffer` in EngineConfig::buffers
  Operation operation = Operation::read;

  // Result, set by the engine. A transfer of 0 bytes without an error is the end of the file. Fewer
  // bytes than requested are not an error.
  State state = State::idle;
  std::uint32_t transferred = 0;
  // The data that was read: `buffer`, or the mapped file if the mechanism maps files. Valid until
  // the next request with this buffer_index, at most as long as the engine.
  const std::byte* data = nullptr;
  // The mapping that contains `data`, if any. After it has read the data, the reader must call
  // Mapping::lost_from().
  const os::Mapping* mapping = nullptr;
  int error = 0;  // errno or GetLastError(); 0 is success
  // As Outcome::notified, for mechanisms that submit batches: the request had completed when the
  // system call that started its batch returned. They can tell only after submit() has returned
  // `pending`.
  bool done_in_call = false;

  // Time stamps: before submit(), and at delivery (one clock reading per reaped batch).
  os::Ticks submitted_ticks = 0;
  os::Ticks completed_ticks = 0;

  Request* next = nullptr;  // in a RequestQueue

  // Storage for the structure of the mechanism in use.
  static constexpr std::size_t kNativeBytes = 192;
  alignas(16) std::byte native[kNativeBytes];

  // Creates the structure of the mechanism. `T` must be trivially destructible, because an idle
  // request may be destroyed together with the frame of its lane.
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

  // The request that contains the structure which the system returned.
  static Request& from_native(void* structure);
};

using RequestQueue = IntrusiveQueue<Request>;

}  // namespace aiobench::engine
