// Test support, proves nothing itself: while it exists, the program runs as an ordinary user, even
// if root runs the tests.
#pragma once

#include <sys/prctl.h>
#include <unistd.h>

namespace aiobench::test {

class Unprivileged {
 public:
  Unprivileged() : was_root_(::geteuid() == 0) {
    if (was_root_) ok_ = ::setresuid(kNobody, kNobody, 0) == 0;
  }
  ~Unprivileged() {
    if (!was_root_ || !ok_) return;
    if (::setresuid(0, 0, 0) != 0) ::_exit(1);
    ::prctl(PR_SET_DUMPABLE, 1);  // a change of user clears it; leak checkers need it
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

  explicit operator bool() const { return ok_; }

 private:
  static constexpr uid_t kNobody = 65534;
  bool was_root_;
  bool ok_ = true;
};

}  // namespace aiobench::test
