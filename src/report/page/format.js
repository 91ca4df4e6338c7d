// Formats values as text, in the units and with the digits of the other reports of aiobench.

const NONE = "\u2013";

// Three significant digits, or all digits before the decimal point.
function digits(value) {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

const RATE_UNITS = [
  {bytes: 2 ** 30, name: "GiB/s"},
  {bytes: 2 ** 20, name: "MiB/s"},
  {bytes: 2 ** 10, name: "KiB/s"},
];

// The unit of all rates of a section: one unit makes them easy to compare.
function rateUnit(bytesPerSecond) {
  const most = Math.max(0, ...bytesPerSecond);
  return RATE_UNITS.find((unit) => most >= unit.bytes) ?? {bytes: 1, name: "B/s"};
}

function timeText(nanoseconds) {
  const units = [[1e9, "s"], [1e6, "ms"], [1e3, "\u00b5s"]];
  for (const [size, name] of units) {
    if (nanoseconds >= size) return `${digits(nanoseconds / size)}\u00a0${name}`;
  }
  return `${Math.round(nanoseconds)}\u00a0ns`;
}

// A round number of a time axis: "10 ms" rather than "10.0 ms".
function axisTimeText(nanoseconds) {
  return timeText(nanoseconds).replace(/\.0+(?=\D)/, "");
}

function percentText(share) {
  const percent = share * 100;
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)}\u00a0%`;
}

// The difference of a ratio from 1: "-17.1 %".
function changeText(ratio) {
  const percent = (ratio - 1) * 100;
  if (percent > 9999) return `\u00d7${digits(ratio)}`;
  if (Math.abs(percent) < 0.05) return "0.0\u00a0%";
  return `${percent > 0 ? "+" : "\u2212"}${Math.abs(percent).toFixed(1)}\u00a0%`;
}

function plural(count, word) {
  return `${count.toLocaleString("en-US")} ${word}${count === 1 ? "" : "s"}`;
}

// "a", "a and b", "a, b and c"
function listText(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

// "p99.9"
function percentileName(percent) {
  return `p${percent}`;
}
