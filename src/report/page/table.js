// The table of a section: all values of every configuration, sortable by any column, and the notes
// below it.

// Numbered notes. Notes with the same text share a number.
class Notes {
  constructor(section) {
    this.section = section;
    this.texts = [];
  }

  numberOf(text) {
    if (!this.texts.includes(text)) this.texts.push(text);
    return this.texts.indexOf(text) + 1;
  }

  id(number) {
    return `note-${this.section}-${number}`;
  }

  // Links to notes, each with the text of the note as title.
  linksTo(texts) {
    return texts.map((text) => {
      const number = this.numberOf(text);
      return element("a", {href: `#${this.id(number)}`, title: text}, String(number));
    });
  }

  list() {
    if (this.texts.length === 0) return null;
    return element("ol", {class: "notes"}, ...this.texts.map(
        (text, index) => element("li", {id: this.id(index + 1)}, text)));
  }
}

// Columns: a heading, the value to sort by (null if missing), and the content of a cell.
function estimateColumn(name, pick, format) {
  return {
    name,
    sort: (configuration) => pick(configuration)?.median ?? null,
    show: (configuration) => {
      const estimate = pick(configuration);
      if (!estimate) return [NONE];
      const bounds = estimate.low === null ? null : element(
          "span", {class: "bounds"}, `${format(estimate.low)}\u2013${format(estimate.high)}`);
      return [format(estimate.median), bounds];
    },
  };
}

function valueColumn(name, pick, format, title) {
  return {
    name,
    title,
    sort: (configuration) => pick(configuration) ?? null,
    show: (configuration) =>
        [pick(configuration) === null || pick(configuration) === undefined ?
             NONE :
             format(pick(configuration))],
  };
}

function percentileColumns(percents) {
  return percents.map((percent, i) => ({
    name: percentileName(percent),
    sort: (configuration) => configuration.figures.latency?.percentile_ns[i] ?? null,
    show: (configuration) => {
      const {latency} = configuration.figures;
      if (!latency) return [NONE];
      const few = isOfTooFew(latency, percent);
      const text = timeText(latency.percentile_ns[i]);
      if (!few) return [text];
      return [element("span", {class: "few", title: "too few requests"}, `${text}?`)];
    },
  }));
}

const VERDICTS = {
  regression: "regression",
  improvement: "improvement",
  no_change: "no change",
  inconclusive: "inconclusive",
  not_comparable: "not comparable",
};

function baseColumns(unit) {
  const rate = (value) => digits(value / unit.bytes);
  return [
    estimateColumn(
        `baseline, ${unit.name}`, (configuration) => configuration.base?.figures.bytes_per_second,
        rate),
    {
      name: "change",
      sort: (configuration) => configuration.base?.ratio ?? null,
      show: ({base}) => {
        if (!base?.ratio) return [NONE];
        const bounds = base.ratio_low === null ? null : element(
            "span", {class: "bounds"},
            `${changeText(base.ratio_low)} to ${changeText(base.ratio_high)}`);
        return [changeText(base.ratio), bounds];
      },
    },
    {
      name: "verdict",
      text: true,
      sort: (configuration) => VERDICTS[configuration.base?.verdict] ?? null,
      show: ({base}) => {
        const verdict = base?.verdict;
        if (!verdict) return [NONE];
        const more = base.least_repetitions ?
          ` (needs at least ${base.least_repetitions} on each side)` : "";
        return [element("span", {class: `verdict ${verdict}`}, VERDICTS[verdict] + more)];
      },
    },
  ];
}

// The last column: signs and the numbers of notes.
function notesColumn(notes) {
  const texts = (configuration) => {
    const {base} = configuration;
    const own = remarks(configuration, configuration.figures);
    const ofBase = base ? [...remarks({...configuration, wine: null}, base.figures),
                           ...base.treated_as_same].map((text) => `baseline: ${text}`) : [];
    return [...own, ...ofBase];
  };
  return {
    name: "notes",
    sort: (configuration) => texts(configuration).length || null,
    show: (configuration) => {
      const signs = [isSuspect(configuration.figures) ? SUSPECT : "",
                     configuration.figures.failures.length > 0 ? "failed" : ""].filter(Boolean);
      return [signs.length > 0 ? element("span", {class: "sign"}, signs.join(" ")) : null,
              ...notes.linksTo(texts(configuration))];
    },
  };
}

