// Proves that sizes and counts are parsed in every form that users type and refused in every other,
// and that formatted values are correct.
#include "base/units.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace aiobench {
namespace {

constexpr std::uint64_t kTiB = 1024 * kGiB;

// Values of every magnitude, with the boundaries of every unit.
std::vector<std::uint64_t> sample_values() {
  std::vector<std::uint64_t> values = {0, 1, 13, 999, 1000, 1023, 12345, UINT64_MAX};
  for (const std::uint64_t unit : {kKiB, kMiB, kGiB, kTiB}) {
    for (const std::uint64_t times : {1u, 2u, 10u, 100u, 1000u, 1023u}) {
      values.insert(values.end(), {unit * times - 1, unit * times, unit * times + 1});
    }
    values.insert(values.end(), {unit + unit / 2, unit * 10 - unit / 512, unit * 100 - unit / 32});
  }
  std::mt19937_64 random(1);
  for (unsigned bits = 1; bits <= 64; ++bits) {
    for (int i = 0; i < 50; ++i) values.push_back(random() >> (64 - bits));
  }
  return values;
}

std::size_t digits_in(const std::string& number) {
  const std::size_t first = number.find_first_not_of("0.");
  std::size_t digits = 0;
  for (std::size_t i = std::min(first, number.size()); i < number.size(); ++i) {
    if (number[i] != '.') ++digits;
  }
  return digits;
}

// Three significant digits are exact to half a unit of the last digit.
bool is_close(double shown, double value) {
  return std::abs(shown - value) <= 0.005 * value * 1.000001;
}

TEST_CASE("parse_size reads every form of a size") {
  const std::vector<std::pair<const char*, std::uint64_t>> forms = {
      {"0", 0},
      {"1", 1},
      {"4096", 4096},
      {"007", 7},
      {"12345", 12345},
      {"1B", 1},
      {"512b", 512},
      {"4k", 4096},
      {"4K", 4096},
      {"4kb", 4096},
      {"4KB", 4096},
      {"4KiB", 4096},
      {"4kib", 4096},
      {"4KIB", 4096},
      {"1M", kMiB},
      {"1m", kMiB},
      {"64MB", 64 * kMiB},
      {"64MiB", 64 * kMiB},
      {"1G", kGiB},
      {"2GiB", 2 * kGiB},
      {"2gb", 2 * kGiB},
      {"3T", 3 * kTiB},
      {"3TiB", 3 * kTiB},
      {"0k", 0},
      {"1.5k", 1536},
      {"1.5G", kGiB + kGiB / 2},
      {"0.5KiB", 512},
      {"0.25M", kMiB / 4},
      {"2.0", 2},
      {"1.0009765625M", kMiB + kKiB},
      {"18446744073709551615", UINT64_MAX},
      {"18014398509481983KiB", UINT64_MAX - 1023},
      {"16777215T", UINT64_MAX - kTiB + 1},
  };
  for (const auto& row : forms) {
    const auto& [text, bytes] = row;
    CAPTURE(row.first);
    const Result<std::uint64_t> size = parse_size(text);
    REQUIRE_MESSAGE(size, size.error().line());
    CHECK(*size == bytes);
  }
}

TEST_CASE("parse_size refuses other text") {
  for (const char* text :
       {"",          " ",    "k",     "KiB",   "abc",  "-1",  "-4k",    "+4",    " 4k",
        "4k ",       "4 k",  "4 KiB", "1e3",   "0x10", "4kk", "4Ki",    "4kibi", "4P",
        "4KiBs",     "4bb",  "1,5k",  "1_000", ".",    ".k",  "1.2.3k", "1..5k", "\xef\xbc\x94k",
        "4\xc2\xb5", "4k\n", "inf",   "nan",   "1/2M"}) {
    CAPTURE(text);
    const Result<std::uint64_t> size = parse_size(text);
    REQUIRE_FALSE(size);
    CHECK(size.error().kind == Error::Kind::usage);
    CHECK(size.error().cause.find("'" + std::string(text) + "'") != std::string::npos);
    CHECK(size.error().hint.find("4KiB") != std::string::npos);
  }
}

TEST_CASE("parse_size refuses values that are too large, and fractions of a byte") {
  for (const char* text : {"18446744073709551616", "99999999999999999999999", "18014398509481984k",
                           "16777216T", "16777216TiB", "17179869184GiB", "99999999999.5T"}) {
    CAPTURE(text);
    const Result<std::uint64_t> size = parse_size(text);
    REQUIRE_FALSE(size);
    CHECK(size.error().cause.find("too large") != std::string::npos);
  }
  for (const char* text : {"0.3k", "1.1", "0.5", "0.5B", "1.0001k", "0.0001M"}) {
    CAPTURE(text);
    const Result<std::uint64_t> size = parse_size(text);
    REQUIRE_FALSE(size);
    CHECK(size.error().cause.find("whole number of bytes") != std::string::npos);
  }
}

TEST_CASE("parse_count accepts whole numbers between its limits, both included") {
  for (const auto& row : std::vector<std::pair<const char*, std::uint64_t>>{
           {"1", 1}, {"8", 8}, {"4096", 4096}, {"0012", 12}}) {
    const auto& [text, value] = row;
    CAPTURE(row.first);
    const Result<std::uint64_t> count = parse_count(text, 1, 4096);
    REQUIRE(count);
    CHECK(*count == value);
  }
  const Result<std::uint64_t> largest = parse_count("18446744073709551615", 0, UINT64_MAX);
  REQUIRE(largest);
  CHECK(*largest == UINT64_MAX);
  const Result<std::uint64_t> zero = parse_count("0", 0, 0);
  REQUIRE(zero);
  CHECK(*zero == 0);
}

TEST_CASE("parse_count refuses other text, and states the limits") {
  for (const char* text : {"0", "4097", "5000", "-1", "abc", "", " 5", "5 ", "+5", "5.0", "5k",
                           "0x5", "1e2", "18446744073709551616", "18446744073709551617"}) {
    CAPTURE(text);
    const Result<std::uint64_t> count = parse_count(text, 1, 4096);
    REQUIRE_FALSE(count);
    CHECK(count.error().kind == Error::Kind::usage);
    CHECK(count.error().cause ==
          "'" + std::string(text) + "' is not a whole number from 1 to 4096");
  }
}

TEST_CASE("parse_duration_seconds reads every form of a time") {
  for (const auto& row : std::vector<std::pair<const char*, double>>{{"1", 1},
                                                                     {"10", 10},
                                                                     {"0.25", 0.25},
                                                                     {"10s", 10},
                                                                     {"1.5s", 1.5},
                                                                     {".5s", 0.5},
                                                                     {"007s", 7},
                                                                     {"500ms", 0.5},
                                                                     {"1ms", 0.001},
                                                                     {"1.5ms", 0.0015},
                                                                     {"2m", 120},
                                                                     {"0.5m", 30},
                                                                     {"1h", 3600},
                                                                     {"1000h", 3'600'000},
                                                                     {"3600000", 3'600'000}}) {
    const auto& [text, seconds] = row;
    CAPTURE(row.first);
    const Result<double> parsed = parse_duration_seconds(text);
    REQUIRE_MESSAGE(parsed, parsed.error().line());
    CHECK(*parsed == doctest::Approx(seconds));
  }
}

TEST_CASE("parse_duration_seconds refuses other text, and states the forms") {
  for (const char* text :
       {"",    " ",   "s",   "ms",   "abc",  "-1",   "-1s",   "+1s",        " 1s",
        "1s ", "1 s", "1e3", "0x10", "1sec", "1min", "1S",    "1H",         "1us",
        "1ns", "1d",  ".",   ".s",   "1,5s", "1..5", "1.2.3", "1_0s",       "inf",
        "nan", "1/2", "1ss", "1m1",  "1m1s", "1h2m", "2m\n",  "1\xc2\xb5s", "1ms500"}) {
    CAPTURE(text);
    const Result<double> seconds = parse_duration_seconds(text);
    REQUIRE_FALSE(seconds);
    CHECK(seconds.error().kind == Error::Kind::usage);
    CHECK(seconds.error().cause.find("'" + std::string(text) + "'") != std::string::npos);
    CHECK(seconds.error().hint.find("500ms") != std::string::npos);
  }
}

TEST_CASE("parse_duration_seconds states its limits") {
  for (const char* text : {"0", "0s", "0ms", "0.9ms", "0.0009", "0.00001m", "1001h", "3600001s",
                           "60001m", "1000.001h", "99999999999999999999"}) {
    CAPTURE(text);
    const Result<double> seconds = parse_duration_seconds(text);
    REQUIRE_FALSE(seconds);
    CHECK(seconds.error().kind == Error::Kind::usage);
    CHECK(seconds.error().cause.find("'" + std::string(text) + "'") != std::string::npos);
    CHECK(seconds.error().cause.find("1 ms and 1000 h") != std::string::npos);
  }
}

TEST_CASE("format_size: examples") {
  CHECK(format_size(0) == "0 B");
  CHECK(format_size(13) == "13 B");
  CHECK(format_size(1023) == "1023 B");
  CHECK(format_size(1024) == "1 KiB");
  CHECK(format_size(1536) == "1.50 KiB");
  CHECK(format_size(4096) == "4 KiB");
  CHECK(format_size(12345) == "12.1 KiB");
  CHECK(format_size(123456) == "121 KiB");
  CHECK(format_size(1000 * kKiB) == "1000 KiB");
  CHECK(format_size(kMiB) == "1 MiB");
  CHECK(format_size(37 * kMiB + 13) == "37.0 MiB");
  CHECK(format_size(4 * kGiB + 4097) == "4.00 GiB");
  CHECK(format_size(2 * kTiB) == "2 TiB");
  CHECK(format_size(5000 * kTiB) == "5000 TiB");
}

TEST_CASE("format_size rounds up into the next digit and the next unit") {
  CHECK(format_size(10 * kKiB - 1) == "10.0 KiB");
  CHECK(format_size(100 * kKiB - 1) == "100 KiB");
  CHECK(format_size(kMiB - 1) == "1.00 MiB");
  CHECK(format_size(kGiB - 1) == "1.00 GiB");
  CHECK(format_size(kTiB - kMiB) == "1.00 TiB");
}

TEST_CASE("format_size prints every value to three digits or exactly") {
  for (const std::uint64_t bytes : sample_values()) {
    const std::string text = format_size(bytes);
    CAPTURE(bytes);
    CAPTURE(text);
    const std::size_t blank = text.find(' ');
    REQUIRE(blank != std::string::npos);
    const std::string number = text.substr(0, blank);
    const Result<std::uint64_t> unit = parse_size("1" + text.substr(blank + 1));
    REQUIRE(unit);
    if (bytes % *unit == 0) {
      CHECK(number == std::to_string(bytes / *unit));
    } else {
      CHECK(is_close(std::stod(number) * static_cast<double>(*unit), static_cast<double>(bytes)));
      // The whole numbers from 1000 to 1023 of a unit have one digit more.
      if (std::stod(number) < 1000) CHECK(digits_in(number) == 3);
      if (*unit < kTiB) CHECK(std::stod(number) < 1024);
    }
  }
}

TEST_CASE("format_exact_size is exact, and parse_size reads it back") {
  CHECK(format_exact_size(0) == "0");
  CHECK(format_exact_size(4096) == "4KiB");
  CHECK(format_exact_size(12345) == "12345");
  CHECK(format_exact_size(kMiB) == "1MiB");
  CHECK(format_exact_size(3 * kGiB) == "3GiB");
  for (const std::uint64_t bytes : sample_values()) {
    CAPTURE(bytes);
    const Result<std::uint64_t> back = parse_size(format_exact_size(bytes));
    REQUIRE(back);
    CHECK(*back == bytes);
  }
}

TEST_CASE("format_count groups digits by three") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(7) == "7");
  CHECK(format_count(999) == "999");
  CHECK(format_count(1000) == "1,000");
  CHECK(format_count(99999) == "99,999");
  CHECK(format_count(100000) == "100,000");
  CHECK(format_count(1234567) == "1,234,567");
  CHECK(format_count(UINT64_MAX) == "18,446,744,073,709,551,615");
}

