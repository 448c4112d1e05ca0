// The whole way with the real server: studies come by C-STORE and by upload while the pages are open.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { House, missing, until } from "./larmor.mjs";
import { axeFindings, coloured, drop, launch, open, shot } from "./tools.mjs";

/** A whole head takes its time on a small machine. */
const ANALYSIS_MS = 300_000;
const HIPPOCAMPUS = [0xf2, 0xd0, 0x30];

describe("with the real server", { skip: missing.length > 0 && `not here: ${missing.join(", ")}` }, () => {
  let browser;
  let house;
  before(async () => {
    browser = await launch();
    house = await House.open();
  });
  after(async () => {
    await browser?.close();
    await house?.close();
  });

  const row = (page, uid) => page.locator(`tr[data-study="${uid}"]`);

  /** Waits for a state; a study that fails instead is told at once, with its reason. */
  async function reaches(page, uid, words, timeout) {
    const failed = row(page, uid).getByText("Failed", { exact: true });
    await row(page, uid).getByText(words).or(failed).first().waitFor({ timeout });
    if (await failed.isVisible()) throw new Error(await row(page, uid).innerText());
  }

  it("the first page says how to send a study, and shows it when it comes", async () => {
    const { page, context, errors } = await open(browser, house.url);
    await page.getByText("Waiting for the first study").waitFor();
    await page.getByText(String(house.dicomPort), { exact: true }).waitFor();
    await page.getByText("LARMOR", { exact: true }).waitFor();
    await shot(page, "server-first");
    const { folder, study } = house.small();
    await house.send(folder);
    await row(page, study).getByText("Small, Sam").waitFor();
    await row(page, study).getByText("Complete, no rule wants it").waitFor({ timeout: 60_000 });
    await row(page, study).getByRole("link").click();
    await page.getByText("2026-01-31 23:30").waitFor();
    await page.getByText("1970-02-28").waitFor();
    await page.locator('details[data-type="rule.skipped"]').getByText(/Rule brain-t1 did not match: .+/).waitFor();
    await page.locator('details[data-type="instance.stored"]').getByText("3 images stored, from BROWSERTEST").waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  it("a head that arrives by C-STORE is seen from its first image to its results in the archive", async () => {
    const { page, context, errors } = await open(browser, house.url);
    const { folder, study } = house.dicomize();
    const sent = house.send(folder);
    await row(page, study).getByText("Arriving").waitFor({ timeout: 60_000 });
    await sent;
    await reaches(page, study, /Analysing \d+%/, 60_000);
    await shot(page, "server-analysing");
    await reaches(page, study, "Results in the archive", ANALYSIS_MS);
    await row(page, study).getByText(/Hippocampus \d\.\d\d \| \d\.\d\d ml/).waitFor();
    assert.deepEqual(errors, []);
    await shot(page, "server-studies");

    await row(page, study).getByRole("link").click();
    await page.getByRole("heading", { name: "Colin, Demo" }).waitFor();
    await page.locator('li[data-step="confirmed"][data-status="done"]').waitFor();
    assert.equal(await page.locator('li[data-status="done"]').count(), 7);
    const volumes = await page.getByRole("row", { name: /^Hippocampus/ }).getByRole("cell").allInnerTexts();
    assert.match(volumes[0], /^\d\.\d\d$/);
    await page.locator('details[data-type="rule.matched"]').getByText(/Rule brain-t1 matched: /).waitFor();
    const picture = page.getByRole("img", { name: "Picture axial" });
    await picture.scrollIntoViewIfNeeded();
    await page.waitForFunction((image) => image.complete && image.naturalWidth > 100, await picture.elementHandle());
    const pdf = await page.request.get(house.url + (await page.getByRole("link", { name: "Open the PDF" }).getAttribute("href")));
    assert.match((await pdf.body()).toString("latin1"), /^%PDF/);
    const frame = page.getByRole("group", { name: "Images with outlines" });
    await page.locator("[data-ready]").waitFor({ timeout: 60_000 });
    const coronal = frame.getByRole("application", { name: /^Coronal plane/ });
    await until("the outline of the hippocampus", async () => (await coloured(coronal, HIPPOCAMPUS)) > 20);
    await frame.getByRole("checkbox", { name: "Hippocampus" }).uncheck();
    await until("no outline", async () => (await coloured(coronal, HIPPOCAMPUS)) === 0);
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(errors, []);
    await page.evaluate(() => scrollTo(0, 0));
    await shot(page, "server-study");
    await context.close();
  });

  it("a folder dropped on the upload page: what is DICOM is taken, a duplicate kept once, the rest refused with its reason", async () => {
    const { page, context } = await open(browser, `${house.url}/upload`);
    const { folder, study } = house.small({ name: "Upload^Una" });
    writeFileSync(join(folder, "README.TXT"), "hello");
    const paths = readdirSync(folder).map((name) => join(folder, name));
    await drop(page, page.getByTestId("drop"), folder);
    await page.getByText("4 files done").waitFor();
    assert.equal(await page.locator('[data-count="ok"] dd').innerText(), "3");
    assert.equal(await page.locator('[data-count="warn"] dd').innerText(), "1");
    await page.getByText(/^Refused: .+/).waitFor();
    await page.getByRole("link", { name: "Upload, Una" }).waitFor();
    await page.getByLabel("Choose files").setInputFiles(paths.filter((path) => path.endsWith(".dcm")));
    await page.getByText("7 files done").waitFor();
    assert.equal(await page.locator('[data-count="plain"] dd').innerText(), "3");
    await page.getByRole("link", { name: "Upload, Una" }).click();
    await page.waitForURL(`**/studies/${study}`);
    await context.close();
  });

  it("a search finds a study by a part of the name, the ID or the description", async () => {
    const { page, context } = await open(browser, house.url);
    for (const words of ["una", "small-1", "phantom"]) {
      await page.getByRole("searchbox").fill(words);
      await page.waitForURL(new RegExp(`q=${words}`));
      await page.getByRole("row", { name: /Upload, Una/ }).waitFor();
      await page.getByRole("row", { name: /Colin, Demo/ }).waitFor({ state: "detached" });
    }
    await context.close();
  });

  it("a page that is open while the server restarts goes on by itself", async () => {
    const { page, context } = await open(browser, house.url);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("row", { name: /Small, Sam/ }).getByText("Complete, no rule wants it").waitFor();
    await house.larmor.stop("SIGKILL");
    await page.getByText("Reconnecting").waitFor();
    await house.startLarmor();
    const { folder, study } = house.small({ name: "Later^Lea" });
    await house.send(folder);
    await page.getByText("Live", { exact: true }).waitFor({ timeout: 30_000 });
    await row(page, study).getByText("Later, Lea").waitFor();
    await page.getByRole("row", { name: /Small, Sam/ }).getByText("Complete, no rule wants it").waitFor();
    await context.close();
  });

  it("images that come late lead to a second generation", async () => {
    const { page, context } = await open(browser, house.url, { size: { width: 1600, height: 900 } });  // with room for the column of images
    const first = house.small({ name: "Late^Lou" });
    await house.send(first.folder);
    await row(page, first.study).getByText("Complete, no rule wants it").waitFor({ timeout: 60_000 });
    await house.send(house.small({ study: first.study, name: "Late^Lou", images: 2, from: 3 }).folder);
    await row(page, first.study).getByText("1 / 5").waitFor();
    await row(page, first.study).getByRole("link").click();
    await page.locator('details[data-type="study.late"]').waitFor({ timeout: 60_000 });
    await page.locator('details[data-type="study.complete"]').getByText("Study complete again with 5 images").waitFor({ timeout: 60_000 });
    await context.close();
  });

  it("the page is served with the policy that it is made for", async () => {
    const answer = await fetch(house.url);
    assert.match(answer.headers.get("content-security-policy"), /default-src 'self'/);
    assert.doesNotMatch(answer.headers.get("content-security-policy"), /script-src[^;]*unsafe/);
    assert.equal((await fetch(`${house.url}/studies/1.2.3`)).headers.get("content-type")?.split(";")[0], "text/html");
    assert.ok(readFileSync(join(house.directory, "larmor.log"), "utf8").includes("Colin") === false, "a patient's name is in the log");
  });
});
