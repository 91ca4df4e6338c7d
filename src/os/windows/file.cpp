#include "os/file.h"

#include <windows.h>
#include <winioctl.h>

#include <algorithm>
#include <utility>

#include "os/system_error.h"
#include "os/windows/path.h"

namespace aiobench::platform {
namespace {

HANDLE native(NativeHandle handle) {
  return reinterpret_cast<HANDLE>(handle);
}

DWORD wanted_access(Access access) {
  switch (access) {
    case Access::read:
      return GENERIC_READ;
    case Access::write:
      return GENERIC_WRITE;
    case Access::read_write:
      break;
  }
  return GENERIC_READ | GENERIC_WRITE;
}

DWORD wanted_flags(const OpenOptions& options) {
  DWORD flags = FILE_ATTRIBUTE_NORMAL;
  if (options.direct) flags |= FILE_FLAG_NO_BUFFERING;
  if (options.asynchronous) flags |= FILE_FLAG_OVERLAPPED;
  if (options.random) flags |= FILE_FLAG_RANDOM_ACCESS;
  return flags;
}

// CreateFile() calls a folder "access denied": say what it is.
Error explain_open(const std::string& path, const std::wstring& wide, DWORD code) {
  Error error = system_error("open", path, static_cast<int>(code));
  const DWORD attributes = code == ERROR_ACCESS_DENIED ? GetFileAttributesW(wide.c_str()) : 0;
  if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
    error.cause = "it is a folder (ERROR_ACCESS_DENIED 5)";
    error.hint = "name the files in the folder instead";
  }
  return error;
}

Error refuse_kind(const std::string& path) {
  Error error = system_error("open", path, ERROR_NOT_SUPPORTED);
  error.cause = "not a regular file or a disk";
  error.hint = "aiobench reads at offsets, so it needs a file that has a size";
  return error;
}

// The place of a transfer. It makes ReadFile() and WriteFile() on a synchronous handle start
// there, and wait as they always do.
OVERLAPPED place(FileOffset offset) {
  OVERLAPPED overlapped{};
  overlapped.Offset = static_cast<DWORD>(offset);
  overlapped.OffsetHigh = static_cast<DWORD>(offset >> 32);
  return overlapped;
}

Transferred outcome(BOOL success, DWORD bytes) {
  if (success) return {bytes, 0};
  const DWORD code = GetLastError();
  if (code == ERROR_HANDLE_EOF) return {0, 0};
  return {0, static_cast<int>(code)};
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
  if (is_open()) CloseHandle(native(handle_));
}

Result<File> File::open(const std::string& path, const OpenOptions& options) {
  const std::wstring wide = system_path(path);
  const HANDLE handle =
      CreateFileW(wide.c_str(), wanted_access(options.access),
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
  if (GetFileSizeEx(native(handle_), &bytes)) return static_cast<std::uint64_t>(bytes.QuadPart);
  const int code = last_error();
  GET_LENGTH_INFORMATION disk{};
  DWORD returned = 0;
  if (DeviceIoControl(native(handle_), IOCTL_DISK_GET_LENGTH_INFO, nullptr, 0, &disk, sizeof(disk),
                      &returned, nullptr)) {
    return static_cast<std::uint64_t>(disk.Length.QuadPart);
  }
  return system_error("examine", path_, code);
}

std::uint32_t File::direct_alignment() const {
  constexpr std::uint32_t kSafe = 4096;  // Wine does not tell
  FILE_STORAGE_INFO facts{};
  if (!GetFileInformationByHandleEx(native(handle_), FileStorageInfo, &facts, sizeof(facts)) ||
      facts.LogicalBytesPerSector == 0) {
    return kSafe;
  }
  // Offsets and lengths must fit the logical sector; addresses, the page says, the physical one.
  return std::max<std::uint32_t>(facts.LogicalBytesPerSector,
                                 facts.PhysicalBytesPerSectorForPerformance);
}

Transferred File::read_at(std::byte* data, std::uint32_t bytes, FileOffset offset) const {
  OVERLAPPED overlapped = place(offset);
  DWORD got = 0;
  const BOOL success = ReadFile(native(handle_), data, bytes, &got, &overlapped);
  return outcome(success, got);
}

Transferred File::write_at(const std::byte* data, std::uint32_t bytes, FileOffset offset) const {
  OVERLAPPED overlapped = place(offset);
  DWORD put = 0;
  const BOOL success = WriteFile(native(handle_), data, bytes, &put, &overlapped);
  return outcome(success, put);
}

Status File::resize(std::uint64_t bytes) {
  FILE_END_OF_FILE_INFO end{};
  end.EndOfFile.QuadPart = static_cast<LONGLONG>(bytes);
  if (SetFileInformationByHandle(native(handle_), FileEndOfFileInfo, &end, sizeof(end))) return {};
  return system_error("set the length of", path_, last_error());
}

// Setting the end allocates: a full disk is found now.
Status File::reserve(std::uint64_t bytes) {
  return resize(bytes);
}

Status File::flush() {
  if (FlushFileBuffers(native(handle_))) return {};
  return system_error("flush", path_, last_error());
}

Status File::close() {
  if (!is_open() || CloseHandle(native(std::exchange(handle_, kNoHandle)))) return {};
  return system_error("close", path_, last_error());
}

}  // namespace aiobench::platform
