// Shared by all charts: creation, redrawing, and elements that Chart.js does not draw itself.

// All charts of the page. They are redrawn in other colours or at another width.
const charts = [];

// Draws the intervals of a data set as error bars along the value axis. `intervals[i]` is [low,
// high] or null.
const intervalsPlugin = {
  id: "intervals",
  afterDatasetsDraw(chart) {
    const pen = chart.ctx;
    chart.data.datasets.forEach((dataset, index) => {
      if (!dataset.intervals || !chart.isDatasetVisible(index)) return;
      const along = chart.options.indexAxis === "y" ? "x" : "y";
      const scale = chart.scales[along];
      pen.save();
      pen.strokeStyle = dataset.intervalColor;
      pen.lineWidth = 1.25;
      chart.getDatasetMeta(index).data.forEach((point, i) => {
        const interval = dataset.intervals[i];
        if (!interval || point.skip) return;
        const [low, high] = interval.map((value) => scale.getPixelForValue(value));
        pen.beginPath();
        if (along === "y") {
          for (const end of [low, high]) {
            pen.moveTo(point.x - 3, end);
            pen.lineTo(point.x + 3, end);
          }
          pen.moveTo(point.x, low);
          pen.lineTo(point.x, high);
        } else {
          for (const end of [low, high]) {
            pen.moveTo(end, point.y - 3);
            pen.lineTo(end, point.y + 3);
          }
          pen.moveTo(low, point.y);
          pen.lineTo(high, point.y);
        }
        pen.stroke();
      });
      pen.restore();
    });
  },
};

// Shades the rows of every other engine. `groups` is a list of [first, last] rows.
const groupsPlugin = {
  id: "groups",
  beforeDraw(chart, _, options) {
    if (!options.groups) return;
    const {left, right, top, bottom} = chart.chartArea;
    const height = (bottom - top) / options.rows;
    chart.ctx.save();
    chart.ctx.fillStyle = cssColor("--stripe");
    options.groups.forEach(([first, last], index) => {
      if (index % 2 === 1) return;
      chart.ctx.fillRect(left, top + first * height, right - left, (last - first + 1) * height);
    });
    chart.ctx.restore();
  },
};

function axis(title, options = {}) {
  const {grid, ticks, ...rest} = options;
  return {
    title: {display: Boolean(title), text: title, color: cssColor("--muted"),
            font: {size: paperSize(11)}},
    grid: {color: cssColor("--grid"), borderColor: cssColor("--grid"), tickLength: 4, ...grid},
    ticks: {color: cssColor("--muted"), font: {size: paperSize(11)}, ...ticks},
    ...rest,
  };
}

function tooltip(callbacks) {
  return {
    backgroundColor: cssColor("--text"),
    titleColor: cssColor("--ground"),
    bodyColor: cssColor("--ground"),
    footerColor: cssColor("--ground"),
    footerFont: {weight: "normal", size: 11},
    bodyFont: {size: 12},
    titleFont: {size: 12},
    displayColors: false,
    padding: 9,
    callbacks,
  };
}

// Wraps lines for a tooltip.
function foldedLines(lines, width = 60) {
  return lines.flatMap((line) => {
    const folded = [""];
    for (const word of line.split(" ")) {
      const last = folded[folded.length - 1];
      if (last && last.length + word.length + 1 > width) folded.push(word);
      else folded[folded.length - 1] = last ? `${last} ${word}` : word;
    }
    return folded;
  });
}

// The legend of a chart. Its buttons show and hide data sets.
function legend(entries, chart) {
  const list = element("ul", {class: "legend"});
  entries.forEach((entry) => {
    const button = element("button", {type: "button", "aria-pressed": "true", title: entry.title},
                           swatch(entry.look), entry.text);
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      for (const dataset of entry.datasets) chart.setDatasetVisibility(dataset, shown);
      chart.update();
    });
    list.append(element("li", {}, button));
  });
  return list;
}

// Draws a chart in `panel`. `describe()` returns {kind, label, height, config, legend, unit} and is
// called again whenever the colours change.
class Drawing {
  constructor(panel, describe) {
    this.panel = panel;
    this.describe = describe;
    this.draw();
    charts.push(this);
  }

  draw() {
    this.chart?.destroy();
    const wanted = this.describe();
    const canvas = element("canvas", {role: "img", "aria-label": wanted.label});
    canvas.dataset.kind = wanted.kind;
    canvas.dataset.unit = wanted.unit ?? 1;
    const box = element("div", {class: "canvas"}, canvas);
    box.style.height = `${paperSize(wanted.height)}px`;
    this.panel.replaceChildren(box);
    this.chart = new Chart(canvas, {
      ...wanted.config,
      plugins: [groupsPlugin, intervalsPlugin],
    });
    if (wanted.legend) this.panel.prepend(legend(wanted.legend, this.chart));
  }
}

function redrawAll() {
  for (const drawing of charts) drawing.draw();
}

Chart.defaults.animation = false;
Chart.defaults.maintainAspectRatio = false;
Chart.defaults.plugins.legend.display = false;
Chart.defaults.font.family = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
