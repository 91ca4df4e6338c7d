#include "tool/suggestion.h"

#include <algorithm>

namespace aiobench::tool {

unsigned edits_between(std::string_view a, std::string_view b) {
  // rows[i][j]: from the first i characters of `a` to the first j of `b`.
  std::vector<std::vector<unsigned>> rows(a.size() + 1, std::vector<unsigned>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      unsigned& least = rows[i][j];
      least = static_cast<unsigned>(i + j);
      if (i == 0 || j == 0) continue;
      const unsigned changed = a[i - 1] == b[j - 1] ? 0 : 1;
      least =
          std::min({least, rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        least = std::min(least, rows[i - 2][j - 2] + 1);
      }
    }
  }
  return rows[a.size()][b.size()];
}

std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& known) {
  constexpr std::size_t kLongest = 40;  // nobody mistypes a path into an option
  if (typed.size() > kLongest) return std::nullopt;
  // Of a third of its characters at most: beyond that anything is like anything.
  unsigned least = static_cast<unsigned>(typed.size()) / 3 + 1;
  std::optional<std::string> found;
  for (const std::string& name : known) {
    const unsigned edits = edits_between(typed, name);
    if (edits >= least) continue;
    least = edits;
    found = name;
  }
  return found;
}

}  // namespace aiobench::tool
