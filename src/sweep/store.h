// The store of an unfinished sweep: a directory next to the result file, with the plan and one
// result file for each finished repetition. Finished repetitions survive a crash of the program,
// and none is stored twice.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/file.h"
#include "result/model.h"
#include "sweep/plan.h"

namespace aiobench::sweep {

// An open store. A file lock on the plan keeps a second process from opening it at the same time.
class Store {
 public:
  // The directory of the store for a result file: "FILE.parts".
  static std::string directory_for(const std::string& result_path);
  // The path of the plan in that directory.
  static std::string plan_path(const std::string& directory);

  enum class Begin {
    anew,       // start; fails if there is an unfinished sweep
    over,       // start; removes an unfinished sweep
    where_left  // continue; fails if there is no unfinished sweep or its plan differs
  };

  // `plan` is the plan as returned by to_json().
  static Result<Store> open(const std::string& directory, const std::string& plan, Begin begin);

  bool has(unsigned round, std::size_t configuration) const;
  // Stores a repetition. Returns after it was flushed to the device.
  Status put(unsigned round, std::size_t configuration, const result::Results& result);
  Result<result::Results> get(unsigned round, std::size_t configuration) const;

  // A path in the directory for a child process that writes a result. Only put() adds it to the
  // store.
  std::string scratch() const;

  // Removes all files of the sweep and the directory.
  Status remove();

 private:
  Store(std::string directory, os::File plan);
  std::string path_of(unsigned round, std::size_t configuration) const;

  std::string directory_;
  os::File plan_;  // open, because it holds the file lock
};

// The repetitions of a sweep merged into one result, with one run per configuration.
struct Merged {
  result::Results result;
  std::vector<std::size_t> configurations;  // the configuration that runs[i] measured
};

// Merges all stored repetitions, in the order of the rounds, and derives the warnings from all of
// them together. A configuration without repetitions gets no run. `origin` describes this program
// and machine; runs of the Windows build keep their own.
Result<Merged> merge(const Plan& plan, const Store& store, const result::Origin& origin);

// Records why a configuration has fewer rounds than others, or none.
void add_failure(const Plan& plan, std::size_t configuration, const Error& failure, Merged& merged);

// Checks that all configurations compute the same digest of a file: a fast mechanism that reads
// wrong data must not win.
class DigestCheck {
 public:
  explicit DigestCheck(const Plan& plan) : plan_(plan), first_(plan.files.size()) {}

  // Returns an error if the digest differs from that of another configuration of the same file. An
  // empty digest is accepted.
  std::optional<Error> add(std::size_t configuration, const std::string& digest);

 private:
  struct First {
    std::string digest;
    std::size_t configuration = 0;
  };

  const Plan& plan_;
  std::vector<First> first_;  // one per file
};

}  // namespace aiobench::sweep
