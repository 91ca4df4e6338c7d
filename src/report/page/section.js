// A section of the page: the configurations of one file in one setting, as charts and as a table. A chart
// that would say nothing is left out with a sentence.

const data = JSON.parse(document.getElementById("data").textContent);

// The sentence that a chart's label and caption say.
function rateSentence(section, unit) {
  const rate = (value) => `${digits(value / unit.bytes)} ${unit.name}`;
  if (section.configurations.length === 1) {
    const [configuration] = section.configurations;
    return `${cellName(configuration)}: ` +
      `${estimateText(configuration.figures.bytes_per_second, rate, data.confidence)}.`;
  }
  const native = section.configurations.filter((configuration) => !configuration.wine);
  const ranked = native.length > 0 ? native : section.configurations;
  const best = bestBy(ranked, (figures) => figures.bytes_per_second?.median ?? null);
  if (!best) return "Nothing was measured.";
  return `Highest: ${cellName(best.configuration)}, ` +
    `${estimateText(best.configuration.figures.bytes_per_second, rate, data.confidence)}.`;
}

function intervalSentence(section) {
  const some = section.configurations.some((configuration) => configuration.figures.bytes_per_second?.low);
  if (some) return `Medians, with their intervals at ${percentText(data.confidence)}.`;
  return `Medians; intervals take ${data.least_for_interval} repetitions.`;
}

function throughputFigure(section, unit) {
  const {configurations} = section;
  const title = "Throughput against depth";
  if (section.at_rate) {
    return {sentence: "Throughput was asked for with --rate, and is no finding here."};
  }
  if (configurations.length < 2) return {sentence: `One configuration, ${rateSentence(section, unit)}`};
  const measured = configurations.filter((configuration) => configuration.figures.bytes_per_second);
  const parts = depthsOf(configurations).length < 2 ? inRowPanels(configurations) : inPanels(configurations);
  const panels = parts.map((part) => ({
    caption: panelCaption(part, parts.length > 1),
    describe: () => {
      const label = `Throughput of ${extentText(part.configurations)}. ${rateSentence(section, unit)}`;
      if (depthsOf(configurations).length >= 2) {
        const {config, entries} = throughputConfig(part.configurations, configurations, unit, data.confidence);
        return {kind: "throughput", label, config, legend: entries, height: 330, unit: unit.bytes};
      }
      const config = barConfig(part.configurations, configurations, (figures) => figures.bytes_per_second, unit.bytes,
                               unit.name, rateLines(unit, data.confidence));
      return {kind: "throughput", label, config, height: panelHeight(part.configurations),
              unit: unit.bytes};
    },
  }));
  if (measured.length === 0) return {sentence: "Nothing was measured."};
  const one = depthsOf(configurations).length < 2;
  const depth = one ? ` One depth, ${depthsOf(configurations)[0]}: bars.` : "";
  return figure(one ? "Throughput" : title,
                `${rateSentence(section, unit)} ${intervalSentence(section)}${depth}`, panels);
}

function heatFigure(section, unit) {
  const {configurations} = section;
  if (section.at_rate) return null;
  if (depthsOf(configurations).length < 2 || enginesOf(configurations).length < 2) {
    return {sentence: "No heat map: it takes two engines and two depths."};
  }
  const tie = configurations.some((configuration) => configuration.mark === "tie") ? `, ${TIE} ties with it` : "";
  const marks = configurations.some((configuration) => configuration.mark) ? ` ${BEST} best${tie}.` : "";
  const parts = inPanels(configurations);
  return figure("Engines against depths", `Median ${unit.name}, the darker the faster.${marks}`,
                parts.map((part) => ({
    caption: panelCaption(part, parts.length > 1),
    content: heatMap(part.configurations, configurations, unit, data.confidence),
  })));
}

function latencyFigure(section) {
  const configurations = section.configurations.filter((configuration) => configuration.figures.latency);
  if (configurations.length === 0) return {sentence: "No latencies: nobody sees the requests made here."};
  const parts = inRowPanels(configurations);
  const few = configurations.some(({figures}) => data.percents.some(
      (percent) => isOfTooFew(figures.latency, percent)));
  const others = [...new Set(configurations.map((configuration) => configuration.latency_of))].filter(
      (what) => what !== "requests");
  const what = others.map((other) => ` Of ${listText(enginesOf(configurations.filter(
      (configuration) => configuration.latency_of === other)))} it is that of ${other}, which is no transfer.`);
  const least = bestBy(configurations.filter((configuration) => configuration.latency_of === "requests" && !configuration.wine),
                       (figures) => figures.latency?.percentile_ns[2] ?? null, true);
  const low = least ? `Lowest p99: ${cellName(least.configuration)}, ${timeText(least.value)}. ` : "";
  const hollow = few ? " Hollow: of too few requests, it is the slowest one." : "";
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
  const configurations = section.configurations.filter((configuration) => configuration.figures.time);
  if (configurations.length === 0) return {sentence: "Where the time went was not measured."};
  const parts = inRowPanels(configurations);
  const waits = bestBy(configurations, (figures) => figures.time?.waiting ?? null);
  return figure("Where the threads' time went",
                "Waiting for completions, hashing, inside the calls that submit, and the rest.",
                parts.map((part) => ({
    caption: panelCaption(part, parts.length > 1),
    describe: () => {
      const {config, entries} = timeConfig(part.configurations);
      return {kind: "time", config, legend: entries, height: panelHeight(part.configurations),
              label: `Time breakdown of ${extentText(part.configurations)}. Most waiting: ` +
                `${cellName(waits.configuration)}, ${percentText(waits.value)}.`};
    },
  })));
}

function cpuFigure(section) {
  const pick = (figures) => figures.cpu_seconds_per_gib;
  const configurations = section.configurations.filter((configuration) => pick(configuration.figures));
  if (configurations.length === 0) return {sentence: "Processor time was not told, or is that of several."};
  if (section.configurations.length < 2) {
    const only = digits(pick(configurations[0].figures).median * 1000);
    return {sentence: `Processor time: ${only} ms a GiB.`};
  }
  const parts = inRowPanels(configurations);
  const milliseconds = (value) => `${digits(value * 1000)} ms/GiB`;
  const median = (figures) => pick(figures)?.median ?? null;
  const least = bestBy(configurations.filter((configuration) => !configuration.wine), median, true);
  const low = least ? `Least: ${cellName(least.configuration)}, ${milliseconds(least.value)}. ` : "";
  return figure("Processor time per GiB", `${low}User and system, of all threads.`,
                parts.map((part) => ({
    caption: panelCaption(part, parts.length > 1),
    describe: () => ({
      kind: "cpu",
      height: panelHeight(part.configurations) - 22,
      unit: 1e-3,
      label: `Processor time per GiB of ${extentText(part.configurations)}. ${low}`,
      config: barConfig(part.configurations, configurations, pick, 1e-3, "ms of processor time per GiB",
                        (_, figures) => [estimateText(pick(figures), milliseconds,
                                                      data.confidence)]),
    }),
  })));
}

function sectionElement(section, number) {
  const unit = rateUnit(section.configurations.flatMap((configuration) => [
    configuration.figures.bytes_per_second?.median ?? 0, configuration.base?.figures.bytes_per_second?.median ?? 0]));
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
