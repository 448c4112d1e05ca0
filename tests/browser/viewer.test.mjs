// The head with its structures on a study's page: what is drawn, found, hidden and told.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { serve } from "./fixture/server.mjs";
import { everyState } from "./fixture/world.mjs";
import { axeFindings, coloured, launch, open, PHONE, shot } from "./tools.mjs";

let browser;
let server;
const { world, uids } = everyState();
before(async () => {
  browser = await launch();
  server = await serve(world);
});
after(async () => {
  await browser.close();
  await server.close();
});

/** A study's page with the viewer ready; what is seen of it. */
async function viewer(test, options) {
  const { page, context, errors } = await open(browser, `${server.url}/studies/${uids.archived}`, options);
  test.after(() => context.close());
  const frame = page.getByRole("group", { name: "Images with outlines" });
  await page.locator("[data-ready]").waitFor({ timeout: 60_000 });
  const plane = (name) => frame.getByRole("application", { name: new RegExp(`^${name} plane`) });
  const place = frame.locator("[aria-live]");
  return { page, errors, frame, plane, place };
}

/** Canvases are drawn a moment after the page says so: asks until the answer is good, at most ten seconds. */
async function eventually(ask, good) {
  for (let left = 40; left > 0; left -= 1) {
    if (good(await ask())) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.fail(`still ${await ask()}`);
}

const YELLOW = [0xf2, 0xd0, 0x30];

describe("the images", () => {
  it("stand in the first screen of a finished study, under what happened and what was found", async (test) => {
    for (const [scheme, locale] of [["dark", "en-GB"], ["light", "nl-NL"]]) {
      const { page, context } = await open(browser, `${server.url}/studies/${uids.archived}`, { scheme, locale });
      test.after(() => context.close());
      await page.locator("[data-ready]").waitFor({ timeout: 60_000 });
      const lowest = async (of) => Math.max(...(await Promise.all((await of.all()).map((one) => one.boundingBox()))).map(({ y, height }) => y + height));
      assert.equal(await page.locator('li[data-status="done"]').count(), 7);
      assert.ok(await lowest(page.locator('li[data-status="done"]')) < 220);
      for (const words of [/^(Since the prior|Sinds het vorige onderzoek)$/, /^(Faster than normal ageing|Sneller dan normale veroudering)$/, /^(2nd centile|2e percentiel)$/])
        assert.ok(await lowest(page.getByText(words).first()) < 400, `${words}`);
      assert.ok(await lowest(page.locator("[data-plane]")) < 900, "the planes are seen without scrolling");
      await shot(page, `viewer-first-${locale}-fold`);
    }
  });

  it("show the left hippocampus first, on the right of the picture, with its volume", async (test) => {
    const { page, frame, plane, place, errors } = await viewer(test);
    await place.getByText("Left hippocampus").waitFor();
    await place.getByText("3.58 ml").waitFor();
    await place.getByText("2nd centile among healthy people").waitFor();
    await place.getByText("L 26").waitFor();
    await eventually(() => coloured(plane("Axial"), YELLOW), (count) => count > 40);
    const right = await plane("Axial").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      // The crosshair's upright line: teal from the top edge on.
      for (let x = 0; x < canvas.width; x += 1) if (data[4 * x + 2] > 120 && data[4 * x] < 100) return x / canvas.width;
      return 0;
    });
    assert.ok(right > 0.5, `the patient's left stands at ${right} of the picture's width`);
    assert.deepEqual(errors, []);
    assert.deepEqual(await axeFindings(page), []);
    await shot(page, "viewer");
    await frame.scrollIntoViewIfNeeded();
  });

  it("fill the structures where outlines are not wanted, and hide what is switched off", async (test) => {
    const { frame, plane } = await viewer(test);
    await eventually(() => coloured(plane("Axial"), YELLOW), (count) => count > 40);
    const outlined = await coloured(plane("Axial"), YELLOW);
    await frame.getByLabel("Opacity").fill("1");
    await frame.getByLabel("Outlines only").uncheck();
    const filled = await coloured(plane("Axial"), YELLOW);
    assert.ok(filled > 3 * outlined, `${filled} pixels filled, ${outlined} outlined`);
    await frame.getByRole("checkbox", { name: "Hippocampus" }).uncheck();
    assert.equal(await coloured(plane("Axial"), YELLOW), 0);
    await frame.getByRole("button", { name: "Show all" }).click();
    assert.equal(await coloured(plane("Axial"), YELLOW), filled);
    await frame.getByRole("button", { name: "Hide all" }).click();
    assert.equal(await coloured(plane("Coronal"), [0xe2, 0x62, 0x68]), 0);
  });

  it("go to the structure that is chosen in the table or in the legend", async (test) => {
    const { page, frame, place } = await viewer(test);
    await page.getByRole("row", { name: /Amygdala/ }).getByRole("button", { name: "Amygdala", exact: true }).click();
    await place.getByText("Left amygdala").waitFor();
    await frame.getByRole("button", { name: "Go to right putamen" }).click();
    await place.getByText("Right putamen").waitFor();
    await frame.getByRole("button", { name: "Go to right putamen", pressed: undefined }).and(page.locator("[aria-current]")).waitFor();
  });

  it("scroll the legend, and nothing else, to the structure under the crosshair", async (test) => {
    const { page, frame } = await viewer(test);
    const here = frame.locator("li[data-here]");
    const seen = () => here.evaluate((row) => {
      const [inner, outer] = [row.getBoundingClientRect(), row.parentElement.getBoundingClientRect()];
      return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
    });
    await here.filter({ hasText: "Hippocampus" }).waitFor();
    assert.ok(await seen());
    const table = page.getByRole("table", { name: "Volumes of the structures found" });
    for (const name of ["Brainstem", "Cerebral cortex"]) {
      await table.getByRole("button", { name, exact: true }).click();
      await here.filter({ hasText: name }).waitFor();
      const scrolled = await page.evaluate(() => scrollY);
      assert.ok(await seen(), `${name} is out of the legend's sight`);
      assert.equal(await page.evaluate(() => scrollY), scrolled);
    }
  });

  it("tell what is clicked, and move with the keyboard and the wheel", async (test) => {
    const { page, plane, place } = await viewer(test);
    const slice = (name) => page.locator(`[data-plane="${name}"] .number`).innerText();
    const box = await plane("Axial").boundingBox();
    await plane("Axial").click({ position: { x: 3, y: 3 } });
    await place.getByText("No structure here").waitFor();
    await plane("Axial").click({ position: { x: box.width * 0.62, y: box.height / 2 } });
    await place.getByText(/^Left/).waitFor();
    const [before] = (await slice("axial")).split("/").map(Number);
    await page.keyboard.press("PageUp");
    assert.equal(await slice("axial"), `${before - 1}/56`);
    await page.keyboard.press("PageDown");
    await page.mouse.wheel(0, 100);
    await page.waitForFunction((wanted) => document.querySelector('[data-plane="axial"] .number').textContent === wanted, `${before + 1}/56`);
    const across = await slice("sagittal");
    await page.keyboard.press("ArrowRight");
    assert.equal(await slice("sagittal"), `${Number(across.split("/")[0]) + 1}/54`);
  });

  it("lay the lesions over the FLAIR, each in the line of what became of it, and go to those of the table", async (test) => {
    const { page, frame, plane, place, errors } = await viewer(test);
    const [lesion, fresh] = [[0xff, 0x8a, 0x3c], [0xff, 0x4d, 0x7d]];
    const white = () => coloured(plane("Axial"), [0xfa, 0xfa, 0xfa]);
    await page.getByRole("row", { name: /^Left, juxtacortical/ }).getByRole("button").click();
    await place.getByText("New lesion").waitFor();
    await place.getByText(/^L 2[6-9] A (19|2[0-2]) H 2[2-6] mm$/).waitFor();
    await frame.getByRole("button", { name: "FLAIR", pressed: true }).waitFor();
    await eventually(() => coloured(plane("Axial"), fresh), (count) => count > 20);
    await eventually(white, (count) => count > 50);
    assert.equal(await coloured(plane("Axial"), YELLOW), 0, "no structure hides the FLAIR");
    assert.deepEqual(await axeFindings(page), []);
    await shot(page, "viewer-lesions");
    await page.getByRole("row", { name: /^Left, periventricular/ }).getByRole("button").click();
    await place.getByText("Lesion", { exact: true }).waitFor();
    await eventually(() => coloured(plane("Axial"), lesion), (count) => count > 20);
    await frame.getByRole("button", { name: "T1" }).click();
    await eventually(() => coloured(plane("Coronal"), [0xe2, 0x62, 0x68]), (count) => count > 20);
    await frame.getByRole("checkbox", { name: "White-matter lesions" }).uncheck();
    await eventually(() => coloured(plane("Axial"), lesion), (count) => count < 10);
    assert.deepEqual(errors, []);
  });

  it("show one plane large, and all of them on a phone", async (test) => {
    const { page, frame, plane } = await viewer(test, { size: PHONE });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.equal(await frame.getByRole("application").count(), 3);
    await shot(page, "viewer-phone");
    await frame.getByRole("button", { name: "Coronal" }).click();
    assert.equal(await frame.getByRole("application").count(), 1);
    await eventually(() => coloured(plane("Coronal"), YELLOW), (count) => count > 20);
  });

  it("show the structures as a solid that turns, without WebGL", async (test) => {
    const { page, frame, errors } = await viewer(test);
    await frame.getByRole("button", { name: "3-D" }).click();
    const solid = frame.getByRole("application", { name: /as a solid/ });
    const red = () => coloured(solid, [0xe2, 0x62, 0x68]);
    await eventually(red, (count) => count > 500);
    await frame.getByRole("checkbox", { name: "Cerebral cortex" }).uncheck();
    await eventually(red, (count) => count === 0);
    const picture = () => solid.evaluate((canvas) => canvas.toDataURL());
    const before = await picture();
    await solid.focus();
    await page.keyboard.press("ArrowLeft");
    await eventually(async () => (await picture()) !== before, (turned) => turned);
    await shot(page, "viewer-solid");
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(errors, []);
  });

  it("say what is wrong where they cannot be read", async (test) => {
    const { page, context } = await open(browser, "about:blank");
    test.after(() => context.close());
    await context.route("**/files/labels.nii.gz", (route) => route.fulfill({ status: 404, body: "" }));
    await page.goto(`${server.url}/studies/${uids.archived}`);
    await page.getByRole("alert").getByText(/The images cannot be shown: the server answered 404 for .*labels.nii.gz/).waitFor({ timeout: 60_000 });
    await page.getByRole("row", { name: /Hippocampus/ }).waitFor();
  });
});

