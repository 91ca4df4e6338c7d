// The repetitions of a sweep that is under way, each a result file of its own in a folder beside
// the result to be: what is there survives whatever ends the program, and nothing of it can be
// there twice. The folder holds the plan too.
#pragma once

#include <cstddef>
#include <string>

#include "base/error.h"
#include "result/model.h"
#include "os/file.h"

namespace aiobench::sweep {

// One process at a time has the folder: a second one is refused.
class Parts {
 public:
  // The folder for a result of that name: "FILE.parts".
  static std::string folder_for(const std::string& result_path);
  // Where the plan lies in it.
  static std::string plan_path(const std::string& folder);

  enum class Begin {
    anew,       // an error where a sweep is there that could go on
    over,       // the same, but what is there is removed
    where_left  // an error where nothing is there, or another plan
  };

  // `plan` is the text of the plan.
  static Result<Parts> open(const std::string& folder, const std::string& plan, Begin begin);

  bool has(unsigned round, std::size_t cell) const;
  // Returns when it is on the device.
  Status put(unsigned round, std::size_t cell, const measure::Result& result);
  Result<measure::Result> get(unsigned round, std::size_t cell) const;

  // A name in the folder for a program that writes its result itself; put() is what counts.
  std::string scratch() const;

  // Removes the folder with everything that is a sweep's own.
  Status remove();

 private:
  Parts(std::string folder, platform::File plan);
  std::string path_of(unsigned round, std::size_t cell) const;

  std::string folder_;
  platform::File plan_;  // open: the claim on the folder
};

}  // namespace aiobench::sweep
