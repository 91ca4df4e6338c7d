// The command line of the rig.
#pragma once

#include <string>

#include "served_file.h"
#include "timetable.h"

namespace slowfs {

struct Options {
  std::string source;
  Speed speed;
  Faults faults;
  bool uncached = false;       // all reads bypass the page cache, however the file was opened
  bool interruptible = false;  // a read fails with EINTR when its caller is signalled
};

// Exits after --help and on an invalid command line.
Options parse(int argc, char** argv);

}  // namespace slowfs
