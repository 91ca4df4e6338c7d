#include "os/file.h"

#include <windows.h>

#include <winioctl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "os/console.h"
#include "os/system_error.h"
#include "os/windows/native.h"

namespace aiobench::os {
namespace {

DWORD wanted_flags(const OpenOptions& options) {
  DWORD flags = FILE_ATTRIBUTE_NORMAL;
  if (options.direct) flags |= FILE_FLAG_NO_BUFFERING;
  if (options.asynchronous) flags |= FILE_FLAG_OVERLAPPED;
  if (options.random) flags |= FILE_FLAG_RANDOM_ACCESS;
  return flags;
}

// CreateFile() reports a directory as "access denied"; the message names the real cause.
Error explain_open(const std::string& path, const std::wstring& wide, DWORD code) {
  Error error = system_error("open", path, static_cast<int>(code));
  const DWORD attributes = code == ERROR_ACCESS_DENIED ? GetFileAttributesW(wide.c_str()) : 0;
  if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
    error.cause = "it is a directory [ERROR_ACCESS_DENIED 5]";
    error.hint = "name the files in the directory instead";
  }
  return error;
}

Error refuse_kind(const std::string& path) {
  Error error = system_error("open", path, ERROR_NOT_SUPPORTED);
  error.cause = "not a regular file or a disk";
  error.hint = "choose a file that has a size: aiobench reads at offsets";
  return error;
}

// The offset of a transfer. With it, ReadFile() and WriteFile() on a synchronous handle start at
// this offset and still wait.
OVERLAPPED overlapped_at(FileOffset offset) {
  OVERLAPPED overlapped{};
  set_offset(overlapped, offset);
  return overlapped;
}

Transferred outcome(BOOL success, DWORD bytes) {
  return to_transferred(success ? ERROR_SUCCESS : GetLastError(), bytes);
}

}  // namespace

File::File(File&& other) noexcept
    : handle_(std::exchange(other.handle_, kNoHandle)),
      path_(std::move(other.path_)),
      random_(other.random_) {}

File& File::operator=(File&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(path_, other.path_);
  std::swap(random_, other.random_);
  return *this;
}

File::~File() {
  if (is_open()) CloseHandle(to_handle(handle_));
}

Result<File> File::open(const std::string& path, const OpenOptions& options) {
  const std::wstring wide = system_path(path);
  const HANDLE handle =
      CreateFileW(wide.c_str(), access_rights(options.access),
                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                  options.create ? CREATE_NEW : OPEN_EXISTING, wanted_flags(options), nullptr);
  if (handle == INVALID_HANDLE_VALUE) return explain_open(path, wide, GetLastError());
  File file = adopt(reinterpret_cast<NativeHandle>(handle), path);
  // A disk opened as \\.\PhysicalDrive0 is FILE_TYPE_DISK too; a pipe or a console is not.
  if (GetFileType(handle) != FILE_TYPE_DISK) return refuse_kind(path);
  file.random_ = options.random;
  return file;
}

File File::adopt(NativeHandle handle, std::string path) {
  File file;
  file.handle_ = handle;
  file.path_ = std::move(path);
  return file;
}

Result<std::uint64_t> File::size() const {
  LARGE_INTEGER bytes{};
  if (GetFileSizeEx(to_handle(handle_), &bytes)) return static_cast<std::uint64_t>(bytes.QuadPart);
  const int code = last_error();
  GET_LENGTH_INFORMATION disk{};
  DWORD returned = 0;
  if (DeviceIoControl(to_handle(handle_), IOCTL_DISK_GET_LENGTH_INFO, nullptr, 0, &disk,
                      sizeof(disk), &returned, nullptr)) {
    return static_cast<std::uint64_t>(disk.Length.QuadPart);
  }
  return system_error("examine", path_, code);
}

std::uint32_t File::direct_alignment() const {
  constexpr std::uint32_t kSafe = 4096;  // Wine does not report it
  FILE_STORAGE_INFO info{};
  if (!GetFileInformationByHandleEx(to_handle(handle_), FileStorageInfo, &info, sizeof(info)) ||
      info.LogicalBytesPerSector == 0) {
    return kSafe;
  }
  // Offsets and lengths must be multiples of the logical sector; according to the reference,
  // addresses of the physical one.
  return std::max<std::uint32_t>(info.LogicalBytesPerSector,
                                 info.PhysicalBytesPerSectorForPerformance);
}

Transferred File::read_at(std::byte* data, std::uint32_t bytes, FileOffset offset) const {
  OVERLAPPED overlapped = overlapped_at(offset);
  DWORD got = 0;
  const BOOL success = ReadFile(to_handle(handle_), data, bytes, &got, &overlapped);
  return outcome(success, got);
}

Transferred File::write_at(const std::byte* data, std::uint32_t bytes, FileOffset offset) const {
  OVERLAPPED overlapped = overlapped_at(offset);
  DWORD put = 0;
  const BOOL success = WriteFile(to_handle(handle_), data, bytes, &put, &overlapped);
  return outcome(success, put);
}

Status File::resize(std::uint64_t bytes) {
  FILE_END_OF_FILE_INFO end{};
  end.EndOfFile.QuadPart = static_cast<LONGLONG>(bytes);
  if (SetFileInformationByHandle(to_handle(handle_), FileEndOfFileInfo, &end, sizeof(end)))
    return {};
  return system_error("set the length of", path_, last_error());
}

// Setting the end of the file allocates the space, so that a full disk is detected now.
Status File::reserve(std::uint64_t bytes) {
  return resize(bytes);
}

Status File::flush() {
  if (FlushFileBuffers(to_handle(handle_))) return {};
  return system_error("flush", path_, last_error());
}

