// Proves that a report ranks the configurations of a section as a sweep does, also across several
// files, and by the whole time that a user waits.
#include "sweep/ranking.h"

#include <doctest/doctest.h>

#include "result/sample_sides.h"
#include "support/text.h"
#include "sweep/sweep_fixture.h"

namespace aiobench::sweep {
namespace {

using test::has;

report::Ranking ranking(const std::vector<result::Results>& results) {
  const std::vector<result::Configuration> configurations = result::configurations_of(results);
  std::vector<const result::Configuration*> pointers;
  for (const result::Configuration& configuration : configurations)
    pointers.push_back(&configuration);
  return ranking_of(pointers);
}

const std::vector<double> kSlow = {1.0, 1.01, 0.99, 1.02};
const std::vector<double> kFast = {2.0, 2.01, 1.99, 2.02};

TEST_CASE("report ranking: the best, its ties, and the advice of a sweep") {
  const report::Ranking all =
      ranking({test::swept({{"sync", kSlow}, {"io_uring", kFast}, {"libaio", kFast}})});
  CHECK(all.marks == std::vector<std::string>{"", "best", "tie"});
  CHECK(has(all.advice, "Use libaio at depth 8"));
  CHECK(has(all.advice, "No difference found between the best 2 configurations"));
}

TEST_CASE("report ranking: repetitions in several files belong to one configuration") {
  const result::Results part = test::swept({{"sync", {1.0, 1.01}}, {"mmap", {2.0, 2.01}}});
  CHECK(has(ranking({part}).advice, "a comparison needs at least"));
  const report::Ranking both = ranking({part, part});
  CHECK(both.marks == std::vector<std::string>{"", "best"});
  CHECK_FALSE(has(both.advice, "a comparison needs at least"));
}

TEST_CASE("report ranking: Wine and failures have no mark, suspect figures are named") {
  result::Results result =
      test::swept({{"iocp", kFast, 8, true}, {"sync", kSlow}, {"mmap", kFast}});
  result.runs[1].warnings = {{result::WarningCode::busy_machine, "busy", ""}};
  result.runs[2].failure = usage_error("read", "no");
  const report::Ranking all = ranking({result});
  CHECK(all.marks == std::vector<std::string>{"", "best", ""});
  CHECK(has(all.advice, "Its results are suspect"));
}

TEST_CASE("report ranking: the whole time of a copy counts, with its flush") {
  result::Results result = test::swept({{"sync", kSlow}, {"mmap", kFast}});
  for (result::Repetition& r : result.runs[1].repetitions) {
    r.copy.emplace().flush_seconds = 100;
  }
  CHECK(ranking({result}).marks == std::vector<std::string>{"best", ""});
}

TEST_CASE("report ranking: no marks without measurements") {
  const report::Ranking none = ranking({test::swept({{"sync", {}}, {"mmap", {}}})});
  CHECK(none.marks == std::vector<std::string>{"", ""});
  CHECK(none.advice.empty());
}

}  // namespace
}  // namespace aiobench::sweep
