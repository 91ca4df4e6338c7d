// Proves that bars show their values in exactly the given number of columns.
#include "report/terminal_text.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace aiobench::report {
namespace {

const Style kAscii;
const Style kUnicode{.unicode = true};
const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInfinity = std::numeric_limits<double>::infinity();

TEST_CASE("bar: whole columns in ASCII, eighths in Unicode") {
  CHECK(bar(0.5, 10, kAscii) == "#####     ");
  CHECK(bar(1, 4, kAscii) == "####");
  CHECK(bar(0, 4, kAscii) == "    ");
  CHECK(bar(0.5, 4, kUnicode) == "\xe2\x96\x88\xe2\x96\x88  ");
  CHECK(bar(0.5 + 1.0 / 32, 4, kUnicode) == "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x8f ");
}

TEST_CASE("bar: any share above 0 is visible") {
  CHECK(bar(1e-9, 4, kAscii) == "#   ");
  CHECK(bar(1e-9, 4, kUnicode) == "\xe2\x96\x8f   ");
}

TEST_CASE("bar: has the given width for any share") {
  for (const Style& style : {kAscii, kUnicode}) {
    for (const double share : {-1.0, 0.0, 0.01, 0.33, 0.999, 1.0, 2.0, kNan, kInfinity}) {
      for (const std::size_t columns : {0u, 1u, 7u, 30u}) {
        CAPTURE(share);
        CHECK(columns_of(bar(share, columns, style)) == columns);
      }
    }
  }
}

TEST_CASE("sparkline: from 0 to the maximum") {
  const std::vector<double> values = {0, 1, 2, 3, 4, 5, 6, 7};
  CHECK(sparkline(values, 8, kAscii) == ".:-=+*#@");
  CHECK(sparkline(values, 8, kUnicode) ==
        "\xe2\x96\x81\xe2\x96\x82\xe2\x96\x83\xe2\x96\x84\xe2\x96\x85\xe2\x96\x86\xe2\x96\x87"
        "\xe2\x96\x88");
  // A difference of 1 % is not visible.
  CHECK(sparkline(std::vector<double>{99, 100}, 8, kAscii) == "@@");
}

TEST_CASE("sparkline: many values are averaged, few are not stretched") {
  CHECK(sparkline(std::vector<double>{0, 0, 7, 7}, 2, kAscii) == ".@");
  CHECK(sparkline(std::vector<double>(1000, 1), 24, kAscii) == std::string(24, '@'));
  CHECK(sparkline(std::vector<double>{}, 24, kAscii).empty());
  CHECK(sparkline(std::vector<double>{kNan, -1, 0}, 24, kAscii) == "...");
}

TEST_CASE("stacked bar: each part in proportion, all columns used") {
  const Part parts[] = {{'w', 5}, {'h', 3}, {'s', 1}, {'r', 1}};
  CHECK(stacked_bar(parts, 10, kAscii) == "wwwwwhhhsr");
  CHECK(stacked_bar(parts, 5, kAscii).size() == 5);
  const Part thirds[] = {{'a', 1}, {'b', 1}, {'c', 1}};
  CHECK(stacked_bar(thirds, 10, kAscii) == "aaabbbbccc");
  CHECK(columns_of(stacked_bar(thirds, 10, kUnicode)) == 10);
}

TEST_CASE("stacked bar: empty if all parts are 0") {
  const Part nothing[] = {{'a', 0}, {'b', 0}};
  CHECK(stacked_bar(nothing, 10, kAscii).empty());
  const Part odd[] = {{'a', kNan}, {'b', -1}, {'c', 1}};
  CHECK(stacked_bar(odd, 4, kAscii) == "cccc");
  const Part endless[] = {{'a', kInfinity}, {'b', 1}};
  CHECK(stacked_bar(endless, 4, kAscii).empty());
}

}  // namespace
}  // namespace aiobench::report
