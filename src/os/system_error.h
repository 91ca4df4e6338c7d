// Converts an error code of the system (errno on Linux, GetLastError() on Windows) into an Error
// with the name and the text of the code, and a hint if the likely cause is known.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"

namespace aiobench::os {

// `code` is errno or GetLastError(), `operation` a verb ("open", "read"), `path` UTF-8.
Error system_error(std::string operation, std::string path, int code,
                   std::optional<FileOffset> offset = std::nullopt);

// The same for a failure of the C library's streams, which report errno on every system.
Error stream_error(std::string operation, int code);

// The code of the calling thread's last failed system call.
int last_error();

// Whether `code` means that the program itself cancelled the request.
bool is_cancelled(int code);

// The code for a request that the program cancelled before the system received it.
int cancelled_code();

// The code for an operation that the mechanism does not support (EOPNOTSUPP, ERROR_NOT_SUPPORTED).
int not_supported_code();

// The code for an I/O failure of a device (EIO, ERROR_IO_DEVICE), for failures that have no code:
// an unavailable page of a mapping, or a fault injected by a test.
int device_failure_code();

}  // namespace aiobench::os
