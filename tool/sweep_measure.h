// One repetition of one cell of a sweep: in this program, or by the Windows build under Wine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "result/model.h"
#include "run/run.h"
#include "os/wine.h"
#include "sweep/plan.h"
#include "tool/options.h"

namespace aiobench::tool {

class CellMeasurer {
 public:
  // All outlive it. `scratch`: a file name that nothing else uses, for what another program writes.
  CellMeasurer(const sweep::Plan& plan, const std::vector<StreamSettings>& cells,
               const measure::Origin& origin, std::string scratch);

  // A result with one run of one repetition. An error of kind interrupted where the user has ended
  // it half way.
  Result<measure::Result> measure(std::size_t cell);

  // Seconds that each cell will take for one pass, by reading some of each file.
  Result<std::vector<double>> guess();

 private:
  Result<measure::Result> measure_here(std::size_t cell);
  Result<measure::Result> measure_by_wine(std::size_t cell);
  Result<double> probe(const sweep::SweptFile& file, const StreamSettings& like);

  const sweep::Plan& plan_;
  const std::vector<StreamSettings>& cells_;
  const measure::Origin& origin_;
  const std::string scratch_;
  std::optional<platform::WindowsBuild> build_;  // found when it is first needed
  pipeline::BufferPool pool_;
};

// The arguments with which the Windows build measures that cell once, and writes the result to
// `result_path`.
std::vector<std::string> arguments_for(const sweep::Plan& plan, std::size_t cell,
                                       const std::string& result_path);

}  // namespace aiobench::tool
