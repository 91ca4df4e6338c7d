// Latency: the percentiles of each row as points on a logarithmic axis, joined by a line.

// The number of requests from which a percentile is more than just the slowest request.
function takesRequests(percent) {
  return Math.round(100 / (100 - percent));
}

function isOfTooFew(latency, percent) {
  return latency.requests < takesRequests(percent);
}

// Ticks at powers of ten, and between them if the axis spans few decades.
function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const steps = decades < 1.2 ? [1, 2, 3, 5, 7] : decades < 2.5 ? [1, 3] : [1];
  return (value) => {
    const mantissa = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
    return steps.some((step) => Math.abs(mantissa - step) < 1e-6) ? axisTimeText(value) : null;
  };
}

function latencyBounds(all) {
  const values = all.flatMap((configuration) => sidesOf(all).flatMap(
      (side) => side.of(configuration)?.latency?.percentile_ns ?? []));
  const positive = values.filter((value) => value > 0);
  return [Math.min(...positive) / 1.3, Math.max(...positive) * 1.3];
}

// The line from the first to the last percentile of each row.
const spansPlugin = {
  id: "spans",
  beforeDatasetsDraw(chart, _, options) {
    const pen = chart.ctx;
    pen.save();
    pen.lineWidth = 1.5;
    for (const {row, low, high, color, dash} of options.spans ?? []) {
      const y = chart.scales.y.getPixelForValue(row);
      pen.strokeStyle = color;
      pen.setLineDash(dash);
      pen.beginPath();
      pen.moveTo(chart.scales.x.getPixelForValue(low), y);
      pen.lineTo(chart.scales.x.getPixelForValue(high), y);
      pen.stroke();
    }
    pen.restore();
  },
};
Chart.register(spansPlugin);

function latencyConfig(configurations, all, percents) {
  const rows = rowsOf(configurations);
  const sides = sidesOf(configurations);
  const rowOf = (row, side) => row + (sides.length === 1 ? 0 : side.ofBase ? 0.2 : -0.2);
  const spans = [];
  for (const side of sides) {
    configurations.forEach((configuration, row) => {
      const latency = side.of(configuration)?.latency;
      if (!latency) return;
      const {color} = looks.of(configuration.engine);
      spans.push({row: rowOf(row, side), low: latency.percentile_ns[0], color,
                  high: latency.percentile_ns[percents.length - 1],
                  dash: side.ofBase ? DASH.base : []});
    });
  }
  const datasets = [];
  const entries = percents.map((percent, i) => {
    const color = cssColor(`--percentile-${i}`);
    const point = ["circle", "rect", "rectRot", "triangle", "circle"][i];
    const own = sides.map((side) => {
      const measured = configurations.filter((configuration) => side.of(configuration)?.latency);
      const hollow = (configuration) =>
          side.ofBase || isOfTooFew(side.of(configuration).latency, percent);
      datasets.push({
        label: percentileName(percent),
        configurations: measured,
        side,
        data: measured.map((configuration) => ({
                             x: side.of(configuration).latency.percentile_ns[i],
                             y: rowOf(configurations.indexOf(configuration), side)
                           })),
        backgroundColor:
            measured.map((configuration) => (hollow(configuration) ? cssColor("--ground") : color)),
        borderColor: color,
        borderWidth: 1.5,
        pointStyle: point,
        pointRadius: paperSize(point === "triangle" ? 5 : 4),
        pointHoverRadius: 7,
      });
      return datasets.length - 1;
    });
    return {text: percentileName(percent), look: {color, point}, datasets: own};
  });
  const [low, high] = latencyBounds(all);
  return {
    entries,
    config: {
      type: "scatter",
      data: {datasets},
      options: {
        interaction: {mode: "nearest", intersect: false},
        scales: {
          x: axis("latency of a request (logarithmic)", {
            type: "logarithmic",
            min: low,
            max: high,
            ticks: {callback: logTicks(low, high), maxRotation: 0},
          }),
          y: rowAxis(rows, {
            type: "linear",
            reverse: true,
            min: -0.5,
            max: configurations.length - 0.5,
            afterBuildTicks: (scale) => {
              scale.ticks = rows.labels.map((_, value) => ({value}));
            },
            ticks: {callback: (value) => rows.labels[value]},
          }),
        },
        plugins: {
          spans: {spans},
          groups: {groups: rows.groups, rows: configurations.length},
          tooltip: tooltip(
              configurationTooltip((configuration, figures) => latencyLines(figures, percents))),
        },
      },
    },
  };
}

function latencyLines(figures, percents) {
  const {latency} = figures;
  const lines = percents.map((percent, i) => {
    const few = isOfTooFew(latency, percent) ? " (too few requests)" : "";
    return `${percentileName(percent)} ${timeText(latency.percentile_ns[i])}${few}`;
  });
  return [...lines, `slowest ${timeText(latency.max_ns)}`, plural(latency.requests, "request")];
}
