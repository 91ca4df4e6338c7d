#include "os/attributes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/system_error.h"

namespace aiobench::platform {
namespace {

constexpr mode_t kPermissions = 07777;
constexpr uid_t kSameOwner = static_cast<uid_t>(-1);

int descriptor(const File& file) {
  return static_cast<int>(file.handle());
}

// EINVAL: the owner has no number in this user namespace.
bool may_not(int code) {
  return code == EPERM || code == EINVAL;
}

// Whether `to` has both owner and group of `from` now. The group alone is tried too: a user may
// give a file to the groups that he is in.
Result<bool> keep_owner(const struct stat& from, const File& to) {
  struct stat now {};
  if (::fstat(descriptor(to), &now) != 0) return system_error("examine", to.path(), errno);
  if (now.st_uid == from.st_uid && now.st_gid == from.st_gid) return true;
  if (::fchown(descriptor(to), from.st_uid, from.st_gid) == 0) return true;
  if (!may_not(errno)) return system_error("set the owner of", to.path(), errno);
  if (::fchown(descriptor(to), kSameOwner, from.st_gid) == 0) return now.st_uid == from.st_uid;
  if (!may_not(errno)) return system_error("set the group of", to.path(), errno);
  return false;
}

}  // namespace

// The times come first, as who gives a file away may lose the right to set them, and owner and bits
// leave them alone. The bits come last: a change of owner clears some of them.
Status copy_attributes(const File& from, const File& to) {
  struct stat facts {};
  if (::fstat(descriptor(from), &facts) != 0) return system_error("examine", from.path(), errno);
  const timespec times[] = {facts.st_atim, facts.st_mtim};
  if (::futimens(descriptor(to), times) != 0) {
    return system_error("set the times of", to.path(), errno);
  }
  const Result<bool> owner_kept = keep_owner(facts, to);
  if (!owner_kept) return owner_kept.error();
  mode_t bits = facts.st_mode & kPermissions;
  if (!*owner_kept) bits &= ~static_cast<mode_t>(S_ISUID | S_ISGID);
  if (::fchmod(descriptor(to), bits) == 0) return {};
  return system_error("set the permissions of", to.path(), errno);
}

}  // namespace aiobench::platform
