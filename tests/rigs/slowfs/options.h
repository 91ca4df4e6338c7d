// The rig's command line.
#pragma once

#include <string>

#include "served_file.h"
#include "timetable.h"

namespace slowfs {

struct Options {
  std::string source;
  Speed speed;
  Faults faults;
  bool uncached = false;       // reads go past the page cache, whatever the program asks for
  bool interruptible = false;  // a read ends with EINTR when its caller is signalled
};

// Ends the program for --help and where the command line cannot be used.
Options parse(int argc, char** argv);

}  // namespace slowfs
