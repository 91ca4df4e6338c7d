// The page cache of one file: how much of it is cached, and how to change that for this file alone,
// without special rights. Sources: mincore(2), posix_fadvise(2), madvise(2), getrusage(2);
// CreateFileW on caching.
#pragma once

#include "base/error.h"
#include "os/file.h"

namespace aiobench::os {

// The share (0 to 1) of the pages of the file that are cached. An error if the system does not
// report it to this user.
Result<double> resident_share(const File& file);

// Estimates resident_share() from a sample of a few dozen pages spread over the file. Fast, and
// accurate enough to choose an engine.
Result<double> sampled_resident_share(const File& file);

// Whether mapping the cached file is cheap: the cache holds it in large folios, each of which is
// mapped by one page fault. On Linux this is measured on a few ranges of the file. A file written
// in small pieces is not cheap until it has been read back from the disk. Windows does not report
// it; the result is true.
bool cheap_to_map(const File& file);

// Writes dirty pages and asks the system to drop the file from the cache. The system may keep
// pages: check with resident_share().
Status evict(const File& file);

// Reads the whole file, so that it is cached if it fits.
Status warm(const File& file);

}  // namespace aiobench::os
