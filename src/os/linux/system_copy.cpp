#include "os/system_copy.h"

#include <sys/sendfile.h>
#include <unistd.h>

#include <cerrno>

#include "base/units.h"
#include "os/interrupt.h"
#include "os/system_error.h"

namespace aiobench::platform {
namespace {

constexpr std::size_t kPiece = 64 * kMiB;

using Call = ssize_t (*)(int from, int to, FileOffset offset);

// Both leave the file pointer of `from` where it is; sendfile() writes at that of `to`, which is
// nobody else's.
ssize_t by_range(int from, int to, FileOffset offset) {
  auto in = static_cast<off_t>(offset);
  auto out = static_cast<off_t>(offset);
  return ::copy_file_range(from, &in, to, &out, kPiece, 0);
}

ssize_t by_sendfile(int from, int to, FileOffset offset) {
  auto in = static_cast<off_t>(offset);
  return ::sendfile(to, from, &in, kPiece);
}

// These two files, or this kernel, are not for copy_file_range(). Nothing copied counts too:
// that is what it says of files that have content and no size, as those of /proc.
bool cannot(ssize_t moved) {
  return moved == 0 || (moved < 0 && (errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP ||
                                      errno == ENOSYS));
}

}  // namespace

Result<std::uint64_t> system_copy(const File& from, const std::string& to_path,
                                  const std::function<bool(std::uint64_t done)>& go_on) {
  Result<File> to = File::open(to_path, {.access = Access::write});
  if (!to) return to.take_error();
  Call call = by_range;
  for (std::uint64_t done = 0;;) {
    const ssize_t moved =
        call(static_cast<int>(from.handle()), static_cast<int>(to->handle()), done);
    if (moved < 0 && errno == EINTR) continue;
    if (call == by_range && done == 0 && cannot(moved)) {
      call = by_sendfile;
      continue;
    }
    if (moved < 0) return system_error("copy", from.path(), errno, done);
    if (moved == 0) {
      if (Status closed = to->close(); !closed) return closed.take_error();
      return done;
    }
    done += static_cast<std::uint64_t>(moved);
    if (go_on && !go_on(done)) return interrupted_error("the file is copied only in part");
  }
}

}  // namespace aiobench::platform
