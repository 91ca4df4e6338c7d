// Tests the automatic choice: what `auto` selects under all conditions, that user settings are
// kept, and that an unusable engine is never selected.
#include "run/auto_tune.h"

#include <doctest/doctest.h>

#include "base/units.h"
#include "engine/registry.h"
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

Settings wanted(const std::string& engine = engine::kAuto) {
  Settings settings;
  const Result<engine::EngineSpec> spec = engine::parse_engine(engine);
  REQUIRE(spec);
  settings.engine = spec->mechanism->name;
  settings.engine_options = spec->options.text();
  return settings;
}

Conditions large_file(bool cached) {
  return {.file_bytes = kGiB, .cached = cached, .random = false, .cpus = 8, .usable = everything};
}

// "engine depth threads block"
std::string text(const Settings& settings) {
  return settings.engine_text() + " " + std::to_string(settings.depth) + " " +
         std::to_string(settings.threads) + " " + format_exact_size(settings.block_bytes);
}

std::string choice_text(const Settings& settings, const Conditions& conditions) {
  return text(choose_missing(settings, conditions));
}

// For runs that need several requests in flight: each engine that is selected if those before it
// are unusable, with the same `rest` of the choice.
void check_each_engine(Conditions conditions, const std::string& rest) {
  CHECK(choice_text(wanted(), conditions) == "iocp" + rest);
  conditions.usable = all_of_linux;
  CHECK(choice_text(wanted(), conditions) == "io_uring" + rest);
  conditions.usable = linux_without_rings;
  CHECK(choice_text(wanted(), conditions) == "threadpool" + rest);
  conditions.usable = sync_alone;
  CHECK(choice_text(wanted(), conditions) == "sync" + rest);
}

TEST_CASE("auto: a file that is not cached is read with several requests in flight") {
  check_each_engine(large_file(false), " 8 2 1MiB");
}

TEST_CASE("auto: with direct access the state of the cache does not matter") {
  Settings direct = wanted();
  direct.cache = CacheState::direct;
  Conditions conditions = large_file(true);
  CHECK(choice_text(direct, conditions) == "iocp 8 2 1MiB");
  conditions.usable = all_of_linux;
  conditions.file_bytes = 100;
  CHECK(choice_text(direct, conditions) == "io_uring 8 2 1MiB");
}

TEST_CASE("auto: a cached file is hashed with mmap and read with sync") {
  Conditions conditions = large_file(true);
  if (engine::find_mechanism("mmap")) {
    CHECK(choice_text(wanted(), conditions) == "mmap 4 2 8MiB");
    conditions.file_bytes = 64 * kMiB - 1;
    CHECK(choice_text(wanted(), conditions) == "mmap 4 2 1MiB");
  }
  conditions.cheap_to_map = false;
  CHECK(choice_text(wanted(), conditions) == "sync 4 2 256KiB");
  conditions.cheap_to_map = true;
  conditions.usable = no_mapping;
  CHECK(choice_text(wanted(), conditions) == "sync 4 2 256KiB");
  Settings read = wanted();
  read.hash = hash::Algorithm::none;
  conditions.usable = everything;
  CHECK(choice_text(read, conditions) == "sync 4 2 256KiB");
}

TEST_CASE("auto: a cached file is copied with mmap for direct writes, otherwise with sync") {
  Conditions conditions = large_file(true);
  conditions.writes = Writes::direct;
  conditions.usable = all_of_linux;
  for (const bool cheap : {false, true}) {
    conditions.cheap_to_map = cheap;
    CHECK(choice_text(wanted(), conditions) == "mmap 8 1 1MiB");
    conditions.writes = Writes::buffered;
    CHECK(choice_text(wanted(), conditions) == "sync 4 2 256KiB");
    conditions.writes = Writes::direct;
  }
  conditions.usable = no_mapping;
  CHECK(choice_text(wanted(), conditions) == "iocp 8 1 1MiB");
  conditions.usable = sync_alone;
  CHECK(choice_text(wanted(), conditions) == "sync 8 1 1MiB");
  conditions.file_bytes = kMiB;
  CHECK(choice_text(wanted(), conditions) == "sync 1 1 256KiB");
  conditions.file_bytes = kGiB;
  conditions.cached = false;
  conditions.usable = all_of_linux;
  CHECK(choice_text(wanted(), conditions) == "io_uring 8 2 1MiB");
}

TEST_CASE("auto: a small cached file gets one thread") {
  Conditions conditions = large_file(true);
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, kMiB}) {
    conditions.file_bytes = bytes;
    CHECK(choice_text(wanted(), conditions) == "sync 1 1 256KiB");
  }
  conditions.file_bytes = kMiB + 1;
  CHECK(choose_missing(wanted(), conditions).threads == 2);
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
      CHECK(choice_text(wanted(engine), conditions) == engine + std::string(" 8 2 256KiB"));
      conditions.random = true;
      CHECK(choice_text(wanted(engine), conditions) == engine + std::string(" 8 2 4KiB"));
      conditions.usable = sync_alone;  // not called
      CHECK(choose_missing(wanted(engine), conditions).engine_text() == engine);
    }
  }
}

