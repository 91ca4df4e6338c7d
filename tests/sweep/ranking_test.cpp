// Proves that the best of a file is marked, that configurations not shown to be slower tie with it,
// that Wine is not ranked with native runs, and that the advice follows from the figures.
#include "sweep/ranking.h"

#include <doctest/doctest.h>

#include "support/text.h"
#include "sweep/sweep_fixture.h"

namespace aiobench::test {
namespace {

using sweep::Group;
using sweep::Mark;

// Rounds of about this speed, with the same noise of some percent for every engine.
std::vector<double> about(double gib_per_second, std::size_t rounds = 7) {
  std::vector<double> speeds;
  for (std::size_t i = 0; i < rounds; ++i) {
    speeds.push_back(gib_per_second * (1 + 0.01 * static_cast<double>((i * 3) % 7) - 0.03));
  }
  return speeds;
}

struct Ranked {
  result::Results result;
  std::vector<Group> groups;

  explicit Ranked(const std::vector<Swept>& configurations) : result(swept(configurations)) {
    groups = sweep::rank(result);
  }
  explicit Ranked(result::Results made) : result(std::move(made)) { groups = sweep::rank(result); }
  Mark mark(std::size_t entry) const { return groups.at(0).entries.at(entry).mark; }
  std::string sentence() const { return sweep::advice(groups.at(0)); }
};

TEST_CASE("the best is marked, and slower configurations are not") {
  const Ranked ranked({{"sync", about(1.0)}, {"io_uring", about(2.0)}, {"libaio", about(1.5)}});
  REQUIRE(ranked.groups.size() == 1);
  CHECK(ranked.mark(0) == Mark::none);
  CHECK(ranked.mark(1) == Mark::best);
  CHECK(ranked.mark(2) == Mark::none);
  CHECK(has(ranked.sentence(), "Use io_uring at depth 8"));
  CHECK(has(ranked.sentence(), "1.33 times as fast as the next, libaio"));
}

TEST_CASE("ties are marked, and the cheapest of them is recommended") {
  const Ranked ranked({{"io_uring", about(2.02)}, {"sync", about(2.0)}, {"mmap", about(1.2)}});
  CHECK(ranked.mark(0) == Mark::best);
  CHECK(ranked.mark(1) == Mark::tie);
  CHECK(ranked.mark(2) == Mark::none);
  CHECK(has(ranked.sentence(), "Use sync"));
  CHECK(has(ranked.sentence(), "between the best 2 configurations"));
  const Ranked all({{"io_uring", about(2.0), 1}, {"sync", about(2.01), 8}, {"mmap", about(2), 8}});
  CHECK(has(all.sentence(), "Use io_uring at depth 1"));
  CHECK(has(all.sentence(), "No difference found between 3 configurations"));
  CHECK(has(Ranked({{"sync", about(2)}, {"mmap", about(2)}}).sentence(),
            "No difference found between 2 configurations"));
}

TEST_CASE("a negligible difference is a tie, even if it is significant") {
  const Ranked ranked({{"sync", std::vector<double>(7, 1.995)}, {"mmap", about(2.0, 1)}});
  CHECK_FALSE(ranked.groups[0].can_tell);  // one round
  const Ranked sure(
      {{"sync", std::vector<double>(7, 1.99)}, {"mmap", std::vector<double>(7, 2.0)}});
  CHECK(sure.mark(0) == Mark::tie);
  const Ranked more({{"sync", std::vector<double>(7, 1.9)}, {"mmap", std::vector<double>(7, 2.0)}});
  CHECK(more.mark(0) == Mark::none);
}

TEST_CASE("few rounds give no ranking, and the advice says so") {
  const std::size_t min = sweep::min_rounds();
  CHECK(min == 4);
  const Ranked few({{"sync", about(1.0, min - 1)}, {"io_uring", about(2.0, min - 1)}});
  CHECK(few.mark(0) == Mark::none);
  CHECK(few.mark(1) == Mark::best);
  CHECK_FALSE(few.groups[0].can_tell);
  CHECK(has(few.sentence(), "a comparison needs at least 4 rounds"));
  CHECK(Ranked({{"sync", about(1.0, min)}, {"io_uring", about(2.0, min)}}).groups[0].can_tell);
}

TEST_CASE("runs under Wine are ranked only if there are no native runs") {
  const Ranked mixed({{"sync", about(1.0)}, {"iocp", about(3.0), 8, true}});
  CHECK(mixed.mark(0) == Mark::best);
  CHECK(mixed.mark(1) == Mark::none);
  CHECK(mixed.groups[0].entries[1].engine == "wine/iocp");
  CHECK(has(mixed.sentence(), "Use sync"));
  CHECK(has(mixed.sentence(), "the only configuration"));
  const Ranked alone({{"overlapped", about(1.0), 8, true}, {"iocp", about(3.0), 8, true}});
  CHECK(alone.mark(1) == Mark::best);
}

TEST_CASE("one group per file and cache state") {
  result::Results result =
      swept({{"sync", about(1)}, {"sync", about(1)}, {"sync", about(1)}, {"mmap", about(2)}});
  result.runs[1].config.cache = CacheState::cold;
  result.runs[2].target.path = "/other";
  const Ranked ranked(std::move(result));
  REQUIRE(ranked.groups.size() == 3);
  CHECK(ranked.groups[0].entries.size() == 2);
  CHECK((ranked.groups[1].cache == CacheState::cold));
  CHECK(ranked.groups[2].path == "/other");
}

TEST_CASE("unmeasured configurations are left out") {
  result::Results result = swept({{"sync", about(1)}, {"mmap", {}}, {"libaio", about(1, 1)}});
  result.runs[2].repetitions[0].partial = true;
  const Ranked ranked(std::move(result));
  REQUIRE(ranked.groups.size() == 1);
  CHECK(ranked.groups[0].entries.size() == 1);
  CHECK(sweep::rank(swept({})).empty());
}

TEST_CASE("auto shows the chosen engine, engines show their options") {
  result::Results result = swept({{"mmap", about(1)}, {"io_uring", about(1)}});
  result.runs[0].config.requested_engine = "auto";
  result.runs[1].config.engine_options = "sqpoll";
  const Ranked ranked(std::move(result));
  CHECK(ranked.groups[0].entries[0].engine == "auto=mmap");
  CHECK(ranked.groups[0].entries[1].engine == "io_uring:sqpoll");
}

TEST_CASE("the bottleneck is what takes most of the time") {
  const auto sentence = [](double hashing, double waiting, double submitting, double rest) {
    result::Results result = swept({{"sync", about(1)}});
    for (result::Repetition& r : result.runs[0].repetitions) {
      r.hashing_seconds = hashing;
      r.waiting_seconds = waiting;
      r.submitting_seconds = submitting;
      r.rest_seconds = rest;
    }
    return Ranked(std::move(result)).sentence();
  };
  CHECK(has(sentence(6, 1, 2, 1), "Hash-bound: hashing took 60 %"));
  CHECK(has(sentence(1, 7, 1, 1), "Bound by the device"));
  CHECK(has(sentence(1, 1, 8, 0), "in which data is copied or mapped: they took 80 %"));
  CHECK(has(sentence(3, 3, 3, 1),
            "No single bottleneck: hashing 30 %, submitting 30 %, waiting 30 %"));
  CHECK(has(sentence(0, 0, 0, 0), "There is no time breakdown"));
}

TEST_CASE("suspect results are marked") {
  result::Results result = swept({{"sync", about(1)}});
  CHECK_FALSE(has(Ranked(result).sentence(), "suspect"));
  result.runs[0].warnings = {{result::WarningCode::busy_machine, "busy", ""}};
  CHECK(has(Ranked(std::move(result)).sentence(), "suspect"));
}

}  // namespace
}  // namespace aiobench::test
