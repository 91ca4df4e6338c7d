// Proves that the table of a sweep shows every configuration exactly and within the width of a
// terminal, and that an unmeasured configuration is not shown as 0.
#include "sweep/ranking.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "sweep/sweep_fixture.h"

namespace aiobench::test {
namespace {

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    widest = std::max(widest, end - at);
    at = end + 1;
  }
  return widest;
}

std::string table_of(const result::Results& result) {
  return sweep::text_of(sweep::rank(result).at(0));
}

TEST_CASE("the whole text") {
  result::Results result = swept({{"sync", {1, 1, 1, 1.25, 1.25, 1.5, 1.5}, 1},
                                  {"sync", {1, 1.5, 1.5, 1.5, 2, 2, 2}, 8},
                                  {"io_uring", {3, 3, 3, 3, 3, 3.5, 4}, 8},
                                  {"iocp", {9, 9, 9, 9, 9, 9, 9}, 8, true}});
  result.runs[3].warnings = {{result::WarningCode::wine, "under Wine", ""}};
  const std::vector<sweep::Group> groups = sweep::rank(result);
  CHECK(sweep::text_of(groups.at(0)) == R"(/data/large.bin
  3 GiB, ext4 on /dev/nvme0n1p1, cache warm, xxh3, 1 thread, block 1 MiB, 7
  rounds; each row shows the median in GiB/s and its 95 % interval

  engine     depth                                   GiB/s
  sync           1  ####                              1.25   1.00-1.50
                 8  #####                             1.50   1.00-2.00
  io_uring       1  -
                 8  ##########                        3.00*  3.00-4.00
  wine/iocp      1  -
                 8  ##############################    9.00?  9.00-9.00

  Use io_uring at depth 8, 1 MiB (3 GiB/s). It is 2.00 times as fast as the
  next, sync at depth 8, 1 MiB. Bound by the device or the kernel's threads:
  waiting took 50 % of the worker threads' time.
)");
  CHECK(sweep::legend(groups) ==
        "* fastest of its table\n"
        "? suspect: see the warnings in the --json file\n"
        "wine/...: the Windows mechanism, under Wine; not ranked with native ones.\n"
        "Timing under Wine says nothing about Windows.\n");
}

TEST_CASE("few rounds have no interval, slow files have another unit") {
  const std::string text = table_of(swept({{"sync", {0.01, 0.0201}}}));
  CHECK(text.find("median in MiB/s\n") != std::string::npos);
  CHECK(text.find("  sync        8  ##############################    15.4*\n") !=
        std::string::npos);
}

TEST_CASE("threads and block sizes are shown only where they differ") {
  result::Results result = swept({{"sync", {1, 1}}, {"sync", {1, 1}}, {"mmap", {1, 1}}});
  result.runs[1].config.threads = 2;
  std::string text = table_of(result);
  CHECK(text.find("\n  sync 1t      8  #") != std::string::npos);
  CHECK(text.find("\n  sync 2t      8  #") != std::string::npos);
  CHECK(text.find("block 1 MiB") != std::string::npos);
  CHECK(text.find("1 thread,") == std::string::npos);
  result.runs[1].config.threads = 1;
  result.runs[1].config.block_bytes = 64 * kKiB;
  text = table_of(result);
  CHECK(text.find("  sync 64KiB") != std::string::npos);
  CHECK(text.find("1 thread,") != std::string::npos);
}

TEST_CASE("every configuration has a line, within 80 columns") {
  std::vector<Swept> configurations;
  for (unsigned depth = 1; depth <= 4096; depth *= 2) {
    configurations.push_back({"io_uring:fixed_buffers", {1, 1.1, 1.2, 1.3, 1.4, 1.5, 160}, depth});
  }
  result::Results result = swept(configurations);
  result.runs[0].config.threads = 2;
  result.runs[0].config.block_bytes = 64 * kKiB;
  const std::string text = table_of(result);
  CHECK(widest_line(text) <= 80);
  for (unsigned depth = 1; depth <= 4096; depth *= 2) {
    CHECK(text.find(fmt::format("  {:>5}  #", depth)) != std::string::npos);
  }
}

TEST_CASE("on a terminal the best is green, and suspect results are yellow") {
  result::Results result = swept({{"sync", std::vector<double>(7, 2)},
                                  {"mmap", std::vector<double>(7, 1)},
                                  {"libaio", std::vector<double>(7, 1)}});
  result.runs[1].warnings = {{result::WarningCode::busy_machine, "busy", ""}};
  const std::string text =
      sweep::text_of(sweep::rank(result).at(0), {.colour = true, .unicode = false});
  CHECK(text.find("\x1b[1;32m  2.00* \x1b[0m 2.00-2.00\n") != std::string::npos);
  CHECK(text.find("\x1b[33m  1.00? \x1b[0m 1.00-1.00\n") != std::string::npos);
  CHECK(text.find("    1.00   1.00-1.00\n") != std::string::npos);
}

TEST_CASE("names are escaped for the terminal") {
  result::Results result = swept({{"sync", {1, 1}}});
  result.runs[0].target.path = "a\x1b[2Jb";
  result.runs[0].target.storage.device = "dev\x07";
  const std::string text = table_of(result);
  for (const char c : text) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
}

TEST_CASE("the legend explains only the signs that occur") {
  result::Results result =
      swept({{"sync", std::vector<double>(7, 1)}, {"mmap", std::vector<double>(7, 1)}});
  CHECK(sweep::legend(sweep::rank(result)) ==
        "* fastest of its table   = no difference from * found\n");
}

}  // namespace
}  // namespace aiobench::test
