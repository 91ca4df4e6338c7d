// The repetitions of a sweep that is under way, each a result file of its own in a directory beside
// the result to be: what is there survives whatever ends the program, and nothing of it can be
// there twice. The directory holds the plan too.
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

// One process at a time has the directory: a second one is refused.
class Store {
 public:
  // The directory for a result of that name: "FILE.parts".
  static std::string directory_for(const std::string& result_path);
  // Where the plan lies in it.
  static std::string plan_path(const std::string& directory);

  enum class Begin {
    anew,       // an error where a sweep is there that could go on
    over,       // the same, but what is there is removed
    where_left  // an error where nothing is there, or another plan
  };

  // `plan` is the text of the plan.
  static Result<Store> open(const std::string& directory, const std::string& plan, Begin begin);

  bool has(unsigned round, std::size_t configuration) const;
  // Returns when it is on the device.
  Status put(unsigned round, std::size_t configuration, const result::Results& result);
  Result<result::Results> get(unsigned round, std::size_t configuration) const;

  // A name in the directory for a program that writes its result itself; put() is what counts.
  std::string scratch() const;

  // Removes the directory with everything that is a sweep's own.
  Status remove();

 private:
  Store(std::string directory, os::File plan);
  std::string path_of(unsigned round, std::size_t configuration) const;

  std::string directory_;
  os::File plan_;  // open: the claim on the directory
};

// The repetitions of a sweep, brought together into one result: a run for each configuration.

struct Merged {
  result::Results result;
  std::vector<std::size_t> configurations;  // configurations[i] is what runs[i] measured
};

// Every repetition that is there, in the order of rounds, diagnosed anew as a whole. A
// configuration of which there is none has no run. `origin` is what this program says of itself and
// of the machine; the runs of another program, the Windows build, keep theirs.
Result<Merged> merge(const Plan& plan, const Store& store, const result::Origin& origin);

// Has the result say why a configuration has fewer rounds than others, or none.
void add_failure(const Plan& plan, std::size_t configuration, const Error& failure, Merged& merged);

// One digest for each file, whatever read it: a fast wrong engine is no result.
class DigestCheck {
 public:
  explicit DigestCheck(const Plan& plan) : plan_(plan), first_(plan.files.size()) {}

  // In words, what is wrong: two configurations of one file whose digests differ. A repetition
  // without a digest is as good as any.
  std::optional<Error> add(std::size_t configuration, const std::string& digest);

 private:
  struct First {
    std::string digest;
    std::size_t configuration = 0;
  };

  const Plan& plan_;
  std::vector<First> first_;  // by file
};

}  // namespace aiobench::sweep