function columnsOf(section, unit, percents, notes) {
  const rate = (value) => digits(value / unit.bytes);
  const based = section.configurations.some((configuration) => configuration.base);
  return [
    {
      name: "engine",
      text: true,
      sort: (configuration) => configuration.engine,
      show: (configuration) =>
          [configuration.engine,
           markOf(configuration) ? element("span", {class: "mark"}, ` ${markOf(configuration)}`) :
                                   null]
    },
    valueColumn("depth", (configuration) => configuration.depth, String),
    estimateColumn(unit.name, (configuration) => configuration.figures.bytes_per_second, rate),
    ...(based ? baseColumns(unit) : []),
    valueColumn(
        "req/s", (configuration) => configuration.figures.requests_per_second?.median, digits,
        "requests per second"),
    ...percentileColumns(percents),
    estimateColumn(
        "CPU ms/GiB", (configuration) => configuration.figures.cpu_seconds_per_gib,
        (value) => digits(value * 1000)),
    valueColumn(
        "in flight", (configuration) => configuration.figures.depth_achieved, digits,
        "requests in flight on average"),
    valueColumn(
        "inline", (configuration) => configuration.figures.inline_share, percentText,
        "requests that completed inside the submitting call"),
    valueColumn(
        "runs", (configuration) => configuration.figures.repetitions, String,
        "complete repetitions"),
    notesColumn(notes),
  ];
}

// Configurations without a value are last in either direction.
function sortedBy(configurations, column, direction) {
  return [...configurations].sort((a, b) => {
    const [x, y] = [column.sort(a), column.sort(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    const order = column.text ? String(x).localeCompare(String(y), "en") : x - y;
    return direction === "ascending" ? order : -order;
  });
}

class SortedTable {
  constructor(section, columns, name) {
    this.section = section;
    this.columns = columns;
    this.body = element("tbody");
    this.status = element("span", {class: "unseen", role: "status"});
    this.heads = columns.map((column, index) => {
      const button = element("button", {type: "button", title: column.title}, column.name);
      button.addEventListener("click", () => this.sort(index));
      return element("th", {scope: "col", "aria-sort": "none", "data-name": column.name}, button);
    });
    this.fill(section.configurations);
    this.element = element(
        "div", {class: "scroll", tabindex: "0", role: "region", "aria-label": `Figures: ${name}`},
        element(
            "table", {class: "configurations"},
            element("thead", {}, element("tr", {}, ...this.heads)), this.body),
        this.status);
  }

  fill(configurations) {
    this.body.replaceChildren(...configurations.map((configuration) => element(
        "tr", {class: configuration.wine ? "wine" : configuration.mark === "best" ? "best" : null},
        ...this.columns.map((column, index) => element(
            index === 0 ? "th" : "td",
            {scope: index === 0 ? "row" : null, class: column.text ? "text" : null},
            ...column.show(configuration))))));
  }

  sort(index) {
    const column = this.columns[index];
    const before = this.heads[index].getAttribute("aria-sort");
    const first = column.text || column.name.startsWith("p") ? "ascending" : "descending";
    const other = first === "ascending" ? "descending" : "ascending";
    const direction = before === first ? other : first;
    for (const head of this.heads) head.setAttribute("aria-sort", "none");
    this.heads[index].setAttribute("aria-sort", direction);
    this.fill(sortedBy(this.section.configurations, column, direction));
    this.status.textContent = `sorted by ${column.name}, ${direction}`;
  }
}

function tableOf(section, number, unit, percents) {
  const notes = new Notes(number);
  const columns = columnsOf(section, unit, percents, notes);
  const table = new SortedTable(section, columns, section.path);
  return element("div", {class: "table"}, element("h4", {}, "All values"), table.element,
                 notes.list());
}
