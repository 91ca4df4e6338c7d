#include "tool/check_files.h"

#include <fmt/core.h>

#include "base/log.h"
#include "base/units.h"
#include "os/directory.h"
#include "os/interrupt.h"
#include "os/atomic_file.h"
#include "report/checksum_file.h"
#include "tool/command.h"
#include "tool/interrupt.h"
#include "tool/output.h"
#include "tool/session.h"

namespace aiobench::tool {
namespace {

constexpr std::uint64_t kMostSumsBytes = 256 * kMiB;

ExitCode check_one(StreamSettings settings, const report::Sum& sum, bool quiet,
                   pipeline::BufferPool& pool) {
  settings.run.hash = *hash::parse_algorithm(sum.hash);
  settings.repeat = 1;
  settings.warmup = 0;
  const measure::Run run = run_file(settings, sum.path, pool);
  if (run.failure) {
    put(report::verdict_line(sum.path, "FAILED open or read"));
    return tell(*run.failure);
  }
  if (run.repetitions.empty() || run.repetitions[0].partial) return ExitCode::interrupted;
  const bool equal = run.repetitions[0].digest == sum.digest;
  if (!equal || !quiet) put(report::verdict_line(sum.path, equal ? "OK" : "FAILED"));
  return equal ? ExitCode::good : ExitCode::bad;
}

// The lines that could not be read, told once.
ExitCode tell_malformed(const std::string& path, const report::Sums& sums, bool strict) {
  const std::size_t count = sums.malformed_lines.size();
  if (sums.sums.empty()) {
    Error error = usage_error("check", "no line of it is a checksum as xxhsum writes it",
                              "make one with aiobench hash --format xxhsum FILE...");
    error.path = path;
    return tell(error);
  }
  if (count == 0) return ExitCode::good;
  log_warning(fmt::format("{}: {} line{} not in a form that xxhsum writes (the first: line {})",
                          printable(path), count, count == 1 ? " is" : "s are",
                          sums.malformed_lines[0]));
  return strict ? ExitCode::bad : ExitCode::good;
}

}  // namespace

ExitCode check_files(const StreamSettings& settings, const std::string& sums_path, bool quiet,
                     bool strict) {
  const Result<std::string> text = platform::read_file(sums_path, kMostSumsBytes);
  if (!text) return tell(text.error());
  const report::Sums sums = report::parse_sums(*text);
  ExitCode code = tell_malformed(sums_path, sums, strict);
  if (code == ExitCode::unusable) return code;
  pipeline::BufferPool pool;
  std::size_t different = 0;
  std::size_t unread = 0;
  std::size_t done = 0;
  for (const report::Sum& sum : sums.sums) {
    const ExitCode one = check_one(settings, sum, quiet, pool);
    code = worse(code, one);
    different += one == ExitCode::bad ? 1 : 0;
    unread += one == ExitCode::failed ? 1 : 0;
    done += one == ExitCode::interrupted ? 0 : 1;
    if (platform::interrupted()) break;
  }
  if (different > 0) log_warning(fmt::format("{} of {} files differ", different, sums.sums.size()));
  if (unread > 0)
    log_warning(fmt::format("{} of {} files could not be read", unread, sums.sums.size()));
  if (done < sums.sums.size()) {
    const std::string rest = fmt::format("{} of {} files were checked", done, sums.sums.size());
    code = worse(code, tell(platform::interrupted_error(rest)));
  }
  return finish_output(code);
}

}  // namespace aiobench::tool
