// Part of the rig slowfs; see options.h.
#include "options.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace slowfs {
namespace {

constexpr const char* kHelp = R"(usage: slowfs SOURCE [OPTION VALUE]...

A file system with one file, of known speed and with known faults, for tests.
Mounts in a new directory, prints the file's path, and serves it until its own standard
input ends or it is signalled; then it unmounts and removes the directory.

  SOURCE                The file whose bytes are served
  --latency MS          Duration of a read in milliseconds
  --slow-share SHARE    Share of slow reads, 0 to 1
  --slow-from READS     All reads after this many are slow
  --slow MS             Duration of a slow read in milliseconds
  --at-once READS       Reads served concurrently
  --stall AFTER:LENGTH  Start no read for LENGTH ms, beginning AFTER ms after the first read
  --error-at OFFSET     Reads of the byte at this offset fail with EIO; may be given several times
  --short BYTES         Return at most this many bytes per read
  --resize READS:BYTES  Change the file size to BYTES after READS reads
  --uncached            Bypass the page cache, however the file was opened
  --interruptible       A signal makes a read fail with EINTR
)";

[[noreturn]] void refuse(std::string_view what, std::string_view why) {
  std::fprintf(stderr, "slowfs: %.*s: %.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(why.size()), why.data());
  std::exit(2);
}

// The value of an option.
class Value {
 public:
  Value(std::string_view option, std::string_view text) : option_(option), text_(text) {}

  template <class T>
  T number() const {
    T value{};
    const char* const end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data(), end, value);
    if (error != std::errc() || stop != end || value < T{}) refuse(option_, "not a number");
    return value;
  }
  Duration milliseconds() const {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    return std::chrono::duration_cast<Duration>(Milliseconds(number<double>()));
  }
  double share() const {
    const auto value = number<double>();
    if (value > 1) refuse(option_, "not a share, 0 to 1");
    return value;
  }
  // The parts of "A:B".
  Value before_colon() const { return {option_, text_.substr(0, colon())}; }
  Value behind_colon() const { return {option_, text_.substr(colon() + 1)}; }

 private:
  std::size_t colon() const {
    const std::size_t at = text_.find(':');
    if (at == std::string_view::npos) refuse(option_, "not two numbers with a colon between");
    return at;
  }

  std::string_view option_;
  std::string_view text_;
};

// Returns false for an unknown option.
bool set(Options& options, std::string_view name, const Value& value) {
  if (name == "--latency") {
    options.speed.latency = value.milliseconds();
  } else if (name == "--slow-share") {
    options.speed.slow_share = value.share();
  } else if (name == "--slow-from") {
    options.speed.slow_from = value.number<std::uint64_t>();
  } else if (name == "--slow") {
    options.speed.slow_latency = value.milliseconds();
  } else if (name == "--at-once") {
    options.speed.at_once = value.number<unsigned>();
    if (options.speed.at_once == 0) refuse(name, "none");
  } else if (name == "--stall") {
    options.speed.stall =
        Stall{value.before_colon().milliseconds(), value.behind_colon().milliseconds()};
  } else if (name == "--error-at") {
    options.faults.errors.push_back({value.number<std::uint64_t>(), EIO});
  } else if (name == "--short") {
    options.faults.max_bytes = value.number<std::uint64_t>();
  } else if (name == "--resize") {
    options.faults.resize = Resize{value.before_colon().number<std::uint64_t>(),
                                   value.behind_colon().number<std::uint64_t>()};
  } else {
    return false;
  }
  return true;
}

}  // namespace

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--help") {
      std::fputs(kHelp, stdout);
      std::exit(0);
    } else if (word == "--uncached") {
      options.uncached = true;
    } else if (word == "--interruptible") {
      options.interruptible = true;
    } else if (!word.starts_with("--")) {
      if (!options.source.empty()) refuse(word, "a second source");
      options.source = word;
    } else if (i + 1 == argc) {
      refuse(word, "its value is missing, or there is no such option");
    } else if (!set(options, word, Value(word, argv[++i]))) {
      refuse(word, "no such option");
    }
  }
  if (options.source.empty()) refuse("SOURCE", "which file? see slowfs --help");
  return options;
}

}  // namespace slowfs
