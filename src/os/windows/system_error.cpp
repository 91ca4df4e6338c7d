#include "os/system_error.h"

#include <windows.h>

#include <fmt/core.h>

#include <array>

#include "os/windows/native.h"

namespace aiobench::os {
namespace {

struct Known {
  DWORD code;
  const char* name;
  const char* hint;  // may be empty
};

// ERROR_NO_SUCH_DEVICE, which some versions of winerror.h lack.
constexpr DWORD kNoSuchDevice = 433;

constexpr const char* kDeviceGone = "check that the device is still connected";
constexpr const char* kDeviceFailed = "see the System event log: the device reported a failure";
constexpr const char* kOutOfResources = "use a smaller --depth or --block-size";
constexpr const char* kUnsupported =
    "use another file system or device: this one does not support the operation";

// Names as in winerror.h. Codes that are not listed are shown as a number only.
constexpr std::array<Known, 31> kKnown = {{
    {ERROR_FILE_NOT_FOUND, "ERROR_FILE_NOT_FOUND", "check the name and the directory"},
    {ERROR_PATH_NOT_FOUND, "ERROR_PATH_NOT_FOUND", "check the name and the directory"},
    {ERROR_TOO_MANY_OPEN_FILES, "ERROR_TOO_MANY_OPEN_FILES", "use fewer --threads or files"},
    {ERROR_ACCESS_DENIED, "ERROR_ACCESS_DENIED",
     "check the permissions with icacls, or run as another user"},
    {ERROR_INVALID_HANDLE, "ERROR_INVALID_HANDLE", ""},
    {ERROR_NOT_ENOUGH_MEMORY, "ERROR_NOT_ENOUGH_MEMORY", kOutOfResources},
    {ERROR_OUTOFMEMORY, "ERROR_OUTOFMEMORY", kOutOfResources},
    {ERROR_WRITE_PROTECT, "ERROR_WRITE_PROTECT", "use another volume: this one is write-protected"},
    {ERROR_NOT_READY, "ERROR_NOT_READY", "check the drive: it has no medium or was removed"},
    {ERROR_CRC, "ERROR_CRC", kDeviceFailed},
    {ERROR_SHARING_VIOLATION, "ERROR_SHARING_VIOLATION",
     "close the other program that has the file open"},
    {ERROR_LOCK_VIOLATION, "ERROR_LOCK_VIOLATION",
     "close the other program that has locked a part of the file"},
    {ERROR_HANDLE_EOF, "ERROR_HANDLE_EOF",
     "try again when no process writes to the file: it is shorter than it was"},
    {ERROR_NOT_SUPPORTED, "ERROR_NOT_SUPPORTED", kUnsupported},
    {ERROR_DEV_NOT_EXIST, "ERROR_DEV_NOT_EXIST", kDeviceGone},
    {ERROR_FILE_EXISTS, "ERROR_FILE_EXISTS", "use --force to replace it, or choose another name"},
    {ERROR_INVALID_PARAMETER, "ERROR_INVALID_PARAMETER",
     "with --cache direct, use a multiple of the sector size as --block-size"},
    {ERROR_BROKEN_PIPE, "ERROR_BROKEN_PIPE", "the other end was closed"},
    {ERROR_DISK_FULL, "ERROR_DISK_FULL", "free some space: the disk is full"},
    {ERROR_CALL_NOT_IMPLEMENTED, "ERROR_CALL_NOT_IMPLEMENTED", kUnsupported},
    {ERROR_INVALID_NAME, "ERROR_INVALID_NAME", "choose a name without < > : \" | ? *"},
    {ERROR_ALREADY_EXISTS, "ERROR_ALREADY_EXISTS",
     "use --force to replace it, or choose another name"},
    {ERROR_FILENAME_EXCED_RANGE, "ERROR_FILENAME_EXCED_RANGE", "choose a shorter name"},
    {kNoSuchDevice, "ERROR_NO_SUCH_DEVICE", kDeviceGone},
    {ERROR_NOACCESS, "ERROR_NOACCESS", ""},
    {ERROR_OPERATION_ABORTED, "ERROR_OPERATION_ABORTED", ""},
    {ERROR_IO_DEVICE, "ERROR_IO_DEVICE", kDeviceFailed},
    {ERROR_DEVICE_NOT_CONNECTED, "ERROR_DEVICE_NOT_CONNECTED", kDeviceGone},
    {ERROR_NO_SYSTEM_RESOURCES, "ERROR_NO_SYSTEM_RESOURCES", kOutOfResources},
    {ERROR_WORKING_SET_QUOTA, "ERROR_WORKING_SET_QUOTA", kOutOfResources},
    {ERROR_COMMITMENT_LIMIT, "ERROR_COMMITMENT_LIMIT", kOutOfResources},
}};

const Known* find_known(DWORD code) {
  for (const Known& known : kKnown) {
    if (known.code == code) return &known;
  }
  return nullptr;
}

DWORD format_message(DWORD code, DWORD language, std::array<wchar_t, 512>& text) {
  return FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, code,
                        language, text.data(), static_cast<DWORD>(text.size()), nullptr);
}

// The system's text for the code, in English if Windows has English texts, like all messages of
// aiobench. The full stop and the line break at its end are removed.
std::string text_of(DWORD code) {
  constexpr DWORD kEnglish = MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US);
  std::array<wchar_t, 512> text{};
  DWORD length = format_message(code, kEnglish, text);
  if (length == 0) length = format_message(code, 0, text);
  std::string line;
  for (const char c : narrow({text.data(), length})) {
    if (c != '\r') line += c == '\n' ? ' ' : c;
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == '.')) line.pop_back();
  return line.empty() ? "unknown error" : line;
}

}  // namespace

Error system_error(std::string operation, std::string path, int code,
                   std::optional<FileOffset> offset) {
  const auto number = static_cast<DWORD>(code);
  const Known* const known = find_known(number);
  Error error;
  error.code = code;
  error.operation = std::move(operation);
  error.path = std::move(path);
  error.offset = offset;
  error.cause = fmt::format("{} [{} {}]", text_of(number), known ? known->name : "code", code);
  if (known != nullptr) error.hint = known->hint;
  return error;
}

Error stream_error(std::string operation, int code) {
  Error error;
  error.code = code;
  error.operation = std::move(operation);
  error.cause = fmt::format("{} [errno {}]", std::generic_category().message(code), code);
  if (code == ENOSPC) error.hint = "free some space: the disk is full";
  return error;
}

int last_error() {
  return static_cast<int>(GetLastError());
}

bool is_cancelled(int code) {
  return code == ERROR_OPERATION_ABORTED;
}

int cancelled_code() {
  return ERROR_OPERATION_ABORTED;
}

int not_supported_code() {
  return ERROR_NOT_SUPPORTED;
}

int device_failure_code() {
  return ERROR_IO_DEVICE;
}

}  // namespace aiobench::os
