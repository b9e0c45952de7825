// Draws a network of actors from its JSON address; search, list and buttons do everything without dragging.
const SHAPES = { person: "ellipse", organisation: "round-rectangle", body: "hexagon", project: "diamond" };
const MANY = 600; // nodes from which drawing gets simpler
const HITS = 12;
const HUBS = 8;
const SQUARE = 120; // pixels of the screen
const STILL = 120; // milliseconds

// Cytoscape adds a style element of its own unless one with this name is there; the strict CSP forbids it.
function replaceOwnStyle() {
  const stand = document.createElement("meta");
  stand.id = "__________cytoscape_stylesheet";
  document.head.append(stand);
}

// Tokens as rgb(), for light and dark: they are oklch(), which Cytoscape does not read, so a pixel is painted with each.
function colours(frame) {
  const probe = frame.appendChild(document.createElement("span"));
  const brush = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    brush.fillStyle = getComputedStyle(probe).color;
    brush.fillRect(0, 0, 1, 1);
    return `rgb(${brush.getImageData(0, 0, 1, 1).data.slice(0, 3).join(",")})`;
  };
  const found = Object.fromEntries(
    [...Object.keys(SHAPES), "line", "text", "ground", "mark"].map((name) => [name, colour(`--network-${name}`)]),
  );
  probe.remove();
  return found;
}

function style(frame, many) {
  const colour = colours(frame);
  return [
    {
      selector: "node",
      style: {
        label: "data(name)", width: "data(size)", height: "data(size)", color: colour.text,
        "font-family": "Fira Sans", "font-size": "data(letters)", "text-wrap": "ellipsis", "text-max-width": "data(width)",
        "text-valign": "bottom", "text-margin-y": 3, "min-zoomed-font-size": smallest(many),
        "text-background-color": colour.ground, "text-background-opacity": many ? 0 : 0.75,
      },
    },
    ...Object.entries(SHAPES).map(([kind, shape]) => ({
      selector: `node[kind = "${kind}"]`,
      style: { shape, "background-color": colour[kind] },
    })),
    { selector: "edge", style: { width: 1.5, "line-color": colour.line, "curve-style": "haystack", "haystack-radius": 0, opacity: 0.7 } },
    { selector: "node.hub", style: { "min-zoomed-font-size": 0, "text-background-opacity": 0.75, "z-index": 10 } },
    { selector: "node.unnamed", style: { label: "" } },
    { selector: ".faded", style: { opacity: 0.15, "text-opacity": 0 } },
    { selector: "edge.near", style: { width: 3, "line-color": colour.mark, opacity: 1 } },
    { selector: "node.near", style: { label: "data(name)", "min-zoomed-font-size": 0 } },
    { selector: "node.one", style: { label: "data(name)", "border-width": 5, "border-color": colour.mark, "min-zoomed-font-size": 0 } },
  ];
}

const lettersOf = (degree) => 13 + Math.min(11, 3 * Math.sqrt(degree));
const smallest = (many) => (many ? 9 : 7); // pixels of the screen from which a name is read

function elements({ nodes, edges }) {
  return [
    ...nodes.map(({ id, name, kind, url, actor, degree, place: [x, y] }) => ({
      group: "nodes",
      data: { id, name, kind, url, actor, degree, width: 110, size: 16 + Math.min(28, 5 * Math.sqrt(degree)), letters: lettersOf(degree) },
      position: { x, y },
    })),
    ...edges.map(([source, target, words]) => ({ group: "edges", data: { source, target, words } })),
  ];
}

function button(text, note, press) {
  const item = document.createElement("li");
  const pressed = item.appendChild(document.createElement("button"));
  pressed.type = "button";
  pressed.className = "network__hit";
  pressed.textContent = text;
  if (note) pressed.appendChild(document.createElement("span")).textContent = ` (${note})`;
  pressed.addEventListener("click", press);
  return item;
}

function panel(frame, show) {
  const box = frame.querySelector(".network__one");
  const part = (name) => box.querySelector(`[data-one="${name}"]`);
  return (node) => {
    box.hidden = false;
    part("name").textContent = node.data("name");
    part("name").href = node.data("url");
    part("connections").textContent = frame.querySelector(`.network__key--${node.data("kind")}`).textContent;
    const around = part("around");
    around.closest("p").hidden = !node.data("actor");
    around.href = around.dataset.pattern.replace(/0$/, node.data("actor"));
    const lines = node.connectedEdges().map((edge) => {
      const other = edge.source().same(node) ? edge.target() : edge.source();
      return button(other.data("name"), edge.data("words"), () => show(other, true));
    });
    part("others").replaceChildren(...lines);
  };
}

function search(frame, graph, show) {
  const input = frame.querySelector("#network-search");
  const list = frame.querySelector(".network__hits");
  const status = frame.querySelector(".network__status");
  input.addEventListener("input", () => {
    const words = input.value.trim().toLocaleLowerCase();
    const found = words.length < 2 ? [] : graph.nodes().filter((node) => node.data("name").toLocaleLowerCase().includes(words));
    list.replaceChildren(...found.slice(0, HITS).map((node) => button(node.data("name"), "", () => show(node, true))));
    status.textContent = words.length >= 2 && !found.length ? frame.dataset.none : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    list.querySelector("button")?.click();
  });
}

// The shortest ways between two sectors stand out from the rest.
function markWays(graph, ways) {
  if (!ways.length) return;
  const nodes = graph.nodes().filter((node) => ways.some((way) => way.includes(node.id())));
  const edges = nodes.edgesWith(nodes).filter((edge) =>
    ways.some((way) => Math.abs(way.indexOf(edge.source().id()) - way.indexOf(edge.target().id())) === 1 && way.includes(edge.source().id()) && way.includes(edge.target().id())),
  );
  graph.elements().addClass("faded");
  nodes.union(edges).removeClass("faded").addClass("near");
}

