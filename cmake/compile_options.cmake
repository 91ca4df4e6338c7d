# The interface target aiobench_options: the compiler options of all code of aiobench.
#
# Warnings are errors if CMAKE_COMPILE_WARNING_AS_ERROR is ON. This is so in the presets of the
# sanitizers, and in presets that scripts/build configures with their tests. A user's build only
# prints warnings, because another compiler may have new ones.

add_library(aiobench_options INTERFACE)
target_include_directories(aiobench_options INTERFACE "${PROJECT_SOURCE_DIR}/src"
  "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}")

if(MSVC)
  # 4324 warns that alignas padded a structure, which is intended.
  target_compile_options(aiobench_options INTERFACE /W4 /wd4324 /utf-8 /permissive-)
else()
  target_compile_options(aiobench_options INTERFACE
    -Wall -Wextra -Wconversion -Wshadow -fno-strict-aliasing
    # g++ 12 gives a false warning for std::string (GCC bug 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
endif()

# aiobench_runs_once(TARGET): for code that takes longer to compile than to run: reports, the
# command line, tests. It is compiled with -O1. With sanitizers it is compiled with -O0, because
# clang with sanitizers takes three times as long at -O1.
function(aiobench_runs_once target)
  set_target_properties(${target} PROPERTIES AIOBENCH_RUNS_ONCE ON)
  if(NOT MSVC AND NOT AIOBENCH_SANITIZE)
    target_compile_options(${target} PRIVATE -O1)
  endif()
endfunction()

if(WIN32)
  target_compile_definitions(aiobench_options INTERFACE
    UNICODE _UNICODE NOMINMAX WIN32_LEAN_AND_MEAN _WIN32_WINNT=0x0A00)
endif()

if(MINGW)
  # GCC aligns the stack of Windows programs to only 16 bytes, but spills vectors with aligned moves
  # (GCC bug 54412). This option makes the assembler emit unaligned moves instead.
  target_compile_options(aiobench_options INTERFACE -Wa,-muse-unaligned-vector-move)
endif()

if(AIOBENCH_SANITIZE)
  target_compile_options(aiobench_options INTERFACE
    "-fsanitize=${AIOBENCH_SANITIZE}" -fno-omit-frame-pointer -fno-sanitize-recover=all
    $<IF:$<BOOL:$<TARGET_PROPERTY:AIOBENCH_RUNS_ONCE>>,-O0,-O1>
    -g1)  # line numbers for the reports; more debug information would slow down the build
  target_link_options(aiobench_options INTERFACE "-fsanitize=${AIOBENCH_SANITIZE}")
endif()
