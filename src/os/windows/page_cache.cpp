#include "os/page_cache.h"

#include <windows.h>

#include "os/system_error.h"
#include "os/windows/native.h"
#include "os/windows/wine.h"

namespace aiobench::os {
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
