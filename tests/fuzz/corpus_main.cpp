// Proves that every input of a corpus, the current directory, is accepted or rejected as intended,
// and that the corpus has inputs of both kinds. Inputs named accepted* must be accepted, so that
// fuzzers start from useful inputs.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz/fuzz_target.h"

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(".")) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  int accepted = 0;
  int refused = 0;
  int wrong = 0;
  for (const std::filesystem::path& path : paths) {
    const std::string name = path.filename().string();
    std::printf("%s: ", name.c_str());
    std::fflush(stdout);  // the last output before a failed check
    const bool read = aiobench::fuzz::accepts(content_of(path));
    std::printf("%s\n", read ? "accepted" : "refused");
    ++(read ? accepted : refused);
    if (!read && name.rfind("accepted", 0) == 0) ++wrong;
  }
  std::printf("%d accepted, %d refused, %d of these wrongly\n", accepted, refused, wrong);
  return accepted > 0 && refused > 0 && wrong == 0 ? 0 : 1;
}
