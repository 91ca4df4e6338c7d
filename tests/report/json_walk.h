// Test support, proves nothing itself: every field of a JSON document in turn, and
// which of a result file's are worked out from others.
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

// Whether a field of this name in a result file follows from others.
bool is_derived(const std::string& name);

}  // namespace aiobench::test
