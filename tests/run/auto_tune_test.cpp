// Tests the automatic choice: what `auto` selects in all circumstances, that user settings are
// kept, and that an unusable engine is never selected.
#include "run/auto_tune.h"

#include <doctest/doctest.h>

#include "base/units.h"
#include "support/temp_file.h"

namespace aiobench::run {
namespace {

bool everything(std::string_view engine) {
  return static_cast<bool>(engine::find_mechanism(engine));
}
bool all_of_linux(std::string_view engine) {
  return everything(engine) &&
         (*engine::find_mechanism(engine))->systems != engine::Systems::windows_only;
}
bool linux_without_rings(std::string_view engine) {
  return all_of_linux(engine) && engine != "io_uring";
}
bool no_mapping(std::string_view engine) {
  return everything(engine) && engine != "mmap";
}
bool sync_alone(std::string_view engine) {
  return engine == "sync";
}

RunSettings wanted(const std::string& engine = engine::kAuto) {
  RunSettings settings;
  settings.engine = *engine::parse_engine(engine);
  settings.depth = 0;
  settings.threads = 0;
  settings.block_bytes = 0;
  return settings;
}

Circumstances large_file(bool cached) {
  return {.file_bytes = kGiB, .cached = cached, .random = false, .cpus = 8, .usable = everything};
}

// "engine depth threads block"
std::string text(const RunSettings& settings) {
  return settings.engine.text() + " " + std::to_string(settings.depth) + " " +
         std::to_string(settings.threads) + " " + format_exact_size(settings.block_bytes);
}

std::string settled(const RunSettings& settings, const Circumstances& info) {
  return text(settle(settings, info));
}

// For runs that need several requests in flight: each engine that is selected if those before it
// are unusable, with the same `rest` of the choice.
void check_each_engine(Circumstances info, const std::string& rest) {
  CHECK(settled(wanted(), info) == "iocp" + rest);
  info.usable = all_of_linux;
  CHECK(settled(wanted(), info) == "io_uring" + rest);
  info.usable = linux_without_rings;
  CHECK(settled(wanted(), info) == "threadpool" + rest);
  info.usable = sync_alone;
  CHECK(settled(wanted(), info) == "sync" + rest);
}

TEST_CASE("auto: a file that is not cached is read with several requests in flight") {
  check_each_engine(large_file(false), " 8 2 1MiB");
}

TEST_CASE("auto: with direct access the state of the cache does not matter") {
  RunSettings direct = wanted();
  direct.direct = true;
  Circumstances info = large_file(true);
  CHECK(settled(direct, info) == "iocp 8 2 1MiB");
  info.usable = all_of_linux;
  info.file_bytes = 100;
  CHECK(settled(direct, info) == "io_uring 8 2 1MiB");
}

TEST_CASE("auto: a cached file is hashed with mmap and read with sync") {
  Circumstances info = large_file(true);
  if (engine::find_mechanism("mmap")) {
    CHECK(settled(wanted(), info) == "mmap 4 2 8MiB");
    info.file_bytes = 64 * kMiB - 1;
    CHECK(settled(wanted(), info) == "mmap 4 2 1MiB");
  }
  info.cheap_to_map = false;
  CHECK(settled(wanted(), info) == "sync 4 2 256KiB");
  info.cheap_to_map = true;
  info.usable = no_mapping;
  CHECK(settled(wanted(), info) == "sync 4 2 256KiB");
  RunSettings read = wanted();
  read.hash = hash::Algorithm::none;
  info.usable = everything;
  CHECK(settled(read, info) == "sync 4 2 256KiB");
}

TEST_CASE("auto: a cached file is copied with mmap for direct writes, otherwise with sync") {
  Circumstances info = large_file(true);
  info.writes = Writes::direct;
  info.usable = all_of_linux;
  for (const bool cheap : {false, true}) {
    info.cheap_to_map = cheap;
    CHECK(settled(wanted(), info) == "mmap 8 1 1MiB");
    info.writes = Writes::buffered;
    CHECK(settled(wanted(), info) == "sync 4 2 256KiB");
    info.writes = Writes::direct;
  }
  info.usable = no_mapping;
  CHECK(settled(wanted(), info) == "iocp 8 1 1MiB");
  info.usable = sync_alone;
  CHECK(settled(wanted(), info) == "sync 8 1 1MiB");
  info.file_bytes = kMiB;
  CHECK(settled(wanted(), info) == "sync 1 1 256KiB");
  info.file_bytes = kGiB;
  info.cached = false;
  info.usable = all_of_linux;
  CHECK(settled(wanted(), info) == "io_uring 8 2 1MiB");
}

TEST_CASE("auto: a small cached file gets one thread") {
  Circumstances info = large_file(true);
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, kMiB}) {
    info.file_bytes = bytes;
    CHECK(settled(wanted(), info) == "sync 1 1 256KiB");
  }
  info.file_bytes = kMiB + 1;
  CHECK(settle(wanted(), info).threads == 2);
}

