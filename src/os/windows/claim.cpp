#include "os/claim.h"

#include <windows.h>

#include "os/windows/identity.h"

namespace aiobench::platform {

bool claim(const File& file) {
  // A byte that no file has: locks keep others from reading and writing what they cover.
  OVERLAPPED place{};
  place.Offset = 0xffff'fffe;
  place.OffsetHigh = 0x7fff'ffff;
  if (LockFileEx(reinterpret_cast<HANDLE>(file.handle()),
                 LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place)) {
    return true;
  }
  const DWORD code = GetLastError();
  return code != ERROR_LOCK_VIOLATION && code != ERROR_IO_PENDING;
}

bool is_at(const File& file, const std::string& path) {
  const Identity there(path);
  const Identity ours(reinterpret_cast<HANDLE>(file.handle()));
  return ours.same_as(there);
}

}  // namespace aiobench::platform
