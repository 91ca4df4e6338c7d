#include "os/memory.h"

#include <windows.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/units.h"
#include "os/host.h"
#include "os/system_error.h"
#include "os/windows/native.h"
#include "os/windows/wine.h"

namespace aiobench::os {
namespace {

// Committed memory gets its pages on first access. Touch them now, so that no page fault falls into
// a timed region.
void populate(std::byte* data, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; at += page_bytes()) {
    *reinterpret_cast<volatile std::byte*>(data + at) = std::byte{0};
  }
}

std::size_t query_page_bytes() {
  SYSTEM_INFO info{};
  GetSystemInfo(&info);
  return info.dwPageSize;
}

}  // namespace

std::size_t page_bytes() {
  static const std::size_t bytes = query_page_bytes();
  return bytes;
}

PageMemory::PageMemory(PageMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

PageMemory& PageMemory::operator=(PageMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

PageMemory::~PageMemory() {
  if (data_ != nullptr) VirtualFree(data_, 0, MEM_RELEASE);
}

// Large pages are not used: they need a privilege (SeLockMemoryPrivilege) that users lack by
// default.
Result<PageMemory> PageMemory::allocate(std::size_t bytes) {
  const std::size_t rounded = align_up(bytes, page_bytes());
  void* const data = VirtualAlloc(nullptr, rounded, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  if (data == nullptr) {
    Error error = system_error("allocate " + format_size(bytes) + " for buffers", "", last_error());
    error.hint = "use a smaller --depth or --block-size";
    return error;
  }
  PageMemory memory;
  memory.data_ = static_cast<std::byte*>(data);
  memory.bytes_ = rounded;
  populate(memory.data_, rounded);
  return memory;
}

namespace {

std::atomic_flag replacing;  // a spin lock: the handler replaces pages in one thread at a time

// Unmaps the whole file, because a part of a mapping cannot be unmapped, and reserves its addresses
// again. If another allocation gets them in between, the fault cannot be handled and ends the
// program.
bool unmap_lost(LiveMapping& mapping) {
  if (mapping.lost_from.load() != LiveMapping::kNothing) return true;  // another reader was first
  void* const data = reinterpret_cast<void*>(mapping.begin.load());
  mapping.note_loss(0);
  UnmapViewOfFile(data);
  if (VirtualAlloc(data, mapping.bytes.load(), MEM_RESERVE, PAGE_READONLY) == data) return true;
  mapping.begin.store(0);
  return false;
}

// Commits zeros at `address`, in a mapping that has been unmapped. One piece at a time: for a large
// file there may not be enough memory to commit all of it.
bool put_zeros(const LiveMapping& mapping, std::uintptr_t address) {
  constexpr std::uint64_t kPiece = 64 * kKiB;
  const std::uintptr_t begin = mapping.begin.load();
  const std::uint64_t at = align_down(address - begin, kPiece);
  const std::uint64_t bytes = std::min(kPiece, mapping.bytes.load() - at);
  return VirtualAlloc(reinterpret_cast<void*>(begin + at), bytes, MEM_COMMIT, PAGE_READONLY) !=
         nullptr;
}

// Windows raises EXCEPTION_IN_PAGE_ERROR if the device or the server of a page fails. It does not
// let a mapped file shrink (ERROR_USER_MAPPED_FILE). Linux does, and Wine converts the SIGBUS to an
// access violation. So does a page that has been unmapped above.
LONG CALLBACK on_exception(EXCEPTION_POINTERS* pointers) {
  constexpr ULONG_PTR kRead = 0;
  const EXCEPTION_RECORD& record = *pointers->ExceptionRecord;
  if (record.ExceptionCode != static_cast<DWORD>(EXCEPTION_IN_PAGE_ERROR) &&
      record.ExceptionCode != static_cast<DWORD>(EXCEPTION_ACCESS_VIOLATION)) {
    return EXCEPTION_CONTINUE_SEARCH;
  }
  if (record.NumberParameters < 2 || record.ExceptionInformation[0] != kRead) {
    return EXCEPTION_CONTINUE_SEARCH;
  }
  LiveMapping* const mapping = find_live_mapping(record.ExceptionInformation[1]);
  if (mapping == nullptr) return EXCEPTION_CONTINUE_SEARCH;
  while (replacing.test_and_set(std::memory_order_acquire)) cpu_relax();
  const bool replaced = unmap_lost(*mapping) && put_zeros(*mapping, record.ExceptionInformation[1]);
  replacing.clear(std::memory_order_release);
  return replaced ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_CONTINUE_SEARCH;
}

Error explain_map(const File& file, std::uint64_t bytes) {
  Error error = system_error("map", file.path(), last_error());
  if (error.code == ERROR_NOT_ENOUGH_MEMORY || error.code == ERROR_COMMITMENT_LIMIT) {
    error.hint = "use another engine: the address space of this process has no room for " +
                 format_size(bytes);
  }
  return error;
}

// The same as WIN32_MEMORY_RANGE_ENTRY, which older headers lack.
struct MemoryRange {
  const void* data;
  SIZE_T bytes;
};
using Prefetch = BOOL(WINAPI*)(HANDLE, ULONG_PTR, MemoryRange*, ULONG);

}  // namespace

void guard_mappings() {
  static void* const handler = AddVectoredExceptionHandler(1, on_exception);
  static_cast<void>(handler);
}

// The mapping keeps the section alive; its handle is no longer needed.
Result<const std::byte*> map_pages(const File& file, std::uint64_t bytes) {
  const HANDLE section =
      CreateFileMappingW(to_handle(file), nullptr, PAGE_READONLY, static_cast<DWORD>(bytes >> 32),
                         static_cast<DWORD>(bytes), nullptr);
  if (section == nullptr) return explain_map(file, bytes);
  const void* const data = MapViewOfFile(section, FILE_MAP_READ, 0, 0, bytes);
  if (data == nullptr) {
    Error error = explain_map(file, bytes);
    CloseHandle(section);
    return error;
  }
  CloseHandle(section);
  return static_cast<const std::byte*>(data);
}

void unmap_pages(const std::byte* data, std::uint64_t, bool replaced) {
  void* const address = const_cast<std::byte*>(data);
  if (replaced) {
    VirtualFree(address, 0, MEM_RELEASE);
  } else {
    UnmapViewOfFile(address);
  }
}

// PrefetchVirtualMemory() (Windows 8) reads uncached pages with large requests. It is only a hint
// and does not change the page tables, so each page is touched as well.
int populate_pages(const std::byte* data, std::uint64_t bytes) {
  static const auto prefetch = find_function<Prefetch>(L"kernel32.dll", "PrefetchVirtualMemory");
  MemoryRange range{data, bytes};
  if (prefetch != nullptr) prefetch(GetCurrentProcess(), 1, &range, 0);
  touch_pages(data, bytes);
  return 0;
}

// For pages that are not locked, VirtualUnlock() fails with ERROR_NOT_LOCKED and removes them from
// the working set.
void release_pages(const std::byte* data, std::uint64_t bytes) {
  VirtualUnlock(const_cast<std::byte*>(data), bytes);
}

namespace {

Error not_possible(std::string operation, const File& file, std::string cause, std::string hint) {
  Error error;
  error.operation = std::move(operation);
  error.path = file.path();
  error.cause = std::move(cause);
  error.hint = std::move(hint);
  return error;
}

}  // namespace

Result<double> resident_share(const File& file) {
  return not_possible("query the cached pages of", file, "Windows does not report them",
                      "judge by the latencies");
}

Result<double> sampled_resident_share(const File& file) {
  return resident_share(file);
}

bool cheap_to_map(const File&) {
  return true;
}

// If a file is opened without buffering and no other handle has it open with buffering, the file
// system writes and drops the cached pages of the file; otherwise the two views of the data could
// differ. A handle with buffering, `file` included, keeps the pages in the cache. Sources:
// CreateFile, "Caching Behavior"; "File Buffering".
Status evict(const File& file) {
  if (under_wine()) {
    return not_possible("drop from the cache", file,
                        "Wine cannot drop pages from the page cache of Linux",
                        "drop it from the cache under Linux before the run");
  }
  FlushFileBuffers(to_handle(file));  // refused on a handle for reading
  Result<File> unbuffered = File::open(file.path(), {.access = Access::read, .direct = true});
  if (!unbuffered) return unbuffered.take_error();
  return unbuffered->close();
}

}  // namespace aiobench::os
