// What of one file is in the system's page cache, and how to change it for this file alone,
// without special rights. Sources: mincore(2), posix_fadvise(2), madvise(2),
// getrusage(2); CreateFileW on caching.
#pragma once

#include "base/error.h"
#include "os/file.h"

namespace aiobench::os {

// The share (0 to 1) of the file's pages that are in the cache; an error where the system does
// not tell this user.
Result<double> resident_share(const File& file);

// The same by a sample of a few dozen pages all over the file: fast, and good enough to choose by.
Result<double> sampled_resident_share(const File& file);

// Whether a mapping of the cached file is cheap to make: the cache holds it in large pieces, each
// of which the system maps with one page fault. On Linux, of a few stretches of the file; a file
// written in small pieces is not cheap until it has been read back from the disk. Windows does not
// tell, and says yes.
bool cheap_to_map(const File& file);

// Asks the system to drop the file from the cache, after writing what is dirty. It may keep
// pages: ask resident_share() afterwards.
Status evict(const File& file);

// Reads the whole file, so that it is in the cache if it fits.
Status warm(const File& file);

}  // namespace aiobench::os
