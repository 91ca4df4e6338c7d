# Has ccache keep what was compiled, where it is installed and no other launcher is set. To do
# without it: -DCMAKE_CXX_COMPILER_LAUNCHER=
if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(AIOBENCH_CCACHE ccache DOC "Keeps compiled objects for later builds")
  if(EXISTS "${AIOBENCH_CCACHE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${AIOBENCH_CCACHE}")
  endif()
endif()
