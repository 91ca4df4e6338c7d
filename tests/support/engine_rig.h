// Test support: drives one engine by hand as one worker, whether it is reaped or has its own
// threads.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "engine/registry.h"
#include "os/memory.h"

namespace aiobench::test {

class EngineRig final : private engine::CompletionHost {
 public:
  // `threads`: the threads of the engine; the test acts as worker 0. Options as on the command
  // line.
  EngineRig(const std::string& spec, unsigned depth, std::uint32_t block_bytes,
            unsigned threads = 1);
  ~EngineRig();

  engine::Engine& engine() { return *engine_; }
  const engine::AttachedFile& open(const std::string& path, os::Access access);
  // Enters the engine as the worker, after all files are open. May be called again after leave().
  void enter();
  void leave();

  std::byte* buffer(unsigned index) { return memory_.data() + index * stride_; }
  // A request for buffer `index`.
  engine::Request& request(unsigned index) { return *requests_[index]; }

  // Submits request `index`; a request that is done at once counts as delivered.
  engine::Outcome submit(unsigned index, const engine::AttachedFile& file,
                         engine::Operation operation, std::uint64_t offset, std::uint32_t bytes);
  // Waits until `count` requests have been delivered since the last call.
  void await(unsigned count);
  // Whether a request was delivered more than once: never with a conforming engine.
  bool delivered_twice() const { return twice_; }

 private:
  void completed(engine::Request& request) override;
  void woken() override {}
  void take(engine::Request& request);

  std::unique_ptr<engine::Engine> engine_;
  os::PageMemory memory_;
  std::size_t stride_;
  std::vector<std::unique_ptr<engine::Request>> requests_;
  bool entered_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<const engine::Request*> out_;  // submitted, not yet delivered
  unsigned delivered_ = 0;
  bool twice_ = false;
};

// The engines of this system that are usable on this machine, with the options that need a run of
// their own: "iocp", "iocp:batch=1,skip_on_success". Prints those that are not usable.
std::vector<std::string> usable_engines();

// False for `null`.
bool moves_data(const std::string& spec);

// True if the engine returns a mapping: it only reads, and not with direct access.
bool maps_files(const std::string& spec);

}  // namespace aiobench::test
