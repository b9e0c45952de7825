// The widget PlacePicker: a click on the map, or the map's centre by a button, fills the two coordinates.
const DIGITS = 6;

function pinIcon() {
  return L.divIcon({ className: "map-pin", iconSize: [28, 28], iconAnchor: [14, 26] });
}

async function showArea(map, address) {
  try {
    const answer = await fetch(address);
    if (!answer.ok) return;
    const area = L.geoJSON(await answer.json(), {
      style: { color: "#2044aa", weight: 2, fillOpacity: 0.06, interactive: false },
    }).addTo(map);
    if (!map.hasPlace && area.getBounds().isValid()) map.fitBounds(area.getBounds(), { animate: false });
  } catch {
    // The boundary is an aid; the map works without it.
  }
}

function start(picker) {
  const { tiles, attribution, centre, area, zoomIn, zoomOut, pin: pinName, chosen, none } = picker.dataset;
  const [latitude, longitude] = picker.querySelectorAll("input[type=number]");
  const status = picker.querySelector("[data-status]");
  const map = L.map(picker.querySelector(".map__canvas"), { zoomControl: false }).setView(centre.split(",").map(Number), 15);
  map.attributionControl.setPrefix("Leaflet");
  L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
  let marker = null;

  const show = (move) => {
    const given = latitude.value !== "" && longitude.value !== "";
    const position = [Number(latitude.value), Number(longitude.value)];
    const valid = given && Math.abs(position[0]) <= 90 && Math.abs(position[1]) <= 180;
    marker?.remove();
    marker = valid ? L.marker(position, { icon: pinIcon(), title: pinName, alt: pinName, keyboard: false, interactive: false }).addTo(map) : null;
    map.hasPlace = valid;
    if (valid && move) map.setView(position, Math.max(map.getZoom(), 16), { animate: false });
    status.textContent = valid ? chosen : none;
  };
  const take = ({ lat, lng }) => {
    latitude.value = lat.toFixed(DIGITS);
    longitude.value = L.Util.wrapNum(lng, [-180, 180], true).toFixed(DIGITS);
    latitude.dispatchEvent(new Event("change", { bubbles: true }));
  };

  map.on("click", (event) => take(event.latlng));
  picker.querySelector("[data-take-centre]").addEventListener("click", () => take(map.getCenter()));
  picker.querySelector("[data-clear]").addEventListener("click", () => {
    latitude.value = longitude.value = "";
    latitude.dispatchEvent(new Event("change", { bubbles: true }));
  });
  picker.addEventListener("change", (event) => {
    if (event.target === latitude || event.target === longitude) show(false);
  });
  show(true);
  if (area) showArea(map, area);
}

document.querySelectorAll("[data-place-picker]").forEach(start);
