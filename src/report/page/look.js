// Colours, lines and points. A shape or a word repeats everything that a colour shows.

// A mechanism has the same colour and point on the whole page, also under Wine.
const POINTS = ["circle", "rect", "rectRot", "star", "crossRot", "cross"];
const COLORS = 10;
const DASH = {now: [], base: [6, 4], wine: [2, 3], wineBase: [8, 3, 2, 3]};

// Everything is smaller on paper, including the charts.
function paperSize(size) {
  return document.documentElement.classList.contains("printing") ? size * 0.7 : size;
}

function cssColor(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

class Looks {
  constructor() {
    this.places = new Map();
  }

  // The look of an engine label, with or without "wine/".
  of(label) {
    const name = label.replace(/^wine\//, "");
    if (!this.places.has(name)) this.places.set(name, this.places.size);
    const place = this.places.get(name);
    return {
      color: cssColor(`--series-${place % COLORS}`),
      point: POINTS[(place + Math.floor(place / COLORS)) % POINTS.length],
    };
  }
}

// A striped fill for the bars of the baseline.
function hatched(color) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.strokeStyle = color;
  pen.lineWidth = 1.6;
  pen.beginPath();
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

function channels(color) {
  const hex = color.replace("#", "");
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

// A mix of two colours given as #rrggbb.
function mixed(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((one, i) => Math.round(one + (b[i] - one) * share)).join(" ")})`;
}

// True if black text has more contrast than white text on this mix, by the relative luminance of
// WCAG.
function takesDarkText(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  const linear = a.map((one, i) => {
    const value = (one + (b[i] - one) * share) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179;
}
