// The first page may load so much script and no more; what it loads is what its own HTML names, and what that imports at once.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 200_000;
const dist = new URL("../dist/", import.meta.url);
const html = readFileSync(new URL("index.html", dist), "utf8");

const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>/g)];
if (inline.length > 0) {
  console.error("index.html has an inline script, which the content-security policy forbids");
  process.exit(1);
}

const wanted = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path);
const sizes = new Map();
while (wanted.length > 0) {
  const path = wanted.pop();
  if (sizes.has(path)) continue;
  const code = readFileSync(new URL(path, dist));
  sizes.set(path, gzipSync(code, { level: 9 }).length);
  for (const [, next] of code.toString().matchAll(/(?:^|[;}])import(?:[^"'()]*?from)?["']\.\/([^"']+\.js)["']/g)) wanted.push(`assets/${next}`);
}
const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
for (const [path, size] of sizes) console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${path}`);
console.log(`${(total / 1000).toFixed(1).padStart(7)} kB  script of the first page, gzipped; the budget is ${BUDGET / 1000} kB`);
if (total > BUDGET) {
  console.error("Over the budget. Load what the first page does not show with import().");
  process.exit(1);
}