TEST_CASE("format_duration_ns: examples") {
  CHECK(format_duration_ns(0) == "0 ns");
  CHECK(format_duration_ns(1) == "1 ns");
  CHECK(format_duration_ns(850) == "850 ns");
  CHECK(format_duration_ns(1000) == "1.00 us");
  CHECK(format_duration_ns(12'300) == "12.3 us");
  CHECK(format_duration_ns(456'000) == "456 us");
  CHECK(format_duration_ns(4.56e6) == "4.56 ms");
  CHECK(format_duration_ns(1.2e9) == "1.20 s");
  CHECK(format_duration_ns(73e9) == "73.0 s");
  CHECK(format_duration_ns(3600e9) == "3600 s");
}

TEST_CASE("format_duration_ns rounds up into the next digit and the next unit") {
  CHECK(format_duration_ns(999.7) == "1.00 us");
  CHECK(format_duration_ns(9'999) == "10.0 us");
  CHECK(format_duration_ns(99'990) == "100 us");
  CHECK(format_duration_ns(999'900) == "1.00 ms");
  CHECK(format_duration_ns(999'999'999) == "1.00 s");
}

TEST_CASE("format_duration_ns prints every duration to three digits") {
  const std::vector<std::pair<std::string, double>> units = {{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> exponent(3.0, 11.9);
  for (int i = 0; i < 5000; ++i) {
    const double duration_ns = std::pow(10.0, exponent(random));
    const std::string text = format_duration_ns(duration_ns);
    CAPTURE(duration_ns);
    CAPTURE(text);
    const std::size_t blank = text.find(' ');
    REQUIRE(blank != std::string::npos);
    double unit_ns = 0;
    for (const auto& [name, ns] : units) {
      if (text.substr(blank + 1) == name) unit_ns = ns;
    }
    REQUIRE(unit_ns > 0);
    CHECK(is_close(std::stod(text.substr(0, blank)) * unit_ns, duration_ns));
    CHECK(digits_in(text.substr(0, blank)) == 3);
  }
}

TEST_CASE("align_down and align_up go to the nearest multiple on their side") {
  static_assert(align_down(0, 512) == 0 && align_up(0, 512) == 0);
  static_assert(align_down(511, 512) == 0 && align_up(511, 512) == 512);
  static_assert(align_down(512, 512) == 512 && align_up(512, 512) == 512);
  static_assert(align_down(513, 512) == 512 && align_up(513, 512) == 1024);
  static_assert(align_down(10, 3) == 9 && align_up(10, 3) == 12);
  CHECK(align_up((std::uint64_t{1} << 40) + 1, 4096) == (std::uint64_t{1} << 40) + 4096);
}

}  // namespace
}  // namespace aiobench
