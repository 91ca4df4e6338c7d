// The repetitions of a sweep, brought together into one result: a run for each cell.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "result/model.h"
#include "sweep/store.h"
#include "sweep/plan.h"

namespace aiobench::sweep {

struct Gathered {
  measure::Result result;
  std::vector<std::size_t> cells;  // cells[i] is what runs[i] measured
};

// Every repetition that is there, in the order of rounds, judged anew as a whole. A cell of which
// there is none has no run. `origin` is what this program says of itself and of the machine; the
// runs of another program, the Windows build, keep theirs.
Result<Gathered> gather(const Plan& plan, const Parts& parts, const measure::Origin& origin);

// Has the result say why a cell has fewer rounds than others, or none.
void add_failure(const Plan& plan, std::size_t cell, const Error& failure, Gathered& gathered);

// One digest for each file, whatever read it: a fast wrong engine is no result.
class DigestCheck {
 public:
  explicit DigestCheck(const Plan& plan) : plan_(plan), first_(plan.files.size()) {}

  // In words, what is wrong: two cells of one file whose digests differ. A repetition without a
  // digest is as good as any.
  std::optional<Error> add(std::size_t cell, const std::string& digest);

 private:
  struct First {
    std::string digest;
    std::size_t cell = 0;
  };

  const Plan& plan_;
  std::vector<First> first_;  // by file
};

}  // namespace aiobench::sweep
