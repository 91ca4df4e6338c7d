// A first-in, first-out queue that links its elements through their member `next`, so it allocates
// nothing. An element is in at most one queue at a time. The queue does not own its elements. Not
// thread-safe: use it in one thread or under a lock.
#pragma once

#include <cstdint>

#include "base/error.h"

namespace aiobench {

template <class T>
class IntrusiveQueue {
 public:
  bool empty() const { return first_ == nullptr; }
  std::uint32_t size() const { return size_; }

  void push(T& element) {
    element.next = nullptr;
    if (first_ == nullptr) {
      first_ = &element;
    } else {
      last_->next = &element;
    }
    last_ = &element;
    ++size_;
  }

  // The queue must not be empty.
  const T& front() const { return *first_; }

  T& pop() {
    AIOBENCH_CHECK(first_ != nullptr);
    T& element = *first_;
    first_ = element.next;
    --size_;
    return element;
  }

  template <class Visit>
  void for_each(const Visit& visit) {
    std::uint32_t left = size_;
    for (T* element = first_; left > 0; --left, element = element->next) visit(*element);
  }

  // Moves all elements of `other` to the end of this queue, in the same order.
  void append(IntrusiveQueue& other) {
    if (other.empty()) return;
    if (empty()) {
      first_ = other.first_;
    } else {
      last_->next = other.first_;
    }
    last_ = other.last_;
    size_ += other.size_;
    other.first_ = nullptr;
    other.size_ = 0;
  }

 private:
  T* first_ = nullptr;
  T* last_ = nullptr;
  std::uint32_t size_ = 0;
};

}  // namespace aiobench
