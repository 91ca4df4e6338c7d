// Creates elements of the page. Text from results is inserted as text and never parsed as HTML.

function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...content.filter((one) => one !== null));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

function svg(name, attributes, ...content) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

// The shape that a chart draws for a point style, in a box of 10 by 10.
function pointShape(style, color, hollow) {
  const fill = {fill: hollow ? "none" : color, stroke: color, "stroke-width": 1.6};
  const stroke = {fill: "none", stroke: color, "stroke-width": 1.8};
  switch (style) {
    case "rect":
      return svg("rect", {x: 1.5, y: 1.5, width: 7, height: 7, ...fill});
    case "rectRot":
      return svg("path", {d: "M5 0L10 5L5 10L0 5Z", ...fill});
    case "triangle":
      return svg("path", {d: "M5 .5L9.8 9L.2 9Z", ...fill});
    case "star":
      return svg("path", {d: "M5 0V10M0 5H10M1.5 1.5L8.5 8.5M8.5 1.5L1.5 8.5", ...stroke});
    case "crossRot":
      return svg("path", {d: "M1 1L9 9M9 1L1 9", ...stroke});
    case "cross":
      return svg("path", {d: "M5 0V10M0 5H10", ...stroke});
    default:
      return svg("circle", {cx: 5, cy: 5, r: 4, ...fill});
  }
}

// The symbol of a data set in a legend: its line and point, or its fill.
function swatch(look) {
  const box = svg("svg", {class: "swatch", viewBox: "0 0 28 12", "aria-hidden": "true"});
  if (look.fill) {
    box.append(svg("rect", {x: 8, y: 1, width: 12, height: 10, fill: look.fill}));
    if (look.hatched) {
      box.firstChild.setAttribute("fill", "none");
      box.firstChild.setAttribute("stroke", look.fill);
      box.append(svg("path", {d: "M8 11L18 1M12 11L20 3M8 7L14 1M16 11L20 7", stroke: look.fill}));
    }
    return box;
  }
  if (look.dash) {
    box.append(svg("line", {x1: 0, x2: 28, y1: 6, y2: 6, stroke: look.color, "stroke-width": 2,
                            "stroke-dasharray": look.dash.join(" ")}));
  }
  if (look.point) {
    const place = svg("g", {transform: "translate(9 1)"});
    place.append(pointShape(look.point, look.color, look.hollow));
    box.append(place);
  }
  return box;
}