TEST_CASE("the number of threads is at most that of the processors, and at least one") {
  Conditions conditions = large_file(false);
  for (const auto& [cpus, threads] :
       std::vector<std::pair<unsigned, unsigned>>{{0, 1}, {1, 1}, {2, 2}, {64, 2}}) {
    conditions.cpus = cpus;
    CHECK(choose_missing(wanted(), conditions).threads == threads);
    CHECK(choose_missing(wanted("sync"), conditions).threads == threads);
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
          Settings settings = wanted(engine);
          settings.depth = 77;
          CHECK(choose_missing(settings, conditions).depth == 77);
          settings.threads = 33;
          CHECK(choose_missing(settings, conditions).threads == 33);
          settings.block_bytes = 12'345;
          CHECK(choose_missing(settings, conditions).block_bytes == 12'345);
          settings.hash = hash::Algorithm::xxh128;
          settings.cache = CacheState::direct;
          const Settings all = choose_missing(settings, conditions);
          CHECK(all.depth == 77);
          CHECK(all.threads == 33);
          CHECK((all.hash == hash::Algorithm::xxh128));
          CHECK(all.direct());
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
      Settings settings = wanted();
      if ((bits & 8) != 0) settings.cache = CacheState::direct;
      const Settings chosen = choose_missing(settings, conditions);
      CAPTURE(text(chosen));
      CHECK(usable(chosen.engine));
      CHECK_FALSE(chosen.engine_is_open());
      CHECK(chosen.requested_engine == "auto");
      CHECK(chosen.depth >= 1);
      CHECK(chosen.threads >= 1);
      CHECK(chosen.block_bytes >= 512);
    }
  }
}

TEST_CASE("a named engine was not chosen, and its latency is known") {
  const Settings mapped = choose_missing(wanted("mmap"), large_file(true));
  CHECK(mapped.requested_engine.empty());
  CHECK(mapped.latency_of == "populating pages");
  CHECK(choose_missing(wanted("sync"), large_file(true)).latency_of == "requests");
}

TEST_CASE("a copy is written by the engine that reads, unless that one only maps files") {
  Conditions conditions = large_file(true);
  conditions.usable = all_of_linux;
  conditions.writes = Writes::direct;
  Settings settings = wanted("io_uring:sqpoll");
  settings.copy.emplace();
  CHECK(choose_missing(settings, conditions).copy->writer == "io_uring:sqpoll");
  CHECK((choose_missing(settings, conditions).copy->write_cache == WriteCache::direct));
  settings.engine = "mmap";
  settings.engine_options.clear();
  conditions.writes = Writes::buffered;
  CHECK(choose_missing(settings, conditions).copy->writer == "io_uring");
  CHECK((choose_missing(settings, conditions).copy->write_cache == WriteCache::buffered));
}

TEST_CASE("the copy function of the system makes one call after the other") {
  Settings settings = wanted();
  settings.engine = kSystemCopy;
  settings.depth = 8;
  settings.copy.emplace();
  const Settings chosen = choose_missing(settings, large_file(true));
  CHECK(chosen.engine == kSystemCopy);
  CHECK(chosen.depth == 1);
  CHECK(chosen.threads == 1);
  CHECK(chosen.copy->writer == kSystemCopy);
  CHECK((chosen.copy->write_cache == WriteCache::buffered));
  CHECK(chosen.requested_engine.empty());
}

TEST_CASE("the file is examined only for auto") {
  const test::TempFile file(test::random_bytes(4096, 1));
  CHECK(conditions_of(file.path(), wanted()).file_bytes == 4096);
  CHECK(conditions_of(file.path(), wanted("sync")).file_bytes == 0);
}

TEST_CASE("the conditions of an existing file and of a missing one") {
  const test::TempFile file(test::random_bytes(3 * kMiB, 1));
  Settings random = wanted();
  random.read = ReadSettings{.pattern = Pattern::random};
  Conditions conditions = conditions_of(file.path(), random);
  CHECK(conditions.file_bytes == 3 * kMiB);
  CHECK(conditions.random);
  CHECK(conditions.cpus >= 1);
  REQUIRE((conditions.usable != nullptr));
  CHECK(conditions.usable("sync"));
  CHECK_FALSE(conditions.usable("auto"));
  CHECK_FALSE(conditions.usable("no such engine"));
  const Settings chosen = choose_missing(wanted(), conditions);
  const engine::Factory* const factory = engine::find_factory(chosen.engine);
  REQUIRE(factory != nullptr);
  CHECK(factory->available());
  conditions = conditions_of("no such file", wanted());
  CHECK(conditions.file_bytes == 0);
  CHECK_FALSE(conditions.cached);
  CHECK_FALSE(conditions.random);
  CHECK(choose_missing(wanted(), conditions).depth >= 1);
}

}  // namespace
}  // namespace aiobench::run
