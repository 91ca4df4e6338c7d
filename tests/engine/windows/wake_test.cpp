// Proves that a wake ends the sleep of the addressed worker, whenever it comes (before the worker
// enters, before it sleeps, while it sleeps), and of no other worker; that none of very many is
// lost; that it does not lose a completion; and that the thread pool calls woken() once per wake.
#include <doctest/doctest.h>

#include <atomic>

#include "tests/engine/windows/pipe_pair.h"
#include "tests/engine/windows/pipe_rig.h"

namespace aiobench::engine {
namespace {

const std::vector<std::string> kReaping = {"sync", "overlapped", "extended",
                                           "iocp", "mmap",       "null"};

// A thread that is one worker of an engine: it sleeps until a wake, again and again.
class Sleepy {
 public:
  Sleepy(Engine& engine, unsigned worker)
      : thread_([this, &engine, worker] { serve(engine, worker); }) {}
  ~Sleepy() { thread_.join(); }

  int woken() const { return woken_.load(); }
  void end() { ended_.store(true); }

 private:
  void serve(Engine& engine, unsigned worker) {
    CHECK(engine.enter(worker));
    while (!ended_.load()) {
      RequestQueue completed;
      engine.reap(worker, Wait::yes, completed);
      CHECK(completed.empty());
      woken_.fetch_add(1);
    }
    engine.leave(worker);
  }

  std::atomic<int> woken_{0};
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

TEST_CASE("a wake before the sleep ends the next sleep at once") {
  for (const std::string& spec : kReaping) {
    CAPTURE(spec);
    const Deadline deadline;
    const std::unique_ptr<Engine> engine = make(spec, config_of(1, 64));
    RequestQueue completed;
    engine->wake(0);
    CHECK(engine->enter(0));
    engine->reap(0, Wait::yes, completed);
    engine->wake(0);
    engine->reap(0, Wait::yes, completed);
    engine->wake(0);
    engine->wake(0);
    engine->reap(0, Wait::yes, completed);
    CHECK(completed.empty());
    engine->leave(0);
  }
}

TEST_CASE("a wake from another thread ends a sleep") {
  for (const std::string& spec : kReaping) {
    CAPTURE(spec);
    const Deadline deadline;
    const std::unique_ptr<Engine> engine = make(spec, config_of(1, 64));
    RequestQueue completed;
    CHECK(engine->enter(0));
    std::thread other([&] {
      Sleep(50);
      engine->wake(0);
    });
    const os::Ticks before = os::now_ticks();
    engine->reap(0, Wait::yes, completed);
    CHECK(os::ticks_to_ns(os::now_ticks() - before) > 30e6);
    CHECK(completed.empty());
    other.join();
    engine->leave(0);
  }
}

TEST_CASE("a wake reaches the worker that it names, and no other") {
  constexpr unsigned kWorkers = 4;
  for (const std::string& spec : kReaping) {
    CAPTURE(spec);
    const Deadline deadline;
    const std::unique_ptr<Engine> engine = make(spec, config_of(8, 64, kWorkers));
    std::deque<Sleepy> sleepers;
    for (unsigned i = 0; i < kWorkers; ++i) sleepers.emplace_back(*engine, i);
    Sleep(50);
    engine->wake(2);
    Sleep(50);
    for (unsigned i = 0; i < kWorkers; ++i) CHECK(sleepers[i].woken() == (i == 2 ? 1 : 0));
    for (unsigned i = 0; i < kWorkers; ++i) {
      sleepers[i].end();
      engine->wake(i);
    }
  }
}

TEST_CASE("of thousands of wakes none is lost") {
  constexpr unsigned kWorkers = 4;
  constexpr int kRounds = 1000;
  for (const std::string& spec : kReaping) {
    CAPTURE(spec);
    const Deadline deadline;
    const std::unique_ptr<Engine> engine = make(spec, config_of(8, 64, kWorkers));
    std::deque<Sleepy> sleepers;
    for (unsigned i = 0; i < kWorkers; ++i) sleepers.emplace_back(*engine, i);
    // Sometimes the worker sleeps when its wake comes, sometimes it is about to.
    for (int round = 1; round <= kRounds; ++round) {
      for (unsigned i = 0; i < kWorkers; ++i) engine->wake(i);
      for (const Sleepy& sleeper : sleepers) {
        while (sleeper.woken() < round) SwitchToThread();
      }
    }
    for (unsigned i = 0; i < kWorkers; ++i) {
      sleepers[i].end();
      engine->wake(i);
    }
  }
}

TEST_CASE("a wake does not lose a completion, nor a completion a wake") {
  for (const std::string spec : {"overlapped", "extended", "iocp"}) {
    CAPTURE(spec);
    const Deadline deadline;
    PipePair pipe;
    Rig rig(spec);
    Block read(rig.attach(pipe.near_end()), Operation::read, 64);
    rig.enter();
    for (int i = 0; i < 50; ++i) {
      REQUIRE(rig.submit(read) == Outcome::pending);
      rig.engine().wake(0);
      pipe.write("x");
      REQUIRE(&rig.next() == &read);
      rig.engine().wake(0);
      RequestQueue completed;
      rig.engine().reap(0, Wait::yes, completed);
      REQUIRE(completed.empty());
    }
  }
}

TEST_CASE("the thread pool calls woken() once for each wake") {
  struct Host final : CompletionHost {
    void completed(Request&) override {}
    void woken() override { count.fetch_add(1); }
    std::atomic<int> count{0};
  };
  const Deadline deadline;
  Host host;
  const std::unique_ptr<Engine> engine = make("threadpool", config_of(8, 64, 2));
  engine->deliver_to(host);
  for (int i = 0; i < 100; ++i) engine->wake(0);
  while (host.count.load() < 100) SwitchToThread();
  Sleep(20);
  CHECK(host.count.load() == 100);
}

}  // namespace
}  // namespace aiobench::engine
