// Proves that JSON is read correctly, and that a text which is not JSON is rejected with its
// offset, and one that exceeds a limit with the limit.
#include "result/json_document.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/json.h"

namespace aiobench::result {
namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST_CASE("json text: every kind of value is read as the library does") {
  for (const char* text :
       {"null", "true", "0", "-0", "18446744073709551615", "-9223372036854775808", "1.5e-3",
        "18446744073709551616", R"("")", R"("a\u00fc\"\\\n\ud83d\udcbe")", "[]", "{}", "[[],{}]",
        R"({"b":[1,-2,3.5,null,"x"],"a":{"b":{"c":[[1],[2,3]]},"d":false},"":0})", " [ 1 , 2 ]\n",
        "\xef\xbb\xbf[1]"}) {
    CAPTURE(text);
    const Result<nlohmann::json> document = parse_json(text);
    REQUIRE_MESSAGE(document, document.error().line());
    CHECK(*document == nlohmann::json::parse(text));
    CHECK(document->dump() == nlohmann::json::parse(text).dump());
  }
}

TEST_CASE("json text: invalid JSON is rejected with its offset") {
  const std::string kNul(1, '\0');
  struct Case {
    std::string text;
    std::size_t offset;
    const char* cause;
  };
  const std::vector<Case> cases = {
      {"", 0, "unexpected end of JSON"},
      {"   ", 3, "unexpected end of JSON"},
      {"[1, 2", 5, "unexpected end of JSON"},
      {R"({"a": "b)", 8, "unexpected end of JSON"},
      {R"({"a")", 4, "unexpected end of JSON"},
      {"{", 1, "unexpected end of JSON"},
      {"tru", 3, "unexpected end of JSON"},
      {"x", 0, "'x'"},
      {"[1,]", 3, "'[1,]'"},
      {R"({"a": nul})", 9, R"('{"a": nul}')"},
      {R"({a: 1})", 1, "'{a'"},
      {R"({"a" 1})", 5, R"('{"a" 1')"},
      {"[1] 2", 4, "'[1] 2'"},
      {"[01]", 2, "'[01'"},
      {"[NaN]", 1, "'[N'"},
      {"[-Infinity]", 2, "'[-I'"},
      {"[1e999]", 5, "'[1e999'"},
      {"[\"a\x01\"]", 3, "'[\"a?'"},
      {"[\"a\xff\"]", 3, "'[\"a?'"},
      {R"(["\ud800"])", 8, R"('["\ud800"')"},
      {"[1] // no comments", 4, "'[1] /'"},
      {"[1]" + kNul, 3, "NUL byte"},
      {"[\"" + kNul + "\"]", 2, "NUL byte"},
      {"\x89PNG", 0, "'?'"},
      {repeated("[", 50) + "x", 50, "invalid JSON near '[[[[[[[[[[[[[[[[[[[x'"},
  };
  for (const Case& row : cases) {
    CAPTURE(row.text);
    const Result<nlohmann::json> document = parse_json(row.text);
    REQUIRE_FALSE(document);
    CHECK(document.error().kind == Error::Kind::usage);
    CHECK(document.error().offset == row.offset);
    CAPTURE(document.error().cause);
    CHECK(document.error().cause.find(row.cause) != std::string::npos);
  }
}

TEST_CASE("json text: a duplicate field is rejected") {
  for (const char* text : {R"({"a":1,"a":1})", R"([{"b":{"a":{},"c":1,"a":2}}])"}) {
    const Result<nlohmann::json> document = parse_json(text);
    REQUIRE_FALSE(document);
    CHECK(document.error().cause == "duplicate field 'a'");
  }
  CHECK(parse_json(R"([{"a":1},{"a":1},{"b":{"a":1},"a":2}])"));
}

TEST_CASE("json text: nesting up to the limit, and not beyond") {
  const auto nested = [](const std::string& open, const std::string& close, std::size_t depth) {
    return repeated(open, depth) + "1" + repeated(close, depth);
  };
  CHECK(parse_json(nested("[", "]", kMaxJsonDepth)));
  CHECK(parse_json(nested("{\"a\":", "}", kMaxJsonDepth)));
  for (const std::string& text :
       {nested("[", "]", kMaxJsonDepth + 1), nested("{\"a\":", "}", kMaxJsonDepth + 1),
        nested("[", "]", 2'000'000), repeated("[", 2'000'000), repeated("{\"a\":[", 1'000'000)}) {
    const Result<nlohmann::json> document = parse_json(text);
    REQUIRE_FALSE(document);
    CHECK(document.error().cause == "more than 64 levels of nesting");
  }
}

TEST_CASE("json text: values up to the limit, and not beyond") {
  for (const char* text : {"[0,0,0]", "[[[[]]]]", "[[],{}, -1.5]",
                           "{\"a\":{\"b\":null,\"c\":\"\"}}", "{\"a\":true,\"b\":[{}]}"}) {
    CAPTURE(text);
    CHECK(parse_json(text, 4));
    const Result<nlohmann::json> document = parse_json(text, 3);
    REQUIRE_FALSE(document);
    CHECK(document.error().kind == Error::Kind::usage);
    CHECK(document.error().cause == "more than 3 values");
  }
}

// The JSON class that the other tests of reports use.
TEST_CASE("test json: values are distinguished, and a missing field is not null") {
  using test::Json;
  const Json document = Json::parse(R"({"a":[1,-2,0.5,true,null,"x"],"b":{"c":1}})");
  CHECK(document == Json({{"a", {1, -2, 0.5, true, nullptr, "x"}}, {"b", {{"c", 1}}}}));
  CHECK_FALSE(document == document.with("b.c", 2));
  CHECK_FALSE(document == document.with("a[4]", false));
  CHECK(document.without("b.c") == Json({{"a", document["a"]}, {"b", Json::object()}}));
  CHECK(document.places() == std::vector<std::string>{"a", "b.c", "b"});
  CHECK(document["a"][0] == 1);
  CHECK_FALSE(document["a"][0] == "1");
  CHECK_FALSE(document["a"][5] == "y");
  CHECK_FALSE(document["a"][4] == false);
  CHECK_THROWS(document["c"]);
  CHECK_THROWS(document["a"][6]);
  CHECK_THROWS(document["a"][1].whole());
  CHECK_THROWS(document["a"][0].text());
  CHECK(Json({{"a", 1}, {"b", 2}}).kind() == Json::Kind::object);
  CHECK(Json({"a", "b"}).kind() == Json::Kind::array);
  CHECK(Json::array({{"a", 1}}).kind() == Json::Kind::array);
}

}  // namespace
}  // namespace aiobench::result
