// Test support, proves nothing itself: see temp_directory.h.
#include "os/temp_directory.h"

#include <doctest/doctest.h>
#include <fstream>

#include <algorithm>
#include <filesystem>
#include <random>

#include "base/units.h"
#include "os/atomic_file.h"
#include "os/console.h"
#include "os/directory.h"

namespace aiobench::test {
namespace {

std::filesystem::path native(const std::string& path) {
  return std::filesystem::path(std::u8string(path.begin(), path.end()));
}

// Under ctest the current directory is the build directory: a real file system, which /tmp may not
// be.
std::string unique_path() {
  std::random_device random;
  std::string directory = os::environment("AIOBENCH_TEST_DIRECTORY");
  if (directory.empty()) directory = "test-files";
  return os::join_path(directory,
                       "directory-" + std::to_string(random()) + "-" + std::to_string(random()));
}

}  // namespace

TempDirectory::TempDirectory() : path_(unique_path()) {
  const Status made = os::make_directories(path_);
  REQUIRE_MESSAGE(made, made.error().line());
}

TempDirectory::~TempDirectory() {
  std::error_code failure;
  std::filesystem::remove_all(native(path_), failure);
}

std::string TempDirectory::file(const std::string& name) const {
  return os::join_path(path_, name);
}

std::vector<std::string> TempDirectory::names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(native(path_))) {
    const std::u8string name = entry.path().filename().u8string();
    names.emplace_back(name.begin(), name.end());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string content_of(const std::string& path) {
  Result<std::string> text = os::read_file(path, kGiB);
  REQUIRE_MESSAGE(text, text.error().line());
  return text.take();
}

void put_file(const std::string& path, std::string_view text) {
  const Status put = os::write_file(path, std::string(text));
  REQUIRE_MESSAGE(put, put.error().line());
}

bool mounts_are_told() {
  std::ifstream mounts("/proc/self/mounts");
  if (!mounts) return true;  // Windows
  for (std::string line; std::getline(mounts, line);) {
    if (line.find(" / ") != std::string::npos) return true;
  }
  return false;
}

}  // namespace aiobench::test
