// The OHIF viewer over an archive's DICOMweb, both behind one address, as a hospital's reverse proxy would put them.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { extname, join, normalize } from "node:path";

import { open, ROOT } from "./tools.mjs";

/** tools/fetch_ohif puts it there. */
export const OHIF = join(ROOT, "third_party/ohif");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm", ".svg": "image/svg+xml" };
function file(path, response) {
  const wanted = join(OHIF, normalize(path.replace(/^\/ohif\//, "/")));
  const found = wanted.startsWith(OHIF) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(OHIF, "index.html");
  response.writeHead(200, { "content-type": TYPES[extname(found)] ?? "application/octet-stream" });
  createReadStream(found).pipe(response);
}

/** Answers a server whose `address` shows the viewer of the archive at that port; end it with `close()`. */
export async function viewer(archivePort) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://here");
    if (!pathname.startsWith("/dicom-web/")) file(decodeURIComponent(pathname), response);
    else {
      const { method, headers, url: path } = request;
      const asked = ask({ host: "127.0.0.1", port: archivePort, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      asked.on("error", (error) => response.writeHead(502).end(String(error)));
      request.pipe(asked);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}`;
  return { address, close: () => { server.closeAllConnections(); server.close(); } };
}

const LOADING_MS = 120_000;
/** Small, as the processor draws every pixel of it. */
const SCREEN = { width: 1000, height: 640 };

/** A page of OHIF with the study's images and its segmentation on them, as a double click and "Yes" bring it. */
export async function openSegmentation(browser, address, study) {
  const { page, context } = await open(browser, `${address}/ohif/viewer?StudyInstanceUIDs=${study}`, { size: SCREEN });
  await page.getByText("Skip all").click({ timeout: LOADING_MS });
  await page.waitForFunction(() => {
    const [viewport] = globalThis.services?.cornerstoneViewportService.getRenderingEngine()?.getViewports() ?? [];
    return viewport?.getCurrentImageId?.() && globalThis.cornerstone.cache.getImage(viewport.getCurrentImageId());
  }, undefined, { timeout: LOADING_MS });
  // OHIF then asks for every frame by itself, which takes a quarter of an hour.
  const refused = page.waitForEvent("console", { predicate: (message) => message.text().includes("prefetch failed"), timeout: 0 });
  const opened = page.locator('[data-cy="study-browser-thumbnail-no-image"]', { hasText: "SEG" }).dblclick()
    .then(() => page.getByRole("button", { name: "Yes", exact: true }).click({ timeout: LOADING_MS }));
  const refusal = await Promise.race([opened, refused]);
  if (refusal) throw new Error(`OHIF does not take the segmentation's file as one piece: ${refusal.text()}`);
  await page.waitForFunction(() => globalThis.services.segmentationService.getSegmentations().length > 0, undefined, { timeout: LOADING_MS });
  return { page, context };
}

/** The list of segments beside the images, by number: the name and the colour ("rgb(1, 2, 3)") of each. */
export async function listed(page) {
  await page.locator('[data-cy="side-panel-header-right"]').click();
  const rows = page.locator('[data-cy="data-row"]');
  await rows.first().waitFor();
  return Object.fromEntries(await rows.evaluateAll((all) => all.map((row) => {
    const [number, name] = row.innerText.split("\n");
    const patch = [...row.querySelectorAll("[style]")].find((one) => one.style.backgroundColor);
    return [number, { name, colour: patch?.style.backgroundColor }];
  })));
}

/** The segmentation as OHIF holds it, by segment number: how many voxels, and their centre in millimetres. */
export const places = (page) => page.evaluate(() => {
  const { services, cornerstone } = globalThis;
  const [{ representationData }] = services.segmentationService.getSegmentations();
  const found = {};
  for (const id of representationData.Labelmap.imageIds) {
    const image = cornerstone.cache.getImage(id);
    const { columns, rowCosines: r, columnCosines: c, imagePositionPatient: p, rowPixelSpacing, columnPixelSpacing } =
      cornerstone.metaData.get("imagePlaneModule", image.referencedImageId);
    image.voxelManager.getScalarData().forEach((number, at) => {
      if (!number) return;
      const one = found[number] ??= { voxels: 0, centre: [0, 0, 0] };
      const [x, y] = [(at % columns) * columnPixelSpacing, Math.floor(at / columns) * rowPixelSpacing];
      one.voxels += 1;
      one.centre = one.centre.map((sum, axis) => sum + p[axis] + r[axis] * x + c[axis] * y);
    });
  }
  for (const one of Object.values(found)) one.centre = one.centre.map((sum) => sum / one.voxels);
  return found;
});

/** Turns to the axial image at that height; what is drawn follows. */
export const showSlice = (page, mm) => page.evaluate(async (height) => {
  const { services, cornerstone } = globalThis;
  const [viewport] = services.cornerstoneViewportService.getRenderingEngine().getViewports();
  const index = viewport.getImageIds().findIndex((id) => Math.abs(cornerstone.metaData.get("imagePlaneModule", id).imagePositionPatient[2] - height) < 0.01);
  await viewport.setImageIdIndex(index);
  viewport.render();
}, mm);

/** The share of the points (`at` in millimetres) that are drawn in the colour of their segment; greyish segments tell nothing. */
export const drawn = (page, points) => page.evaluate((all) => {
  const { services, cornerstoneTools } = globalThis;
  const [{ segmentationId }] = services.segmentationService.getSegmentations();
  const [viewport] = services.cornerstoneViewportService.getRenderingEngine().getViewports();
  const canvas = viewport.canvas;
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const scale = canvas.width / canvas.clientWidth;
  const tint = (rgb) => rgb.map((value) => value - (rgb[0] + rgb[1] + rgb[2]) / 3);
  const size = (v) => Math.hypot(...v);
  let [right, told] = [0, 0];
  for (const { at, number } of all) {
    const wanted = tint([...cornerstoneTools.segmentation.config.color.getSegmentIndexColor(viewport.id, segmentationId, number)].slice(0, 3));
    if (size(wanted) < 40) continue;
    const [x, y] = viewport.worldToCanvas(at).map((value) => Math.round(value * scale));
    const found = tint([...pixels.data.subarray(4 * (y * canvas.width + x), 4 * (y * canvas.width + x) + 3)]);
    told += 1;
    right += size(found) > 5 && wanted.reduce((sum, value, i) => sum + value * found[i], 0) > 0.95 * size(wanted) * size(found) ? 1 : 0;
  }
  return told > 0 ? right / told : 0;
}, points);
