#include "os/extents.h"

#include <windows.h>
#include <winioctl.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "os/system_error.h"

namespace aiobench::platform {
namespace {

struct Answer {
  DWORD bytes = 0;
  DWORD code = ERROR_SUCCESS;
};

// DeviceIoControl() on a handle of either kind, synchronous or not.
Answer control(const File& file, DWORD request, void* in, DWORD in_bytes, void* out,
               DWORD out_bytes) {
  const auto handle = reinterpret_cast<HANDLE>(file.handle());
  OVERLAPPED overlapped{};
  const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  if (event == nullptr) return {0, GetLastError()};
  // The low bit keeps the completion from a port that the file may belong to.
  overlapped.hEvent = reinterpret_cast<HANDLE>(reinterpret_cast<ULONG_PTR>(event) | 1u);
  Answer answer;
  BOOL done =
      DeviceIoControl(handle, request, in, in_bytes, out, out_bytes, &answer.bytes, &overlapped);
  if (!done && GetLastError() == ERROR_IO_PENDING) {
    done = GetOverlappedResult(handle, &overlapped, &answer.bytes, TRUE);
  }
  if (!done) answer.code = GetLastError();
  CloseHandle(event);
  return answer;
}

// The file system, or Wine, has no such request.
bool is_unknown(DWORD code) {
  return code == ERROR_INVALID_FUNCTION || code == ERROR_NOT_SUPPORTED ||
         code == ERROR_INVALID_PARAMETER || code == ERROR_CALL_NOT_IMPLEMENTED;
}

bool cover_all(const std::vector<Extent>& extents, std::uint64_t file_bytes) {
  FileOffset at = 0;
  for (const Extent& extent : extents) {
    AIOBENCH_CHECK(extent.offset <= file_bytes && extent.bytes <= file_bytes - extent.offset);
    if (extent.offset > at) return false;
    at = extent.offset + extent.bytes;
  }
  return at >= file_bytes;
}

}  // namespace

Result<std::vector<Extent>> data_extents(const File& file, std::uint64_t file_bytes) {
  std::vector<Extent> extents;
  if (file_bytes == 0) return extents;
  const std::vector<Extent> whole = {{0, file_bytes}};
  const Result<std::uint64_t> now = file.size();
  if (!now || *now < file_bytes) return whole;
  for (FileOffset at = 0; at < file_bytes;) {
    FILE_ALLOCATED_RANGE_BUFFER asked{};
    asked.FileOffset.QuadPart = static_cast<LONGLONG>(at);
    asked.Length.QuadPart = static_cast<LONGLONG>(file_bytes - at);
    std::array<FILE_ALLOCATED_RANGE_BUFFER, 256> ranges{};
    const Answer answer = control(file, FSCTL_QUERY_ALLOCATED_RANGES, &asked, sizeof(asked),
                                  ranges.data(), static_cast<DWORD>(sizeof(ranges)));
    const bool more = answer.code == ERROR_MORE_DATA;
    if (is_unknown(answer.code)) return whole;
    if (answer.code != ERROR_SUCCESS && !more) {
      return system_error("look for holes in", file.path(), static_cast<int>(answer.code), at);
    }
    const std::size_t count = std::min(answer.bytes / sizeof(ranges[0]), ranges.size());
    for (std::size_t i = 0; i < count; ++i) {
      const auto begin = std::max(at, static_cast<FileOffset>(ranges[i].FileOffset.QuadPart));
      const auto end =
          std::min(file_bytes, static_cast<FileOffset>(ranges[i].FileOffset.QuadPart) +
                                   static_cast<std::uint64_t>(ranges[i].Length.QuadPart));
      if (begin >= end) continue;
      extents.push_back({begin, end - begin});
      at = end;
    }
    if (!more) break;
    if (count == 0) return whole;
  }
  return extents;
}

// FAT has no sparse files and says so: there the end of the file allocates all of it.
Status reserve_extents(File& file, const std::vector<Extent>& extents, std::uint64_t file_bytes) {
  if (cover_all(extents, file_bytes)) return file.reserve(file_bytes);
  const Answer answer = control(file, FSCTL_SET_SPARSE, nullptr, 0, nullptr, 0);
  if (answer.code != ERROR_SUCCESS && !is_unknown(answer.code)) {
    return system_error("make holes in", file.path(), static_cast<int>(answer.code));
  }
  return file.resize(file_bytes);
}

}  // namespace aiobench::platform
