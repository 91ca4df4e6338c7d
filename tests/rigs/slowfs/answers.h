// The requests that wait for their time, and the thread that answers them then.
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
  // What waits still is not answered: the kernel ends it when the mount goes.
  ~Answers();

  // Takes the request over. Any thread.
  void add(fuse_req_t request, Clock::time_point due, const Answer& answer);
  // The caller of that request was signalled: it fails with EINTR at once. No effect where it was
  // answered. Any thread.
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
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace slowfs
