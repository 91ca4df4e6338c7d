// How a section's cells are parted into charts: what ran under Wine stands in charts of its own, at
// the same scale, and no chart has more rows than can be read.

const MOST_ROWS = 36;

function inPanels(cells) {
  const parts = [];
  for (const wine of [false, true]) {
    const some = cells.filter((cell) => Boolean(cell.wine) === wine);
    if (some.length > 0) parts.push({wine, cells: some});
  }
  return parts;
}

// The same, with whole engines in each part.
function inRowPanels(cells) {
  return inPanels(cells).flatMap(({wine, cells: some}) => {
    const parts = [{wine, cells: []}];
    for (const engine of enginesOf(some)) {
      const own = some.filter((cell) => cell.engine === engine).sort((a, b) => a.depth - b.depth);
      const last = parts[parts.length - 1];
      if (last.configurations.length > 0 && last.configurations.length + own.length > MOST_ROWS) {
        parts.push({wine, cells: own});
      } else {
        last.configurations.push(...own);
      }
    }
    return parts;
  });
}

// Of each row its label, the engine standing at its first row alone; and which rows are one engine.
function rowsOf(cells) {
  const depths = depthsOf(cells).length > 1;
  const labels = [];
  const groups = [];
  cells.forEach((cell, row) => {
    const first = row === 0 || cells[row - 1].engine !== cell.engine;
    if (first) groups.push([row, row]);
    else groups[groups.length - 1][1] = row;
    const sign = isSuspect(cell.figures) ? `${SUSPECT} ` : "";
    const depth = depths ? String(cell.depth).padStart(first ? 3 : 1, "\u2007") : "";
    labels.push(`${first ? cell.engine : ""} ${sign}${depth}`.trim());
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

function rowHeight(cells) {
  return cells.some((cell) => cell.base) ? 30 : 19;
}

function panelHeight(cells) {
  return 58 + cells.length * rowHeight(cells);
}

// A figure with a heading, a sentence, and panels side by side. Each of `panels` is {caption,
// describe}, or {content} where it is no chart.
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
  return several ? "Run by this system itself" : null;
}
