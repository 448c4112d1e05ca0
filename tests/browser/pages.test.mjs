// The pages in every state: looks, keyboard, live changes, lost connections. The server is a stand-in; see server.test.mjs for
// the real one.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { serve } from "./fixture/server.mjs";
import { CHANGE, everyState, way, World } from "./fixture/world.mjs";
import { axeFindings, DESKTOP, launch, open, PHONE, shot } from "./tools.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Serves a world for the length of one test. */
async function withWorld(world, test) {
  const server = await serve(world);
  try {
    await test(server);
  } finally {
    await server.close();
  }
}

const row = (page, uid) => page.locator(`tr[data-study="${uid}"]`);

describe("every page in every scheme and size", () => {
  const { world, uids } = everyState();
  const pages = { studies: "/", upload: "/upload", queue: "/queue", destinations: "/destinations", events: "/events", rules: "/rules", start: "/start", doctor: "/doctor", settings: "/settings", missing: "/studies/9.9.9", nowhere: "/no/such/page",
    "events-problems": "/events?type=job.dead,job.retrying,export.failed,instance.conflict,results.refused", "events-none": "/events?rule=nowhere",
    "rules-study": `/rules?study=${uids.archived}`,
    ...Object.fromEntries(Object.entries(uids).map(([state, uid]) => [`study-${state}`, `/studies/${uid}`])) };

  const narrow = new Set(["first", "studies", "upload", "queue", "destinations", "events", "rules", "start", "doctor", "settings", "missing", "study-archived", "study-failed"]);
  const looks = [["dark", DESKTOP], ["light", DESKTOP], ["dark", PHONE], ["light", PHONE]];
  for (const [scheme, size] of looks)
    it(`${scheme}, ${size === PHONE ? "phone" : "desktop"}: axe finds nothing, no script fails, nothing is wider than the screen`, async (test) => {
      const full = await serve(world);
      test.after(full.close);
      const empty = await serve(new World());
      test.after(empty.close);
      const { page, context, errors } = await open(browser, "about:blank", { scheme, size });
      for (const [name, url] of [["first", empty.url], ...Object.entries(pages).map(([name, path]) => [name, full.url + path])]) {
        if (size === PHONE && !narrow.has(name)) continue;
        await page.goto(url);
        await page.getByRole("heading").first().waitFor();
        await page.waitForFunction(() => document.querySelector('[class*="Skeleton"], [aria-busy="true"]') === null);
        await shot(page, `${name}-${scheme}-${size === PHONE ? "phone" : "desktop"}`);
        await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
        assert.deepEqual(await axeFindings(page), [], name);
        assert.deepEqual(errors, [], name);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
      }
      await context.close();
    });
});

describe("every page", () => {
  it("keeps its layout while it loads and while states change", async () => {
    const { world, uids } = everyState();
    await withWorld(world, async ({ url }) => {
      const moved = {};
      for (const path of ["/", `/studies/${uids.archived}`, "/upload", "/queue", "/destinations", "/events", "/rules", "/start", "/doctor", "/settings"]) {
        const { page, context } = await open(browser, "about:blank");
        await page.addInitScript(() => {
          globalThis.shift = { sum: 0, of: [] };
          const told = ({ node, previousRect, currentRect }) => `${node?.className || node?.nodeName}: ${previousRect.top} to ${currentRect.top}`;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries().filter((one) => !one.hadRecentInput)) {
              globalThis.shift.sum += entry.value;
              globalThis.shift.of.push(...entry.sources.map(told));
            }
          }).observe({ type: "layout-shift", buffered: true });
        });
        await page.goto(url + path);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.waitForTimeout(600);
        way.step(world, uids.analysing, "j2", "measuring", 0.8, 0);
        await page.waitForTimeout(500);
        const shift = await page.evaluate(() => globalThis.shift);
        if (shift.sum >= 0.1) moved[path] = shift;
        await context.close();
      }
      assert.deepEqual(moved, {}, "up to 0.1 counts as good");
    });
  });

  it("is reached and used with the keyboard alone: a result, an outline off, a failed job sent again, a destination greeted", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context, errors } = await open(browser, url);
      const tabTo = async (wanted) => {
        for (let left = 250; left > 0; left -= 1) {
          if (await wanted.evaluateAll((found) => found.includes(document.activeElement))) return;
          await page.keyboard.press("Tab");
        }
        assert.fail(`Tab does not lead to ${wanted}`);
      };
      const goTo = async (letters, heading) => {
        await page.keyboard.press("Control+K");
        await page.waitForFunction(() => document.activeElement?.role === "combobox");
        await page.keyboard.type(letters);
        await page.getByRole("dialog").getByRole("option").first().waitFor();
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { name: heading, exact: true }).waitFor();
      };
      await page.getByRole("row", { name: /Haddad/ }).waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("hadd");
      await page.getByText("1 study", { exact: true }).waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.locator("[data-ready]").waitFor({ timeout: 60_000 });
      const outline = page.getByRole("checkbox", { name: "Hippocampus" });
      await tabTo(outline);
      await page.keyboard.press("Space");
      assert.equal(await outline.isChecked(), false);
      await goTo("queue", "Queue");
      await tabTo(page.getByRole("button", { name: "Send again" }));
      await page.keyboard.press("Enter");
      await page.getByText("It waits again").waitFor();
      const focused = (wanted) => wanted.evaluate((one) => one === document.activeElement);
      assert.ok(await focused(page.getByRole("button", { name: "Send again" })), "the focus is lost");
      await goTo("desti", "Destinations");
      await tabTo(page.getByRole("button", { name: "Echo research" }));
      await page.keyboard.press("Enter");
      await page.getByText("Answered in 4 ms").waitFor();
      assert.ok(await focused(page.getByRole("button", { name: "Echo research" })), "the focus is lost");
      assert.deepEqual(errors, []);
      await context.close();
    });
  });
});

