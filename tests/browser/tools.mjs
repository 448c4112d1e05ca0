// What the browser tests share: the browser itself, and the libraries of web/.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export const launch = () => chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });

/** A page whose errors are collected: scripts that throw, and what the content-security policy stopped. */
export async function open(browser, url, { size = DESKTOP, scheme = "dark", ...options } = {}) {
  const context = await browser.newContext({ viewport: size, timezoneId: "Europe/Amsterdam", locale: "en-GB", ...options });
  if (scheme === "light") await context.addInitScript(() => { if (location.protocol !== "about:") localStorage.setItem("larmor-scheme", "light"); });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && !/Failed to load resource/.test(message.text()) && errors.push(message.text()));
  await page.goto(url);
  return { page, context, errors };
}

const axe = () => readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds on the page as it is now, one line each. Run through the debugger, which no policy stops. */
export async function axeFindings(page) {
  await page.evaluate(axe());
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary?.replaceAll("\n", " ")}`));
}

/** How many pixels of a plane have about that colour. */
export const coloured = (plane, [red, green, blue]) => plane.evaluate((canvas, wanted) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) if (wanted.every((value, n) => Math.abs(data[at + n] - value) < 40)) count += 1;
  return count;
}, [red, green, blue]);

/** Drops a file or a folder of this machine on an element, as from a file manager. */
export async function drop(page, element, path) {
  const box = await element.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const debug = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) await debug.send("Input.dispatchDragEvent", { type, x, y, data });
  await debug.detach();
}

/** Pictures for people, where SHOTS names a folder. */
export async function shot(page, name) {
  const folder = process.env.SHOTS;
  if (!folder) return;
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: !name.includes("fold") });
}
