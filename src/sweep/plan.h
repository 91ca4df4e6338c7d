// What a sweep measures, and in what order: configurations, each of them a way to read one file, in
// rounds. A round has every configuration once, in an order of its own, so that drift of the
// machine hits all alike and none is always the one that comes after a certain other one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "result/configuration.h"
#include "result/model.h"

namespace aiobench::sweep {

struct SweptFile {
  std::string path;
  std::uint64_t bytes = 0;

  bool operator==(const SweptFile&) const = default;
};

struct Configuration {
  std::size_t file = 0;  // in Plan::files
  std::string engine;    // with its options: "io_uring:sqpoll"
  bool wine = false;     // the Windows mechanism of that name, on Linux by the Windows build
  unsigned depth = 0;
  unsigned threads = 0;
  std::uint32_t block_bytes = 0;
  std::string cache;  // "asis", "warm", "cold", "direct"

  bool operator==(const Configuration&) const = default;
};

struct Plan {
  std::vector<SweptFile> files;
  std::vector<Configuration> configurations;
  std::string hash;
  unsigned warmup = 0;  // rounds that are not kept
  unsigned rounds = 0;
  std::uint64_t seed = 0;  // of the order

  bool operator==(const Plan&) const = default;

  std::uint64_t bytes_of(std::size_t configuration) const {
    return files[configurations[configuration].file].bytes;
  }
  // What all configurations read in one round.
  std::uint64_t round_bytes() const;
};

// The configurations in the order of that round, counted from 0, warm-up rounds first. The same
// seed and plan give the same order on every system.
std::vector<std::size_t> round_order(const Plan& plan, unsigned round);

// "io_uring, depth 8, 2 threads, 1 MiB, warm, /data/file"; an engine under Wine is "wine/iocp".
std::string configuration_text(const Plan& plan, std::size_t configuration);

// The plan as a file, with the arguments that it was made from: a sweep that goes on has to be the
// one that was begun, by the same program on the same machine.
std::string to_json(const Plan& plan, const std::vector<std::string>& arguments,
                    const result::Origin& origin);

// The arguments in such a file. An error names what is wrong with it.
Result<std::vector<std::string>> arguments_in(const std::string& text, const std::string& path);

// What of the plan in `there` is another than in `here`, both by to_json(): "the depths". Empty
// where all is the same but for the arguments.
std::string difference(const std::string& there, const std::string& here);

// How a sweep writes a Windows mechanism that runs under Wine, so that it is never taken for
// another.

using result::kUnderWine;

inline std::string engine_name(const std::string& engine, bool wine) {
  return wine ? std::string(kUnderWine) + engine : engine;
}

// How long a sweep will take: at first by how fast each file was read when it was tried, then by
// what its own configurations took.

class Forecast {
 public:
  // `guesses`: seconds for one pass of each configuration.
  explicit Forecast(std::vector<double> guesses);

  // What one pass of a configuration took, all that comes with it included.
  void learn(std::size_t configuration, double seconds);

  // The mean of what it took so far. Of a configuration that was not measured: its guess, corrected
  // by how far off the guesses of those were that have been.
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

// How many rounds a limit of bytes allows, warm-up rounds included.
unsigned rounds_within(const Plan& plan, std::uint64_t most_bytes);

}  // namespace aiobench::sweep
