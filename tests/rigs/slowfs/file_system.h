// The FUSE file system: one directory with one file. Source: fuse_lowlevel.h of libfuse 3.
#pragma once

#define FUSE_USE_VERSION 35
#include <fuse_lowlevel.h>

#include "answers.h"
#include "options.h"
#include "served_file.h"
#include "timetable.h"

namespace slowfs {

inline constexpr const char* kFileName = "data";

// One thread handles the FUSE requests; another answers the reads when they are due.
class FileSystem {
 public:
  explicit FileSystem(const Options& options);

  // The functions for fuse_session_new(), with this object as user data.
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
