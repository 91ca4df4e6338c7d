// Where a file lies, as two systems tell it: Windows about its volumes, and Linux about its mounts
// where Windows is Wine (which calls every file system NTFS).
#pragma once

#include <string>

#include "os/host.h"

namespace aiobench::platform {

StorageFacts windows_storage(const std::wstring& path);
StorageFacts wine_storage(const std::wstring& path);

}  // namespace aiobench::platform
