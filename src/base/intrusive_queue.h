// A queue, first in, first out, linked through the elements themselves: nothing is allocated. An
// element has a member `next` and is in one queue at a time. The queue owns nothing. One thread, or
// under the caller's lock.
#pragma once

#include <cstdint>

#include "base/check.h"

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

  // Only of a queue that is not empty.
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

  // Moves all elements of `other`, in their order, to the end of this queue.
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
