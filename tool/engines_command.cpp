// aiobench engines: the I/O mechanisms and whether they are available.

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/units.h"
#include "engine/registry.h"
#include "os/clock.h"
#include "os/wine.h"
#include "report/terminal_text.h"
#include "run/run.h"
#include "tool/command.h"
#include "tool/measure.h"
#include "tool/output.h"
#include "tool/terminal.h"

namespace aiobench::tool {
namespace {

constexpr Named<bool> kEnginesFormats[] = {{false, "text"}, {true, "json"}};

struct EnginesOptions {
  std::string format = "text";
  When color = When::automatic;
  bool self_test = false;
};

void declare_engines(Description& description, EnginesOptions& options) {
  description.name = "engines";
  description.about = "Lists the I/O mechanisms and whether each is available on this system.";
  description.option("--format", options.format, "output format on stdout",
                     names_of(kEnginesFormats, "|"), kOutputGroup);
  add_color_to(description, options.color);
  description.flag("--self-test", options.self_test, "also measure the overhead of aiobench itself",
                   "Measuring");
  description.examples = {
      {"aiobench engines", "list engines and their options, and why an engine is not available"},
      {"aiobench engines --self-test", "also measure the cost per request of aiobench itself"}};
}

struct Row {
  const engine::Mechanism* mechanism;
  std::string system;
  bool usable;
  std::string how;  // how it runs on this system, or why it does not
};

Row native_row(const engine::Mechanism& mechanism, const engine::Factory& factory) {
  const Status available = factory.available();
  if (available) return {&mechanism, engine::this_system(), true, "native"};
  const Error& why = available.error();
  return {&mechanism, engine::this_system(), false,
          why.hint.empty() ? why.cause : why.cause + " (" + why.hint + ")"};
}

Row wine_row(const engine::Mechanism& mechanism, const Result<os::WindowsBuild>& build) {
  if (!build) return {&mechanism, "Windows", false, build.error().line()};
  const bool on_both = mechanism.systems == engine::Systems::both;
  return {&mechanism, "Windows", true,
          fmt::format("under Wine {}{}", build->wine_version, on_both ? ", with --wine" : "")};
}

std::vector<Row> rows() {
  const bool windows_here = std::string_view(engine::this_system()) == "Windows";
  std::vector<Row> rows;
  for (const engine::Mechanism& mechanism : engine::mechanisms()) {
    if (const engine::Factory* const factory = engine::find_factory(mechanism.name)) {
      rows.push_back(native_row(mechanism, *factory));
    } else if (mechanism.name == std::string_view(engine::kAuto)) {
      rows.push_back({&mechanism, engine::this_system(), true, "selects an available engine"});
    } else if (windows_here) {
      rows.push_back({&mechanism, "Linux", false, "a Linux engine"});
    }
  }
  if (windows_here) return rows;
  const Result<os::WindowsBuild> build = os::find_windows_build();
  for (const engine::Mechanism& mechanism : engine::mechanisms()) {
    if (mechanism.systems != engine::Systems::linux_only)
      rows.push_back(wine_row(mechanism, build));
  }
  return rows;
}

// Prints `text`, wrapped, after `start`, which is `columns` wide.
void print_beside(const std::string& start, std::size_t columns, const std::string& text) {
  constexpr std::size_t kColumns = 80;
  const std::string indent(columns, ' ');
  print("{}{}\n", start, report::wrapped(text, kColumns, indent).substr(columns));
}

void print_text(const std::vector<Row>& rows, const report::Style& style) {
  using report::Tone;
  const std::string head =
      fmt::format("{:<12} {:<8} {:<9} DETAILS", "ENGINE", "SYSTEM", "AVAILABLE");
  print("{}\n", style.in(Tone::faint, head));
  const std::string* last = nullptr;
  for (const Row& row : rows) {
    const std::string start =
        fmt::format("{:<12} {:<8} {} ", row.mechanism->name, row.system,
                    style.in(row.usable ? Tone::good : Tone::unreliable,
                             fmt::format("{:<9}", row.usable ? "yes" : "no")));
    // A repeated reason is not printed again.
    const bool again = !row.usable && last != nullptr && *last == row.how;
    print_beside(start, 32, again ? "same as above" : printable(row.how));
    last = &row.how;
  }
  print("\nHow each engine receives completions, and its options:\n");
  for (const engine::Mechanism& mechanism : engine::mechanisms()) {
    print("  {:<12} {}\n", mechanism.name, mechanism.completion);
    for (const engine::OptionRule& rule : mechanism.options) {
      const std::string name = engine::describe(std::span(&rule, 1));
      print_beside(fmt::format("  {:<12}   :", ""), 18,
                   fmt::format("{}  {}{}", name, rule.help, rule.windows_only ? " (Windows)" : ""));
    }
  }
}

void print_text(const stats::OwnCost& cost) {
  print("\nOverhead of aiobench on this machine (minimum of 3 measurements):\n");
  print("  {:<12} {:.1f} ns per reading ({})\n", "clock", cost.clock_ns, os::clock_name());
  if (cost.request_ns == 0) return;
  print("  {:<12} {:.1f} ns per request without I/O (engine null, depth 8, 1 thread)\n", "request",
        cost.request_ns);
}

void print_json(const std::vector<Row>& rows, const stats::OwnCost* cost) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    list.push_back({{"engine", row.mechanism->name},
                    {"system", row.system},
                    {"available", row.usable},
                    {"how", row.how},
                    {"completion", row.mechanism->completion}});
  }
  nlohmann::ordered_json document{{"schema", "aiobench/engines/1"}, {"engines", list}};
  if (cost != nullptr) {
    document["own_cost"] = {{"clock_ns", cost->clock_ns}, {"request_ns", cost->request_ns}};
  }
  print("{}\n", document.dump(2));
}

}  // namespace

std::shared_ptr<Description> describe_engines() {
  return std::make_shared<Described<EnginesOptions>>(declare_engines);
}

ExitCode engines_command(const Arguments& arguments) {
  Described<EnginesOptions> described(declare_engines);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  const auto& [format, color, self_test] = described.options;
  const Result<bool> json = parse_named(kEnginesFormats, "--format", "format", format);
  if (!json) return report_error(json.error());
  const report::Style style = output_style(color);
  stats::OwnCost cost;
  if (self_test) cost = run::own_cost(main_event());
  if (*json) {
    print_json(rows(), self_test ? &cost : nullptr);
  } else {
    print_text(rows(), style);
    if (self_test) print_text(cost);
  }
  return finish_output(ExitCode::good);
}

}  // namespace aiobench::tool
