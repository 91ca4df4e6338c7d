# A build from scratch spends most of its time on the same headers (CLI11, nlohmann-json, spdlog,
# doctest) again and again. Where AIOBENCH_BATCH is above 1, so many sources are compiled as one.
#
# The native build compiles each by itself: so each is known to include what it needs, and one that
# changed is soon built.

set(AIOBENCH_BATCH 1 CACHE STRING "Sources compiled together where headers take most of the time")

function(aiobench_batch target)
  if(AIOBENCH_BATCH GREATER 1)
    set_target_properties(${target} PROPERTIES
      UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${AIOBENCH_BATCH})
  endif()
endfunction()
