// Part of the rig slowfs; see answers.h.
#include "answers.h"

#include <sys/prctl.h>

#include <cerrno>

namespace slowfs {

Answers::Answers() : thread_([this] { serve(); }) {}

Answers::~Answers() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Answers::add(fuse_req_t request, Clock::time_point due, const Answer& answer) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(due, Waiting{request, answer});
  }
  changed_.notify_one();
}

void Answers::interrupt(fuse_req_t request) {
  {
    const std::lock_guard lock(mutex_);
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
      if (it->second.request != request) continue;
      waiting_.erase(it);
      waiting_.emplace(Clock::time_point::min(), Waiting{request, {EINTR, nullptr, 0}});
      break;
    }
  }
  changed_.notify_one();
}

void Answers::serve() {
  // By default the kernel may end a sleep 50 us late, 2.5 % of 2 ms.
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  std::unique_lock lock(mutex_);
  while (!ended_) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const Clock::time_point due = waiting_.begin()->first;
    if (due > Clock::now()) {
      changed_.wait_until(lock, due);
      continue;
    }
    const Waiting next = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    lock.unlock();
    if (next.answer.code != 0) {
      fuse_reply_err(next.request, next.answer.code);
    } else {
      fuse_reply_buf(next.request, next.answer.data, next.answer.bytes);
    }
    lock.lock();
  }
}

}  // namespace slowfs
