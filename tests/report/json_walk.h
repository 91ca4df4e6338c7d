// Test support, proves nothing itself: every field of a JSON document in turn.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace aiobench::test {

// Gets the place of a field as messages write it ("runs[0].job"), the object that holds it, and its
// name.
using VisitField = std::function<void(const std::string&, nlohmann::json&, const std::string&)>;

// Fields within a field come before it. `visit` may change the object's fields.
void for_each_field(nlohmann::json& value, const std::string& place, const VisitField& visit);

}  // namespace aiobench::test
