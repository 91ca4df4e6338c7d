// Proves that the registry and the engines of this system agree, and that an engine is found by its
// text on the command line, or refused with the list of all.
#include "engine/registry.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace aiobench::engine {
namespace {

Systems this_one() {
  return std::string(this_system()) == "Windows" ? Systems::windows_only : Systems::linux_only;
}

TEST_CASE("exactly the mechanisms of this system can be created; auto stands for one of them") {
  REQUIRE((std::string(this_system()) == "Linux" || std::string(this_system()) == "Windows"));
  for (const Mechanism& mechanism : mechanisms()) {
    CAPTURE(mechanism.name);
    const bool ours = mechanism.systems == Systems::both || mechanism.systems == this_one();
    const bool here = ours && mechanism.name != std::string(kAuto);
    CHECK((find_factory(mechanism.name) != nullptr) == here);
  }
}

TEST_CASE("every engine of this system is a registered mechanism and is complete") {
  std::set<std::string> names;
  for (const Factory& factory : factories()) {
    CAPTURE(factory.name);
    const Result<const Mechanism*> mechanism = find_mechanism(factory.name);
    REQUIRE(mechanism);
    CHECK(((*mechanism)->systems == Systems::both || (*mechanism)->systems == this_one()));
    CHECK((factory.make != nullptr));
    REQUIRE((factory.available != nullptr));
    CHECK(find_factory(factory.name) == &factory);
    CHECK(names.insert(factory.name).second);
    const Status available = factory.available();
    if (!available) CHECK_FALSE(available.error().line().empty());
  }
  CHECK(find_factory("no such engine") == nullptr);
  CHECK(find_factory("") == nullptr);
}

TEST_CASE("sync, mmap and null work on every machine") {
  for (const char* name : {"sync", "mmap", "null"}) {
    const Factory* const factory = find_factory(name);
    REQUIRE(factory != nullptr);
    CHECK(factory->available());
  }
}

TEST_CASE("the registry has each name once, in characters that can be typed, with a description") {
  std::set<std::string> names;
  for (const Mechanism& mechanism : mechanisms()) {
    CAPTURE(mechanism.name);
    CHECK(names.insert(mechanism.name).second);
    CHECK(std::string(mechanism.name).find_first_of(":,= ") == std::string::npos);
    CHECK_FALSE(std::string(mechanism.completion).empty());
    std::set<std::string> options;
    for (const OptionRule& rule : mechanism.options) {
      CHECK(options.insert(rule.name).second);
      CHECK_FALSE(std::string(rule.help).empty());
      CHECK(rule.min <= rule.max);
    }
  }
  for (const char* name : {"sync", "overlapped", "extended", "iocp", "threadpool", "io_uring",
                           "libaio", "posix-aio", "mmap", "null", "auto"}) {
    CHECK(names.count(name) == 1);
  }
}

TEST_CASE("parse_engine accepts a name with and without options, and text() returns it") {
  for (const char* text :
       {"sync", "null", "overlapped", "extended", "iocp", "iocp:skip_on_success", "iocp:batch=16",
        "iocp:batch=1,skip_on_success", "threadpool:skip_on_success", "io_uring:sqpoll",
        "io_uring:fixed_buffers,sqpoll", "io_uring:sleep", "libaio", "libaio:sleep", "posix-aio"}) {
    CAPTURE(text);
    const Result<EngineSpec> spec = parse_engine(text);
    REQUIRE_MESSAGE(spec, spec.error().line());
    CHECK(spec->text() == text);
    const std::string whole = text;
    CHECK(spec->mechanism->name == whole.substr(0, whole.find(':')));
  }
  const Result<EngineSpec> spec = parse_engine("iocp:skip_on_success,batch=9");
  REQUIRE(spec);
  CHECK(spec->text() == "iocp:batch=9,skip_on_success");
  CHECK(spec->options.get("batch", 0) == 9);
}

TEST_CASE("an unknown engine is refused with the list of all") {
  for (const char* text : {"", "uring", "IOCP", "iocp ", " iocp", "nope:batch=1", ":batch=1",
                           "iocp,threadpool", "iocp\n"}) {
    CAPTURE(text);
    const Result<EngineSpec> spec = parse_engine(text);
    REQUIRE_FALSE(spec);
    CHECK(spec.error().kind == Error::Kind::usage);
    const std::string line = spec.error().line();
    CHECK(line.find('\n') == std::string::npos);
    for (const Mechanism& mechanism : mechanisms()) {
      CHECK(line.find(mechanism.name) != std::string::npos);
    }
  }
}

TEST_CASE("an unknown option is refused with the valid ones") {
  for (const char* text :
       {"sync:batch=1", "iocp:sqpoll", "iocp:", "iocp:batch", "iocp:batch=0",
        "iocp:skip_on_success=1", "iocp:batch=1,", "io_uring:batch=1", "null:x", "libaio:sqpoll",
        "posix-aio:batch=1", "auto:batch=1", "iocp:batch=1:batch=2"}) {
    CAPTURE(text);
    const Result<EngineSpec> spec = parse_engine(text);
    REQUIRE_FALSE(spec);
    const std::string name = std::string(text).substr(0, std::string(text).find(':'));
    const std::string line = spec.error().line();
    CHECK(line.find("'" + name + "'") != std::string::npos);
    CHECK(line.find(describe((*find_mechanism(name))->options)) != std::string::npos);
  }
}

TEST_CASE("has_windows_option is true for options of the Windows mechanism only") {
  CHECK(has_windows_option(*parse_engine("threadpool:skip_on_success")));
  CHECK(has_windows_option(*parse_engine("iocp:skip_on_success,batch=2")));
  CHECK_FALSE(has_windows_option(*parse_engine("threadpool")));
  CHECK_FALSE(has_windows_option(*parse_engine("iocp:batch=2")));
  CHECK_FALSE(has_windows_option(*parse_engine("io_uring:sqpoll")));
}

}  // namespace
}  // namespace aiobench::engine
