// Tests the automatic choice: what `auto` selects under all conditions, that user settings are
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

Conditions large_file(bool cached) {
  return {.file_bytes = kGiB, .cached = cached, .random = false, .cpus = 8, .usable = everything};
}

// "engine depth threads block"
std::string text(const RunSettings& settings) {
  return settings.engine.text() + " " + std::to_string(settings.depth) + " " +
         std::to_string(settings.threads) + " " + format_exact_size(settings.block_bytes);
}

std::string settled(const RunSettings& settings, const Conditions& conditions) {
  return text(settle(settings, conditions));
}

// For runs that need several requests in flight: each engine that is selected if those before it
// are unusable, with the same `rest` of the choice.
void check_each_engine(Conditions conditions, const std::string& rest) {
  CHECK(settled(wanted(), conditions) == "iocp" + rest);
  conditions.usable = all_of_linux;
  CHECK(settled(wanted(), conditions) == "io_uring" + rest);
  conditions.usable = linux_without_rings;
  CHECK(settled(wanted(), conditions) == "threadpool" + rest);
  conditions.usable = sync_alone;
  CHECK(settled(wanted(), conditions) == "sync" + rest);
}

TEST_CASE("auto: a file that is not cached is read with several requests in flight") {
  check_each_engine(large_file(false), " 8 2 1MiB");
}

TEST_CASE("auto: with direct access the state of the cache does not matter") {
  RunSettings direct = wanted();
  direct.direct = true;
  Conditions conditions = large_file(true);
  CHECK(settled(direct, conditions) == "iocp 8 2 1MiB");
  conditions.usable = all_of_linux;
  conditions.file_bytes = 100;
  CHECK(settled(direct, conditions) == "io_uring 8 2 1MiB");
}

TEST_CASE("auto: a cached file is hashed with mmap and read with sync") {
  Conditions conditions = large_file(true);
  if (engine::find_mechanism("mmap")) {
    CHECK(settled(wanted(), conditions) == "mmap 4 2 8MiB");
    conditions.file_bytes = 64 * kMiB - 1;
    CHECK(settled(wanted(), conditions) == "mmap 4 2 1MiB");
  }
  conditions.cheap_to_map = false;
  CHECK(settled(wanted(), conditions) == "sync 4 2 256KiB");
  conditions.cheap_to_map = true;
  conditions.usable = no_mapping;
  CHECK(settled(wanted(), conditions) == "sync 4 2 256KiB");
  RunSettings read = wanted();
  read.hash = hash::Algorithm::none;
  conditions.usable = everything;
  CHECK(settled(read, conditions) == "sync 4 2 256KiB");
}

TEST_CASE("auto: a cached file is copied with mmap for direct writes, otherwise with sync") {
  Conditions conditions = large_file(true);
  conditions.writes = Writes::direct;
  conditions.usable = all_of_linux;
  for (const bool cheap : {false, true}) {
    conditions.cheap_to_map = cheap;
    CHECK(settled(wanted(), conditions) == "mmap 8 1 1MiB");
    conditions.writes = Writes::buffered;
    CHECK(settled(wanted(), conditions) == "sync 4 2 256KiB");
    conditions.writes = Writes::direct;
  }
  conditions.usable = no_mapping;
  CHECK(settled(wanted(), conditions) == "iocp 8 1 1MiB");
  conditions.usable = sync_alone;
  CHECK(settled(wanted(), conditions) == "sync 8 1 1MiB");
  conditions.file_bytes = kMiB;
  CHECK(settled(wanted(), conditions) == "sync 1 1 256KiB");
  conditions.file_bytes = kGiB;
  conditions.cached = false;
  conditions.usable = all_of_linux;
  CHECK(settled(wanted(), conditions) == "io_uring 8 2 1MiB");
}

TEST_CASE("auto: a small cached file gets one thread") {
  Conditions conditions = large_file(true);
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, kMiB}) {
    conditions.file_bytes = bytes;
    CHECK(settled(wanted(), conditions) == "sync 1 1 256KiB");
  }
  conditions.file_bytes = kMiB + 1;
  CHECK(settle(wanted(), conditions).threads == 2);
}