TEST_CASE("auto: random requests are small, and one thread is used") {
  for (const bool cached : {false, true}) {
    Circumstances info = large_file(cached);
    info.random = true;
    check_each_engine(info, " 8 1 4KiB");
  }
}

TEST_CASE("a named engine gets the default values that the help states") {
  for (const char* engine : {"sync", "threadpool", "null", "iocp:batch=3", "io_uring:sqpoll"}) {
    for (const bool cached : {false, true}) {
      Circumstances info = large_file(cached);
      CHECK(settled(wanted(engine), info) == engine + std::string(" 8 2 256KiB"));
      info.random = true;
      CHECK(settled(wanted(engine), info) == engine + std::string(" 8 2 4KiB"));
      info.usable = sync_alone;  // not called
      CHECK(settle(wanted(engine), info).engine.text() == engine);
    }
  }
}

TEST_CASE("the number of threads is at most that of the processors, and at least one") {
  Circumstances info = large_file(false);
  for (const auto& [cpus, threads] :
       std::vector<std::pair<unsigned, unsigned>>{{0, 1}, {1, 1}, {2, 2}, {64, 2}}) {
    info.cpus = cpus;
    CHECK(settle(wanted(), info).threads == threads);
    CHECK(settle(wanted("sync"), info).threads == threads);
  }
}

TEST_CASE("user settings are kept, whatever else is chosen") {
  for (const bool cached : {false, true}) {
    for (const bool random : {false, true}) {
      for (const std::uint64_t bytes : {std::uint64_t{100}, kGiB}) {
        Circumstances info = large_file(cached);
        info.random = random;
        info.file_bytes = bytes;
        info.cpus = 1;
        for (const char* engine : {"auto", "sync"}) {
          RunSettings settings = wanted(engine);
          settings.depth = 77;
          CHECK(settle(settings, info).depth == 77);
          settings.threads = 33;
          CHECK(settle(settings, info).threads == 33);
          settings.block_bytes = 12'345;
          CHECK(settle(settings, info).block_bytes == 12'345);
          settings.hash = hash::Algorithm::xxh128;
          settings.direct = true;
          const RunSettings all = settle(settings, info);
          CHECK(all.depth == 77);
          CHECK(all.threads == 33);
          CHECK((all.hash == hash::Algorithm::xxh128));
          CHECK(all.direct);
        }
      }
    }
  }
}

TEST_CASE("every setting is chosen in all circumstances, and auto never selects auto") {
  for (auto* const usable :
       {everything, all_of_linux, linux_without_rings, no_mapping, sync_alone}) {
    for (unsigned bits = 0; bits < 96; ++bits) {
      const Circumstances info = {.file_bytes = (bits & 1) != 0 ? kGiB : 10,
                                  .cached = (bits & 2) != 0,
                                  .cheap_to_map = (bits & 16) != 0,
                                  .random = (bits & 4) != 0,
                                  .writes = static_cast<Writes>(bits / 32),
                                  .cpus = 4,
                                  .usable = usable};
      RunSettings settings = wanted();
      settings.direct = (bits & 8) != 0;
      const RunSettings chosen = settle(settings, info);
      CAPTURE(text(chosen));
      CHECK(usable(chosen.engine.mechanism->name));
      CHECK_FALSE(depends_on_file(chosen));
      CHECK(chosen.depth >= 1);
      CHECK(chosen.threads >= 1);
      CHECK(chosen.block_bytes >= 512);
    }
  }
}

TEST_CASE("only auto depends on the file") {
  CHECK(depends_on_file(wanted()));
  CHECK_FALSE(depends_on_file(wanted("sync")));
}

TEST_CASE("the circumstances of an existing file and of a missing one") {
  const test::TempFile file(test::random_bytes(3 * kMiB, 1));
  Circumstances info = circumstances_of(file.path(), wanted(), true);
  CHECK(info.file_bytes == 3 * kMiB);
  CHECK(info.random);
  CHECK(info.cpus >= 1);
  REQUIRE((info.usable != nullptr));
  CHECK(info.usable("sync"));
  CHECK_FALSE(info.usable("auto"));
  CHECK_FALSE(info.usable("no such engine"));
  const RunSettings chosen = settle(wanted(), info);
  const engine::Maker* const maker = engine::find_maker(chosen.engine.mechanism->name);
  REQUIRE(maker != nullptr);
  CHECK(maker->available());
  info = circumstances_of("no such file", wanted(), false);
  CHECK(info.file_bytes == 0);
  CHECK_FALSE(info.cached);
  CHECK_FALSE(info.random);
  CHECK(settle(wanted(), info).depth >= 1);
}

}  // namespace
}  // namespace aiobench::run