// The best connected ones carry their name also where the rest is too small for one.
function findHubs(graph) {
  const best = graph.nodes().sort((one, other) => other.data("degree") - one.data("degree")).slice(0, HUBS);
  return best.filter((node) => node.data("degree") > 2).addClass("hub");
}

function sizeNames(hubs) {
  hubs.forEach((node) => {
    const zoom = node.cy().zoom();
    node.data({ letters: Math.max(lettersOf(node.data("degree")), 12 / zoom), width: Math.max(110, 120 / zoom) });
  });
}

// A name stays where no name of a better connected one lies already: looked at in squares of the screen.
function separateNames(graph, many) {
  const [zoom, { x1, y1, x2, y2 }] = [graph.zoom(), graph.extent()];
  const inside = ({ x, y }) => x >= x1 && x <= x2 && y >= y1 && y <= y2;
  const taken = new Map();
  graph.batch(() => {
    const drawn = 2 ** Math.ceil(Math.log2(many ? zoom : zoom * devicePixelRatio)); // as Cytoscape rounds it
    const isRead = (node) => node.data("letters") * drawn >= smallest(many) && inside(node.position());
    const seen = graph.nodes().filter(isRead);
    seen.sort((one, other) => other.data("degree") - one.data("degree")).forEach((node) => {
      const letters = node.data("letters") * zoom;
      const half = Math.min(node.data("width") * zoom, node.data("name").length * letters * 0.55) / 2;
      const { x, y } = node.renderedPosition();
      const top = y + (node.data("size") / 2 + 3) * zoom;
      const box = { left: x - half, right: x + half, top, bottom: top + letters * 1.3 };
      const squares = squaresOf(box);
      const free = squares.every((key) => (taken.get(key) ?? []).every((other) => apart(box, other)));
      node.toggleClass("unnamed", !free);
      if (free) squares.forEach((key) => taken.set(key, [...(taken.get(key) ?? []), box]));
    });
  });
}

function squaresOf({ left, right, top, bottom }) {
  const keys = [];
  for (let column = Math.floor(left / SQUARE); column <= right / SQUARE; column += 1)
    for (let row = Math.floor(top / SQUARE); row <= bottom / SQUARE; row += 1) keys.push(`${column}/${row}`);
  return keys;
}

const apart = (one, other) => one.right < other.left || other.right < one.left || one.bottom < other.top || other.bottom < one.top;

function whenStill(graph, act) {
  let waiting;
  graph.on("viewport resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(act, STILL);
  });
  act();
}

function draw(frame, data) {
  const canvas = frame.querySelector(".network__canvas");
  const many = data.nodes.length > MANY;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches || many;
  const graph = cytoscape({
    container: canvas, elements: elements(data), style: style(frame, many), layout: { name: "preset", fit: true, padding: 30 },
    minZoom: 0.02, maxZoom: 3, autoungrabify: true, boxSelectionEnabled: false,
    hideEdgesOnViewport: many, textureOnViewport: many, pixelRatio: many ? 1 : "auto",
  });
  const hubs = findHubs(graph);
  whenStill(graph, () => {
    sizeNames(hubs);
    separateNames(graph, many);
  });
  // The page scrolls with the wheel; only with a key held the picture zooms.
  canvas.addEventListener("wheel", (event) => { if (!event.ctrlKey && !event.metaKey) event.stopImmediatePropagation(); }, { capture: true });
  const move = (how) => (calm ? graph.viewport(how) : graph.animate({ ...how, duration: 250 }));
  const centred = (node, zoom) => {
    const { x, y } = node.position();
    return { zoom, pan: { x: graph.width() / 2 - x * zoom, y: graph.height() / 2 - y * zoom } };
  };
  const tell = panel(frame, (node, focus) => show(node, focus));
  function show(node, focus) {
    graph.elements().removeClass("one near faded");
    const near = node.closedNeighborhood();
    graph.elements().difference(near).addClass("faded");
    near.addClass("near");
    node.addClass("one");
    tell(node);
    if (focus) {
      move(centred(node, Math.max(graph.zoom(), 0.9)));
      frame.querySelector(".network__one").focus({ preventScroll: true });
    }
  }
  graph.on("tap", "node", (event) => show(event.target, false));
  graph.on("tap", (event) => {
    if (event.target !== graph) return;
    graph.elements().removeClass("one near faded");
    frame.querySelector(".network__one").hidden = true;
  });
  frame.querySelectorAll("[data-zoom]").forEach((press) =>
    press.addEventListener("click", () => {
      if (press.dataset.zoom === "fit") graph.fit(undefined, 30);
      else graph.zoom({ level: graph.zoom() * Number(press.dataset.zoom), renderedPosition: { x: graph.width() / 2, y: graph.height() / 2 } });
    }),
  );
  search(frame, graph, show);
  const again = () => graph.style(style(frame, many));
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-kern-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  markWays(graph, data.ways);
  if (data.root) {
    graph.getElementById(data.root).addClass("one");
    tell(graph.getElementById(data.root));
  }
  frame.dataset.drawn = "";
}

async function start(frame) {
  try {
    const answer = await fetch(frame.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    replaceOwnStyle();
    draw(frame, await answer.json());
  } catch {
    frame.querySelector(".network__status").textContent = frame.dataset.failed;
  }
}

document.querySelectorAll("[data-network]").forEach(start);
