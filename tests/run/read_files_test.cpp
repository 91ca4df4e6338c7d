// Tests that several files are read at the same time with separate results, that an unreadable file
// does not stop the others, and that progress covers all files.
#include <algorithm>
#include <chrono>

#include "run/read_fixture.h"
#include "support/engine_rig.h"

namespace aiobench::test {
namespace {

TEST_CASE("several files are read at once, with separate results in the same order") {
  std::vector<TempFile> files;
  std::vector<std::string> paths;
  for (std::uint64_t i = 0; i < 5; ++i) {
    files.emplace_back(random_bytes(i * 30'000, i));
    paths.push_back(files.back().path());
  }
  for (const std::string& spec : usable_engines()) {
    for (const double rate : {0.0, 50'000.0}) {
      CAPTURE(spec);
      ReadSettings read;
      read.rate_per_second = rate;
      const auto outcomes = read_all(settings_for(spec, 4, 2, 4096), read, paths);
      REQUIRE(outcomes.size() == paths.size());
      for (std::uint64_t i = 0; i < 5; ++i) {
        check_whole(outcomes[i], i * 30'000, (i * 30'000 + 4095) / 4096);
        CHECK(outcomes[i].file_bytes == i * 30'000);
      }
    }
  }
}

TEST_CASE("a file that cannot be opened does not stop the others") {
  const TempFile good(random_bytes(20'000, 1));
  for (const std::string& spec : usable_engines()) {
    CAPTURE(spec);
    const auto outcomes = read_all(settings_for(spec, 4, 2, 4096), {},
                                   {"no such file", good.path(), "nor this", good.path()});
    for (const std::size_t i : {0u, 2u}) {
      REQUIRE(outcomes[i].failure.has_value());
      CHECK(outcomes[i].failure->operation == "open");
      CHECK(outcomes[i].totals.reads.requests == 0);
    }
    check_whole(outcomes[1], 20'000, 5);
    check_whole(outcomes[3], 20'000, 5);
  }
  // The same if no file can be opened.
  const auto outcomes = read_all(settings_for("sync", 1, 1, 4096), {}, {"no such file"});
  CHECK(outcomes.at(0).failure.has_value());
}

TEST_CASE("progress never exceeds the total, also for endless runs over many files") {
  std::vector<TempFile> files;
  std::vector<std::string> paths;
  for (int i = 0; i < 9; ++i) {
    files.emplace_back(random_bytes(50'000, 1));
    paths.push_back(files.back().path());
  }
  using Clock = std::chrono::steady_clock;
  constexpr double kSeconds = 0.5;
  for (const std::size_t count : {1u, 4u, 9u}) {
    CAPTURE(count);
    ReadSettings read;
    read.duration_seconds = kSeconds;
    const std::vector<std::string> some(paths.begin(),
                                        paths.begin() + static_cast<std::ptrdiff_t>(count));
    const Clock::time_point began = Clock::now();
    std::uint64_t last = 0;
    read_all(settings_for("sync", 1, 1, 4096), read, some, [&](auto done, auto all) {
      const std::chrono::duration<double> gone = Clock::now() - began;
      CHECK(done >= last);
      CHECK(done <= all);
      if (gone.count() < kSeconds * 0.8) CHECK(done < all);
      last = done;
    });
  }
}

}  // namespace
}  // namespace aiobench::test