describe("the volumes", () => {
  it("stand among healthy people: in the row, and by age with a table behind the chart", async (test) => {
    const { page, errors } = await viewer(test);
    await page.getByText("Compared with healthy men of 61 years with a head of this size.").waitFor();
    await page.getByRole("button", { name: /Left hippocampus: 2nd centile, range <1 to 6; Right hippocampus: 27th centile/ }).click();
    const dialog = page.getByRole("dialog", { name: "Hippocampus by age" });
    await dialog.getByRole("img", { name: /Left hippocampus by age: 3.58 ml, 2nd centile/i }).waitFor();
    assert.equal(await dialog.getByRole("img").count(), 2);
    await dialog.getByText("The curves as a table").first().click();
    assert.equal(await dialog.getByRole("row").count(), 10, "a head and the ages from 20 to 100");
    assert.deepEqual(await axeFindings(page), []);
    await shot(page, "viewer-norm-fold");
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.getByText("7 lesions, 2.31 ml together").waitFor();
    await page.getByRole("row", { name: /Insula/ }).waitFor();
    assert.deepEqual(errors, []);
  });
});

describe("the change since the prior", () => {
  it("is told by its verdict and its figures, and shown in three linked planes", async (test) => {
    const { page, errors } = await viewer(test);
    const since = page.getByRole("group", { name: "Since the prior" });
    await since.getByText("Faster than normal ageing", { exact: true }).waitFor();
    const cells = await since.getByRole("row", { name: /Ventricles/ }).getByRole("cell").allInnerTexts();
    assert.deepEqual(cells.map((cell) => cell.trim()), ["22.2", "23.3", "+4.96%", "+3.31%", "+4.47 to +5.45%"]);
    await since.getByRole("button", { name: "Show both scans side by side" }).click();
    await since.locator("[data-ready]").waitFor({ timeout: 60_000 });
    const plane = (name) => since.getByRole("application", { name: new RegExp(`^${name}, Axial plane`) });
    const slices = () => since.locator("[data-plane] .number").allInnerTexts();
    const [before] = await slices();
    await plane("Prior").focus();
    await page.keyboard.press("PageDown");
    const after = await slices();
    assert.equal(new Set(after).size, 1, "all three show one slice");
    assert.notEqual(after[0], before);
    // Loss is blue and lies on the patient's left, which is on the right of the picture.
    const blue = (from, to) => plane("Change").evaluate((canvas, [from, to]) => {
      const { data } = canvas.getContext("2d").getImageData(canvas.width * from, 0, canvas.width * (to - from), canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at + 2] > data[at + 1] + 60) count += 1;
      return count;
    }, [from, to]);
    await eventually(() => blue(0.55, 0.9), (count) => count > 1000);
    assert.ok(await blue(0.1, 0.45) < 100);
    assert.deepEqual(await axeFindings(page), []);
    await shot(page, "viewer-change");
    assert.deepEqual(errors, []);
  });

  it("is refused with the reason", async (test) => {
    const { page, context } = await open(browser, `${server.url}/studies/${uids.analysed}`);
    test.after(() => context.close());
    await page.getByText(/Not compared with the prior: these look like two different people/).waitFor();
    assert.equal(await page.getByRole("button", { name: "Show both scans side by side" }).count(), 0);
  });

  it("puts the prior on the norm's curve", async (test) => {
    const { page } = await viewer(test);
    await page.getByRole("row", { name: /Brain without ventricles/ }).getByRole("button", { name: /Brain without ventricles: 54th centile/ }).click();
    await page.getByRole("dialog", { name: "Brain without ventricles by age" }).getByText("prior", { exact: true }).waitFor();
  });
});

