#include "tool/command.h"
#include "tool/completion.h"
#include "tool/description.h"
#include "tool/output.h"

namespace aiobench::tool {
namespace {

struct CompletionOptions {
  std::string shell;
};

void declare_completion(Description& description, CompletionOptions& options) {
  description.name = "completion";
  description.about =
      "Writes a script by which a shell completes commands, options, and their values.";
  description.operand("SHELL", options.shell, "which shell it is for", names_of(kShells, "|"))
      .required();
  description.examples = {{"source <(aiobench completion bash)", "for the bash that is running"},
                          {"aiobench completion zsh > _aiobench",
                           "for zsh: the file belongs into a folder that is named in fpath"}};
}

}  // namespace

std::shared_ptr<Description> describe_completion() {
  return std::make_shared<Described<CompletionOptions>>(declare_completion);
}

ExitCode completion_command(const Arguments& arguments) {
  Described<CompletionOptions> described(declare_completion);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  const Result<CompletionOf> shell =
      parse_named(kShells, "completion", "shell", described.options.shell);
  if (!shell) return tell(shell.error());
  put((*shell)(facts_of_all()));
  return finish_output(ExitCode::good);
}

}  // namespace aiobench::tool
