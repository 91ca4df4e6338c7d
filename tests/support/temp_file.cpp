#include "support/temp_file.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <stdexcept>

#include "os/console.h"
#include "os/directory.h"
#include "os/file.h"

namespace aiobench::test {
namespace {

void must(const Status& status) {
  if (!status) throw std::runtime_error(status.error().line());
}

// Under ctest the current directory is the build directory, which is on a real file system; /tmp
// may not be.
std::string unique_path() {
  static const auto run = std::chrono::system_clock::now().time_since_epoch().count();
  static std::atomic<unsigned> count{0};
  std::string directory = os::environment("AIOBENCH_TEST_DIRECTORY");
  if (directory.empty()) directory = "test-files";
  must(os::make_directories(directory));
  return os::join_path(directory, std::to_string(run) + "-" + std::to_string(count++) + ".bin");
}

os::File open_for_writing(const std::string& path, bool create) {
  auto file = os::File::open(path, {.access = os::Access::write, .create = create});
  if (!file) throw std::runtime_error(file.error().line());
  return file.take();
}

void write_all(const os::File& file, std::uint64_t offset, const std::vector<std::byte>& content) {
  constexpr std::size_t kChunk = 1 << 24;
  for (std::size_t at = 0; at < content.size();) {
    const auto chunk = static_cast<std::uint32_t>(std::min(content.size() - at, kChunk));
    const os::Transferred put = file.write_at(content.data() + at, chunk, offset + at);
    if (put.error != 0) throw std::runtime_error("cannot write " + file.path());
    at += put.bytes;
  }
}

}  // namespace

std::vector<std::byte> random_bytes(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::vector<std::byte> bytes(count);
  for (std::size_t i = 0; i < count; i += 8) {
    std::uint64_t word = generator();
    for (std::size_t j = i; j < count && j < i + 8; ++j, word >>= 8) {
      bytes[j] = static_cast<std::byte>(word & 0xff);
    }
  }
  return bytes;
}

TempFile::TempFile() : path_(unique_path()) {}

TempFile::TempFile(const std::vector<std::byte>& content) : TempFile() {
  os::File file = open_for_writing(path_, true);
  write_all(file, 0, content);
  must(file.close());
}

TempFile TempFile::sparse(std::uint64_t bytes) {
  TempFile made;
  os::File file = open_for_writing(made.path_, true);
  must(file.resize(bytes));
  must(file.close());
  return made;
}

TempFile::TempFile(TempFile&& other) noexcept : path_(std::move(other.path_)) {
  other.path_.clear();
}

TempFile::~TempFile() {
  if (!path_.empty()) static_cast<void>(os::remove_file(path_));
}

void TempFile::resize(std::uint64_t bytes) const {
  os::File file = open_for_writing(path_, false);
  must(file.resize(bytes));
}

std::string digest_of(const std::vector<std::byte>& content, hash::Algorithm algorithm) {
  const auto hasher = hash::make_hasher(algorithm);
  hasher->update(content.data(), content.size());
  return hasher->digest();
}

void TempFile::write(std::uint64_t offset, const std::vector<std::byte>& content) const {
  const os::File file = open_for_writing(path_, false);
  write_all(file, offset, content);
}

}  // namespace aiobench::test
