"""What scripts/perf_regression prints: Markdown for a pull request, from its document."""
from bench_table import format_size

TITLES = {
    "no regression": "No regression found",
    "regression": "REGRESSION: slower twice",
    "not comparable": "Not comparable",
    "baseline stored": "Baseline stored: nothing was compared",
}


def percent(ratio):
    return f"{(ratio - 1) * 100:+.1f} %"


def figure_text(figure):
    """'hash.sync -8.1 % (-9.0 % to -7.2 %)': new beside base."""
    text = f"{figure.name} {percent(figure.ratio)}"
    if figure.low is not None:
        text += f" ({percent(figure.low)} to {percent(figure.high)})"
    return text


def figure_list(figures):
    return "; ".join(figure_text(figure) for figure in figures)


def side_lines(document):
    for name, side in document["sides"].items():
        yield f"- {name}: {side['source']}, {side['version']}"
    if document["baseline"]:
        yield (f"- base: results stored in {document['baseline']}. They were not measured beside "
               "the new ones: what has changed on the machine since looks like the program's doing")


def run_lines(document, first):
    facts, settings = document["machine"], document["settings"]
    in_turn = len(document["sides"]) > 1
    alternately = " alternately (A B B A)" if in_turn else ""
    yield (f"- {document['runs']} runs{alternately} in {document['seconds']:.0f} s: "
           f"{len(document['cells'])} cells, {settings['rounds']} rounds, a file of "
           f"{format_size(settings['file_bytes'])} in the page cache")
    yield (f"- {facts['cpus']} CPUs ({facts['cpu_model']}), Linux {facts['kernel']}, load average "
           f"{facts['load_average_1_minute']:.2f} before the first run")
    if in_turn and not first.is_of_pairs:
        yield "- WARNING: not compared as pairs, as a program does not say when its runs began"
    for name, why in document["left_out"].items():
        yield f"- left out: {name} ({why})"


def outcome_lines(outcome):
    if outcome.confirmed:
        yield f"- **slower, twice: {figure_list(outcome.confirmed)}**"
    if outcome.once:
        yield f"- flagged in one of two comparisons only: {figure_list(outcome.once)}"
    if outcome.inconclusive:
        yield ("- inconclusive, as the noise was larger than the threshold: "
               f"{figure_list(outcome.inconclusive)}")


def comparison_parts(title, comparison):
    if comparison:
        yield f"### {title}\n\n{comparison.markdown.strip()}"


def markdown(document, first, again, outcome):
    parts = [f"## aiobench: {TITLES[outcome.name]}"]
    lines = list(outcome_lines(outcome))
    parts += ["\n".join(lines)] if lines else []
    parts.append("\n".join([*side_lines(document), *run_lines(document, first)]))
    parts += comparison_parts("Compared", first)
    parts += comparison_parts("What was flagged, run once more", again)
    return "\n\n".join(parts)
