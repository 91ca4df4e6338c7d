#include "support/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace aiobench::test {
namespace {

using nlohmann::json;

std::shared_ptr<const json> make(json value) {
  return std::make_shared<const json>(std::move(value));
}

// "runs[2].job" -> /runs/2/job
json::json_pointer pointer_to(std::string_view place) {
  std::string text = "/";
  for (const char c : place) {
    if (c != ']') text += c == '.' || c == '[' ? '/' : c;
  }
  return json::json_pointer(text);
}

void add_places(const json& value, const std::string& place, std::vector<std::string>& places) {
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      add_places(value[i], place + "[" + std::to_string(i) + "]", places);
    }
  } else if (value.is_object()) {
    for (const auto& field : value.items()) {
      const std::string inner = (place.empty() ? "" : place + ".") + field.key();
      add_places(field.value(), inner, places);
      places.push_back(inner);
    }
  }
}

}  // namespace

Json::Json(std::nullptr_t) : value_(make(nullptr)) {}
Json::Json(bool value) : value_(make(value)) {}
Json::Json(double value) : value_(make(value)) {}
Json::Json(std::string_view text) : value_(make(std::string(text))) {}
Json::Json(Integer value)
    : value_(value.negative ? make(static_cast<std::int64_t>(value.bits)) : make(value.bits)) {}

Json::Json(const std::vector<Json>& elements) {
  json made = json::array();
  for (const Json& element : elements) made.push_back(*element.value_);
  value_ = make(std::move(made));
}

Json::Json(std::initializer_list<Json> list) : Json(std::vector<Json>(list)) {
  const auto is_field = [](const Json& one) {
    return one.kind() == Kind::array && one.size() == 2 && one[0].kind() == Kind::text;
  };
  if (!std::all_of(list.begin(), list.end(), is_field)) return;
  json made = json::object();
  for (const Json& field : list) made[field[0].text()] = *field[1].value_;
  value_ = make(std::move(made));
}

Json Json::array(std::initializer_list<Json> elements) {
  return Json(std::vector<Json>(elements));
}

Json Json::object() {
  return Json(make(json::object()));
}

Json Json::parse(std::string_view text) {
  return Json(make(json::parse(text)));
}

bool Json::is_valid(std::string_view text) {
  return json::accept(text);
}

Json Json::within(const json& value) const {
  return Json(std::shared_ptr<const json>(value_, &value));
}

Json Json::operator[](std::string_view name) const {
  return within(value_->at(std::string(name)));
}

Json Json::operator[](std::size_t index) const {
  return within(value_->at(index));
}

bool Json::contains(std::string_view name) const {
  return value_->contains(std::string(name));
}

std::size_t Json::size() const {
  return value_->size();
}

std::vector<std::string> Json::names() const {
  std::vector<std::string> names;
  for (const auto& field : value_->items()) names.push_back(field.key());
  return names;
}

std::vector<Json> Json::elements() const {
  std::vector<Json> elements;
  for (const json& element : *value_) elements.push_back(within(element));
  return elements;
}

Json::Kind Json::kind() const {
  switch (value_->type()) {
    case json::value_t::boolean:
      return Kind::boolean;
    case json::value_t::number_unsigned:
      return Kind::whole;
    case json::value_t::number_integer:
      return value_->get<std::int64_t>() < 0 ? Kind::negative : Kind::whole;
    case json::value_t::number_float:
      return Kind::real;
    case json::value_t::string:
      return Kind::text;
    case json::value_t::array:
      return Kind::array;
    case json::value_t::object:
      return Kind::object;
    default:
      return Kind::null;
  }
}

bool Json::is_number() const {
  return value_->is_number();
}

std::string Json::text() const {
  return value_->get<std::string>();
}

double Json::real() const {
  return value_->get<double>();
}

std::uint64_t Json::whole() const {
  if (kind() != Kind::whole) throw std::invalid_argument(dump() + ": not a whole number");
  return value_->get<std::uint64_t>();
}

std::string Json::dump() const {
  return value_->dump();
}

std::vector<std::string> Json::places() const {
  std::vector<std::string> places;
  add_places(*value_, "", places);
  return places;
}

Json Json::at(std::string_view place) const {
  return within(value_->at(pointer_to(place)));
}

Json Json::with(std::string_view place, const Json& value) const {
  json changed = *value_;
  changed[pointer_to(place)] = *value.value_;
  return Json(make(std::move(changed)));
}

Json Json::without(std::string_view place) const {
  json changed = *value_;
  const json::json_pointer pointer = pointer_to(place);
  changed.at(pointer.parent_pointer()).erase(pointer.back());
  return Json(make(std::move(changed)));
}

bool operator==(const Json& a, const Json& b) {
  return *a.value_ == *b.value_;
}

std::ostream& operator<<(std::ostream& out, const Json& json) {
  return out << json.dump();
}

}  // namespace aiobench::test
