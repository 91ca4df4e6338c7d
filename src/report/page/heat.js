// The heat map: engines against depths, each figure on a ground that is the darker the faster. A
// table, so that every figure can be read, by people and by programs.

// Where each rate lies between the least and the most of the configurations: 0 to 1. Small differences are
// not blown up: the scale reaches down to half of the most, or further.
function shareOf(configurations) {
  const rates = configurations.map((configuration) => configuration.figures.bytes_per_second?.median).filter(Boolean);
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
  const signs = [markOf(configuration), isSuspect(figures) ? SUSPECT : ""].filter(Boolean).join(" ");
  const tell = (value) => `${digits(value / unit.bytes)} ${unit.name}`;
  const made = element("td", {
    class: configuration.mark === "best" ? "best" : null,
    title: [`${cellName(configuration)}: ${estimateText(figures.bytes_per_second, tell, confidence)}`,
            ...remarks(configuration, figures)].join("\n"),
  }, digits(rate / unit.bytes), signs ? element("span", {class: "sign"}, ` ${signs}`) : null);
  made.dataset.share = share(rate).toFixed(4);
  return made;
}

// The grounds, which follow the colours of the page.
function paintHeat(root) {
  const [from, to] = [cssColor("--heat-from"), cssColor("--heat-to")];
  for (const configuration of root.querySelectorAll("[data-share]")) {
    const share = Number(configuration.dataset.share);
    configuration.style.backgroundColor = mixed(from, to, share);
    configuration.style.color = takesDarkText(from, to, share) ? "#000" : "#fff";
  }
}

// Of some configurations, on grounds that are those of all.
function heatMap(configurations, all, unit, confidence) {
  const depths = depthsOf(all);
  const share = shareOf(all);
  const head = element("tr", {}, element("th", {scope: "col"}, "engine"), ...depths.map(
      (depth) => element("th", {scope: "col"}, `depth ${depth}`)));
  const rows = enginesOf(configurations).map((engine) => element(
      "tr", {},
      element("th", {scope: "row"}, engine),
      ...depths.map((depth) => heatCell(
          configurations.find((configuration) => configuration.engine === engine && configuration.depth === depth), unit, share,
          confidence))));
  return element("div", {class: "scroll", tabindex: "0", role: "region",
                         "aria-label": "Heat map: throughput by engine and depth"},
                 element("table", {class: "heat"}, element("thead", {}, head),
                         element("tbody", {}, ...rows)));
}