describe("the shell", () => {
  it("leads to every page by the keyboard: the navigation, and one search for pages and studies", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context, errors } = await open(browser, `${url}/upload`);
      await page.getByRole("heading", { name: "Upload", exact: true }).waitFor();
      await page.keyboard.press("/");
      await page.getByRole("combobox", { expanded: true }).waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.type("hadd");
      await page.getByRole("option", { name: /Haddad, Leila/ }).waitFor();
      await shot(page, "palette");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Haddad, Leila" }).waitFor();
      await page.keyboard.press("Control+K");
      await page.getByRole("combobox", { expanded: true }).waitFor();
      await page.keyboard.type("upl");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Upload", exact: true }).waitFor();
      await page.keyboard.press("Control+K");
      await page.getByRole("combobox", { expanded: true }).waitFor();
      await page.keyboard.type("no such thing");
      await page.getByText("Nothing is called").waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await page.getByRole("dialog").count(), 0);
      assert.deepEqual(errors, []);
      await context.close();
    });
  });

  it("folds, and stays folded; on a phone it is a drawer", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, url);
      const width = async () => (await page.getByRole("complementary").boundingBox()).width;
      const wide = await width();
      await page.getByRole("button", { name: "Fold the navigation" }).click();
      assert.ok((await width()) < wide / 3);
      await page.reload();
      await page.getByRole("link", { name: "Upload" }).waitFor();
      assert.ok((await width()) < wide / 3);
      assert.deepEqual(await axeFindings(page), []);
      await shot(page, "folded-fold");
      await page.setViewportSize(PHONE);
      await page.getByRole("button", { name: "Menu" }).click();
      await page.getByRole("dialog").getByRole("link", { name: "Upload" }).waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await shot(page, "drawer-fold");
      await page.getByRole("dialog").getByRole("link", { name: "Upload" }).click();
      await page.getByRole("heading", { name: "Upload", exact: true }).waitFor();
      assert.equal(await page.getByRole("dialog").count(), 0);
      await context.close();
    });
  });
});

