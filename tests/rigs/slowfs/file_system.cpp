// Part of the rig slowfs; see file_system.h.
#include "file_system.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace slowfs {
namespace {

constexpr fuse_ino_t kFile = FUSE_ROOT_ID + 1;
// The kernel must not cache the attributes, as the size can change.
constexpr double kAttributesKeptSeconds = 0;

}  // namespace

FileSystem::FileSystem(const Options& options)
    : options_(options), file_(options.source, options.faults), timetable_(options.speed) {}

const fuse_lowlevel_ops& FileSystem::operations() {
  static const fuse_lowlevel_ops all = [] {
    fuse_lowlevel_ops ops{};
    ops.init = init;
    ops.lookup = lookup;
    ops.getattr = getattr;
    ops.open = open;
    ops.read = read;
    ops.readdir = readdir;
    return ops;
  }();
  return all;
}

FileSystem& FileSystem::of(fuse_req_t request) {
  return *static_cast<FileSystem*>(fuse_req_userdata(request));
}

void FileSystem::init(void*, fuse_conn_info* connection) {
  // The number of asynchronous reads that the kernel sends at a time; the default is 12.
  connection->max_background = 4096;
  connection->congestion_threshold = 4096;
}

struct stat FileSystem::attributes(fuse_ino_t node) const {
  struct stat info {};
  info.st_ino = node;
  const bool directory = node == FUSE_ROOT_ID;
  info.st_mode = directory ? S_IFDIR | 0555U : S_IFREG | 0444U;
  info.st_nlink = directory ? 2 : 1;
  if (!directory) {
    info.st_size = static_cast<off_t>(file_.bytes());
    info.st_blocks = (info.st_size + 511) / 512;
  }
  return info;
}

void FileSystem::lookup(fuse_req_t request, fuse_ino_t parent, const char* name) {
  if (parent != FUSE_ROOT_ID || std::strcmp(name, kFileName) != 0) {
    fuse_reply_err(request, ENOENT);
    return;
  }
  fuse_entry_param entry{};
  entry.ino = kFile;
  entry.attr = of(request).attributes(kFile);
  entry.attr_timeout = kAttributesKeptSeconds;
  entry.entry_timeout = 1e9;
  fuse_reply_entry(request, &entry);
}

void FileSystem::getattr(fuse_req_t request, fuse_ino_t node, fuse_file_info*) {
  const struct stat info = of(request).attributes(node);
  fuse_reply_attr(request, &info, kAttributesKeptSeconds);
}

void FileSystem::open(fuse_req_t request, fuse_ino_t, fuse_file_info* info) {
  if ((info->flags & O_ACCMODE) != O_RDONLY) {
    fuse_reply_err(request, EROFS);
    return;
  }
  info->direct_io = of(request).options_.uncached;
  fuse_reply_open(request, info);
}

void FileSystem::read(fuse_req_t request, fuse_ino_t, size_t bytes, off_t offset, fuse_file_info*) {
  FileSystem& self = of(request);
  Clock::time_point due = self.timetable_.due(Clock::now());
  Answer answer = self.file_.read(static_cast<std::uint64_t>(offset), bytes);
  if (self.options_.interruptible) {
    // Before add(), which takes ownership of the request. Interrupts arrive in this thread.
    fuse_req_interrupt_func(
        request,
        [](fuse_req_t interrupted, void* answers) {
          static_cast<Answers*>(answers)->interrupt(interrupted);
        },
        &self.answers_);
    if (fuse_req_interrupted(request) != 0) {
      answer = {EINTR, nullptr, 0};
      due = Clock::time_point::min();
    }
  }
  self.answers_.add(request, due, answer);
}

void FileSystem::readdir(fuse_req_t request, fuse_ino_t, size_t bytes, off_t offset,
                         fuse_file_info*) {
  char entry[256];
  size_t length = 0;
  if (offset == 0) {
    const struct stat info = of(request).attributes(kFile);
    length = fuse_add_direntry(request, entry, sizeof entry, kFileName, &info, 1);
  }
  fuse_reply_buf(request, entry, length <= bytes ? length : 0);
}

}  // namespace slowfs
