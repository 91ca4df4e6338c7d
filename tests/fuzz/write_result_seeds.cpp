// Test support, proves nothing itself: writes the inputs corpus/result/accepted_*.json again after
// the schema got another field.
// Usage: write_result_seeds DIRECTORY
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "result/json_writer.h"
#include "result/sample_result.h"

namespace {

using namespace aiobench;

// The document on one line, so that fuzzers do not mutate its indentation. Texts contain no line
// breaks, because JSON escapes them.
std::string on_one_line(const std::string& document) {
  std::string line;
  bool indents = false;
  for (const char c : document) {
    indents = c == '\n' || (indents && c == ' ');
    if (!indents) line += c;
  }
  return line;
}

bool write(const std::string& directory, const std::string& name, const result::Results& result) {
  std::ofstream file(directory + "/accepted_" + name + ".json", std::ios::binary);
  return static_cast<bool>(file << on_one_line(result::to_json(result)) << "\n");
}

stats::Histogram histogram_of(const std::vector<std::uint64_t>& values) {
  stats::Histogram histogram;
  for (const std::uint64_t value : values) histogram.record(value);
  return histogram;
}

// One of the runs of full_result(), with a few requests of different latencies.
result::Results one_run(std::size_t index) {
  result::Results result = test::full_result();
  result.runs = {result.runs[index]};
  result::Repetition& repetition = result.runs[0].repetitions[0];
  repetition.latency_ns = histogram_of({850, 900, 12'000, 4'000'000});
  repetition.requests = 4;
  repetition.inline_completions = 1;
  return result;
}

result::Results interrupted() {
  result::Results result = one_run(0);
  result::Run& run = result.runs[0];
  run.repetitions.push_back(run.repetitions[0]);
  run.repetitions[1].partial = true;
  run.repetitions[1].digest.clear();
  run.partial = true;
  return result;
}

result::Results failed() {
  result::Results result = one_run(0);
  result.runs[0].repetitions.clear();
  result.runs[0].failure = usage_error("open", "No such file or directory (ENOENT 2)", "look");
  result.runs[0].failure->path = "gone: \"x\"\n";
  return result;
}

result::Results large_numbers() {
  result::Results result = one_run(0);
  result::Repetition& repetition = result.runs[0].repetitions[0];
  repetition.latency_ns =
      histogram_of({0, 127, 128, (std::uint64_t{1} << 60) + 1, std::uint64_t{1} << 61});
  repetition.bytes = UINT64_MAX;
  repetition.requests = UINT64_MAX;
  repetition.wall_seconds = 1e-9;
  return result;
}

result::Results nothing_known() {
  result::Results result;
  result.runs.emplace_back();
  result.runs[0].repetitions.emplace_back();
  return result;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: write_result_seeds DIRECTORY\n");
    return 2;
  }
  const std::string directory = arguments[1];
  const bool written =
      write(directory, "hash", one_run(0)) && write(directory, "read", one_run(1)) &&
      write(directory, "copy", one_run(2)) && write(directory, "no_run", {}) &&
      write(directory, "nothing_known", nothing_known()) &&
      write(directory, "interrupted", interrupted()) && write(directory, "failed", failed()) &&
      write(directory, "large_numbers", large_numbers());
  return written ? 0 : 1;
}
