// Divides the configurations of a section into charts: configurations under Wine have charts of
// their own at the same scale, and no chart has too many rows to read.

const MAX_ROWS = 36;

function inPanels(configurations) {
  const parts = [];
  for (const wine of [false, true]) {
    const some = configurations.filter((configuration) => Boolean(configuration.wine) === wine);
    if (some.length > 0) parts.push({wine, configurations: some});
  }
  return parts;
}

// The same, with all depths of an engine in one chart.
function inRowPanels(configurations) {
  return inPanels(configurations).flatMap(({wine, configurations: some}) => {
    const parts = [{wine, configurations: []}];
    for (const engine of enginesOf(some)) {
      const own = some.filter((configuration) => configuration.engine === engine)
                      .sort((a, b) => a.depth - b.depth);
      const last = parts[parts.length - 1];
      if (last.configurations.length > 0 && last.configurations.length + own.length > MAX_ROWS) {
        parts.push({wine, configurations: own});
      } else {
        last.configurations.push(...own);
      }
    }
    return parts;
  });
}

// The labels of the rows, with the engine only in its first row, and the row ranges of the engines.
function rowsOf(configurations) {
  const depths = depthsOf(configurations).length > 1;
  const labels = [];
  const groups = [];
  configurations.forEach((configuration, row) => {
    const first = row === 0 || configurations[row - 1].engine !== configuration.engine;
    if (first) groups.push([row, row]);
    else groups[groups.length - 1][1] = row;
    const sign = isSuspect(configuration.figures) ? `${SUSPECT} ` : "";
    const depth = depths ? String(configuration.depth).padStart(first ? 3 : 1, "\u2007") : "";
    labels.push(`${first ? configuration.engine : ""} ${sign}${depth}`.trim());
  });
  return {labels, groups};
}

function rowAxis(rows, options = {}) {
  const {labels} = rows;
  return axis(null, {
    ...options,
    grid: {display: false},
    ticks: {autoSkip: false, font: {size: paperSize(11)}, color: cssColor("--text"),
            ...options.ticks},
    afterFit: (scale) => {
      scale.width = Math.min(scale.width, 190);
    },
    labels,
  });
}

function rowHeight(configurations) {
  return configurations.some((configuration) => configuration.base) ? 30 : 19;
}

function panelHeight(configurations) {
  return 58 + configurations.length * rowHeight(configurations);
}

// A figure with a heading, a sentence, and panels side by side. Each of `panels` is {caption,
// describe}, or {content} if it is not a chart.
function figure(title, sentence, panels) {
  const row = element("div", {class: "panels"});
  const made = element("figure", {class: panels.length > 1 ? "wide" : null},
                       element("figcaption", {}, element("h4", {}, title),
                               element("p", {}, sentence)),
                       row);
  const draw = () => {
    for (const panel of panels) {
      const place = element("div", {class: "panel"});
      const box = element("div", {});
      if (panel.caption) box.append(element("p", {class: "caption"}, panel.caption));
      box.append(place);
      row.append(box);
      if (panel.content) place.append(panel.content);
      else new Drawing(place, panel.describe);
    }
  };
  return {element: made, draw};
}

function panelCaption({wine}, several) {
  if (wine) return WINE_SAYS;
  return several ? "Native" : null;
}
