// Test support, proves nothing itself: a temporary directory for one test, and checks of its
// content.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aiobench::test {

class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();  // removes it with its content
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  // The path of the file `name` in the directory.
  std::string file(const std::string& name) const;
  // The names in the directory, sorted.
  std::vector<std::string> names() const;

 private:
  std::string path_;
};

// The content of `path`, read by os::read_file(). The test fails if it cannot be read.
std::string content_of(const std::string& path);
// Creates or replaces `path` with the content `text`.
void put_file(const std::string& path, std::string_view text);

// False in a chroot whose root is not a mount of its own: Linux then reports no mount for a file.
bool mounts_are_told();

}  // namespace aiobench::test
