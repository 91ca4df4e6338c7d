// What stands beside a figure so that nobody takes it for more than it is: Wine, what is suspect,
// what failed, what is the best. And the sentences that tell of cells.

const SUSPECT = "\u25b2";
const BEST = "\u2605";
const TIE = "=";
const WINE_SAYS = "Wine: says nothing about Windows";

// Suspect for another reason than Wine, which the name tells already.
function isSuspect(figures) {
  return figures.warnings.some((warning) => warning.suspect && warning.code !== "wine");
}

function noteText(warning) {
  const advice = warning.advice ? `; ${warning.advice}` : "";
  return `${warning.code}${warning.suspect ? " (suspect)" : ""}: ${warning.message}${advice}`;
}

// Everything to be known of a cell's figures besides the figures, in lines.
function remarks(cell, figures) {
  const lines = figures.warnings.map(noteText);
  const told = figures.warnings.some((warning) => warning.code === "wine");
  if (cell.wine && !told) lines.unshift(`${WINE_SAYS} (Wine ${cell.wine})`);
  if (figures.partial > 0) lines.push(`${plural(figures.partial, "repetition")} cut short`);
  return [...lines, ...figures.failures];
}

function cellName(cell) {
  return `${cell.engine} at depth ${cell.depth}`;
}

// "3.27 GiB/s (95 %: 3.09 to 3.45)"
function estimateText(estimate, format, confidence) {
  if (!estimate) return "not measured";
  const median = format(estimate.median);
  if (estimate.low === null) return `${median} (too few repetitions for an interval)`;
  const share = percentText(confidence);
  return `${median} (${share}: ${format(estimate.low)} to ${format(estimate.high)})`;
}

// The best of some cells by a figure; null where none has it.
function bestBy(cells, figure, least) {
  let best = null;
  for (const cell of cells) {
    const value = figure(cell.figures);
    if (value === null) continue;
    if (best === null || (least ? value < best.value : value > best.value)) best = {cell, value};
  }
  return best;
}

function depthsOf(cells) {
  return [...new Set(cells.map((cell) => cell.depth))].sort((a, b) => a - b);
}

function enginesOf(cells) {
  return [...new Set(cells.map((cell) => cell.engine))];
}

// "6 engines at depths 1, 8 and 32"
function extentText(cells) {
  const engines = enginesOf(cells);
  const depths = depthsOf(cells);
  const what = engines.length === 1 ? engines[0] : plural(engines.length, "engine");
  return `${what} at depth${depths.length === 1 ? "" : "s"} ${listText(depths.map(String))}`;
}