describe("the list", () => {
  it("tells each state in words", async () => {
    const { world, uids } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, url);
      const wanted = {
        arriving: "waiting for the association of ORTHANC", analysing: "Analysing 40%", queued: "Waiting for a worker",
        sending: "Sending to archive, trying again", failed: "Failed", refused: "not a brain", unmatched: "Complete, no rule wants it",
        archived: "Results in the archive", analysed: "Results are here",
      };
      for (const [state, words] of Object.entries(wanted)) await row(page, uids[state]).getByText(words).waitFor();
      await row(page, uids.archived).getByText("Hippocampus 3.58 | 4.05 ml").waitFor();
      await context.close();
    });
  });

  it("searches as one types, and the address carries the search", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, url);
      await page.getByRole("row", { name: /Larsen/ }).waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("knee");
      await page.waitForURL(/q=knee/);
      await page.getByText("1 study", { exact: true }).waitFor();
      assert.equal(await page.getByRole("row").count(), 2);
      const again = await open(browser, page.url());
      await again.page.getByRole("row", { name: /Ó Briain/ }).waitFor();
      assert.equal(await again.page.getByRole("searchbox").inputValue(), "knee");
      await page.keyboard.press("Escape");
      await page.getByRole("row", { name: /Larsen/ }).waitFor();
      await page.keyboard.type("nobody like this");
      await page.getByText("No study matches").waitFor();
      await again.context.close();
      await context.close();
    });
  });

  it("filters by state in the address", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/?show=attention`);
      await page.getByText("2 of 10 loaded").waitFor();
      await page.getByRole("button", { name: "With results" }).click();
      await page.waitForURL(/show=results/);
      await page.getByRole("button", { name: "All", exact: true }).click();
      await page.getByText("10 studies").waitFor();
      assert.equal(new URL(page.url()).search, "");
      await context.close();
    });
  });

  it("narrows by date and modality in the address, and leaves out columns", async () => {
    const { world } = everyState();
    world.study(80, { patient_name: "Older^Study", date: "20200101", modalities: "CT", last_stored: "2020-01-01T00:00:00Z" });
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/?from=20200101&to=20201231`);
      await page.getByText("1 study", { exact: true }).waitFor();
      await page.getByRole("combobox", { name: "Modality" }).selectOption("MR");
      await page.waitForURL(/modality=MR/);
      await page.getByText("No study of these dates and this modality").waitFor();
      await shot(page, "studies-narrowed");
      await page.getByRole("button", { name: "Show all" }).click();
      await page.getByRole("row", { name: /Larsen/ }).waitFor();
      await page.getByRole("combobox", { name: "Study date" }).selectOption("range");
      await page.getByLabel("From", { exact: true }).fill("2020-01-01");
      await page.waitForURL(/from=20200101/);
      await page.getByText("Columns", { exact: true }).click();
      const description = page.getByRole("checkbox", { name: "Description" });
      await page.locator("label", { hasText: "Description" }).click();
      assert.equal(await description.isChecked(), false);
      assert.equal(await page.getByRole("columnheader", { name: "Description" }).count(), 0);
      assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.press("Escape");
      await description.waitFor({ state: "hidden" });
      await page.keyboard.press("Enter");
      await description.waitFor();
      await page.getByRole("heading", { name: "Studies" }).click();
      await description.waitFor({ state: "hidden" });
      await page.reload();
      await page.getByRole("row", { name: /Larsen/ }).waitFor();
      assert.equal(await page.getByRole("columnheader", { name: "Description" }).count(), 0);
      await context.close();
    });
  });

  it("is walked and opened with the keyboard alone", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, url);
      await page.getByRole("row", { name: /Larsen/ }).waitFor();
      const focused = () => page.evaluate(() => document.activeElement?.textContent);
      await page.keyboard.press("Tab");
      assert.equal(await focused(), "Skip to the content");
      await page.keyboard.press("/");
      await page.keyboard.press("ArrowDown");
      assert.equal(await focused(), "Larsen, Ingrid");
      await page.keyboard.press("ArrowDown");
      assert.equal(await focused(), "Okafor, Chidi");
      await page.keyboard.press("k");
      assert.equal(await focused(), "Larsen, Ingrid");
      await page.keyboard.press("j");
      assert.equal(await focused(), "Okafor, Chidi");
      await page.keyboard.press("End");
      assert.equal(await focused(), "Novák, Jan");
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowUp");
      assert.equal(await focused(), "Larsen, Ingrid");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Larsen, Ingrid" }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.id), "content");
      assert.doesNotMatch(await page.title(), /Larsen/, "a patient's name would stand in the browser's history");
      await context.close();
    });
  });

  it("tells a prior that was fetched for a comparison from a study that arrives, and leads to the later one", async () => {
    const { world, uids } = everyState();
    const prior = world.study(400, { patient_name: "Prior^Anna" });
    const about = { job: "j1", archive: "pacs", series: `${prior}.1`, for: uids.archived };
    world.tell(prior, "prior.requested", about, -20);
    way.arrive(world, prior, 5);
    world.tell(prior, "prior.arrived", { ...about, instances: 5, error: "" }, -10);
    await withWorld(world, async ({ url }) => {
      const { page, context, errors } = await open(browser, url);
      await row(page, prior).getByText("Prior for comparison").waitFor();
      await row(page, prior).getByText("fetched from pacs").waitFor();
      await row(page, prior).getByRole("link").click();
      await page.getByRole("link", { name: "Open the later study and the comparison" }).click();
      await page.waitForURL(`${url}/studies/${uids.archived}`);
      assert.deepEqual(errors, []);
      await context.close();
    });
  });

  it("shows a study that arrives, step by step, without being asked", async () => {
    const world = new World();
    await withWorld(world, async ({ url }) => {
      const { page, context, errors } = await open(browser, url);
      await page.getByText("Waiting for the first study").waitFor();
      await page.getByText("LARMOR", { exact: true }).waitFor();
      const uid = world.study(0, { patient_name: "Live^Anna" });
      way.arrive(world, uid, 5);
      await row(page, uid).getByText("Arriving").waitFor();
      way.complete(world, uid);
      way.decide(world, uid, true, "j1");
      await row(page, uid).getByText("Waiting for a worker").waitFor();
      way.start(world, uid, "j1", 1, 0);
      way.step(world, uid, "j1", "segmenting", 0.4, 0);
      await row(page, uid).getByText("Analysing 40%").waitFor();
      await row(page, uid).getByText("segmenting").waitFor();
      world.workers.push({ id: "w", busy_with: "j1", study: uid, fraction: 0.7, step: "measuring" });
      await row(page, uid).getByText("Analysing 70%").waitFor();
      await row(page, uid).getByText("measuring").waitFor();
      world.workers.length = 0;
      way.result(world, uid, "j1");
      await row(page, uid).getByText("Sending to archive").waitFor();
      await row(page, uid).getByText("Hippocampus").waitFor();
      way.confirm(world, uid, way.send(world, uid, "j1"));
      await row(page, uid).getByText("Results in the archive").waitFor();
      assert.deepEqual(errors, []);
      await context.close();
    });
  });

  it("moves nothing under the pointer", async () => {
    const { world, uids } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, url);
      await row(page, uids.failed).hover();
      const place = async () => (await row(page, uids.failed).boundingBox()).y;
      const before = await place();
      const uid = world.study(90, { patient_name: "Newer^Ben", last_stored: "2030-01-01T00:00:00Z" });
      way.arrive(world, uid, 3);
      await page.getByRole("button", { name: "1 new study: show" }).waitFor();
      assert.equal(await place(), before);
      await page.getByRole("button", { name: "1 new study: show" }).click();
      await row(page, uid).waitFor();
      await page.mouse.move(5, 5);
      assert.ok((await place()) > before);
      await context.close();
    });
  });

  it("catches up by itself after the server was away", async (test) => {
    const { world, uids } = everyState();
    const server = await serve(world);
    test.after(server.close);
    const { page, context } = await open(browser, server.url);
    await row(page, uids.queued).getByText("Waiting for a worker").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    await server.close();
    await page.getByText("Reconnecting").waitFor();
    way.start(world, uids.queued, "j3", 1, 0);
    const uid = world.study(91, { patient_name: "Meanwhile^Eva", last_stored: "2030-01-01T00:00:00Z" });
    way.arrive(world, uid, 3);
    const again = await serve(world, server.port);
    test.after(again.close);
    await page.getByText("Live", { exact: true }).waitFor({ timeout: 15_000 });
    await row(page, uid).waitFor();
    await row(page, uids.queued).getByText("Analysing").waitFor();
    await context.close();
  });

  it("says what is the matter when there is no server, and recovers when told to try again", async (test) => {
    const server = await serve(new World());
    test.after(server.close);
    const { page, context } = await open(browser, server.url);
    await page.getByText("Waiting for the first study").waitFor();
    await context.route("**/v1/studies?*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json",
      body: JSON.stringify({ title: "unavailable", status: 503, detail: "the index is being rebuilt", hint: "It takes a minute." }) }));
    await page.reload();
    await page.getByText("The studies cannot be listed").waitFor({ timeout: 15_000 });
    await page.getByText("the index is being rebuilt").waitFor();
    await page.getByText("It takes a minute.").waitFor();
    await context.unroute("**/v1/studies?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Waiting for the first study").waitFor();
    await context.close();
  });
});

