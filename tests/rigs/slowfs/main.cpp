// slowfs: mounts the file system, prints its path, serves it, and removes everything at the end.
#define FUSE_USE_VERSION 35
#include <fuse_lowlevel.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>
#include <thread>

#include "file_system.h"
#include "options.h"

namespace slowfs {
namespace {

constexpr int kFailed = 1;
constexpr int kCannotMount = 77;  // tests count this exit code as skipped

// Waits until standard input ends or a terminating signal arrives.
void wait_for_end(int signals) {
  pollfd sources[] = {{STDIN_FILENO, POLLIN, 0}, {signals, POLLIN, 0}};
  char ignored[256];
  for (;;) {
    if (poll(sources, 2, -1) < 0) continue;
    if (sources[1].revents != 0) return;
    if (sources[0].revents != 0 && ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0) return;
  }
}

// Blocks the signals in this thread and in threads that it creates.
int signals_as_file() {
  sigset_t ending;
  sigemptyset(&ending);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ending, number);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  return signalfd(-1, &ending, SFD_CLOEXEC);
}

std::string new_directory() {
  const char* const parent = std::getenv("TMPDIR");
  std::string directory = std::string(parent != nullptr ? parent : "/tmp") + "/slowfs-XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "make a directory " + directory);
  }
  return directory;
}

int serve(const Options& options) {
  const int signals = signals_as_file();
  FileSystem system(options);
  char name[] = "slowfs";
  char flag[] = "-o";
  char mount_options[] = "fsname=slowfs,subtype=slowfs,ro";
  char* argv[] = {name, flag, mount_options};
  fuse_args arguments = FUSE_ARGS_INIT(3, argv);
  fuse_session* const session =
      fuse_session_new(&arguments, &FileSystem::operations(), sizeof(fuse_lowlevel_ops), &system);
  if (session == nullptr) return kFailed;
  const std::string directory = new_directory();
  if (fuse_session_mount(session, directory.c_str()) != 0) {  // libfuse prints the reason
    rmdir(directory.c_str());
    return kCannotMount;
  }
  std::thread server([session] { fuse_session_loop(session); });
  std::printf("%s/%s\n", directory.c_str(), kFileName);
  std::fflush(stdout);
  wait_for_end(signals);
  // Programs may still have the file open, with pending reads. The unmount detaches the file
  // system; the end of this process closes the FUSE connection, which fails the reads.
  fuse_session_unmount(session);
  rmdir(directory.c_str());
  std::_Exit(EXIT_SUCCESS);
}

}  // namespace
}  // namespace slowfs

int main(int argc, char** argv) {
  const slowfs::Options options = slowfs::parse(argc, argv);
  try {
    return slowfs::serve(options);
  } catch (const std::system_error& error) {
    std::fprintf(stderr, "slowfs: %s\n", error.what());
    return slowfs::kFailed;
  }
}
