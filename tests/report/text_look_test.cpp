// Proves the layout of a text result: within 80 columns, and with colours and bars that add no
// information.
#include <doctest/doctest.h>

#include <string>

#include "base/units.h"
#include "report/terminal_text.h"
#include "report/text.h"
#include "result/sample_result.h"
#include "support/text.h"

namespace aiobench::report {
namespace {

using test::has;

TEST_CASE("text: one line per interval, with bars relative to the highest throughput") {
  result::Run run = test::sample_run();
  run.config.interval_seconds = 0.5;
  run.repetitions[0].intervals = {
      {.start_seconds = 0, .seconds = 0.5, .requests = 1000, .bytes = kGiB, .p50_ns = 1000},
      {.start_seconds = 0.5,
       .seconds = 0.5,
       .requests = 250,
       .bytes = kGiB / 4,
       .p99_ns = 8'000'000},
      {.start_seconds = 1, .seconds = 0}};
  const std::string text = text_run(run);
  CHECK(text.ends_with(
      "  over time       from    GiB/s               requests/s       p50       p99\n"
      "                0.00 s     2.00 ##########         2,000   1.00 us      0 ns\n"
      "                0.50 s     0.50 ###                  500      0 ns   8.00 ms\n"
      "                1.00 s     0.00                        0      0 ns      0 ns\n"));
  run.config.interval_seconds = 0;
  CHECK_FALSE(has(text_run(run), "over time"));
}

TEST_CASE("text: the same on a terminal, with colours and finer bars") {
  const Style style{.colour = true, .unicode = true};
  result::Run run = test::sample_run();
  run.warnings.push_back({result::WarningCode::sparse_file, "sparse", "create"});
  const std::string text = text_run(run, style);
  CHECK(
      text.starts_with("\x1b[1m/data/large.bin\x1b[0m  xxh3 0123456789abcdef\n"
                       "  \x1b[33msuspect\x1b[0m    \x1b[33mdo not quote these figures: "
                       "sparse_file\x1b[0m\n"
                       "  \x1b[2mspeed\x1b[0m      \x1b[1m2.00 GiB/s\x1b[0m, 2,048 requests/s: "));
  const std::string full = "\xe2\x96\x88";
  CHECK(has(text, full + full + full + full + full +
                      "\xe2\x96\x93\xe2\x96\x93\xe2\x96\x93"
                      "\xe2\x96\x92\xe2\x96\x91  waiting 50 %"));
  run.failure = Error();
  run.failure->operation = "read";
  run.failure->cause = "it broke";
  CHECK(has(text_run(run, style), "  \x1b[1;31merror\x1b[0m      cannot read: it broke"));
  CHECK(has(text_header(test::sample_result(), style), "\x1b[2maiobench 1.2.3 on Linux"));
}

TEST_CASE("text: the coloured text has the same words") {
  result::Run run = test::sample_copy_run();
  run.warnings.push_back({result::WarningCode::sparse_file, std::string(200, 'a') + " b", ""});
  run.repetitions.assign(3, run.repetitions[0]);
  run.config.interval_seconds = 1;
  run.repetitions[1].intervals = {{.seconds = 1, .requests = 1, .bytes = 1}};
  std::string text = text_run(run, {.colour = true});
  for (std::size_t at = 0; (at = text.find('\x1b')) != std::string::npos;) {
    text.erase(at, text.find('m', at) + 1 - at);
  }
  CHECK(text == text_run(run));
}

TEST_CASE("text: every line fits a terminal of 80 columns") {
  result::Run run = test::sample_run();
  run.repetitions.assign(100, test::sample_repetition());
  for (result::Repetition& r : run.repetitions) {
    r.requests = 123'456'789;
    r.bytes = 900 * kGiB;
    r.wall_seconds = 987.6;
    r.lanes = 1;
    r.intervals = {{.start_seconds = 9999.99,
                    .seconds = 1,
                    .requests = 123'456'789,
                    .bytes = 900 * kGiB,
                    .p50_ns = 123'456,
                    .p99_ns = 123'456'789}};
  }
  run.config.interval_seconds = 1;
  run.warnings.push_back({result::WarningCode::few_requests,
                          "a message of some words that say "
                          "what is unreliable in the figures above",
                          "and what to do about it"});
  const std::string text = text_run(run);
  const std::string copy = text_run(test::sample_copy_run());
  run.config.read = test::sample_read_run().config.read;
  const std::string header = text_header(test::sample_result());
  for (const std::string& all :
       {text, copy, text_run(run), header, text_run(run, {.unicode = true})}) {
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t end = all.find('\n', at);
      REQUIRE(end != std::string::npos);
      CHECK(columns_of(all.substr(at, end - at)) <= 80);
      at = end + 1;
    }
  }
}

}  // namespace
}  // namespace aiobench::report
