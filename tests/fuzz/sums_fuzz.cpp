// Proves that every line of a checksum file with any content is a checksum, malformed or skipped,
// and that checksums are read back from both written forms.
#include <algorithm>

#include "fuzz/fuzz_target.h"
#include "report/checksum_file.h"

namespace aiobench::fuzz {
namespace {

bool is_lower_hex(const std::string& text) {
  return text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void check_sum(const report::ChecksumLine& sum) {
  const std::size_t digits = sum.hash == "xxh32" ? 8 : sum.hash == "xxh128" ? 32 : 16;
  AIOBENCH_CHECK(digits != 16 || sum.hash == "xxh64" || sum.hash == "xxh3");
  AIOBENCH_CHECK(sum.digest.size() == digits && is_lower_hex(sum.digest));
  AIOBENCH_CHECK(!sum.path.empty());
}

void check_read_again(const std::vector<report::ChecksumLine>& list, report::ChecksumForm form) {
  std::string written;
  for (const report::ChecksumLine& sum : list) {
    written += report::checksum_line(sum.hash, sum.digest, sum.path, form);
  }
  const report::ChecksumList again = report::parse_checksum_file(written);
  AIOBENCH_CHECK(again.malformed_lines.empty());
  AIOBENCH_CHECK(std::equal(again.lines.begin(), again.lines.end(), list.begin(), list.end(),
                            [](const report::ChecksumLine& a, const report::ChecksumLine& b) {
                              return a.hash == b.hash && a.digest == b.digest && a.path == b.path;
                            }));
}

void check_malformed(const report::ChecksumList& list, std::string_view text) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  const std::vector<std::size_t>& malformed = list.malformed_lines;
  AIOBENCH_CHECK(list.lines.size() + malformed.size() <= lines);
  AIOBENCH_CHECK(std::adjacent_find(malformed.begin(), malformed.end(), std::greater_equal<>()) ==
                 malformed.end());
  AIOBENCH_CHECK(malformed.empty() || (malformed.front() >= 1 && malformed.back() <= lines));
}

}  // namespace

bool accepts(std::string_view text) {
  const report::ChecksumList list = report::parse_checksum_file(text);
  check_malformed(list, text);
  for (const report::ChecksumLine& sum : list.lines) check_sum(sum);
  check_read_again(list.lines, report::ChecksumForm::gnu);
  check_read_again(list.lines, report::ChecksumForm::bsd);
  return !list.lines.empty();
}

}  // namespace aiobench::fuzz
