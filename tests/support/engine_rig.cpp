#include "support/engine_rig.h"

#include <doctest/doctest.h>

#include "base/units.h"
#include "support/long_form.h"

namespace aiobench::test {

EngineRig::EngineRig(const std::string& spec, unsigned depth, std::uint32_t block_bytes,
                     unsigned threads)
    : stride_(align_up(block_bytes, 4096)) {
  auto memory = os::PageMemory::allocate(depth * stride_);
  REQUIRE(memory);
  memory_ = memory.take();
  auto parsed = engine::parse_engine(spec);
  REQUIRE(parsed);
  const engine::EngineConfig config{.depth = depth,
                                    .threads = threads,
                                    .block_bytes = block_bytes,
                                    .buffers = memory_.span(),
                                    .buffer_stride = stride_,
                                    .options = parsed->options};
  auto made = engine::find_factory(parsed->mechanism->name)->make(config);
  REQUIRE(made);
  engine_ = made.take();
  if (engine_->has_own_threads()) engine_->deliver_to(*this);
  for (unsigned i = 0; i < depth; ++i) requests_.push_back(std::make_unique<engine::Request>());
}

EngineRig::~EngineRig() {
  leave();
}

const engine::AttachedFile& EngineRig::open(const std::string& path, os::Access access) {
  auto file = engine_->open(path, {.access = access});
  REQUIRE_MESSAGE(file, file.error().line());
  return **file;
}

void EngineRig::enter() {
  if (engine_->has_own_threads()) return;
  const Status status = engine_->enter(0);
  REQUIRE(status);
  entered_ = true;
}

void EngineRig::leave() {
  if (entered_) engine_->leave(0);
  entered_ = false;
}

engine::Outcome EngineRig::submit(unsigned index, const engine::AttachedFile& file,
                                  engine::Operation operation, std::uint64_t offset,
                                  std::uint32_t bytes) {
  engine::Request& r = request(index);
  r.file = &file;
  r.operation = operation;
  r.offset = offset;
  r.bytes = bytes;
  r.buffer = buffer(index);
  r.buffer_index = index;
  {
    const std::lock_guard lock(mutex_);
    out_.insert(&r);
  }
  const engine::Outcome outcome = engine_->submit(0, r);
  if (outcome == engine::Outcome::finished || outcome == engine::Outcome::failed) take(r);
  return outcome;
}

void EngineRig::take(engine::Request& request) {
  const std::lock_guard lock(mutex_);
  if (out_.erase(&request) == 0) twice_ = true;
  ++delivered_;
  changed_.notify_all();
}

void EngineRig::completed(engine::Request& request) {
  take(request);
}

void EngineRig::await(unsigned count) {
  if (engine_->has_own_threads()) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return delivered_ >= count; });
  }
  engine_->flush(0);
  while (delivered_ < count) {
    engine::RequestQueue done;
    engine_->reap(0, engine::Wait::yes, done);
    while (!done.empty()) take(done.pop());
  }
  CHECK(delivered_ == count);
  delivered_ = 0;
}

std::vector<std::string> usable_engines() {
  std::vector<std::string> specs;
  for (const engine::Factory& factory : engine::factories()) {
    if (const Status usable = factory.available(); !usable) {
      MESSAGE("skipped: " << factory.name << ": " << usable.error().line());
      continue;
    }
    const std::string name = factory.name;
    specs.push_back(name);
    if (name == "iocp") {
      specs.push_back("iocp:batch=1");
      specs.push_back("iocp:skip_on_success");
    } else if (name == "threadpool" && engine::this_system() == std::string("Windows")) {
      specs.push_back("threadpool:skip_on_success");
    } else if (name == "io_uring") {
      specs.push_back("io_uring:fixed_buffers");
      specs.push_back("io_uring:sleep");
      // A polling kernel thread takes 30 ms of processor time to set up.
      if (long_form()) specs.push_back("io_uring:sqpoll");
      specs.push_back("io_uring:fixed_buffers,sqpoll");
    }
  }
  return specs;
}

bool moves_data(const std::string& spec) {
  return spec != "null";
}

bool maps_files(const std::string& spec) {
  const auto parsed = engine::parse_engine(spec);
  REQUIRE(parsed);
  return parsed->mechanism->maps_files;
}

}  // namespace aiobench::test
