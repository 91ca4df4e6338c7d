// The whole page: environment, summary, sections, and how to read them.

function infoElement(info) {
  return element("dl", {class: "info"}, ...info.map(([label, text]) => element(
      "div", {}, element("dt", {}, label), element("dd", {}, text))));
}

// The summary: the recommendation of each section.
function shortElement(sections, first) {
  const items = sections.map((section, index) => {
    const unit = rateUnit(section.configurations.map(
        (configuration) => configuration.figures.bytes_per_second?.median ?? 0));
    const text = section.advice ??
      (section.at_rate ? "Fixed rate: see the latencies." : rateSentence(section, unit));
    return element("li", {},
                   element("a", {href: `#section-${first + index}`}, section.path),
                   element("span", {class: "setting"}, ` ${section.setting}`),
                   element("p", {}, text));
  });
  return element("ul", {class: "short"}, ...items);
}

function againstElement(against) {
  if (!against) return null;
  const lines = [...against.notes, ...against.incompatibilities];
  const list = element("ul", {}, ...lines.map((line) => element("li", {}, line)));
  return element(
      "div", {class: "callout plain"},
      element("p", {}, element("strong", {}, "Compared with the baseline. "), against.summary),
      element("p", {}, `Throughput, compared as aiobench compare does. Baseline (BASE): ` +
        `${listText(data.base_files)}, by ${listText(against.tools)}. Dashed lines, striped bars ` +
        "and hollow points show the baseline."),
      lines.length === 0 ? null : element(
          "details", {open: lines.length <= 6 ? "" : null},
          element("summary", {}, plural(lines.length, "remark")), list));
}

function calloutsOf(place) {
  const configurations = place.sections.flatMap((section) => section.configurations);
  const suspect = configurations.filter((configuration) => isSuspect(configuration.figures)).length;
  const failed =
      configurations.filter((configuration) => configuration.figures.failures.length > 0).length;
  const callouts = [];
  if (configurations.some((configuration) => configuration.wine)) {
    callouts.push(element(
        "p", {class: "callout"}, element("strong", {}, "Wine. "),
        "Names with wine/ are Windows mechanisms that ran under Wine. Timing under Wine says " +
        "nothing about Windows. They are shown in separate charts with dotted lines and striped " +
        "bars, and are not ranked together with native mechanisms."));
  }
  if (suspect > 0) {
    callouts.push(element(
        "p", {class: "callout"}, element("strong", {}, `${SUSPECT} Suspect. `),
        `${plural(suspect, "result")} ${suspect === 1 ? "is" : "are"} unreliable and should not ` +
        "be quoted. The notes below each table give the reasons."));
  }
  if (failed > 0) {
    callouts.push(element(
        "p", {class: "callout"}, element("strong", {}, "Failed. "),
        `Runs of ${plural(failed, "configuration")} failed. The notes below each table give the ` +
        "reasons."));
  }
  return callouts;
}

function readingElement() {
  const share = percentText(data.confidence);
  const sentences = [
    "Each value is the median over the repetitions of a configuration. Its confidence interval at " +
        `${share} lies between two of these repetitions and makes no assumption about their ` +
        `distribution; it needs at least ${data.least_for_interval} repetitions.`,
    "An interval shows how much the repetitions varied on this machine at that time. It does not " +
        "cover what they had in common: another day, disk, file or build may give another value. " +
        "Overlapping intervals do not prove that two configurations are equal.",
    `${BEST} marks the best of its section, ${TIE} those that tie with it: a test finds no ` +
        "difference, or the difference is below 1 %. With many configurations, the best one is also " +
        "partly the luckiest.",
    "Latencies cover all requests of all repetitions. ? and hollow points mark a percentile that " +
        "needs more requests than there were: it is the slowest request.",
    `${SUSPECT} marks suspect values. Numbers in the column \u201cnotes\u201d refer to the notes ` +
        "below the table.",
  ];
  return element("section", {class: "reading", "aria-labelledby": "reading"},
                 element("h2", {id: "reading"}, "How to read this report"),
                 ...sentences.map((sentence) => element("p", {}, sentence)));
}

function build() {
  const main = document.getElementById("report");
  document.title = data.title;
  const from = data.base_files.length > 0 ? `, compared with ${listText(data.base_files)}` : "";
  const content = [element("header", {}, element("h1", {}, data.title),
                           element("p", {class: "from"}, `From ${listText(data.files)}${from}`))];
  const sections = [];
  data.places.forEach((place, index) => {
    const title = data.places.length > 1 ? `Environment ${index + 1}` : "Environment";
    content.push(element("h2", {}, title), infoElement(place.info), ...calloutsOf(place));
    const against = againstElement(place.against);
    if (against) content.push(against);
    content.push(element("h2", {}, "Summary"), shortElement(place.sections, sections.length));
    const made = place.sections.map((section, i) => sectionElement(section, sections.length + i));
    sections.push(...made);
    content.push(element("h2", {class: "detail"}, "Details"), ...made.map((one) => one.element));
  });
  content.push(readingElement());
  main.replaceChildren(...content);
  for (const section of sections) section.draw();
  paintHeat(main);
}

function repaint() {
  redrawAll();
  paintHeat(document.getElementById("report"));
}

// On paper the page has light colours and the width of the paper. Charts are bitmaps and are
// redrawn for that width.
function printing(begins) {
  document.documentElement.classList.toggle("printing", begins);
  Chart.defaults.devicePixelRatio = begins ? 2 : undefined;
  repaint();
}

build();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
addEventListener("beforeprint", () => printing(true));
addEventListener("afterprint", () => printing(false));
