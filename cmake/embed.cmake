# Writes a C++ source that contains the bytes of files:
#   cmake -DOUTPUT=... -DSOURCES="a|b" -P embed.cmake
# It uses arrays of bytes, because MSVC limits the length of string literals. The function in that
# source is declared in src/report/report_model.h.
string(REPLACE "|" ";" sources "${SOURCES}")
string(REPEAT "[0-9a-f]" 32 row)
set(arrays "")
set(cases "")
set(number 0)
foreach(path IN LISTS sources)
  file(READ "${path}" bytes HEX)
  # The page has the file inside <script> or <style>, so the file must not contain their end tags.
  file(STRINGS "${path}" ends REGEX "</[sS][cC][rR][iI][pP][tT]|</[sS][tT][yY][lL][eE]")
  get_filename_component(name "${path}" NAME)
  if(ends AND NOT name MATCHES "\\.html$")
    message(FATAL_ERROR "${path} contains the end of an HTML element and cannot be embedded")
  endif()
  # Removes "//# sourceMappingURL=" and the rest, because the page does not have that file.
  string(REGEX REPLACE "2f2f2320736f757263654d617070696e6755524c3d.*$" "" bytes "${bytes}")
  string(REGEX REPLACE "(${row})" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "constexpr unsigned char k${number}[] = {\n${bytes}\n};\n")
  if(name MATCHES "^chart\\.")
    set(name "chart.js")  # the same name for every file name of the library
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
