// A section of the page: the configurations of one file with the same settings, as charts and as a
// table. A sentence replaces a chart that would show nothing.

const data = JSON.parse(document.getElementById("data").textContent);

// A sentence for the label and the caption of a chart.
function rateSentence(section, unit) {
  const rate = (value) => `${digits(value / unit.bytes)} ${unit.name}`;
  if (section.configurations.length === 1) {
    const [configuration] = section.configurations;
    return `${configurationName(configuration)}: ` +
      `${estimateText(configuration.figures.bytes_per_second, rate, data.confidence)}.`;
  }
  const native = section.configurations.filter((configuration) => !configuration.wine);
  const ranked = native.length > 0 ? native : section.configurations;
  const best = bestBy(ranked, (figures) => figures.bytes_per_second?.median ?? null);
  if (!best) return "Nothing was measured.";
  return `Highest: ${configurationName(best.configuration)}, ` +
    `${estimateText(best.configuration.figures.bytes_per_second, rate, data.confidence)}.`;
}

function intervalSentence(section) {
  const some =
      section.configurations.some((configuration) => configuration.figures.bytes_per_second?.low);
  if (some) return `Medians with ${percentText(data.confidence)} confidence intervals.`;
  return `Medians; intervals need at least ${data.least_for_interval} repetitions.`;
}

function throughputFigure(section, unit) {
  const {configurations} = section;
  const title = "Throughput against depth";
  if (section.at_rate) {
    return {sentence: "No throughput chart: --rate set the throughput."};
  }
  if (configurations.length < 2)
    return {sentence: `One configuration: ${rateSentence(section, unit)}`};
  const measured = configurations.filter((configuration) => configuration.figures.bytes_per_second);
  const parts =
      depthsOf(configurations).length < 2 ? inRowPanels(configurations) : inPanels(configurations);
  const panels = parts.map(
      (part) => ({
        caption: panelCaption(part, parts.length > 1),
        describe: () => {
          const label =
              `Throughput of ${extentText(part.configurations)}. ${rateSentence(section, unit)}`;
          if (depthsOf(configurations).length >= 2) {
            const {config, entries} =
                throughputConfig(part.configurations, configurations, unit, data.confidence);
            return {
              kind: "throughput",
              label,
              config,
              legend: entries,
              height: 330,
              unit: unit.bytes
            };
          }
          const config = barConfig(
              part.configurations, configurations, (figures) => figures.bytes_per_second,
              unit.bytes, unit.name, rateLines(unit, data.confidence));
          return {
            kind: "throughput",
            label,
            config,
            height: panelHeight(part.configurations),
            unit: unit.bytes
          };
        },
      }));
  if (measured.length === 0) return {sentence: "Nothing was measured."};
  const one = depthsOf(configurations).length < 2;
  const depth = one ? ` Depth ${depthsOf(configurations)[0]}.` : "";
  return figure(one ? "Throughput" : title,
                `${rateSentence(section, unit)} ${intervalSentence(section)}${depth}`, panels);
}

function heatFigure(section, unit) {
  const {configurations} = section;
  if (section.at_rate) return null;
  if (depthsOf(configurations).length < 2 || enginesOf(configurations).length < 2) {
    return {sentence: "No heat map: it needs at least two engines and two depths."};
  }
  const tie = configurations.some((configuration) => configuration.mark === "tie") ?
      `, ${TIE} ties with it` :
      "";
  const marks =
      configurations.some((configuration) => configuration.mark) ? ` ${BEST} best${tie}.` : "";
  const parts = inPanels(configurations);
  return figure("Throughput by engine and depth", `Median ${unit.name}; darker is faster.${marks}`,
                parts.map((part) => ({
    caption: panelCaption(part, parts.length > 1),
    content: heatMap(part.configurations, configurations, unit, data.confidence),
  })));
}