describe("a study's page", () => {
  it("tells the way with times and reasons, the figures, and the whole story", async () => {
    const { world, uids } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/studies/${uids.archived}`);
      await page.getByRole("heading", { name: "Haddad, Leila" }).waitFor();
      assert.equal(await page.locator('li[data-status="done"]').count(), 7);
      assert.equal(await page.getByText("by the archive's own count").count(), 0, "a way that is through takes one line");
      await page.getByRole("button", { name: "Times and reasons", expanded: false }).click();
      await page.locator('li[data-step="complete"]').getByText("by the archive's own count").waitFor();
      await page.locator('li[data-step="decided"]').getByText(/brain-t1: Modality is MR/).waitFor();
      const cells = await page.getByRole("row", { name: /Hippocampus/ }).getByRole("cell").allInnerTexts();
      // Of the place among healthy people, what is read: the centiles.
      const read = cells.map((cell) => /\d+ \| \d+/.exec(cell)?.[0] ?? cell.trim());
      assert.deepEqual(read, ["3.58", "4.05", "7.63", "2 | 27", "−12.4%", "0.51%"]);
      const line = page.locator('details[data-type="instance.stored"]');
      await line.getByText("176 images stored, from ORTHANC").click();
      await line.getByText("c-store").waitFor();
      await page.getByRole("button", { name: "Enlarge axial" }).click();
      await page.getByRole("dialog").getByRole("img").waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await page.getByRole("dialog").count(), 0);
      const pdf = await page.getByRole("link", { name: "Open the PDF" }).getAttribute("href");
      assert.match((await (await page.request.get(url + pdf)).body()).toString("latin1"), /^%PDF/);
      await context.close();
    });
  });

  it("shows DICOM dates as sent, and Larmor's times in the reader's zone", async () => {
    const { world, uids } = everyState(Date.parse("2026-11-24T23:30:30Z"));
    await withWorld(world, async ({ url }) => {
      for (const [timezoneId, hour] of [["Pacific/Auckland", "12:30"], ["America/New_York", "18:30"]]) {
        const { page, context } = await open(browser, `${url}/studies/${uids.archived}`, { timezoneId });
        await page.getByText("1965-01-01").waitFor();
        await page.getByText("2026-11-24 08:15").waitFor();
        await page.getByRole("button", { name: "Times and reasons" }).click();
        await page.locator('li[data-step="confirmed"]').getByText(hour).waitFor();
        await context.close();
      }
    });
  });

  it("moves nothing under the pointer when the study ends while it is open", async () => {
    const { world, uids } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context, errors } = await open(browser, `${url}/studies/${uids.analysing}`);
      const line = page.locator('details[data-type="study.complete"]');
      await line.scrollIntoViewIfNeeded();
      await line.hover();
      const place = async (of) => Math.round((await of.boundingBox()).y);
      const before = await place(line);
      way.result(world, uids.analysing, "j2", { start: 0, change: CHANGE });
      way.confirm(world, uids.analysing, way.send(world, uids.analysing, "j2", 1), 2);
      await page.getByText("Results in the archive").waitFor();
      await page.locator('li[data-step="confirmed"][data-status="done"]').waitFor();
      await page.waitForTimeout(500);
      assert.equal(await place(line), before);
      const steps = page.getByRole("region", { name: "How far it is" });
      const top = await place(steps);
      await page.mouse.move(5, 5);
      await page.getByRole("group", { name: "Images with outlines" }).waitFor();
      await steps.getByText("4 objects listed by archive").waitFor();
      assert.equal(await place(steps), top, "what stands above the results stays");
      await page.reload();
      await page.getByRole("button", { name: "Times and reasons", expanded: false }).waitFor();
      assert.deepEqual(errors, []);
      await context.close();
    });
  });

  it("leads from the later study to its prior and back, and says in the reader's language why it was chosen", async () => {
    const { world, uids } = everyState();
    const prior = world.study(401, { patient_name: "Haddad^Leila", date: "20250524" });
    world.tell(prior, "prior.requested", { job: "j9", archive: "pacs", series: `${prior}.1`, for: uids.archived }, -20);
    world.results.get(uids.archived)[0].findings.priors = { chosen: { study: prior }, considered: [],
      words: "Compared with series 1 'T1 3D' of the study 18 months earlier, from pacs: the same scanner model; it has another field strength" };
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/studies/${uids.archived}`, { locale: "nl-NL" });
      await page.getByText("Vergeleken met serie 1 'T1 3D' van het onderzoek 18 maanden eerder, uit pacs: hetzelfde scannermodel; het heeft een andere veldsterkte").waitFor();
      await page.getByRole("link", { name: "Open het vorige onderzoek" }).click();
      await page.waitForURL(`${url}/studies/${prior}`);
      await page.getByText("2025-05-24").waitFor();
      await page.getByRole("link", { name: "Open het latere onderzoek en de vergelijking" }).click();
      await page.waitForURL(`${url}/studies/${uids.archived}`);
      await context.close();
    });
  });

  it("marks what a later result superseded", async () => {
    const { world, uids } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/studies/${uids.superseded}`);
      await page.getByText("generation 2").waitFor();
      await page.getByText("1 superseded result").click();
      await page.locator("article[data-superseded]").getByText("Superseded").waitFor();
      assert.equal(await page.locator('details[data-type="results.stored"]').getByText("Superseded").count(), 1);
      await context.close();
    });
  });

  it("says why it failed, what the pipeline said last, and sends the job again", async () => {
    const { world, uids } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/studies/${uids.failed}`);
      await page.getByText("Last words of the pipeline").click();
      await page.locator("section").getByText("std::bad_alloc").first().waitFor();
      await page.getByRole("button", { name: "Send the job again" }).click();
      await page.getByText("It waits for a worker again").waitFor();
      world.tell(uids.failed, "job.revived", { job: "j5", queue: "pipeline/brain" });
      await page.locator('li[data-step="queued"][data-status="active"]').waitFor();
      await context.close();
    });
  });

  it("says what is missing where the address leads to no study", async () => {
    await withWorld(new World(), async ({ url }) => {
      const { page, context } = await open(browser, `${url}/studies/9.9.9`);
      await page.getByText("there is no study 9.9.9").waitFor();
      await page.getByText("It may have been deleted").waitFor();
      await context.close();
    });
  });
});

