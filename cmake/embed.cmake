# Writes a C++ source with the bytes of files in it: cmake -DOUTPUT=... -DSOURCES="a|b" -P embed.cmake
# Bytes rather than string literals, whose length MSVC bounds. The function that it defines is
# declared in src/report/report_model.h.
string(REPLACE "|" ";" sources "${SOURCES}")
string(REPEAT "[0-9a-f]" 32 row)
set(arrays "")
set(cases "")
set(number 0)
foreach(path IN LISTS sources)
  file(READ "${path}" bytes HEX)
  # In the page they stand within <script> or <style>, which nothing in them may end.
  file(STRINGS "${path}" ends REGEX "</[sS][cC][rR][iI][pP][tT]|</[sS][tT][yY][lL][eE]")
  get_filename_component(name "${path}" NAME)
  if(ends AND NOT name MATCHES "\\.html$")
    message(FATAL_ERROR "${path} has the end of an HTML element in it and cannot be embedded")
  endif()
  # "//# sourceMappingURL=" and what follows: a file that is not in the page.
  string(REGEX REPLACE "2f2f2320736f757263654d617070696e6755524c3d.*$" "" bytes "${bytes}")
  string(REGEX REPLACE "(${row})" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "constexpr unsigned char k${number}[] = {\n${bytes}\n};\n")
  if(name MATCHES "^chart\\.")
    set(name "chart.js")  # whatever the library's file is called
  endif()
  string(APPEND cases "  if (name == \"${name}\") return text_of(k${number});\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUTPUT}" "// Made by cmake/embed.cmake.
#include <cstddef>

#include \"report/report_model.h\"

namespace aiobench::report {
namespace {

template <std::size_t kSize>
std::string_view text_of(const unsigned char (&bytes)[kSize]) {
  return {reinterpret_cast<const char*>(bytes), kSize};
}

${arrays}
}  // namespace

std::string_view page_source(std::string_view name) {
${cases}  return {};
}

}  // namespace aiobench::report
")
