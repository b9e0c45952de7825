// Fills every map of {% map_frame %}: points and boundary from GeoJSON addresses, pins for the keyboard too.
const json = async (address) => {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};

function nameControls(map, frame) {
  for (const [selector, text] of [
    [".leaflet-control-zoom-in", frame.dataset.zoomIn],
    [".leaflet-control-zoom-out", frame.dataset.zoomOut],
  ]) {
    const control = map.getContainer().querySelector(selector);
    control?.setAttribute("title", text);
    control?.setAttribute("aria-label", text);
  }
  map.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", frame.dataset.close);
  });
}

function popupOf({ name, url, text }) {
  const box = document.createElement("div");
  const title = box.appendChild(document.createElement(url ? "a" : "strong"));
  title.textContent = name;
  if (url) title.href = url;
  if (text) box.appendChild(document.createElement("p")).textContent = text;
  return box;
}

function pin(feature, position) {
  const { name } = feature.properties;
  const icon = L.divIcon({ className: "map-pin", iconSize: [28, 28], iconAnchor: [14, 26], popupAnchor: [0, -22] });
  const marker = L.marker(position, { icon, alt: name, title: name, riseOnHover: true });
  marker.on("add", () => marker.getElement()?.setAttribute("aria-label", name));
  return marker.bindPopup(popupOf(feature.properties));
}

const group = (frame) =>
  frame.hasAttribute("data-cluster") && L.markerClusterGroup
    ? L.markerClusterGroup({
        showCoverageOnHover: false,
        maxClusterRadius: 48,
        iconCreateFunction: (cluster) =>
          L.divIcon({ className: "map-cluster", html: String(cluster.getChildCount()), iconSize: [36, 36] }),
      })
    : L.featureGroup();

const AREA = { color: "#2044aa", weight: 2, fillOpacity: 0.06, interactive: false };

async function fill(map) {
  const frame = map.getContainer().closest(".map");
  if (!frame?.dataset.points && !frame?.dataset.area) return;
  nameControls(map, frame);
  const bounds = L.latLngBounds([]);
  try {
    const [area, points] = await Promise.all([frame.dataset.area ? json(frame.dataset.area) : null, frame.dataset.points ? json(frame.dataset.points) : []]);
    if (area) bounds.extend(L.geoJSON(area, { style: AREA }).addTo(map).getBounds());
    const markers = group(frame).addTo(map);
    L.geoJSON(points, { pointToLayer: pin }).eachLayer((layer) => markers.addLayer(layer));
    if (markers.getLayers().length) bounds.extend(markers.getBounds());
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 17, animate: false });
    map.fire("zentrum:filled");
    frame.dataset.filled = "";
  } catch {
    frame.querySelector(".map__status").textContent = frame.dataset.failed;
  }
}

window.addEventListener("map:init", (event) => fill(event.detail.map));
