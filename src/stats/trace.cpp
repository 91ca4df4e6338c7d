#include "stats/trace.h"

#include <algorithm>
#include <utility>

namespace aiobench::stats {
namespace {

// The number of the calling thread: threads are numbered from 0, in the order of their first call.
std::uint32_t number_of_this_thread() {
  static std::atomic<std::uint32_t> count{0};
  thread_local const std::uint32_t number = count.fetch_add(1);
  return number;
}

}  // namespace

void TraceLog::add(TraceEvent event) {
  ++added_;
  if (chunk_ == nullptr || chunk_->used == TraceChunk::kEvents) {
    chunk_ = dropped_ == 0 ? trace_->take_chunk(pass_) : nullptr;
  }
  if (chunk_ == nullptr) {
    ++dropped_;
    return;
  }
  event.thread = own_threads_ ? number_of_this_thread() : worker_;
  chunk_->events[chunk_->used++] = event;
}

TracePass::TracePass(Trace& trace, std::uint32_t number, TraceSubject subject)
    : trace_(trace),
      number_(number),
      subject_(std::move(subject)),
      logs_(std::make_unique<TraceLog[]>(subject_.threads)) {
  for (unsigned i = 0; i < subject_.threads; ++i) {
    logs_[i].trace_ = &trace;
    logs_[i].pass_ = number;
    logs_[i].worker_ = i;
    logs_[i].own_threads_ = subject_.own_threads;
  }
}

void TracePass::ran(os::Ticks started, os::Ticks finished) {
  started_ = started;
  finished_ = finished;
}

std::uint64_t TracePass::added() const {
  std::uint64_t sum = 0;
  for (unsigned i = 0; i < subject_.threads; ++i) sum += logs_[i].added_;
  return sum;
}

std::uint64_t TracePass::dropped() const {
  std::uint64_t sum = 0;
  for (unsigned i = 0; i < subject_.threads; ++i) sum += logs_[i].dropped_;
  return sum;
}

std::vector<TraceEvent> TracePass::events() const {
  std::vector<TraceEvent> all;
  const std::size_t taken = std::min(trace_.taken_.load(), trace_.chunk_count_);
  for (std::size_t i = 0; i < taken; ++i) {
    const TraceChunk& chunk = trace_.chunks_[i];
    if (chunk.pass == number_) all.insert(all.end(), chunk.events, chunk.events + chunk.used);
  }
  return all;
}

Trace::Trace(std::size_t max)
    : chunk_count_((max + TraceChunk::kEvents - 1) / TraceChunk::kEvents),
      chunks_(std::make_unique<TraceChunk[]>(chunk_count_)) {}

TracePass& Trace::begin_pass(TraceSubject subject) {
  const auto number = static_cast<std::uint32_t>(passes_.size());
  return passes_.emplace_back(*this, number, std::move(subject));
}

std::uint64_t Trace::added() const {
  std::uint64_t sum = 0;
  for (const TracePass& pass : passes_) sum += pass.added();
  return sum;
}

std::uint64_t Trace::dropped() const {
  std::uint64_t sum = 0;
  for (const TracePass& pass : passes_) sum += pass.dropped();
  return sum;
}

TraceChunk* Trace::take_chunk(std::uint32_t pass) {
  const std::size_t place = taken_.fetch_add(1, std::memory_order_relaxed);
  if (place >= chunk_count_) return nullptr;
  chunks_[place].pass = pass;
  return &chunks_[place];
}

}  // namespace aiobench::stats