describe("what a reader can do", () => {
  it("say where an outline is wrong; it is kept with its place, and leads back there", async (test) => {
    const { page, frame, place, errors } = await viewer(test);
    await frame.getByRole("button", { name: "Go to right putamen" }).click();
    await frame.getByRole("button", { name: "Outline is wrong here" }).click();
    await frame.getByText(/About right putamen at R 25/).waitFor();
    await frame.getByRole("textbox", { name: "What is wrong?" }).fill("reaches into the insula");
    assert.deepEqual(await axeFindings(page), []);
    await frame.getByRole("button", { name: "Send", exact: true }).click();
    await frame.getByText("Kept. Thank you.").waitFor();
    const { fields } = world.events.findLast((event) => event.type === "feedback.given");
    assert.equal(fields.structure, "right putamen");
    assert.equal(fields.words, "reaches into the insula");
    assert.ok(Math.abs(fields.at_mm[0] - 25) <= 3, `${fields.at_mm}`);
    await frame.getByRole("button", { name: "Go to left amygdala" }).click();
    await frame.getByText("What readers said").click();
    await frame.getByRole("listitem").filter({ hasText: "reaches into the insula" }).getByRole("button").click();
    await place.getByText("Right putamen").waitFor();
    await page.getByText("A reader says of the right putamen: reaches into the insula").waitFor();
    assert.deepEqual(errors, []);
  });

  it("have the study analysed again and the results sent elsewhere", async (test) => {
    const { page } = await viewer(test);
    const actions = page.getByRole("group", { name: "Once more" });
    await actions.getByRole("button", { name: "Send: Send the results to archive" }).click();
    await actions.getByText("4 objects wait to be sent to archive.").waitFor();
    await actions.getByRole("button", { name: "Start: Analyse again with brain" }).click();
    await actions.getByText("It waits for a worker").waitFor();
    assert.equal(world.events.findLast((event) => event.type === "job.queued").fields.queue, "pipeline/brain");
    const link = await page.getByRole("link", { name: "Open in OHIF" }).getAttribute("href");
    assert.equal(link, `/ohif/viewer?StudyInstanceUIDs=${uids.archived}`);
  });
});