describe("the queue", () => {
  const job = (page, id) => page.locator(`tbody[data-job="${id}"]`);

  it("tells of each job how far it is, and why it failed", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context, errors } = await open(browser, `${url}/queue`);
      await job(page, "j2").getByText("Running 40% segmenting").waitFor();
      await job(page, "j2").getByText(/about .* left/).waitFor();
      await job(page, "j3").getByText("Waiting", { exact: true }).waitFor();
      await job(page, "j5").getByText("Failed", { exact: true }).waitFor();
      await job(page, "j5").getByRole("link", { name: "García Márquez, Lucía" }).waitFor();
      await job(page, "j5").getByRole("button", { name: /attempt/ }).click();
      await job(page, "j5").getByText("Last words").click();
      await job(page, "j5").getByText("std::bad_alloc").first().waitFor();
      await page.getByRole("list").getByText("Segmenting, 40%").waitFor();
      assert.deepEqual(await axeFindings(page), []);
      assert.deepEqual(errors, []);
      await context.close();
    });
  });

  it("shows one queue and one state by the address, and says what an empty one means", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/queue?state=dead`);
      await page.getByText("1 job", { exact: true }).waitFor();
      await page.getByRole("button", { name: /Delivery to archive/ }).click();
      await page.waitForURL(/queue=export/);
      await page.getByText("No job has failed").waitFor();
      await page.getByRole("button", { name: "All", exact: true }).click();
      await job(page, "j9-x").waitFor();
      assert.equal(await job(page, "j9").count(), 0);
      await context.close();
    });
    await withWorld(new World(), async ({ url }) => {
      const { page, context } = await open(browser, `${url}/queue`);
      await page.getByText("No job yet").waitFor();
      await page.getByText("No worker is running").waitFor();
      await context.close();
    });
  });

  it("pauses a queue, says who and since when, and lets it go on", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context, errors } = await open(browser, `${url}/queue`);
      await page.getByRole("button", { name: "Pause: pipeline/brain" }).click();
      await page.getByText(/^paused for .* by ada$/).waitFor();
      await page.getByRole("link", { name: "Destinations" }).click();
      const research = page.getByRole("article", { name: "research" });
      await research.getByRole("button", { name: "Pause" }).click();
      await research.getByText("Paused", { exact: true }).waitFor();
      await shot(page, "destinations-paused");
      await page.getByRole("link", { name: "Queue", exact: true }).click();
      await page.getByRole("button", { name: "Resume: export/research" }).waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await shot(page, "queue-paused");
      await page.getByRole("button", { name: "Resume: pipeline/brain" }).click();
      await page.getByRole("button", { name: "Pause: pipeline/brain" }).waitFor();
      assert.deepEqual(errors, []);
      await context.close();
    });
  });

  it("sends a dead job again and cancels one that waits, and moves nothing under the pointer", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/queue?state=dead`);
      await job(page, "j5").getByRole("button", { name: "Send again" }).click();
      await job(page, "j5").getByText("It waits again").waitFor();
      await page.mouse.move(2, 2);
      await page.getByText("No job has failed").waitFor();
      await page.goto(`${url}/queue`);
      await job(page, "j3").getByRole("button", { name: "Cancel" }).click();
      await job(page, "j3").getByText("Cancelled", { exact: true }).waitFor();
      await context.close();
    });
  });
});

