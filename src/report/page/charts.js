// The charts of a section, as config objects for Chart.js. A chart is described again whenever the
// colours change.

const looks = new Looks();

function lineLook(configuration, ofBase) {
  const look = looks.of(configuration.engine);
  const wine = Boolean(configuration.wine);
  const dash = wine ? (ofBase ? DASH.wineBase : DASH.wine) : ofBase ? DASH.base : DASH.now;
  return {...look, dash, hollow: wine || ofBase};
}

// The sides that a chart of these configurations shows: the reported results and the baseline.
function sidesOf(configurations) {
  const sides = [{ofBase: false, name: "", of: (configuration) => configuration.figures}];
  if (configurations.some((configuration) => configuration.base)) {
    sides.push({
      ofBase: true,
      name: "baseline",
      of: (configuration) => configuration.base?.figures ?? null
    });
  }
  return sides;
}

function interval(estimate, size) {
  return estimate && estimate.low !== null ? [estimate.low / size, estimate.high / size] : null;
}

function mostOf(configurations, pick) {
  const values = configurations.flatMap(
      (configuration) => [configuration.figures, configuration.base?.figures].map((figures) => {
        const estimate = figures && pick(figures);
        return estimate ? Math.max(estimate.median, estimate.high ?? 0) : 0;
      }));
  return Math.max(0, ...values);
}

// Depths are equally spaced. Engines are shifted sideways so that their intervals do not overlap.
function throughputConfig(configurations, all, unit, confidence) {
  const depths = depthsOf(all);
  const engines = enginesOf(configurations);
  const sides = sidesOf(configurations);
  const shift = (index, count) => (count === 1 ? 0 : (index / (count - 1) - 0.5) * 0.42);
  const datasets = [];
  const entries = [];
  engines.forEach((engine, index) => {
    const own = configurations.filter((configuration) => configuration.engine === engine)
                    .sort((a, b) => a.depth - b.depth);
    for (const side of sides) {
      const measured = own.filter((configuration) => side.of(configuration)?.bytes_per_second);
      if (measured.length === 0) continue;
      const look = lineLook(own[0], side.ofBase);
      const name = side.ofBase ? `${engine}, baseline` : engine;
      datasets.push({
        label: name,
        configurations: measured,
        side,
        data: measured.map((configuration) => ({
                             x: depths.indexOf(configuration.depth) + shift(index, engines.length) +
                                 (side.ofBase ? 0.03 : 0),
                             y: side.of(configuration).bytes_per_second.median / unit.bytes,
                           })),
        intervals: measured.map(
            (configuration) => interval(side.of(configuration).bytes_per_second, unit.bytes)),
        intervalColor: look.color,
        borderColor: look.color,
        backgroundColor: look.hollow ? cssColor("--ground") : look.color,
        borderDash: look.dash,
        borderWidth: own[0].wine || side.ofBase ? 1.5 : 2,
        pointStyle: measured.map(
            (configuration) => (isSuspect(side.of(configuration)) ? "triangle" : look.point)),
        pointRadius:
            measured.map((configuration) => paperSize(isSuspect(side.of(configuration)) ? 6 : 4)),
        pointHoverRadius: 7,
        pointBorderWidth: 1.75,
      });
      entries.push({text: name, look, datasets: [datasets.length - 1],
                    title: own[0].wine ? `${WINE_SAYS} (Wine ${own[0].wine})` : null});
    }
  });
  const most = mostOf(all, (figures) => figures.bytes_per_second) / unit.bytes;
  return {
    entries,
    config: {
      type: "line",
      data: {datasets},
      options: {
        interaction: {mode: "nearest", intersect: false},
        scales: {
          x: axis("depth (requests in flight)", {
            type: "linear",
            min: -0.4,
            max: depths.length - 0.6,
            grid: {display: false},
            afterBuildTicks: (scale) => {
              scale.ticks = depths.map((_, value) => ({value}));
            },
            ticks: {callback: (value) => depths[value], autoSkip: false},
          }),
          y: axis(unit.name, {beginAtZero: true, suggestedMax: most, ticks: {maxTicksLimit: 7}}),
        },
        plugins: {tooltip: tooltip(configurationTooltip(rateLines(unit, confidence)))},
      },
    },
  };
}

