// The page as a whole: what was measured where, what came of it, the sections, and how to read it.

function infoElement(info) {
  return element("dl", {class: "info"}, ...info.map(([label, text]) => element(
      "div", {}, element("dt", {}, label), element("dd", {}, text))));
}

// The first lines that a reader needs: of each section the sentence on what to pick.
function shortElement(sections, first) {
  const items = sections.map((section, index) => {
    const unit = rateUnit(section.configurations.map(
        (configuration) => configuration.figures.bytes_per_second?.median ?? 0));
    const said = section.advice ??
      (section.at_rate ? "Read at a rate: see its latencies." : rateSentence(section, unit));
    return element("li", {},
                   element("a", {href: `#section-${first + index}`}, section.path),
                   element("span", {class: "setting"}, ` ${section.setting}`),
                   element("p", {}, said));
  });
  return element("ul", {class: "short"}, ...items);
}

function againstElement(against) {
  if (!against) return null;
  const lines = [...against.notes, ...against.incompatibilities];
  const list = element("ul", {}, ...lines.map((line) => element("li", {}, line)));
  return element(
      "div", {class: "callout plain"},
      element("p", {}, element("strong", {}, "Against the baseline. "), against.summary),
      element("p", {}, `Throughput, by the rules of aiobench compare. Baseline (BASE): ` +
        `${listText(data.base_files)}, by ${listText(against.tools)}. Dashed lines, striped bars ` +
        "and hollow points are the baseline's."),
      lines.length === 0 ? null : element(
          "details", {open: lines.length <= 6 ? "" : null},
          element("summary", {}, plural(lines.length, "remark")), list));
}

function calloutsOf(place) {
  const configurations = place.sections.flatMap((section) => section.configurations);
  const suspect = configurations.filter((configuration) => isSuspect(configuration.figures)).length;
  const failed = configurations.filter((configuration) => configuration.figures.failures.length > 0).length;
  const callouts = [];
  if (configurations.some((configuration) => configuration.wine)) {
    callouts.push(element(
        "p", {class: "callout"}, element("strong", {}, "Wine. "),
        "What begins with wine/ is a Windows mechanism that ran under Wine. Timing under Wine " +
        "says nothing about Windows. It is shown apart, with dotted lines and striped bars, and " +
        "is never ranked beside what the system ran itself."));
  }
  if (suspect > 0) {
    callouts.push(element(
        "p", {class: "callout"}, element("strong", {}, `${SUSPECT} Suspect. `),
        `The figures of ${plural(suspect, "configuration")} are not those of what they are said to be, ` +
        "and are not to be quoted. The notes below each table say why."));
  }
  if (failed > 0) {
    callouts.push(element(
        "p", {class: "callout"}, element("strong", {}, "Failed. "),
        `Runs of ${plural(failed, "configuration")} failed. The notes below each table say why.`));
  }
  return callouts;
}

function readingElement() {
  const share = percentText(data.confidence);
  const sentences = [
    `A figure is the median over the repetitions of a configuration. Its interval, at ${share}, lies ` +
    "between two of these repetitions and asks nothing of their distribution; it takes " +
    `${data.least_for_interval} repetitions to have one.`,
    "An interval tells how far the repetitions wavered on this machine at that time. It does not " +
    "cover what all of them had in common: another day, disk, file or build may give another " +
    "figure. That two intervals overlap does not prove that two configurations are equal.",
    `${BEST} is the best of its section, ${TIE} what ties with it: what a test cannot tell from ` +
    "it, or what is within 1 % of it. The best of many configurations is also the luckiest of them.",
    "Latencies are of all requests of all repetitions together; ? and hollow points mark a " +
    "percentile that takes more requests than there were, and so is the slowest of them.",
    `${SUSPECT} marks figures that are suspect; a number in the column \u201cnotes\u201d is a ` +
    "note below the table.",
  ];
  return element("section", {class: "reading", "aria-labelledby": "reading"},
                 element("h2", {id: "reading"}, "How to read this"),
                 ...sentences.map((sentence) => element("p", {}, sentence)));
}

function build() {
  const main = document.getElementById("report");
  document.title = data.title;
  const from = data.base_files.length > 0 ? `, beside ${listText(data.base_files)}` : "";
  const content = [element("header", {}, element("h1", {}, data.title),
                           element("p", {class: "from"}, `From ${listText(data.files)}${from}`))];
  const sections = [];
  data.places.forEach((place, index) => {
    const title = data.places.length > 1 ? `Machine and program ${index + 1}` : "Where and what";
    content.push(element("h2", {}, title), infoElement(place.info), ...calloutsOf(place));
    const against = againstElement(place.against);
    if (against) content.push(against);
    content.push(element("h2", {}, "In short"), shortElement(place.sections, sections.length));
    const made = place.sections.map((section, i) => sectionElement(section, sections.length + i));
    sections.push(...made);
    content.push(element("h2", {class: "detail"}, "In detail"), ...made.map((one) => one.element));
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

// On paper the page is light, and as wide as paper is; charts are pictures, drawn for that width.
function printing(begins) {
  document.documentElement.classList.toggle("printing", begins);
  Chart.defaults.devicePixelRatio = begins ? 2 : undefined;
  repaint();
}

build();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
addEventListener("beforeprint", () => printing(true));
addEventListener("afterprint", () => printing(false));
