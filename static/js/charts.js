/* Draws what the server sent as data over the drawing that stands there already. Colours arrive as names of tokens
   (`var(--mood-3)`) and get their values from the page's theme, again whenever it changes. */
const tokens = /^var\((--[\w-]+)\)$/;
const settings = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false };
const dark = matchMedia("(prefers-color-scheme: dark)");

function painter() {
  const probe = document.body.appendChild(document.createElement("span"));
  const known = new Map();
  const value = (name) => {
    if (!known.has(name)) {
      probe.style.color = `var(${name})`;
      known.set(name, getComputedStyle(probe).color);
    }
    return known.get(name);
  };
  const paint = (part) => {
    if (typeof part === "string") return tokens.test(part) ? value(part.match(tokens)[1]) : part;
    if (Array.isArray(part)) return part.map(paint);
    if (part && typeof part === "object") {
      return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, paint(each)]));
    }
    return part;
  };
  return { paint, done: () => probe.remove() };
}

function draw(chart) {
  const { paint, done } = painter();
  const figure = paint(chart.figure);
  done();
  for (const trace of figure.data.filter((each) => chart.hidden.has(each.name))) {
    if (trace.fill === "tonexty") trace.fillcolor = "rgba(0,0,0,0)"; // a band keeps its place in the pile
    else trace.visible = false;
  }
  if (figure.layout.annotations) {
    figure.layout.annotations = figure.layout.annotations.filter((each) => !chart.hidden.has(each.text));
  }
  const isNarrow = chart.live.clientWidth < 480; // no room for names beside points: a pointer still reads them
  if (isNarrow) {
    for (const trace of figure.data) if (trace.mode === "markers+text") trace.mode = "markers";
    const ticks = figure.layout.xaxis.tickvals;
    if (ticks) figure.layout.xaxis.tickvals = ticks.map((each, at) => (at % 2 ? each : null));
  }
  return Plotly.react(chart.live, figure.data, figure.layout, settings);
}

function legend(chart) {
  for (const line of chart.holder.closest("figure").querySelectorAll("[data-trace]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...line.childNodes);
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => {
      const name = line.dataset.trace;
      const shows = chart.hidden.delete(name);
      if (!shows) chart.hidden.add(name);
      button.setAttribute("aria-pressed", String(shows));
      draw(chart);
    });
    line.append(button);
  }
}

/* One week at a time beside the map: by a click on its arrowhead, or by the two buttons. */
function stops(chart) {
  const side = document.querySelector("[data-stops]");
  if (!side) return;
  const all = [...side.querySelectorAll("[data-stop]")];
  const say = side.querySelector("[data-stop-nav]");
  let at = all.length - 1;
  const show = (place) => {
    at = Math.min(Math.max(place, 0), all.length - 1);
    all.forEach((each, index) => (each.hidden = index !== at));
    const [earlier, later] = say.querySelectorAll("button");
    earlier.disabled = at === 0;
    later.disabled = at === all.length - 1;
    const trace = chart.figure.data.findIndex((each) => each.name === "weeks");
    const sizes = all.map((_, index) => (index === at ? 22 : 14));
    Plotly.restyle(chart.live, { "marker.size": [sizes] }, [trace]);
  };
  say.hidden = false;
  const [earlier, later] = say.querySelectorAll("button");
  earlier.addEventListener("click", () => show(at - 1));
  later.addEventListener("click", () => show(at + 1));
  chart.live.on("plotly_click", (event) => {
    const found = all.findIndex((each) => each.dataset.stop === event.points[0].customdata);
    if (found >= 0) show(found);
  });
  show(at);
}

async function begin(holder) {
  const data = document.getElementById(holder.dataset.chart);
  if (!data || !globalThis.Plotly) return;
  const live = document.createElement("div");
  live.className = "taste-live";
  live.setAttribute("aria-hidden", "true");
  holder.append(live);
  const chart = { holder, live, figure: JSON.parse(data.textContent), hidden: new Set() };
  try {
    await draw(chart);
  } catch (problem) {
    live.remove();
    throw problem;
  }
  holder.classList.add("is-live");
  legend(chart);
  stops(chart);
  dark.addEventListener("change", () => draw(chart));
}

document.querySelectorAll("[data-chart]").forEach(begin);