function rateLines(unit, confidence) {
  const rate = (value) => `${digits(value / unit.bytes)} ${unit.name}`;
  return (_, figures) => [estimateText(figures.bytes_per_second, rate, confidence),
                          plural(figures.repetitions, "repetition")];
}

// A tooltip for the configuration of a point.
function configurationTooltip(lines) {
  const found = (item) => {
    const {configurations, side} = item.dataset;
    return {
      configuration: configurations[item.dataIndex],
      figures: side.of(configurations[item.dataIndex]),
      side
    };
  };
  return {
    title: (items) => {
      if (items.length === 0) return "";
      const {configuration, side} = found(items[0]);
      return configurationName(configuration) + (side.name ? `, ${side.name}` : "");
    },
    label: (item) => {
      const {configuration, figures} = found(item);
      return lines(configuration, figures, item);
    },
    footer: (items) => {
      if (items.length === 0) return [];
      const {configuration, figures} = found(items[0]);
      return foldedLines(remarks(configuration, figures));
    },
  };
}

// One bar per row, with its interval.
function barConfig(configurations, all, pick, unit, title, lines) {
  const rows = rowsOf(configurations);
  const most = mostOf(all, pick) / unit;
  const sides = sidesOf(configurations);
  const datasets = sides.map((side) => {
    const colors = configurations.map((configuration) => looks.of(configuration.engine).color);
    const estimates = configurations.map((configuration) => {
      const figures = side.of(configuration);
      return figures ? pick(figures) : null;
    });
    return {
      label: side.name,
      configurations,
      side,
      data: estimates.map((estimate) => (estimate ? estimate.median / unit : null)),
      intervals: estimates.map((estimate) => interval(estimate, unit)),
      intervalColor: cssColor("--text"),
      backgroundColor: side.ofBase || configurations[0].wine ? colors.map(hatched) : colors,
      borderColor: colors,
      borderWidth: side.ofBase || configurations[0].wine ? 1 : 0,
      barPercentage: 0.86,
      categoryPercentage: 0.84,
    };
  });
  return {
    type: "bar",
    data: {labels: rows.labels, datasets},
    options: {
      indexAxis: "y",
      interaction: {mode: "nearest", axis: "y", intersect: false},
      scales: {
        x: axis(title, {beginAtZero: true, suggestedMax: most, ticks: {maxTicksLimit: 6}}),
        y: rowAxis(rows),
      },
      plugins: {
        groups: {groups: rows.groups, rows: configurations.length},
        tooltip: tooltip(configurationTooltip(lines)),
      },
    },
  };
}

const TIMES = [["waiting", "waiting"], ["hashing", "hashing"], ["submitting", "submitting"],
               ["rest", "rest"]];

// The time breakdown: one bar of four parts per row, and one for its baseline.
function timeConfig(configurations) {
  const rows = rowsOf(configurations);
  const datasets = [];
  const entries = TIMES.map(([key, name]) => {
    const color = cssColor(`--time-${key}`);
    const own = sidesOf(configurations).map((side) => {
      datasets.push({
        label: name,
        configurations,
        side,
        stack: side.name,
        data: configurations.map((configuration) => {
          const time = side.of(configuration)?.time;
          return time ? time[key] * 100 : null;
        }),
        backgroundColor: side.ofBase ? hatched(color) : color,
        borderColor: side.ofBase ? color : cssColor("--ground"),
        borderWidth: side.ofBase ? 1 : {right: 1},
        borderSkipped: false,
        barPercentage: 0.86,
        categoryPercentage: 0.84,
      });
      return datasets.length - 1;
    });
    return {text: name, look: {fill: color}, datasets: own};
  });
  return {
    entries,
    config: {
      type: "bar",
      data: {labels: rows.labels, datasets},
      options: {
        indexAxis: "y",
        interaction: {mode: "nearest", axis: "y", intersect: false},
        scales: {
          x: axis("% of the threads' time", {stacked: true, min: 0, max: 100}),
          y: rowAxis(rows, {stacked: true}),
        },
        plugins: {
          groups: {groups: rows.groups, rows: configurations.length},
          tooltip: tooltip(configurationTooltip((configuration, figures) => TIMES.map(
              ([key, name]) => `${name} ${percentText(figures.time[key])}`))),
        },
      },
    },
  };
}
