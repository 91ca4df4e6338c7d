// Everything that the lanes of one read run share, and the lane:
//
//     claim the next request -> wait until it is due -> read -> again
#pragma once

#include <mutex>
#include <optional>

#include "base/error.h"
#include "engine/engine.h"
#include "run/block_transfer.h"
#include "run/lane.h"
#include "run/lane_buffer.h"
#include "run/pacer.h"
#include "run/read.h"

namespace aiobench::pipeline {

class ReadJob {
 public:
  // `alignment` as for BlockTransfer. `file` outlives the job.
  ReadJob(const engine::AttachedFile& file, const ReadSettings& settings, std::uint32_t block_bytes,
          std::uint32_t alignment)
      : file_(file), plan_(settings, file.bytes, block_bytes), alignment_(alignment) {}

  // Lanes go at this pace. Before the run; `pacer` outlives it.
  void set_pacer(Pacer& pacer) { pacer_ = &pacer; }

  // Any thread: no further request is begun. What is in flight is still waited for.
  void stop();

  // After the run: the first failure.
  const std::optional<Error>& failure() const { return failure_; }

  // For the lanes.
  const engine::AttachedFile& file() const { return file_; }
  ReadPlan& plan() { return plan_; }
  std::uint32_t alignment() const { return alignment_; }
  Pacer* pacer() { return pacer_; }
  // Notes what kept `block` from being read, and stops the run.
  void fail(const BlockTransfer& block);

 private:
  const engine::AttachedFile& file_;
  ReadPlan plan_;
  const std::uint32_t alignment_;
  Pacer* pacer_ = nullptr;
  std::mutex mutex_;
  std::optional<Error> failure_;  // guarded by mutex_
};

// `traced`: it notes what it does in its worker's log (tracing.h).
Lane read_lane(ReadJob& job, LaneBuffer buffer, bool traced);

}  // namespace aiobench::pipeline