describe("destinations", () => {
  it("are greeted on demand, and say what went wrong and what to do", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/destinations`);
      const of = (name) => page.getByRole("article", { name });
      await of("archive").getByText("In trouble").waitFor();
      await of("archive").getByText(/association rejected/).waitFor();
      await of("archive").getByRole("button", { name: "Echo" }).click();
      await of("archive").getByText(/register LARMOR/).waitFor();
      await of("research").getByRole("button", { name: "Echo" }).click();
      await of("research").getByText("Answered in 4 ms").waitFor();
      await of("research").getByText("Nothing was sent there yet").waitFor();
      await of("archive").getByRole("link", { name: "1 delivery waiting" }).click();
      await page.waitForURL(/\/queue\?queue=export%2Farchive/);
      await context.close();
    });
    await withWorld(new World(), async ({ url }) => {
      const { page, context } = await open(browser, `${url}/destinations`);
      await page.getByText("No destination yet").waitFor();
      await page.getByText('called_ae: "ARCHIVE"').waitFor();
      await context.close();
    });
  });
});

describe("the first start", () => {
  it("notices the greeting, greets back, and sees the first study", async () => {
    const world = new World();
    await withWorld(world, async ({ url }) => {
      const { page, context, errors } = await open(browser, url);
      await page.getByRole("link", { name: "Lead me through it" }).click();
      await page.getByRole("heading", { name: "Connect a PACS" }).waitFor();
      await page.getByText("Waiting for a greeting").waitFor();
      assert.deepEqual(await axeFindings(page), []);
      world.tell("", "association.opened", { association: "a1", calling: "ORTHANC", called: "LARMOR", address: "10.0.0.5" });
      await page.getByText("ORTHANC (10.0.0.5) was here").waitFor();
      await page.getByText('called_ae: "ORTHANC"').waitFor();
      world.destinations.push({ name: "archive", host: "10.0.0.5", port: 104, called: "ORTHANC", calling: "LARMOR", waiting: 0, dead: 0, last_error: "" });
      world.echoes.archive = { reached: true, seconds: 0.01, words: "ORTHANC answered" };
      await page.reload();
      await page.getByRole("button", { name: "Echo archive" }).click();
      await page.getByText("Answered in 10 ms").waitFor();
      const uid = world.study(0, { patient_name: "First^Study" });
      way.arrive(world, uid, 5);
      await page.getByText("Everything works").waitFor();
      await shot(page, "start-done");
      await page.getByRole("link", { name: "Open it" }).click();
      await page.getByRole("heading", { name: "First, Study" }).waitFor();
      assert.deepEqual(errors, []);
      await context.close();
    });
  });
});

describe("the language", () => {
  it("is the browser's, and another one when the reader chooses it", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context, errors } = await open(browser, url, { locale: "nl-NL" });
      await page.getByRole("heading", { name: "Onderzoeken" }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), "nl");
      await page.getByText("Wacht op een verwerker").waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await shot(page, "studies-dutch");
      await page.getByRole("combobox", { name: "Taal" }).selectOption("en");
      await page.getByRole("heading", { name: "Studies" }).waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "Studies" }).waitFor();
      assert.deepEqual(errors, []);
      await context.close();
    });
  });
});

describe("doctor and settings", () => {
  it("names what is wrong first, with what mends it and the page where", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/doctor`);
      await page.getByText("3 things to mend").waitFor();
      const rows = page.getByRole("main").getByRole("listitem");
      await rows.nth(0).getByText("make room or move data.directory").waitFor();
      await rows.nth(1).getByRole("link", { name: "Go to the destination" }).waitFor();
      await rows.nth(2).getByRole("link", { name: "See them and send them again" }).click();
      await page.waitForURL(/\/queue\?queue=pipeline%2Fbrain&state=dead/);
      await page.getByText("1 job", { exact: true }).waitFor();
      await context.close();
    });
  });

  it("shows each setting with its origin, its bounds and its reason", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/settings?show=given`);
      await page.getByText("3 settings", { exact: true }).waitFor();
      const row = (name) => page.locator(`[data-setting="${name}"]`);
      await row("import.quiet_period_s").getByText("LARMOR_IMPORT_QUIET_PERIOD_S").waitFor();
      await row("import.quiet_period_s").getByText("1 to 3,600 s").waitFor();
      await page.getByRole("button", { name: "All", exact: true }).click();
      await page.keyboard.press("/");
      await page.keyboard.type("nothing like it");
      await page.getByText("No setting matches").waitFor();
      await context.close();
    });
  });
});

describe("the settings as a form", () => {
  it("says beside the field what is wrong, and gives the lines of what differs", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context, errors } = await open(browser, `${url}/settings`);
      const row = (name) => page.locator(`[data-setting="${name}"]`);
      const proposal = page.getByRole("region", { name: "Lines for the configuration file" });
      await row("http.port").getByRole("textbox").fill("99999");
      await row("http.port").getByText("99999 is outside 0 to 65535").waitFor();
      await proposal.getByText("1 thing is wrong").waitFor();
      assert.equal(await proposal.locator("pre").count(), 0);
      await row("http.port").getByRole("textbox").fill("8081");
      await proposal.getByText("The server finds nothing wrong").waitFor();
      await row("import.quiet_period_s").getByRole("textbox").fill("9");
      await row("import.quiet_period_s").getByText("LARMOR_IMPORT_QUIET_PERIOD_S counts more than the file").waitFor();
      await page.getByLabel("A name for one more of export.destinations").fill("archive");
      await page.getByText("not there yet").waitFor();
      await page.getByLabel("A name for one more of export.destinations").fill("lab");
      await page.keyboard.press("Enter");
      await row("export.destinations.lab.host").getByRole("textbox").fill("lab.example");
      await proposal.getByText("3 changes").waitFor();
      await proposal.locator("pre").waitFor();
      assert.equal(await proposal.locator("pre").innerText(), "export:\n  destinations:\n    lab:\n      host: lab.example\nhttp:\n  port: 8081\nimport:\n  quiet_period_s: 9");
      await proposal.getByText("in force after a restart").waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await shot(page, "settings-changed-fold");
      const [file] = await Promise.all([page.waitForEvent("download"), proposal.getByRole("button", { name: "Download" }).click()]);
      assert.equal(file.suggestedFilename(), "larmor-changes.yaml");
      await row("http.port").getByRole("button", { name: "Undo" }).click();
      await proposal.getByText("2 changes").waitFor();
      await proposal.getByRole("button", { name: "Discard" }).click();
      assert.equal(await proposal.count(), 0);
      assert.equal(await row("http.port").getByRole("textbox").inputValue(), "8480");
      assert.deepEqual(errors, []);
      await context.close();
    });
  });
});

describe("upload", () => {
  it("tells of each file whether it was taken or why not", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/upload`);
      const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), Buffer.alloc(2000)]);
      await page.getByLabel("Choose files").setInputFiles([
        ...Array.from({ length: 30 }, (_, n) => ({ name: `IM${n}`, mimeType: "application/dicom", buffer: dicom })),
        { name: "README.TXT", mimeType: "text/plain", buffer: Buffer.from("hello") },
      ]);
      await page.getByText("31 files done").waitFor();
      assert.equal(await page.locator('[data-count="ok"] dd').innerText(), "30");
      assert.equal(await page.locator('[data-count="warn"] dd').innerText(), "1");
      const first = page.getByRole("row").nth(1);
      await first.getByText("README.TXT", { exact: true }).waitFor();
      await first.getByText("Refused: README.TXT is not DICOM: no DICM at byte 128. Only DICOM files are taken.").waitFor();
      await page.getByText("Only what was not taken").click();
      assert.equal(await page.getByRole("row").count(), 2);
      assert.deepEqual(await axeFindings(page), []);
      await shot(page, "upload-done");
      await context.close();
    });
  });

  it("takes what is dropped on it", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/upload`);
      const dropped = await page.evaluateHandle(() => {
        const transfer = new DataTransfer();
        for (const name of ["a.txt", "b.txt"]) transfer.items.add(new File(["x"], name));
        return transfer;
      });
      await page.getByTestId("drop").dispatchEvent("dragover", { dataTransfer: dropped });
      await page.getByText("Let go to upload").waitFor();
      await page.getByTestId("drop").dispatchEvent("drop", { dataTransfer: dropped });
      await page.getByText("2 files done").waitFor();
      const nothing = await page.evaluateHandle(() => new DataTransfer());
      await page.getByTestId("drop").dispatchEvent("drop", { dataTransfer: nothing });
      await page.getByRole("alert").getByText("There is no file in what you dropped").waitFor();
      await context.close();
    });
  });

  it("goes on while another page is looked at", async () => {
    const { world } = everyState();
    await withWorld(world, async ({ url }) => {
      const { page, context } = await open(browser, `${url}/upload`);
      await context.route("**/v1/uploads?*", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await route.continue();
      });
      await page.getByLabel("Choose files").setInputFiles(Array.from({ length: 8 }, (_, n) => ({ name: `T${n}.txt`, mimeType: "text/plain", buffer: Buffer.from("x") })));
      await page.getByRole("link", { name: "Studies" }).click();
      await page.getByRole("row", { name: /Larsen/ }).waitFor();
      await page.getByRole("link", { name: "Upload" }).click();
      await page.getByText("8 files done").waitFor();
      await context.close();
    });
  });
});
