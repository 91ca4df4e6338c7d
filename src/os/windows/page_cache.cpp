#include "os/page_cache.h"

#include <windows.h>

#include "os/system_error.h"
#include "os/windows/native_file.h"
#include "os/windows/path.h"
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
  return not_possible("ask for cached pages of", file, "Windows tells no program which these are",
                      "diagnose by the latencies");
}

Result<double> sampled_resident_share(const File& file) {
  return resident_share(file);
}

bool cheap_to_map(const File&) {
  return true;
}

// When a file is opened without buffering and no other handle has it open with buffering, the file
// system writes out and throws away what the cache holds of it: two ways to the same data would
// not agree otherwise. (CreateFile, "Caching Behavior"; File Buffering.) A handle with buffering,
// `file` included, keeps the pages where they are.
Status evict(const File& file) {
  if (under_wine()) {
    return not_possible("drop from the cache", file, "Wine cannot ask Linux for that",
                        "evict it under Linux before the run");
  }
  FlushFileBuffers(to_handle(file));  // refused on a handle for reading
  Result<File> unbuffered = File::open(file.path(), {.access = Access::read, .direct = true});
  if (!unbuffered) return unbuffered.take_error();
  return unbuffered->close();
}

}  // namespace aiobench::os
