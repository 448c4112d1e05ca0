// Pictures of every page for docs/pages, from the fixture's studies: node tests/browser/pictures.mjs
import { mkdirSync } from "node:fs";

import { serve } from "./fixture/server.mjs";
import { everyState } from "./fixture/world.mjs";
import { launch, open, ROOT } from "./tools.mjs";

const FOLDER = `${ROOT}docs/pages`;
const SIZE = { width: 1280, height: 800 };
const { world, uids } = everyState();
const PAGES = { studies: "/", study: `/studies/${uids.archived}`, queue: "/queue", rules: "/rules", events: "/events", destinations: "/destinations", start: "/start", settings: "/settings", doctor: "/doctor", upload: "/upload" };

const server = await serve(world);
const browser = await launch();
mkdirSync(FOLDER, { recursive: true });
for (const [name, path] of Object.entries(PAGES)) {
  // Every second one light, so that both are seen.
  const scheme = Object.keys(PAGES).indexOf(name) % 2 === 0 ? "dark" : "light";
  const { page, context } = await open(browser, server.url + path, { scheme, size: SIZE, deviceScaleFactor: 0.75 });
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined); // the event stream never rests
  await page.screenshot({ path: `${FOLDER}/${name}.jpg`, type: "jpeg", quality: 78 });
  await context.close();
}
await browser.close();
await server.close();
