// Proves for every engine of Linux that no wake is lost, of thousands from several threads at any
// moment of a sleep, and that only a wake or a completion ends a sleep.
#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "support/engine_rig.h"
#include "support/temp_file.h"

namespace aiobench::test {
namespace {

constexpr unsigned kWakers = 3;
constexpr unsigned kRounds = 1000;  // per engine

// Sleeps again and again, and reports the announcement that it saw at its last wake. The first
// wakes may come before it has entered.
void serve(EngineRig& rig, const std::atomic<unsigned>& told, std::atomic<unsigned>& seen) {
  rig.enter();
  while (seen.load() < kWakers * kRounds) {
    engine::RequestQueue done;
    rig.engine().reap(0, engine::Wait::yes, done);
    CHECK(done.empty());
    seen.store(told.load());
    seen.notify_all();
  }
  rig.leave();
}

// Continues when the worker has seen the announcement. A lost wake makes it wait forever.
void wake(EngineRig& rig, std::atomic<unsigned>& told, const std::atomic<unsigned>& seen) {
  for (unsigned round = 0; round < kRounds; ++round) {
    const unsigned number = told.fetch_add(1) + 1;
    rig.engine().wake(0);
    for (unsigned now = seen.load(); now < number; now = seen.load()) seen.wait(now);
  }
}

TEST_CASE("of thousands of wakes from several threads none is lost") {
  const TempFile file(random_bytes(512, 1));
  for (const std::string& spec : usable_engines()) {
    CAPTURE(spec);
    EngineRig rig(spec, 4, 512);
    rig.open(file.path(), os::Access::read);
    std::atomic<unsigned> told{0};
    std::atomic<unsigned> seen{0};
    std::vector<std::thread> threads;
    threads.emplace_back([&] { serve(rig, told, seen); });
    for (unsigned i = 0; i < kWakers; ++i) threads.emplace_back([&] { wake(rig, told, seen); });
    for (std::thread& thread : threads) thread.join();
    CHECK(seen.load() == kWakers * kRounds);
  }
}

// Signals that interrupt a system call: the handler has no SA_RESTART.
class Signals {
 public:
  Signals() {
    struct sigaction ignore {};
    ignore.sa_handler = [](int) {};
    REQUIRE(::sigaction(SIGUSR1, &ignore, &before_) == 0);
  }
  ~Signals() { ::sigaction(SIGUSR1, &before_, nullptr); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct sigaction before_ {};
};

TEST_CASE("a signal does not end a sleep: only a wake or a completion does") {
  const Signals signals;
  const TempFile file(random_bytes(512, 1));
  for (const std::string& spec : usable_engines()) {
    CAPTURE(spec);
    EngineRig rig(spec, 4, 512);
    if (rig.engine().has_own_threads()) continue;  // its workers do not sleep in reap()
    rig.open(file.path(), os::Access::read);
    rig.enter();
    std::atomic<bool> sent{false};
    const pthread_t sleeper = ::pthread_self();
    std::thread waker([&] {
      for (int i = 0; i < 20; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ::pthread_kill(sleeper, SIGUSR1);
      }
      sent = true;
      rig.engine().wake(0);
    });
    engine::RequestQueue done;
    rig.engine().reap(0, engine::Wait::yes, done);
    CHECK(sent);
    waker.join();
  }
}

}  // namespace
}  // namespace aiobench::test
