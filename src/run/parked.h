// A lane that waits for something other than a completion: for its turn, for its start, or to
// let another lane go first. The node lies in the lane's own frame.
#pragma once

#include <coroutine>

#include "base/check.h"

namespace aiobench::pipeline {

struct Parked {
  std::coroutine_handle<> lane;
  Parked* next = nullptr;
};

// First in, first out, linked through the nodes. One thread, or under a lock.
class ParkedQueue {
 public:
  bool empty() const { return first_ == nullptr; }

  void push(Parked& node) {
    node.next = nullptr;
    if (first_ == nullptr) {
      first_ = &node;
    } else {
      last_->next = &node;
    }
    last_ = &node;
  }

  Parked& pop() {
    AIOBENCH_CHECK(first_ != nullptr);
    Parked& node = *first_;
    first_ = node.next;
    return node;
  }

 private:
  Parked* first_ = nullptr;
  Parked* last_ = nullptr;
};

}  // namespace aiobench::pipeline
