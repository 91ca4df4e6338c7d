#include "tool/command.h"
#include "tool/description.h"
#include "tool/manual.h"
#include "tool/output.h"
#include "tool/version.h"

namespace aiobench::tool {
namespace {

struct ManualOptions {};

void declare_manual(Description& description, ManualOptions&) {
  description.name = "manual";
  description.about = "Writes the manual page, with every option of every command, for man.";
  description.examples = {
      {"aiobench manual > aiobench.1", "the page that is installed with the program"},
      {"aiobench manual | man -l -", "to be read at once"}};
}

}  // namespace

std::shared_ptr<Description> describe_manual() {
  return std::make_shared<Described<ManualOptions>>(declare_manual);
}

ExitCode manual_command(const Arguments& arguments) {
  Described<ManualOptions> described(declare_manual);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  put(manual(facts_of_all(), tool_facts().version));
  return finish_output(ExitCode::good);
}

}  // namespace aiobench::tool