function latencyFigure(section) {
  const configurations =
      section.configurations.filter((configuration) => configuration.figures.latency);
  if (configurations.length === 0)
    return {
      sentence: "No latencies: the requests are made inside a system call and are not visible."
    };
  const parts = inRowPanels(configurations);
  const few = configurations.some(({figures}) => data.percents.some(
      (percent) => isOfTooFew(figures.latency, percent)));
  const others =
      [...new Set(configurations.map((configuration) => configuration.latency_of))].filter(
          (what) => what !== "requests");
  const what = others.map((other) => {
    const measured = configurations.filter((configuration) => configuration.latency_of === other);
    return ` For ${listText(enginesOf(measured))} it is the latency of ${other}, not of a transfer.`;
  });
  const least = bestBy(
      configurations.filter(
          (configuration) => configuration.latency_of === "requests" && !configuration.wine),
      (figures) => figures.latency?.percentile_ns[2] ?? null, true);
  const low = least ?
      `Lowest p99: ${configurationName(least.configuration)}, ${timeText(least.value)}. ` :
      "";
  const hollow = few ? " Hollow points: too few requests, so this is the slowest one." : "";
  return figure("Latency percentiles", `${low}All requests of all repetitions.${hollow}` +
                what.join(""), parts.map((part) => ({
    caption: panelCaption(part, parts.length > 1),
    describe: () => {
      const {config, entries} = latencyConfig(part.configurations, configurations, data.percents);
      return {kind: "latency", config, legend: entries, height: panelHeight(part.configurations),
              label: `Latency percentiles of ${extentText(part.configurations)}. ${low}`};
    },
  })));
}

function timeFigure(section) {
  const configurations =
      section.configurations.filter((configuration) => configuration.figures.time);
  if (configurations.length === 0) return {sentence: "No time breakdown: it was not measured."};
  const parts = inRowPanels(configurations);
  const waits = bestBy(configurations, (figures) => figures.time?.waiting ?? null);
  return figure("Time breakdown of the threads",
                "Waiting for completions, hashing, submitting requests, and the rest.",
                parts.map((part) => ({
    caption: panelCaption(part, parts.length > 1),
    describe: () => {
      const {config, entries} = timeConfig(part.configurations);
      return {kind: "time", config, legend: entries, height: panelHeight(part.configurations),
              label: `Time breakdown of ${extentText(part.configurations)}. Most waiting: ` +
                `${configurationName(waits.configuration)}, ${percentText(waits.value)}.`};
    },
  })));
}

function cpuFigure(section) {
  const pick = (figures) => figures.cpu_seconds_per_gib;
  const configurations =
      section.configurations.filter((configuration) => pick(configuration.figures));
  if (configurations.length === 0)
    return {sentence: "No CPU time: it was not measured, or covers several files."};
  if (section.configurations.length < 2) {
    const only = digits(pick(configurations[0].figures).median * 1000);
    return {sentence: `CPU time: ${only} ms per GiB.`};
  }
  const parts = inRowPanels(configurations);
  const milliseconds = (value) => `${digits(value * 1000)} ms/GiB`;
  const median = (figures) => pick(figures)?.median ?? null;
  const least = bestBy(configurations.filter((configuration) => !configuration.wine), median, true);
  const low = least ?
      `Lowest: ${configurationName(least.configuration)}, ${milliseconds(least.value)}. ` :
      "";
  return figure("CPU time per GiB", `${low}User and system time of all threads.`,
                parts.map((part) => ({
    caption: panelCaption(part, parts.length > 1),
    describe: () => ({
      kind: "cpu",
      height: panelHeight(part.configurations) - 22,
      unit: 1e-3,
      label: `CPU time per GiB of ${extentText(part.configurations)}. ${low}`,
      config: barConfig(part.configurations, configurations, pick, 1e-3, "CPU time in ms per GiB",
                        (_, figures) => [estimateText(pick(figures), milliseconds,
                                                      data.confidence)]),
    }),
  })));
}

function sectionElement(section, number) {
  const unit = rateUnit(section.configurations.flatMap(
      (configuration) =>
          [configuration.figures.bytes_per_second?.median ?? 0,
           configuration.base?.figures.bytes_per_second?.median ?? 0]));
  const parts = [throughputFigure(section, unit), heatFigure(section, unit),
                 latencyFigure(section), timeFigure(section), cpuFigure(section)];
  const figures = parts.filter((part) => part?.element);
  const sentences = parts.filter((part) => part?.sentence).map((part) => part.sentence);
  const made = element(
      "section", {id: `section-${number}`, "aria-labelledby": `title-${number}`},
      element("h3", {id: `title-${number}`}, section.path),
      element("p", {class: "setting"}, `${section.setting}. ${section.file}.`),
      section.advice ? element("p", {class: "advice"}, section.advice) : null,
      sentences.length > 0 ? element("p", {class: "left-out"}, sentences.join(" ")) : null,
      element("div", {class: "figures"}, ...figures.map((part) => part.element)),
      tableOf(section, number, unit, data.percents));
  return {element: made, draw: () => figures.forEach((part) => part.draw())};
}