TEST_CASE("auto: random requests are small, and one thread is used") {
  for (const bool cached : {false, true}) {
    Conditions conditions = large_file(cached);
    conditions.random = true;
    check_each_engine(conditions, " 8 1 4KiB");
  }
}

TEST_CASE("a named engine gets the default values that the help states") {
  for (const char* engine : {"sync", "threadpool", "null", "iocp:batch=3", "io_uring:sqpoll"}) {
    for (const bool cached : {false, true}) {
      Conditions conditions = large_file(cached);
      CHECK(settled(wanted(engine), conditions) == engine + std::string(" 8 2 256KiB"));
      conditions.random = true;
      CHECK(settled(wanted(engine), conditions) == engine + std::string(" 8 2 4KiB"));
      conditions.usable = sync_alone;  // not called
      CHECK(settle(wanted(engine), conditions).engine.text() == engine);
    }
  }
}

TEST_CASE("the number of threads is at most that of the processors, and at least one") {
  Conditions conditions = large_file(false);
  for (const auto& [cpus, threads] :
       std::vector<std::pair<unsigned, unsigned>>{{0, 1}, {1, 1}, {2, 2}, {64, 2}}) {
    conditions.cpus = cpus;
    CHECK(settle(wanted(), conditions).threads == threads);
    CHECK(settle(wanted("sync"), conditions).threads == threads);
  }
}

TEST_CASE("user settings are kept, whatever else is chosen") {
  for (const bool cached : {false, true}) {
    for (const bool random : {false, true}) {
      for (const std::uint64_t bytes : {std::uint64_t{100}, kGiB}) {
        Conditions conditions = large_file(cached);
        conditions.random = random;
        conditions.file_bytes = bytes;
        conditions.cpus = 1;
        for (const char* engine : {"auto", "sync"}) {
          RunSettings settings = wanted(engine);
          settings.depth = 77;
          CHECK(settle(settings, conditions).depth == 77);
          settings.threads = 33;
          CHECK(settle(settings, conditions).threads == 33);
          settings.block_bytes = 12'345;
          CHECK(settle(settings, conditions).block_bytes == 12'345);
          settings.hash = hash::Algorithm::xxh128;
          settings.direct = true;
          const RunSettings all = settle(settings, conditions);
          CHECK(all.depth == 77);
          CHECK(all.threads == 33);
          CHECK((all.hash == hash::Algorithm::xxh128));
          CHECK(all.direct);
        }
      }
    }
  }
}

TEST_CASE("every setting is chosen under all conditions, and auto never selects auto") {
  for (auto* const usable :
       {everything, all_of_linux, linux_without_rings, no_mapping, sync_alone}) {
    for (unsigned bits = 0; bits < 96; ++bits) {
      const Conditions conditions = {.file_bytes = (bits & 1) != 0 ? kGiB : 10,
                                     .cached = (bits & 2) != 0,
                                     .cheap_to_map = (bits & 16) != 0,
                                     .random = (bits & 4) != 0,
                                     .writes = static_cast<Writes>(bits / 32),
                                     .cpus = 4,
                                     .usable = usable};
      RunSettings settings = wanted();
      settings.direct = (bits & 8) != 0;
      const RunSettings chosen = settle(settings, conditions);
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

TEST_CASE("the conditions of an existing file and of a missing one") {
  const test::TempFile file(test::random_bytes(3 * kMiB, 1));
  Conditions conditions = conditions_of(file.path(), wanted(), true);
  CHECK(conditions.file_bytes == 3 * kMiB);
  CHECK(conditions.random);
  CHECK(conditions.cpus >= 1);
  REQUIRE((conditions.usable != nullptr));
  CHECK(conditions.usable("sync"));
  CHECK_FALSE(conditions.usable("auto"));
  CHECK_FALSE(conditions.usable("no such engine"));
  const RunSettings chosen = settle(wanted(), conditions);
  const engine::Factory* const factory = engine::find_factory(chosen.engine.mechanism->name);
  REQUIRE(factory != nullptr);
  CHECK(factory->available());
  conditions = conditions_of("no such file", wanted(), false);
  CHECK(conditions.file_bytes == 0);
  CHECK_FALSE(conditions.cached);
  CHECK_FALSE(conditions.random);
  CHECK(settle(wanted(), conditions).depth >= 1);
}

}  // namespace
}  // namespace aiobench::run
