// The heat map: one row per engine, one column per depth, and a darker background for a higher
// rate. It is a table, so that people and programs can read every value.

// Maps a rate to 0 to 1, from the lowest to the highest rate. The scale starts at half of the
// highest rate or below, so that small differences are not exaggerated.
function shareOf(configurations) {
  const rates =
      configurations.map((configuration) => configuration.figures.bytes_per_second?.median)
          .filter(Boolean);
  const most = Math.max(...rates);
  const least = Math.min(...rates, most / 2);
  return (rate) => (rate - least) / (most - least);
}

function markOf(configuration) {
  if (configuration.mark === "best") return BEST;
  return configuration.mark === "tie" ? TIE : "";
}

function heatCell(configuration, unit, share, confidence) {
  if (!configuration) return element("td", {class: "none"}, NONE);
  const {figures} = configuration;
  if (!figures.bytes_per_second) {
    const failed = figures.failures.length > 0;
    return element("td", {class: "none", title: remarks(configuration, figures).join("\n")},
                   failed ? "failed" : NONE);
  }
  const rate = figures.bytes_per_second.median;
  const signs =
      [markOf(configuration), isSuspect(figures) ? SUSPECT : ""].filter(Boolean).join(" ");
  const format = (value) => `${digits(value / unit.bytes)} ${unit.name}`;
  const made = element(
      "td", {
        class: configuration.mark === "best" ? "best" : null,
        title: [
          `${configurationName(configuration)}: ${
              estimateText(figures.bytes_per_second, format, confidence)}`,
          ...remarks(configuration, figures)
        ].join("\n"),
      },
      digits(rate / unit.bytes), signs ? element("span", {class: "sign"}, ` ${signs}`) : null);
  made.dataset.share = share(rate).toFixed(4);
  return made;
}

// Sets the backgrounds, which depend on the colour scheme.
function paintHeat(root) {
  const [from, to] = [cssColor("--heat-from"), cssColor("--heat-to")];
  for (const cell of root.querySelectorAll("[data-share]")) {
    const share = Number(cell.dataset.share);
    cell.style.backgroundColor = mixed(from, to, share);
    cell.style.color = takesDarkText(from, to, share) ? "#000" : "#fff";
  }
}

// A heat map of some configurations, coloured on the scale of all of them.
function heatMap(configurations, all, unit, confidence) {
  const depths = depthsOf(all);
  const share = shareOf(all);
  const head = element("tr", {}, element("th", {scope: "col"}, "engine"), ...depths.map(
      (depth) => element("th", {scope: "col"}, `depth ${depth}`)));
  const rows = enginesOf(configurations)
                   .map(
                       (engine) => element(
                           "tr", {}, element("th", {scope: "row"}, engine),
                           ...depths.map(
                               (depth) => heatCell(
                                   configurations.find(
                                       (configuration) => configuration.engine === engine &&
                                           configuration.depth === depth),
                                   unit, share, confidence))));
  return element("div", {class: "scroll", tabindex: "0", role: "region",
                         "aria-label": "Heat map: throughput by engine and depth"},
                 element("table", {class: "heat"}, element("thead", {}, head),
                         element("tbody", {}, ...rows)));
}
