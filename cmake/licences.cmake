# Gathers the licences of the third-party code in the program. They are copied from the packages
# that the program was built with, so that they belong to the same versions:
#   cmake -DOUTPUT=DIRECTORY -DSYSTEM=linux|windows -DDIRECTORY=/usr/share/doc -DWINDOWS_BUILD=FILE
#     -DCHART=FILE -P licences.cmake
# WINDOWS_BUILD, if it exists, is installed together with the Linux program. CHART is the embedded
# Chart.js.

cmake_minimum_required(VERSION 3.23)

# Name, Debian package, and the system whose program contains the code.
set(table
  "fmt|libfmt-dev|both" "spdlog|libspdlog-dev|both" "CLI11|libcli11-dev|both"
  "nlohmann-json|nlohmann-json3-dev|both" "xxHash|libxxhash-dev|both"
  "liburing|liburing-dev|linux" "libaio|libaio-dev|linux"
  "gcc-runtime|gcc-mingw-w64-x86-64-posix-runtime|windows"
  "mingw-w64|mingw-w64-x86-64-dev|windows")
# Full texts of licences that the packages only refer to.
set(texts "LGPL-2.1|linux" "GPL-3|windows")

if(CHART)
  list(APPEND table "Chart.js|libjs-chart.js|both")
endif()
set(systems both "${SYSTEM}")
if(EXISTS "${WINDOWS_BUILD}")
  list(APPEND systems windows)
endif()

# take(SOURCE NAME): copies a licence. It is an error if the file is missing.
function(take source name)
  if(NOT EXISTS "${source}")
    message(FATAL_ERROR "the licence of ${name} is not in '${source}', where its Debian package "
      "puts it; install that package, or name a directory with PACKAGE/copyright in "
      "-DAIOBENCH_LICENCE_DIRECTORY")
  endif()
  file(COPY_FILE "${source}" "${OUTPUT}/${name}.txt")
endfunction()

file(REMOVE_RECURSE "${OUTPUT}")
file(MAKE_DIRECTORY "${OUTPUT}")
set(rows "")
foreach(row IN LISTS table)
  string(REPLACE "|" ";" row "${row}")
  list(GET row 0 name)
  list(GET row 1 package)
  list(GET row 2 system)
  if(NOT system IN_LIST systems)
    continue()
  endif()
  take("${DIRECTORY}/${package}/copyright" "${name}")
  execute_process(COMMAND dpkg-query -W -f "\${source:Package} \${source:Version}" "${package}"
    OUTPUT_VARIABLE version ERROR_QUIET)
  string(APPEND rows "  ${name}.txt: of the Debian source package ${version}\n")
endforeach()
if(CHART)
  # Chart.js contains other third-party code, which its package does not list.
  file(READ "${CMAKE_CURRENT_LIST_DIR}/../src/report/page/licences.txt" parts)
  file(APPEND "${OUTPUT}/Chart.js.txt" "\n${parts}")
endif()
foreach(row IN LISTS texts)
  string(REPLACE "|" ";" row "${row}")
  list(GET row 0 name)
  list(GET row 1 system)
  if(system IN_LIST systems)
    get_filename_component(licences "${DIRECTORY}/../common-licenses/${name}" ABSOLUTE)
    take("${licences}" "${name}")
  endif()
endforeach()

set(about "aiobench has its own licence (MIT). It contains, or is linked with, these works:

${rows}
Each file is Debian's statement of copyright and licence of that work.
")
if("linux" IN_LIST systems)
  string(APPEND about "
libaio is under the GNU Lesser General Public License 2.1 (LGPL-2.1.txt) and is linked into the
Linux program. You may change it and link the program again: its source is the Debian source package
named above, the source of aiobench is complete and under the MIT licence, and
  cmake --preset native -DLIBAIO_LIBRARY=/path/to/libaio.a
uses your libaio. liburing is used under the MIT licence, and linked dynamically.
")
endif()
if("windows" IN_LIST systems)
  string(APPEND about "
The Windows program contains GCC's runtime libraries (libgcc, libstdc++), under the GNU General
Public License 3 (GPL-3.txt) with the GCC Runtime Library Exception 3.1, which puts no condition on
programs that were compiled with GCC, and the runtime and winpthreads of mingw-w64.
")
endif()
file(WRITE "${OUTPUT}/README.txt" "${about}")
