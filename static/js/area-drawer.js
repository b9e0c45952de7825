// The widget AreaDrawer: clicks on the map, or its centre by a button, add corners to a list of places.
const DIGITS = 6;
const STYLE = { color: "#2044aa", weight: 3, fillOpacity: 0.15, interactive: false };
const NUMBER = /-?\d+(?:[.,]\d+)?/g;

const read = (text) =>
  text
    .split("\n")
    .map((line) => (line.match(NUMBER) ?? []).map((number) => Number(number.replace(",", "."))))
    .filter((pair) => pair.length === 2 && Math.abs(pair[0]) <= 90 && Math.abs(pair[1]) <= 180);

function start(drawer) {
  const { tiles, attribution, centre, zoomIn, zoomOut, none, corners: counted } = drawer.dataset;
  const field = drawer.querySelector("textarea");
  const status = drawer.querySelector("[data-status]");
  const map = L.map(drawer.querySelector(".map__canvas"), { zoomControl: false }).setView(centre.split(",").map(Number), 17);
  map.attributionControl.setPrefix("Leaflet");
  L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
  const drawn = L.featureGroup().addTo(map);

  const show = (move) => {
    const corners = read(field.value);
    drawn.clearLayers();
    for (const corner of corners) L.circleMarker(corner, { ...STYLE, radius: 5, fillOpacity: 1 }).addTo(drawn);
    if (corners.length > 1) L.polygon(corners, STYLE).addTo(drawn);
    if (move && corners.length) map.fitBounds(drawn.getBounds(), { padding: [24, 24], maxZoom: 18, animate: false });
    status.textContent = corners.length ? counted.replace("{}", corners.length) : none;
  };
  const write = (lines) => {
    field.value = lines.join("\n");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    show(false);
  };
  const lines = () => field.value.split("\n").filter((line) => line.trim());
  const add = ({ lat, lng }) => write([...lines(), `${lat.toFixed(DIGITS)} ${L.Util.wrapNum(lng, [-180, 180], true).toFixed(DIGITS)}`]);

  map.on("click", (event) => add(event.latlng));
  drawer.querySelector("[data-take-centre]").addEventListener("click", () => add(map.getCenter()));
  drawer.querySelector("[data-take-back]").addEventListener("click", () => write(lines().slice(0, -1)));
  drawer.querySelector("[data-clear]").addEventListener("click", () => write([]));
  field.addEventListener("input", () => show(false));
  show(true);
}

document.querySelectorAll("[data-area-drawer]").forEach(start);
