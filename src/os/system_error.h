// Turns an error code of the system (errno on Linux, GetLastError() on Windows) into an Error
// with the code's name and text, and advice where the likely cause is known.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"

namespace aiobench::os {

// `code` is errno or GetLastError(); `operation` a verb ("open", "read"), `path` in UTF-8.
Error system_error(std::string operation, std::string path, int code,
                   std::optional<FileOffset> offset = std::nullopt);

// The same for a failure of the C library's streams, which tell errno on every system.
Error stream_error(std::string operation, int code);

// The code of the calling thread's last failed system call.
int last_error();

// True where `code` says that the program itself cancelled the request.
bool is_cancelled(int code);

// The code that a request gets which the program cancelled before the system saw it.
int cancelled_code();

// The code of a request that the mechanism does not have (EOPNOTSUPP, ERROR_NOT_SUPPORTED).
int not_supported_code();

// The code of an input/output failure of a device (EIO, ERROR_IO_DEVICE), for failures that
// come without a code: of a mapped page, or made up in tests.
int device_failure_code();

}  // namespace aiobench::os
