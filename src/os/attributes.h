// What a file has beside its content, carried over to a copy of it. Sources: fchown(2), fchmod(2),
// futimens(3), inode(7); SetFileInformationByHandle and FILE_BASIC_INFO in the Win32 reference.
#pragma once

#include "base/error.h"
#include "os/file.h"

namespace aiobench::platform {

// Gives `to` what `from` has now: the times of the last access and the last change, to the
// nanosecond (Windows: 100 ns) as far as the file system holds it; on Linux owner, group and
// permission bits, on Windows whether it is read-only, hidden, of the system, to be archived.
// Access control lists and extended attributes are not carried over.
//
// An owner or a group that this user may not give away is no error. Then the set-user-ID and
// set-group-ID bits are left out: they would lend another user's rights than they were made for.
//
// The last thing done to `to`, which is open for writing: writing afterwards changes its times, and
// without the right to write, or read-only, it cannot be opened again. It can still be renamed.
Status copy_attributes(const File& from, const File& to);

}  // namespace aiobench::platform
