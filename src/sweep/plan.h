// The plan of a sweep: the configurations to measure, and their order. A sweep runs in rounds. Each
// round measures every configuration once, in its own random order, so that drift of the machine
// affects all of them alike and no configuration always follows the same other one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/settings.h"
#include "result/configuration.h"
#include "result/model.h"

namespace aiobench::sweep {

struct SweptFile {
  std::string path;
  std::uint64_t bytes = 0;

  bool operator==(const SweptFile&) const = default;
};

// One way to read one file.
struct Configuration {
  std::size_t file = 0;  // index into Plan::files
  bool wine = false;     // on Linux: the Windows build measures it under Wine
  Settings settings;

  bool operator==(const Configuration&) const = default;
};

struct Plan {
  std::vector<SweptFile> files;
  std::vector<Configuration> configurations;  // all with the same hash
  unsigned warmup = 0;                        // rounds whose results are discarded
  unsigned rounds = 0;
  std::uint64_t seed = 0;  // of the random order

  bool operator==(const Plan&) const = default;

  std::uint64_t bytes_of(std::size_t configuration) const {
    return files[configurations[configuration].file].bytes;
  }
  // The bytes that one round reads.
  std::uint64_t round_bytes() const;
};

// The order of the configurations in a round. Rounds are counted from 0 and include the warm-up
// rounds. The same plan and seed give the same order on every system.
std::vector<std::size_t> round_order(const Plan& plan, unsigned round);

// "io_uring, depth 8, 2 threads, 1 MiB, warm, /data/file"; an engine under Wine is "wine/iocp".
std::string configuration_text(const Plan& plan, std::size_t configuration);

// The plan as JSON, with the arguments it was made from, the program and the machine: a sweep can
// only be continued with the same plan, program and machine.
std::string to_json(const Plan& plan, const std::vector<std::string>& arguments,
                    const result::Origin& origin);

// The arguments in a plan file. `path` is used for messages only.
Result<std::vector<std::string>> arguments_in(const std::string& text, const std::string& path);

// The first part in which the plan `there` differs from `here`, both as returned by to_json(): "the
// files". Empty if they differ only in the arguments.
std::string difference(const std::string& there, const std::string& here);

using result::kUnderWine;

// The name of an engine in a sweep: "iocp", or "wine/iocp" for a Windows mechanism under Wine.
inline std::string engine_name(const std::string& engine, bool wine) {
  return wine ? std::string(kUnderWine) + engine : engine;
}

// Estimates how long a sweep takes: at first from trial reads of each file, then from the measured
// times of its configurations.
class Forecast {
 public:
  // `guesses`: the estimated seconds of one pass of each configuration.
  explicit Forecast(std::vector<double> guesses);

  // Adds the measured seconds of one pass of a configuration, including all overhead.
  void learn(std::size_t configuration, double seconds);

  // The expected seconds of one pass: the mean of its measured times or, without any, its guess
  // times the error factor of the guesses of the measured configurations.
  double of(std::size_t configuration) const;
  double of_all(const std::vector<std::size_t>& configurations) const;

 private:
  struct Known {
    double guess = 0;
    double seconds = 0;
    unsigned passes = 0;
  };
  double correction() const;

  std::vector<Known> configurations_;
};

// The number of rounds, warm-up rounds included, that read at most `max_bytes`.
unsigned rounds_within(const Plan& plan, std::uint64_t max_bytes);

}  // namespace aiobench::sweep
