// The pending requests, and the thread that answers each when it is due.
#pragma once

#define FUSE_USE_VERSION 35
#include <fuse_lowlevel.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "served_file.h"
#include "timetable.h"

namespace slowfs {

class Answers {
 public:
  Answers();
  // Does not answer pending requests; the kernel ends them when the file system is unmounted.
  ~Answers();

  // Takes ownership of the request. Any thread may call it.
  void add(fuse_req_t request, Clock::time_point due, const Answer& answer);
  // Fails a request with EINTR because its caller was signalled. No effect if it was answered. Any
  // thread may call it.
  void interrupt(fuse_req_t request);

 private:
  struct Waiting {
    fuse_req_t request;
    Answer answer;
  };

  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Clock::time_point, Waiting> waiting_;
  bool ended_ = false;
  std::thread thread_;  // last, because it uses the members above
};

}  // namespace slowfs
