// Proves that a page is self-contained, that its figures are those of the model, and that no text
// of a result becomes part of its HTML.
#include "report/report_model.h"

#include <doctest/doctest.h>

#include "result/sample_result.h"
#include "support/json.h"

namespace aiobench::report {
namespace {

constexpr const char* kEvil = "</script><script>alert(1)</script><!--<b title='\"&amp;";

ReportModel sample(const std::string& path = "/data/large.bin") {
  result::Results result = test::full_result();
  result.runs[0].target.path = path;
  result.host.cpu_model = path;
  result.runs[0].warnings = {{result::WarningCode::busy_machine, path, path}};
  ReportModel model;
  model.title = path;
  model.files = {path};
  model.places = places_of({result}, std::nullopt, nullptr);
  return model;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
  return found;
}

test::Json data_of(const std::string& page) {
  const std::string begin = "id=\"data\">\n";
  const std::size_t from = page.find(begin) + begin.size();
  return test::Json::parse(page.substr(from, page.find("</script>", from) - from));
}

TEST_CASE("page: one file without placeholders that loads nothing") {
  const std::string page = html_page(sample());
  CHECK(page.starts_with("<!DOCTYPE html>"));
  CHECK(page.ends_with("</html>\n"));
  CHECK(page.find("\n@@") == std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(page.find("Chart.js v") != std::string::npos);
  for (const char* const word : {" src=", "@import", "url(", "<link rel=\"stylesheet\""}) {
    CHECK_MESSAGE(page.find(word) == std::string::npos, word);
  }
}

TEST_CASE("page: the licences of its parts") {
  const std::string page = html_page(sample());
  for (const char* const words : {"Chart.js Contributors", "Jukka Kurkela", "The MIT License",
                                  "The above copyright notice and this permission notice"}) {
    CHECK_MESSAGE(page.find(words) != std::string::npos, words);
  }
}

TEST_CASE("page: equal models give identical bytes") {
  CHECK(html_page(sample()) == html_page(sample()));
}

TEST_CASE("page: texts are kept and do not become HTML") {
  const std::string page = html_page(sample(kEvil));
  CHECK(count(page, "<script") == count(html_page(sample()), "<script"));
  CHECK(count(page, "</script") == count(html_page(sample()), "</script"));
  CHECK(page.find("<!--<b") == std::string::npos);
  const test::Json data = data_of(page);
  CHECK(data["title"] == kEvil);
  CHECK(data["files"][0] == kEvil);
  const test::Json& section = data["places"][0]["sections"][0];
  CHECK(section["path"] == kEvil);
  CHECK(section["configurations"][0]["figures"]["warnings"][0]["advice"] == kEvil);
}

TEST_CASE("page: invalid UTF-8 is replaced") {
  const test::Json data =
      data_of(html_page(sample("a\xff"
                               "b")));
  CHECK(data["title"] ==
        "a\xef\xbf\xbd"
        "b");
}

TEST_CASE("page: its figures are those of the model") {
  const ReportModel model = sample();
  const test::Json data = data_of(html_page(model));
  REQUIRE(data["places"].size() == 1);
  CHECK(data["percents"] == test::Json({50, 90, 99, 99.9, 99.99}));
  CHECK(data["least_for_interval"] == 6);
  const test::Json& sections = data["places"][0]["sections"];
  REQUIRE(sections.size() == model.places[0].sections.size());
  const test::Json& figures = sections[0]["configurations"][0]["figures"];
  const ConfigurationFigures& expected = model.places[0].sections[0].configurations[0].figures;
  CHECK(figures["bytes_per_second"]["median"] == expected.bytes_per_second->median);
  CHECK(figures["bytes_per_second"]["low"].is_null());
  CHECK(figures["latency"]["percentile_ns"][2] == expected.latency->percentile_ns[2]);
  CHECK(figures["time"]["waiting"] == expected.time->waiting);
  CHECK(figures["suspect"] == true);
  CHECK(sections[0]["configurations"][0]["base"].is_null());
  CHECK(sections[1]["at_rate"] == true);
  CHECK(sections[2]["configurations"][0]["figures"]["failures"].size() == 1);
}

TEST_CASE("page: its sources are found by name") {
  CHECK(page_source("page.html").find("@@DATA") != std::string_view::npos);
  CHECK(page_source("page.css").size() > 1000);
  CHECK(page_source("chart.js").size() > 100'000);
  CHECK(page_source("none").empty());
}

}  // namespace
}  // namespace aiobench::report
