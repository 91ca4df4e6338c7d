// The memory bandwidth of this machine for a file in the page cache: all processors add up the
// words of the mapped file, with page tables populated before the clock starts. No hash can be
// faster; scripts/bench_peers compares aiobench with it. Prints seconds and bytes.
//
// usage: memory_rate FILE
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;  // what a thread processes at a time

// Several independent sums, so that only memory limits the speed.
std::uint64_t sum(std::span<const std::byte> piece) {
  constexpr std::size_t kSums = 32;
  std::uint64_t sums[kSums] = {};
  for (; piece.size() >= sizeof(sums); piece = piece.subspan(sizeof(sums))) {
    std::uint64_t words[kSums];
    std::memcpy(words, piece.data(), sizeof(words));
    for (std::size_t i = 0; i < kSums; ++i) sums[i] += words[i];
  }
  std::uint64_t total = 0;
  for (const std::uint64_t each : sums) total += each;
  return total;
}

// The result is used, so that the compiler cannot remove the reads.
std::uint64_t sum_by_all_processors(std::span<const std::byte> data) {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::uint64_t> total = 0;
  const auto work = [&] {
    for (;;) {
      const std::size_t offset = next.fetch_add(kPieceBytes);
      if (offset >= data.size()) return;
      total += sum(data.subspan(offset, std::min(kPieceBytes, data.size() - offset)));
    }
  };
  std::vector<std::jthread> threads(std::thread::hardware_concurrency());
  for (std::jthread& thread : threads) thread = std::jthread(work);
  threads.clear();
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  const int file = argc == 2 ? ::open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
  struct stat info {};
  if (file < 0 || ::fstat(file, &info) != 0 || info.st_size == 0) {
    fmt::print(stderr, "usage: memory_rate FILE, one that can be read and is not empty\n");
    return 2;
  }
  const auto bytes = static_cast<std::size_t>(info.st_size);
  void* pages = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, file, 0);
  if (pages == MAP_FAILED) {
    fmt::print(stderr, "memory_rate: cannot map {}\n", argv[1]);
    return 3;
  }
  const auto began = std::chrono::steady_clock::now();
  const std::uint64_t total = sum_by_all_processors({static_cast<const std::byte*>(pages), bytes});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
  fmt::print("{:.9f} {} {:016x}\n", seconds.count(), bytes, total);
}
