# Has ccache keep what was compiled, where it is installed and no other launcher is set. To do
# without it: -DCMAKE_CXX_COMPILER_LAUNCHER=
if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(AIOBENCH_CCACHE ccache DOC "Keeps compiled objects for later builds")
  if(EXISTS "${AIOBENCH_CCACHE}")
    # - The tests have a precompiled header, which ccache takes for one that may always differ.
    # - The paths of this checkout do not count, so that another clone of it finds what this one has
    #   compiled.
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}"
      CCACHE_NOHASHDIR=1 "${AIOBENCH_CCACHE}")
  endif()
endif()