Status File::close() {
  if (!is_open() || CloseHandle(to_handle(std::exchange(handle_, kNoHandle)))) return {};
  return system_error("close", path_, last_error());
}

namespace {

struct Answer {
  DWORD bytes = 0;
  DWORD code = ERROR_SUCCESS;
};

// DeviceIoControl() on a synchronous or an asynchronous handle.
Answer control(const File& file, DWORD request, void* in, DWORD in_bytes, void* out,
               DWORD out_bytes) {
  const auto handle = to_handle(file);
  OVERLAPPED overlapped{};
  const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  if (event == nullptr) return {0, GetLastError()};
  // The low bit keeps the completion out of a completion port that the file may be bound to.
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

// Whether the file system, or Wine, does not support the request.
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
    FILE_ALLOCATED_RANGE_BUFFER query{};
    query.FileOffset.QuadPart = static_cast<LONGLONG>(at);
    query.Length.QuadPart = static_cast<LONGLONG>(file_bytes - at);
    std::array<FILE_ALLOCATED_RANGE_BUFFER, 256> ranges{};
    const Answer answer = control(file, FSCTL_QUERY_ALLOCATED_RANGES, &query, sizeof(query),
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

// FAT has no sparse files and reports that; setting the end of the file then allocates all of it.
Status reserve_extents(File& file, const std::vector<Extent>& extents, std::uint64_t file_bytes) {
  if (cover_all(extents, file_bytes)) return file.reserve(file_bytes);
  const Answer answer = control(file, FSCTL_SET_SPARSE, nullptr, 0, nullptr, 0);
  if (answer.code != ERROR_SUCCESS && !is_unknown(answer.code)) {
    return system_error("make holes in", file.path(), static_cast<int>(answer.code));
  }
  return file.resize(file_bytes);
}

namespace {

constexpr DWORD kCarriedOver = FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN |
                               FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE;
// What else SetFileInformationByHandle() can set; the copy keeps its own.
constexpr DWORD kLeftAlone = FILE_ATTRIBUTE_NOT_CONTENT_INDEXED | FILE_ATTRIBUTE_TEMPORARY;

Result<FILE_BASIC_INFO> basic_info(const File& file) {
  FILE_BASIC_INFO info{};
  if (GetFileInformationByHandleEx(to_handle(file), FileBasicInfo, &info, sizeof(info))) {
    return info;
  }
  return system_error("examine", file.path(), last_error());
}

}  // namespace

// A read-only file can be renamed, but neither replaced nor removed: see remove_own_file().
Status copy_attributes(const File& from, const File& to) {
  Result<FILE_BASIC_INFO> source = basic_info(from);
  if (!source) return source.take_error();
  Result<FILE_BASIC_INFO> own = basic_info(to);
  if (!own) return own.take_error();
  FILE_BASIC_INFO wanted{};  // a time of 0 keeps the creation time of the copy
  wanted.LastAccessTime = source->LastAccessTime;
  wanted.LastWriteTime = source->LastWriteTime;
  wanted.FileAttributes =
      (source->FileAttributes & kCarriedOver) | (own->FileAttributes & kLeftAlone);
  // 0 would leave the attributes as they are.
  if (wanted.FileAttributes == 0) wanted.FileAttributes = FILE_ATTRIBUTE_NORMAL;
  if (SetFileInformationByHandle(to_handle(to), FileBasicInfo, &wanted, sizeof(wanted))) {
    return {};
  }
  return system_error("set the attributes of", to.path(), last_error());
}

namespace {

struct Watch {
  const std::function<bool(std::uint64_t)>& go_on;
  bool cancelled = false;
};

DWORD CALLBACK on_progress(LARGE_INTEGER, LARGE_INTEGER done, LARGE_INTEGER, LARGE_INTEGER, DWORD,
                           DWORD reason, HANDLE, HANDLE, LPVOID context) {
  Watch& watch = *static_cast<Watch*>(context);
  // CALLBACK_STREAM_SWITCH comes before any data of a stream has been copied.
  if (reason != CALLBACK_CHUNK_FINISHED || !watch.go_on) return PROGRESS_CONTINUE;
  watch.cancelled = !watch.go_on(static_cast<std::uint64_t>(done.QuadPart));
  return watch.cancelled ? PROGRESS_CANCEL : PROGRESS_CONTINUE;
}

}  // namespace

Result<std::uint64_t> system_copy(const File& from, const std::string& to_path,
                                  const std::function<bool(std::uint64_t done)>& go_on) {
  Watch watch{go_on};
  if (!CopyFileExW(system_path(from.path()).c_str(), system_path(to_path).c_str(), on_progress,
                   &watch, nullptr, 0)) {
    const int code = last_error();
    if (watch.cancelled) return interrupted_error("the file was not copied");
    return system_error("copy", from.path(), code);
  }
  // Wine 8.0 reports no progress, so the size of the copy is read from the copy.
  const Result<File> copied = File::open(to_path, {});
  if (!copied) return copied.error();
  return copied->size();
}

bool try_lock(const File& file) {
  // The byte at the highest offset, which no file has: a lock blocks reads and writes of the bytes
  // that it covers.
  OVERLAPPED range{};
  range.Offset = 0xffff'fffe;
  range.OffsetHigh = 0x7fff'ffff;
  if (LockFileEx(to_handle(file), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
                 &range)) {
    return true;
  }
  const DWORD code = GetLastError();
  return code != ERROR_LOCK_VIOLATION && code != ERROR_IO_PENDING;
}

bool is_at(const File& file, const std::string& path) {
  const Identity there(path);
  const Identity ours(to_handle(file));
  return ours.same_as(there);
}

}  // namespace aiobench::os
