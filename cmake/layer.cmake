# aiobench_layer(NAME DEPENDENCY...): defines the static library aiobench_NAME from the sources in
# this directory and in its linux/ or windows/ directory, and links it with these layers.
function(aiobench_layer name)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp *.h ${AIOBENCH_SYSTEM}/*.cpp ${AIOBENCH_SYSTEM}/*.h)
  add_library(aiobench_${name} STATIC ${sources})
  target_link_libraries(aiobench_${name} PUBLIC aiobench_options aiobench_deps)
  foreach(layer ${ARGN})
    target_link_libraries(aiobench_${name} PUBLIC aiobench_${layer})
  endforeach()
endfunction()
