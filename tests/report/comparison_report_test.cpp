// Proves the reports of a comparison: the exact text and Markdown of a small one, that the JSON has
// the same content, and that no name can break a line, a table or a terminal.
#include <doctest/doctest.h>

#include <string>

#include "report/text.h"
#include "result/json_writer.h"
#include "support/json.h"

namespace aiobench::report {
namespace {

using stats::Bounds;
using stats::Verdict;

// One slower configuration, one without a verdict, and one of every other part.
result::Comparison sample_comparison() {
  result::Comparison comparison;
  comparison.base = {.path = "base.json", .files = 1, .tools = {"aiobench 1.2.3 (abc1234)"}};
  comparison.now = {.path = "after", .files = 2, .tools = {"aiobench 1.2.4 (def5678)"}};
  comparison.options.metrics = {result::Metric::throughput, result::Metric::p99};
  comparison.options.allowed = {result::IncompatibilityKind::environment};
  result::ComparedConfiguration slower;
  slower.job = "hash";
  slower.path = "/data/large.bin";
  slower.name = "hash xxh3, io_uring, depth 8, 2 threads, block 1 MiB, cache warm";
  slower.config.engine = "io_uring";
  slower.paired = true;
  slower.base_repetitions = slower.now_repetitions = 10;
  slower.suspect_now = {"busy_machine", "wine"};
  slower.figures.push_back({.metric = result::Metric::throughput,
                            .base = 2201170739.0,
                            .now = 1825361101.0,
                            .ratio = 0.829,
                            .interval = Bounds{0.81, 0.848},
                            .p = 0.002,
                            .adjusted_p = 0.006,
                            .verdict = Verdict::regression});
  slower.figures.push_back({.metric = result::Metric::p99,
                            .base = 4e6,
                            .now = 4.01e6,
                            .ratio = 1.003,
                            .interval = Bounds{0.99, 1.01},
                            .adjusted_p = 1,
                            .verdict = Verdict::no_change});
  result::ComparedConfiguration few = slower;
  few.name = "hash xxh3, sync, depth 4, 2 threads, block 256 KiB, cache warm";
  few.paired = false;
  few.base_repetitions = few.now_repetitions = 3;
  few.suspect_now.clear();
  few.treated_as_same = {"path: /data/large.bin, then /other/large.bin"};
  few.figures = {{.metric = result::Metric::throughput,
                  .base = 2e9,
                  .now = 9e9,
                  .ratio = 4.5,
                  .interval = {},
                  .verdict = Verdict::inconclusive,
                  .min_repetitions = 5}};
  result::ComparedConfiguration other = few;
  other.path = "/data/other.bin";
  other.treated_as_same.clear();
  other.figures[0].verdict.reset();
  other.figures[0].min_repetitions = 0;
  comparison.configurations = {slower, few, other};
  comparison.incompatibilities = {
      {result::IncompatibilityKind::environment, "CPU model: Old, then New", true},
      {result::IncompatibilityKind::digest, "/data/other.bin: xxh3: 12, then 34", false}};
  comparison.notes = {"Timing under Wine says nothing about Windows."};
  return comparison;
}

TEST_CASE("comparison text: exactly") {
  CHECK(comparison_text(sample_comparison()) ==
        R"(BASE  base.json: aiobench 1.2.3 (abc1234)
NEW   after (2 files): aiobench 1.2.4 (def5678)
Figures are medians. Changes have a 95 % confidence interval. Threshold: 5 %.

/data/large.bin
  hash xxh3, io_uring, depth 8, 2 threads, block 1 MiB, cache warm
    throughput 2.05 GiB/s -> 1.70 GiB/s  -17.1 % (-19.0 to -15.2 %) REGRESSION
    p99        4.00 ms -> 4.01 ms         +0.3 % (-1.0 to +1.0 %)   no change
    suspect: busy_machine, wine (NEW): do not quote these figures
    10 pairs, measured alternately
  hash xxh3, sync, depth 4, 2 threads, block 256 KiB, cache warm
    throughput 1.86 GiB/s -> 8.38 GiB/s +350.0 % (no interval)      inconclusive
               too few repetitions: needs at least 5 on each side
    treated as the same: path: /data/large.bin, then /other/large.bin
    3 and 3 repetitions

/data/other.bin
  hash xxh3, sync, depth 4, 2 threads, block 256 KiB, cache warm
    throughput 1.86 GiB/s -> 8.38 GiB/s +350.0 % (no interval) not comparable
    3 and 3 repetitions

environment (allowed by --allow): CPU model: Old, then New
digest (not comparable): /data/other.bin: xxh3: 12, then 34
note: Timing under Wine says nothing about Windows.

Regression: of 4 comparisons 1 worse by more than 5 %, 1 unchanged, 1 inconclusive, 1 not comparable.
)");
}

TEST_CASE("comparison text: verdicts are coloured on a terminal, with the same words") {
  const std::string text = comparison_text(sample_comparison(), {.colour = true});
  CHECK(text.find(" \x1b[1;31mREGRESSION\x1b[0m\n") != std::string::npos);
  CHECK(text.find(" \x1b[33minconclusive\x1b[0m\n") != std::string::npos);
  CHECK(text.find("  no change\n") != std::string::npos);
  CHECK(text.find("\n\x1b[1;31mRegression: of 4 comparisons") != std::string::npos);
}

TEST_CASE("comparison text: a wide interval leaves its column but not the line") {
  result::Comparison comparison = sample_comparison();
  result::Figure& figure = comparison.configurations[1].figures[0];
  figure.interval = stats::Bounds{0.333, 2.997};
  const std::string text = comparison_text(comparison);
  CHECK(text.find("    throughput 1.86 GiB/s -> 8.38 GiB/s +350.0 % (-66.7 to +199.7 %) "
                  "inconclusive\n") != std::string::npos);
}

TEST_CASE("comparison Markdown: exactly") {
  CHECK(
      comparison_markdown(sample_comparison()) ==
      "**Regression: of 4 comparisons 1 worse by more than 5 %, 1 unchanged, 1 inconclusive, 1 not "
      "comparable.**\n"
      "\n"
      "| file | run | metric | base | new | change | interval | compared | verdict |\n"
      "|---|---|---|---:|---:|---:|---|---|---|\n"
      "| /data/large.bin | hash xxh3, io\\_uring, depth 8, 2 threads, block 1 MiB, cache warm<br>"
      ":warning: suspect: busy\\_machine, wine \\(NEW\\) | throughput | 2.05 GiB/s | 1.70 GiB/s "
      "| -17.1 % | -19.0 % to -15.2 % | 10 pairs, measured alternately | **regression** |\n"
      "| /data/large.bin | hash xxh3, io\\_uring, depth 8, 2 threads, block 1 MiB, cache warm<br>"
      ":warning: suspect: busy\\_machine, wine \\(NEW\\) | p99 | 4.00 ms | 4.01 ms | +0.3 % | "
      "-1.0 % to +1.0 % | 10 pairs, measured alternately | no change |\n"
      "| /data/large.bin | hash xxh3, sync, depth 4, 2 threads, block 256 KiB, cache warm<br>"
      "treated as the same: path: /data/large.bin, then /other/large.bin | throughput | "
      "1.86 GiB/s | 8.38 GiB/s | +350.0 % |  | 3 and 3 repetitions | inconclusive: too few "
      "repetitions, "
      "needs at least 5 |\n"
      "| /data/other.bin | hash xxh3, sync, depth 4, 2 threads, block 256 KiB, cache warm | "
      "throughput | 1.86 GiB/s | 8.38 GiB/s | +350.0 % |  | 3 and 3 repetitions | not comparable "
      "|\n"
      "\n"
      "Differences:\n"
      "\n"
      "- environment (allowed by --allow): CPU model: Old, then New\n"
      "- digest (not comparable): /data/other.bin: xxh3: 12, then 34\n"
      "\n"
      "Notes:\n"
      "\n"
      "- Timing under Wine says nothing about Windows.\n"
      "\n"
      "Figures are medians. Changes have a 95 % confidence interval. Threshold: 5 %.\n");
}

TEST_CASE("comparison JSON: the content of the value, null for unknown") {
  const test::Json document = test::Json::parse(result::comparison_json(sample_comparison()));
  CHECK(document["schema"] == "aiobench/comparison/1");
  CHECK(document["base"]["path"] == "base.json");
  CHECK(document["new"]["files"] == 2);
  CHECK(document["verdict"] == "regression");
  CHECK(document["summary"] == result::summary(sample_comparison()));
  CHECK(document["counts"] == test::Json{{"all", 4},
                                         {"regression", 1},
                                         {"improvement", 0},
                                         {"no_change", 1},
                                         {"inconclusive", 1},
                                         {"not_comparable", 1}});
  CHECK(document["options"] == test::Json{{"metrics", {"throughput", "p99"}},
                                          {"threshold_share", 0.05},
                                          {"confidence", 0.95},
                                          {"allowed", {"environment"}}});
  REQUIRE(document["configurations"].size() == 3);
  const test::Json& slower = document["configurations"][0];
  CHECK(slower["method"] == "pairs");
  CHECK(slower["suspect"] == true);
  CHECK(slower["suspect_new"] == test::Json{"busy_machine", "wine"});
  CHECK(slower["config"]["engine"] == "io_uring");
  CHECK(slower["comparisons"][0]["ratio"] == 0.829);
  CHECK(slower["comparisons"][0]["ratio_low"] == 0.81);
  CHECK(slower["comparisons"][0]["adjusted_p"] == 0.006);
  CHECK(slower["comparisons"][0]["least_repetitions"].is_null());
  const test::Json& few = document["configurations"][1]["comparisons"][0];
  CHECK(few["ratio_low"].is_null());
  CHECK(few["verdict"] == "inconclusive");
  CHECK(few["least_repetitions"] == 5);
  const test::Json& other = document["configurations"][2]["comparisons"][0];
  CHECK(other["verdict"] == "not_comparable");
  CHECK(other["adjusted_p"].is_null());
  CHECK(document["incompatibilities"][1] ==
        test::Json{{"kind", "digest"},
                   {"allowed", false},
                   {"message", "/data/other.bin: xxh3: 12, then 34"}});
  CHECK(document["notes"].size() == 1);
}

TEST_CASE("comparison reports: no name moves a cursor, breaks a table or mentions a user") {
  result::Comparison comparison = sample_comparison();
  const std::string evil =
      "a|b\x1b[2J\n@user <img> `x` \xc2\x9b"
      "1A";
  comparison.base.path = comparison.base.tools[0] = evil;
  comparison.configurations[0].path = comparison.configurations[0].name = evil;
  comparison.configurations[0].treated_as_same = comparison.configurations[0].suspect_base = {evil};
  comparison.incompatibilities[0].text = comparison.notes[0] = evil;
  for (const std::string& text : {comparison_text(comparison), comparison_markdown(comparison)}) {
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("\xc2\x9b") == std::string::npos);
  }
  const std::string markdown = comparison_markdown(comparison);
  CHECK(markdown.find("\n| a\\|b\\\\x1b\\[2J\\\\n&#64;user &#60;img&#62; \\`x\\` ") !=
        std::string::npos);
  CHECK(markdown.find('@') == std::string::npos);
  CHECK(test::Json::is_valid(result::comparison_json(comparison)));
}

TEST_CASE("comparison text: long lines are broken between words only") {
  result::Comparison comparison = sample_comparison();
  comparison.configurations.resize(1);
  comparison.configurations[0].path = "/" + std::string(90, 'p');
  comparison.configurations[0].name =
      std::string(30, 'a') + " " + std::string(45, 'b') + " ccc ddd";
  const std::string text = comparison_text(comparison);
  CHECK(text.find("\n/" + std::string(90, 'p') + "\n") != std::string::npos);
  CHECK(text.find("\n  " + std::string(30, 'a') + " " + std::string(45, 'b') +
                  "\n    ccc ddd\n    throughput") != std::string::npos);
}

TEST_CASE("comparison words: sentences, shares and changes") {
  result::Comparison comparison = sample_comparison();
  comparison.configurations = {comparison.configurations[1]};
  comparison.incompatibilities.clear();
  CHECK(result::summary(comparison) == "Inconclusive: of 1 comparison 1 inconclusive.");
  comparison.configurations[0].figures[0].verdict = Verdict::improvement;
  CHECK(result::summary(comparison) == "Improvement: of 1 comparison 1 better by more than 5 %.");
  CHECK(result::format_percent(0.025) == "2.5 %");
  CHECK(result::format_percent(0.9999) == "99.99 %");
  CHECK(result::format_change(0.9998) == "0.0 %");
  CHECK(result::format_change(1.05) == "+5.0 %");
  CHECK(result::format_change(0.5) == "-50.0 %");
  CHECK(result::format_change(1234) == "x1.23e+03");
}

}  // namespace
}  // namespace aiobench::report
