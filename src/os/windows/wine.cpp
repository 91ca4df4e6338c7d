#include "os/windows/wine.h"

namespace aiobench::platform {
namespace {

std::string ask_version() {
  using GetVersion = const char*(CDECL*)();
  const auto get_version = find_function<GetVersion>(L"ntdll.dll", "wine_get_version");
  return get_version != nullptr ? get_version() : "";
}

}  // namespace

const std::string& wine_version() {
  static const std::string version = ask_version();
  return version;
}

}  // namespace aiobench::platform
