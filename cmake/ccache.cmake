# Compiles with ccache if it is installed and no other launcher is set. To disable it:
# -DCMAKE_CXX_COMPILER_LAUNCHER=
if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(AIOBENCH_CCACHE ccache DOC "Keeps compiled objects for later builds")
  if(EXISTS "${AIOBENCH_CCACHE}")
    # - The tests have a precompiled header. By default ccache assumes that it differs in each
    #   build.
    # - The path of this checkout is ignored, so that another clone can use the same cache entries.
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}"
      CCACHE_NOHASHDIR=1 "${AIOBENCH_CCACHE}")
  endif()
endif()
