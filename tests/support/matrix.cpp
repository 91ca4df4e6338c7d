#include "support/matrix.h"

#include "base/units.h"
#include "os/host.h"
#include "support/long_form.h"
#include "tool/output.h"

namespace aiobench::test {
namespace {

bool on_wine() {
  return !os::host_info().wine.empty();
}

bool polls(const std::string& spec) {
  return spec.find("sqpoll") != std::string::npos;
}

bool slow_here(const std::string& spec) {
  return polls(spec) || on_wine() ||
         tool::tool_info().build_type.find("sanitizer") != std::string::npos;
}

constexpr std::size_t kLarge = 37 * kMiB + 13;

}  // namespace

std::vector<std::string> Matrix::engines_for_huge_files(const std::vector<std::string>& engines) {
  std::vector<std::string> chosen;
  for (const std::string& spec : engines) {
    const bool asked_for =
        spec == "iocp" || spec == "overlapped" || spec == "io_uring" || spec == "mmap";
    if ((spec == "mmap" || on_wine()) && !long_form()) continue;
    if (spec != "null" && (asked_for || !slow_here(spec))) chosen.push_back(spec);
  }
  return chosen;
}

Matrix Matrix::buffered(const std::string& spec) {
  if (polls(spec) && !long_form())
    return {{1, 65}, {1, 2}, {4096, 12345}, {0, 513, kMiB + 1}, false};
  if (slow_here(spec)) {
    return {{1, 7, 65}, {1, 2}, {4096, 12345}, {0, 1, 511, 512, 513, 4097, kMiB + 1}, false};
  }
  return {{1, 2, 7, 32, 63, 64, 65, 256},
          {1, 2, 4},
          {4096, 65536, kMiB, 12345},
          {0, 1, 511, 512, 513, 4095, 4096, 4097, kMiB - 1, kMiB + 1},
          false};
}

Matrix Matrix::large(const std::string& spec) {
  if (slow_here(spec)) {
    return {{64}, {2}, {65536, kMiB}, {5 * kMiB + 13}, false, {hash::Algorithm::xxh3}};
  }
  // cli_digest_test covers the other combinations, in comparison with xxhsum.
  return {{1, 7, 64, 65}, {1, 4}, {65536, kMiB, 12345}, {kLarge}, false};
}

Matrix Matrix::past_the_cache(const std::string& spec) {
  if (slow_here(spec)) return {{1, 65}, {2}, {4096}, {0, 1, 4097, kMiB + 1}, true};
  return {{1, 7, 64}, {1, 4}, {4096, 65536}, {0, 1, 511, 512, 513, 4097, kMiB - 1, kMiB + 1}, true};
}

}  // namespace aiobench::test
