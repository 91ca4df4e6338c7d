// Part of the rig slowfs, proves nothing itself: see options.h.
#include "options.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace slowfs {
namespace {

Duration milliseconds(double value) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(value));
}

// "A:B" as two numbers.
template <class A, class B>
std::pair<A, B> two(const std::string& text) {
  std::istringstream in(text);
  A a{};
  B b{};
  char colon = 0;
  if (!(in >> a >> colon >> b) || colon != ':' || !in.eof()) {
    throw CLI::ValidationError("'" + text + "': two numbers with a colon between are wanted");
  }
  return {a, b};
}

}  // namespace

Options parse(int argc, char** argv) {
  CLI::App app{
      "A file system with one file, of known speed and with known faults, for tests.\n"
      "Mounts in a new folder, prints the file's path, and serves it until its own standard\n"
      "input ends or it is signalled; then it unmounts and removes the folder.",
      "slowfs"};
  Options options;
  double latency_ms = 0;
  double slow_ms = 0;
  std::string stall;
  std::string resize;
  std::vector<std::uint64_t> errors;
  app.add_option("SOURCE", options.source, "The file whose bytes are served")->required();
  app.add_option("--latency", latency_ms, "Milliseconds that a read takes");
  app.add_option("--slow-share", options.speed.slow_share, "This share of reads is slow")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--slow-from", options.speed.slow_from, "All reads after so many are slow");
  app.add_option("--slow", slow_ms, "Milliseconds that a slow read takes");
  app.add_option("--at-once", options.speed.at_once, "Reads served at the same time")
      ->check(CLI::Range(1, 1 << 20));
  app.add_option("--stall", stall,
                 "AFTER:LENGTH, milliseconds: so long after the first read, no read is begun "
                 "for so long");
  app.add_option("--error-at", errors, "Reads of the byte at this offset fail with EIO");
  app.add_option("--short", options.faults.most_bytes, "Bytes that a read yields at the most");
  app.add_option("--resize", resize, "READS:BYTES: the file's size after so many reads");
  app.add_flag("--uncached", options.uncached, "Past the page cache, however it was opened");
  app.add_flag("--interruptible", options.interruptible, "A signal ends a read with EINTR");
  try {
    app.parse(argc, argv);
    if (!stall.empty()) {
      const auto [after, length] = two<double, double>(stall);
      options.speed.stall = Stall{milliseconds(after), milliseconds(length)};
    }
    if (!resize.empty()) {
      const auto [reads, bytes] = two<std::uint64_t, std::uint64_t>(resize);
      options.faults.resize = Resize{reads, bytes};
    }
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  options.speed.latency = milliseconds(latency_ms);
  options.speed.slow_latency = milliseconds(slow_ms);
  for (const std::uint64_t offset : errors) options.faults.errors.push_back({offset, EIO});
  return options;
}

}  // namespace slowfs
