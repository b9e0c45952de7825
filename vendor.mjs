// Copies the few third-party files that pages load into static/vendor/ (run by `npm ci`).
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(fileURLToPath(import.meta.url));
const FONT = "@fontsource/fira-sans";
const CLUSTER = "leaflet.markercluster";

const COPIES = [
  ["@kern-ux/native/dist/kern.min.css", "kern/kern.min.css"],
  ["@kern-ux/native/LICENSE.md", "kern/LICENSE.md"],
  ...["latin", "latin-ext"].flatMap((subset) =>
    [400, 500, 600].map((weight) => [
      `${FONT}/files/fira-sans-${subset}-${weight}-normal.woff2`,
      `fira-sans/fira-sans-${subset}-${weight}.woff2`,
    ]),
  ),
  [`${FONT}/LICENSE`, "fira-sans/LICENSE"],
  ["cytoscape/dist/cytoscape.min.js", "cytoscape/cytoscape.min.js"],
  ["cytoscape/LICENSE", "cytoscape/LICENSE"],
  [`${CLUSTER}/dist/leaflet.markercluster.js`, "markercluster/markercluster.js"],
  [`${CLUSTER}/dist/MarkerCluster.css`, "markercluster/markercluster.css"],
  [`${CLUSTER}/MIT-LICENCE.txt`, "markercluster/LICENSE.txt"],
];

async function copy([source, target]) {
  const from = join(ROOT, "node_modules", source);
  const to = join(ROOT, "static", "vendor", target);
  await mkdir(dirname(to), { recursive: true });
  const content = await readFile(from);
  // A source map that is not shipped would stop Django's manifest storage.
  const withoutMap = /\.(css|js)$/.test(target)
    ? content.toString("utf8").replace(/\n?\/[/*]# sourceMappingURL=.*$/m, "\n")
    : content;
  await writeFile(to, withoutMap);
}

if (existsSync(join(ROOT, "node_modules"))) {
  await rm(join(ROOT, "static", "vendor"), { recursive: true, force: true });
  await Promise.all(COPIES.map(copy));
  console.log(`${COPIES.length} files copied to static/vendor/`);
}
