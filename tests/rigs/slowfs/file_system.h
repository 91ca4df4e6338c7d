// The file system as FUSE's low-level interface sees it: a directory with the one file in it. See
// fuse_lowlevel.h of libfuse 3.
#pragma once

#define FUSE_USE_VERSION 35
#include <fuse_lowlevel.h>

#include "answers.h"
#include "options.h"
#include "served_file.h"
#include "timetable.h"

namespace slowfs {

inline constexpr const char* kFileName = "data";

// One thread calls what FUSE asks for; the reads are answered by another, in time.
class FileSystem {
 public:
  explicit FileSystem(const Options& options);

  // The functions to be given to fuse_session_new, with this object as their user data.
  static const fuse_lowlevel_ops& operations();

 private:
  static FileSystem& of(fuse_req_t request);
  static void init(void* user, fuse_conn_info* connection);
  static void lookup(fuse_req_t request, fuse_ino_t parent, const char* name);
  static void getattr(fuse_req_t request, fuse_ino_t node, fuse_file_info* info);
  static void open(fuse_req_t request, fuse_ino_t node, fuse_file_info* info);
  static void read(fuse_req_t request, fuse_ino_t node, size_t bytes, off_t offset,
                   fuse_file_info* info);
  static void readdir(fuse_req_t request, fuse_ino_t node, size_t bytes, off_t offset,
                      fuse_file_info* info);
  struct stat attributes(fuse_ino_t node) const;

  Options options_;
  ServedFile file_;
  Timetable timetable_;
  Answers answers_;
};

}  // namespace slowfs
