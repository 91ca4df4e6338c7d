// Test support, proves nothing itself: mutates the values of a result file for libFuzzer so that it
// stays JSON, because most byte mutations only reach the parser. Byte mutations are made too,
// alternately.
#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t bytes, std::size_t max);

namespace {

using nlohmann::json;
using Random = std::minstd_rand;

std::vector<json*> values_of(json& document) {
  std::vector<json*> values = {&document};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]->is_structured()) continue;
    for (json& child : *values[i]) values.push_back(&child);
  }
  return values;
}

// Boundary values.
json any_value(Random& random) {
  static const std::vector<json> kValues = {nullptr,
                                            true,
                                            false,
                                            "",
                                            "text",
                                            "\xc2\x85 \xe2\x80\xa8",
                                            json::array(),
                                            0,
                                            1,
                                            127,
                                            128,
                                            -1,
                                            std::uint64_t{1} << 42,
                                            json::object(),
                                            UINT64_MAX,
                                            UINT32_MAX,
                                            0.5,
                                            -0.0,
                                            1e308,
                                            std::uint64_t{1} << 53,
                                            1e-320,
                                            INT32_MIN,
                                            9007199254740993u,
                                            1.8446744073709552e19,
                                            {1, 1},
                                            {4096, UINT64_MAX}};
  return kValues[random() % kValues.size()];
}

json near(const json& number, Random& random) {
  const unsigned change = random() % 4;
  if (number.is_number_float()) {
    const auto value = number.get<double>();
    return change == 0 ? value * 2 : change == 1 ? value / 3 : change == 2 ? value + 1 : -value;
  }
  const auto value = number.get<std::uint64_t>();
  return change == 0 ? value + 1 : change == 1 ? value - 1 : change == 2 ? value * 2 : value / 2;
}

void change_one(json& document, Random& random) {
  const std::vector<json*> values = values_of(document);
  json& value = *values[random() % values.size()];
  switch (random() % 4) {
    case 0:
      value = any_value(random);
      break;
    case 1:  // a copy, because one value may contain the other
      value = json(*values[random() % values.size()]);
      break;
    case 2:
      if (value.is_number()) value = near(value, random);
      break;
    default:
      if (!value.is_structured() || value.empty()) break;
      if (value.is_array() && random() % 2 == 0) {
        value.push_back(value[random() % value.size()]);
      } else {
        value.erase(std::next(value.begin(), static_cast<long>(random() % value.size())));
      }
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t bytes,
                                               std::size_t max, unsigned seed) {
  Random random(seed);
  json document = json::parse(data, data + bytes, nullptr, false);
  if (document.is_discarded() || random() % 4 == 0) return LLVMFuzzerMutate(data, bytes, max);
  for (unsigned i = random() % 3 + 1; i > 0; --i) change_one(document, random);
  const std::string text = document.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > max) return LLVMFuzzerMutate(data, bytes, max);
  std::memcpy(data, text.data(), text.size());
  return text.size();
}
