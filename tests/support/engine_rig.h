// Test support for the conformance suite, proves nothing itself: drives one engine by hand as one
// worker, whether it is reaped or has threads of its own.
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
  // `threads` is the engine's; the test serves as worker 0. Options as on the command line.
  EngineRig(const std::string& spec, unsigned depth, std::uint32_t block_bytes,
            unsigned threads = 1);
  ~EngineRig();

  engine::Engine& engine() { return *engine_; }
  const engine::AttachedFile& open(const std::string& path, os::Access access);
  // Begins the worker's service: after all files are open. May be called again after leave().
  void enter();
  void leave();

  std::byte* buffer(unsigned index) { return memory_.data() + index * stride_; }
  // A request for buffer `index`.
  engine::Request& request(unsigned index) { return *requests_[index]; }

  // Submits request `index`; those that are done at once count as delivered.
  engine::Outcome submit(unsigned index, const engine::AttachedFile& file,
                         engine::Operation operation, std::uint64_t offset, std::uint32_t bytes);
  // Waits until `count` requests in all have been delivered since the last call.
  void await(unsigned count);
  // Indices of requests delivered more than once: always empty in an engine that conforms.
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
  std::set<const engine::Request*> out_;  // submitted, and not delivered yet
  unsigned delivered_ = 0;
  bool twice_ = false;
};

// The engines of this system that can be used on this machine, with the options worth a run of
// their own: "iocp", "iocp:batch=1,skip_on_success". Those that cannot be used are told.
std::vector<std::string> usable_engines();

// False for `null`.
bool moves_data(const std::string& spec);

// True where the engine hands out a mapping: it only reads, and not past the page cache.
bool maps_files(const std::string& spec);

}  // namespace aiobench::test
