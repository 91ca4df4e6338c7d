# The libraries that aiobench uses, as interface targets: aiobench_deps is for every layer,
# aiobench_json for layers that read or write JSON, aiobench_command_line for the command line. All
# libraries come from packages (Debian, or vcpkg on Windows); nothing is copied into the tree or
# downloaded.

add_library(aiobench_deps INTERFACE)
add_library(aiobench_json INTERFACE)
add_library(aiobench_command_line INTERFACE)
find_package(Threads REQUIRED)
target_link_libraries(aiobench_deps INTERFACE Threads::Threads)

if(CMAKE_CROSSCOMPILING AND WIN32)
  # Debian has no mingw builds of these libraries, but their header-only forms are the same on every
  # system. /usr/include also has glibc's headers, which the cross-compiler must not find, so links
  # to the libraries' headers are put into a separate directory.
  set(headers "${PROJECT_BINARY_DIR}/debian-headers")
  file(MAKE_DIRECTORY "${headers}")
  set(names fmt spdlog CLI nlohmann xxhash.h xxh3.h)
  if(BUILD_TESTING)
    list(APPEND names doctest)
  endif()
  foreach(name ${names})
    if(NOT EXISTS "/usr/include/${name}")
      message(FATAL_ERROR "/usr/include/${name} is missing: run scripts/setup windows test")
    endif()
    file(CREATE_LINK "/usr/include/${name}" "${headers}/${name}" SYMBOLIC)
  endforeach()
  target_include_directories(aiobench_deps SYSTEM INTERFACE "${headers}")
  add_library(aiobench_fmt STATIC "${CMAKE_CURRENT_LIST_DIR}/fmt_library.cpp")
  target_include_directories(aiobench_fmt SYSTEM PRIVATE "${headers}")
  target_link_libraries(aiobench_deps INTERFACE aiobench_fmt)
  target_compile_definitions(aiobench_command_line INTERFACE SPDLOG_FMT_EXTERNAL)
  add_library(aiobench_doctest INTERFACE)
  target_include_directories(aiobench_doctest SYSTEM INTERFACE "${headers}")
else()
  find_package(fmt REQUIRED)
  find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
  target_include_directories(aiobench_deps SYSTEM INTERFACE "${XXHASH_INCLUDE_DIR}")
  target_link_libraries(aiobench_deps INTERFACE fmt::fmt)
  if(AIOBENCH_TOOL)
    find_package(spdlog REQUIRED)
    find_package(CLI11 REQUIRED)
    find_package(nlohmann_json REQUIRED)
    target_link_libraries(aiobench_json INTERFACE nlohmann_json::nlohmann_json)
    target_link_libraries(aiobench_command_line INTERFACE CLI11::CLI11 spdlog::spdlog)
  endif()
  if(PROJECT_IS_TOP_LEVEL AND BUILD_TESTING)
    find_package(doctest QUIET)
    if(NOT doctest_FOUND)
      message(FATAL_ERROR "doctest is missing, which the tests need: run scripts/setup test, or "
        "build without them: -DBUILD_TESTING=OFF")
    endif()
    add_library(aiobench_doctest INTERFACE)
    target_link_libraries(aiobench_doctest INTERFACE doctest::doctest)
  endif()
endif()

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  find_package(PkgConfig REQUIRED)
  # Optional. Without it a stub engine reports why io_uring is missing.
  pkg_check_modules(liburing IMPORTED_TARGET liburing>=2.2)
  # Optional. The static library is preferred: it is small (four system calls), and the program then
  # has one library less to load at each start.
  find_path(LIBAIO_INCLUDE_DIR libaio.h)
  find_library(LIBAIO_LIBRARY NAMES libaio.a aio)
  if(AIOBENCH_TOOL)
    # Optional. Reads compressed result files.
    pkg_check_modules(libzstd IMPORTED_TARGET libzstd)
  endif()
endif()

# Chart.js draws the charts of `aiobench report` and is embedded in each page. The file is the same
# for every system, so it is not searched in a cross-compiler's directories.
if(AIOBENCH_TOOL)
  find_file(AIOBENCH_CHART_JS NAMES chart.min.js chart.umd.min.js chart.umd.js
    PATHS /usr/share/javascript/chart.js /usr/share/nodejs/chart.js/dist
      "${PROJECT_SOURCE_DIR}/node_modules/chart.js/dist"
    DOC "Chart.js, as one file for browsers" NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
  if(NOT EXISTS "${AIOBENCH_CHART_JS}")
    message(FATAL_ERROR "Chart.js is missing: run scripts/setup run (Debian's libjs-chart.js), or npm "
      "install chart.js here, or name its file: -DAIOBENCH_CHART_JS=/path/to/chart.min.js")
  endif()
endif()
