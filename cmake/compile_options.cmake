# How all of aiobench's own code is compiled, as one interface target: aiobench_options.
#
# Warnings are errors where CMAKE_COMPILE_WARNING_AS_ERROR is ON: in the presets of the sanitizers,
# and where scripts/build configures a preset with its tests. A user's build shows them only, as
# another compiler may have new ones.

add_library(aiobench_options INTERFACE)
target_include_directories(aiobench_options INTERFACE "${PROJECT_SOURCE_DIR}/src"
  "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}")

if(MSVC)
  # 4324: a structure was padded to its alignment, as was asked for.
  target_compile_options(aiobench_options INTERFACE /W4 /wd4324 /utf-8 /permissive-)
else()
  target_compile_options(aiobench_options INTERFACE
    -Wall -Wextra -Wconversion -Wshadow -fno-strict-aliasing
    # A false alarm of g++ 12 on std::string (GCC bug 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
endif()

# aiobench_runs_once(TARGET): for code that takes longer to compile than it ever runs: reports, the
# command line, tests. It is compiled with -O1, and under sanitizers with -O0: clang's sanitizers
# take three times as long at -O1.
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
  # GCC keeps the stack of Windows programs at 16 bytes only and yet spills vectors with aligned
  # moves (GCC bug 54412): have the assembler make unaligned ones of them.
  target_compile_options(aiobench_options INTERFACE -Wa,-muse-unaligned-vector-move)
endif()

if(AIOBENCH_SANITIZE)
  target_compile_options(aiobench_options INTERFACE
    "-fsanitize=${AIOBENCH_SANITIZE}" -fno-omit-frame-pointer -fno-sanitize-recover=all
    $<IF:$<BOOL:$<TARGET_PROPERTY:AIOBENCH_RUNS_ONCE>>,-O0,-O1>
    -g1)  # lines for the reports; more would only make the build slower
  target_link_options(aiobench_options INTERFACE "-fsanitize=${AIOBENCH_SANITIZE}")
endif()
