// Marks and remarks about values: Wine, suspect, failed, best. And sentences about configurations.

const SUSPECT = "\u25b2";
const BEST = "\u2605";
const TIE = "=";
const WINE_SAYS = "Under Wine: says nothing about Windows";

// True if suspect for another reason than Wine, which the name shows already.
function isSuspect(figures) {
  return figures.warnings.some((warning) => warning.suspect && warning.code !== "wine");
}

function noteText(warning) {
  const advice = warning.advice ? ` (${warning.advice})` : "";
  return `${warning.code}${warning.suspect ? " (suspect)" : ""}: ${warning.message}${advice}`;
}

// All warnings and errors about the values of a configuration, as lines.
function remarks(configuration, figures) {
  const lines = figures.warnings.map(noteText);
  const reported = figures.warnings.some((warning) => warning.code === "wine");
  if (configuration.wine && !reported) lines.unshift(`${WINE_SAYS} (Wine ${configuration.wine})`);
  if (figures.partial > 0) lines.push(`${plural(figures.partial, "repetition")} interrupted`);
  return [...lines, ...figures.failures];
}

function configurationName(configuration) {
  return `${configuration.engine} at depth ${configuration.depth}`;
}

// "3.27 GiB/s (95 %: 3.09 to 3.45)"
function estimateText(estimate, format, confidence) {
  if (!estimate) return "not measured";
  const median = format(estimate.median);
  if (estimate.low === null) return `${median} (too few repetitions for an interval)`;
  const share = percentText(confidence);
  return `${median} (${share}: ${format(estimate.low)} to ${format(estimate.high)})`;
}

// The best of some configurations by a value; null if none has it.
function bestBy(configurations, figure, least) {
  let best = null;
  for (const configuration of configurations) {
    const value = figure(configuration.figures);
    if (value === null) continue;
    if (best === null || (least ? value < best.value : value > best.value))
      best = {configuration, value};
  }
  return best;
}

function depthsOf(configurations) {
  return [...new Set(configurations.map((configuration) => configuration.depth))].sort(
      (a, b) => a - b);
}

function enginesOf(configurations) {
  return [...new Set(configurations.map((configuration) => configuration.engine))];
}

// "6 engines at depths 1, 8 and 32"
function extentText(configurations) {
  const engines = enginesOf(configurations);
  const depths = depthsOf(configurations);
  const what = engines.length === 1 ? engines[0] : plural(engines.length, "engine");
  return `${what} at depth${depths.length === 1 ? "" : "s"} ${listText(depths.map(String))}`;
}
