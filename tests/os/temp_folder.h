// Test support, proves nothing itself: a directory of its own for one test, with the means to see
// what was left in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aiobench::test {

class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();  // with all that is in it
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  // The path of `name` in it.
  std::string file(const std::string& name) const;
  // The names in it, sorted.
  std::vector<std::string> names() const;

 private:
  std::string path_;
};

// What `path` holds, through os::read_file(); a test fails where it cannot be read.
std::string content_of(const std::string& path);
// Makes or replaces `path` with `text`.
void put_file(const std::string& path, std::string_view text);

// False in a chroot whose root is no mount of its own: there Linux tells no mount for a file.
bool mounts_are_told();

}  // namespace aiobench::test
