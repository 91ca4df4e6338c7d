#include "os/system_copy.h"

#include <windows.h>

#include "os/interrupt.h"
#include "os/system_error.h"
#include "os/windows/path.h"

namespace aiobench::platform {
namespace {

struct Watch {
  const std::function<bool(std::uint64_t)>& go_on;
  bool cancelled = false;
};

DWORD CALLBACK on_progress(LARGE_INTEGER, LARGE_INTEGER done, LARGE_INTEGER, LARGE_INTEGER, DWORD,
                           DWORD reason, HANDLE, HANDLE, LPVOID context) {
  Watch& watch = *static_cast<Watch*>(context);
  // A new stream is told too, before anything of it is copied.
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
    if (watch.cancelled) return interrupted_error("the file is not copied");
    return system_error("copy", from.path(), code);
  }
  // Wine 8.0 tells no progress: the copy itself says how long it is.
  const Result<File> copied = File::open(to_path, {});
  if (!copied) return copied.error();
  return copied->size();
}

}  // namespace aiobench::platform
