// The pages of events and rules: filters in the address, following and holding, bounded memory, the keyboard. The server is a
// stand-in; see server.test.mjs for the real one.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { serve } from "./fixture/server.mjs";
import { everyState, way, World } from "./fixture/world.mjs";
import { axeFindings, launch, open, PHONE } from "./tools.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Opens a page of a world for the length of one test; no script may fail. */
async function onPage(world, path, test, options) {
  const server = await serve(world);
  const { page, context, errors } = await open(browser, server.url + path, options);
  try {
    await test(page, server);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
    await server.close();
  }
}

const line = (page, words) => page.locator("button[data-seq]", { hasText: words });
const numbers = (page) => page.locator("button[data-seq]").evaluateAll((all) => all.map((one) => Number(one.dataset.seq)));

/** A log of n jobs, about one study. */
function long(n) {
  const world = new World();
  const uid = world.study(1, { patient_name: "Long^Log" });
  for (let i = 1; i <= n; i += 1) world.tell(uid, "job.queued", { job: `j${i}`, queue: "pipeline/brain", priority: "routine", batch: i % 7 }, -n + i);
  return { world, uid };
}

describe("the log", () => {
  it("is read in words, the newest first, and opens to what the event says", async () => {
    const { world } = everyState();
    await onPage(world, "/events", async (page) => {
      await line(page, "").first().waitFor();
      const seen = await numbers(page);
      assert.equal(seen[0], world.events.length);
      assert.deepEqual(seen, [...seen].sort((a, b) => b - a));
      await page.getByRole("button", { name: "Problems" }).click();
      await page.waitForURL(/type=job\.dead/);
      await line(page, "failed for good").first().click();
      await page.getByText('"type": "job.dead"').waitFor();
      assert.deepEqual(await axeFindings(page), []);
    });
  });

  it("is filtered by any field of an event, in the address", async () => {
    const { world, uids } = everyState();
    await onPage(world, "/events?type=rule.&rule=prostate", async (page) => {
      await line(page, "Rule prostate did not match").first().waitFor();
      assert.equal(await line(page, "brain-t1").count(), 0);
      await page.getByRole("button", { name: "Take off the filter by rule" }).click();
      await line(page, "Rule brain-t1 matched").first().waitFor();
      assert.equal(new URL(page.url()).searchParams.get("type"), "rule.");
      await page.keyboard.press("/");
      await page.keyboard.type(`study: ${uids.unmatched}`);
      await page.keyboard.press("Enter");
      await page.waitForURL(new RegExp(`study=${uids.unmatched}`));
      await page.waitForFunction(() => document.querySelectorAll("button[data-seq]").length === 2);
      await line(page, "Rule brain-t1 did not match").click();
      await page.getByRole("link", { name: "Open the study" }).click();
      await page.waitForURL(new RegExp(`/studies/${uids.unmatched}`));
      await page.getByRole("link", { name: "All of it in the log" }).click();
      await page.waitForURL(new RegExp(`/events\\?study=${uids.unmatched}`));
      await page.keyboard.press("/");
      await page.keyboard.type("what happened?");
      await page.keyboard.press("Enter");
      await page.getByText("Write NAME:VALUE").waitFor();
    });
  });

  it("follows, and waits while somebody reads further down", async () => {
    const { world, uid } = long(300);
    await onPage(world, "/events", async (page) => {
      await page.locator('[data-seq="300"]').waitFor();
      await page.mouse.move(2, 2);
      way.start(world, uid, "j300");
      await page.locator('[data-seq="301"]').waitFor();
      const list = page.getByRole("region", { name: /Events/ });
      await list.hover();
      await page.mouse.wheel(0, 900);
      const place = async () => (await page.locator("button[data-seq]").nth(15).boundingBox()).y;
      await page.waitForTimeout(300);
      const before = await place();
      for (let i = 0; i < 3; i += 1) way.start(world, uid, `more${i}`);
      await page.getByRole("button", { name: "3 new events: show" }).waitFor();
      assert.equal(await place(), before, "it moved under the reader's eyes");
      await page.mouse.wheel(0, -2000);
      await page.mouse.move(2, 2);
      await page.locator('[data-seq="304"]').waitFor();
      await page.getByRole("button", { name: "Following" }).click();
      way.start(world, uid, "last");
      await page.getByRole("button", { name: "1 new event: show" }).click();
      await page.locator('[data-seq="305"]').waitFor();
    });
  });

  it("holds a bounded part of a long log, with few rows in the page, and reads on at both ends", async () => {
    const { world } = long(9000);
    await onPage(world, "/events", async (page) => {
      await page.locator('[data-seq="9000"]').waitFor();
      const list = page.getByRole("region", { name: /Events/ });
      const bottom = async () => {
        await list.evaluate((one) => { one.scrollTop = one.scrollHeight; });
        await page.waitForTimeout(60);
      };
      const reached = async () => (await page.getByText(/^Events /).innerText()).replaceAll(/[^\d ]/g, "").trim().split(/\s+/).map(Number);
      for (let tries = 0; tries < 200 && (await reached())[0] > 4000; tries += 1) await bottom();
      const [oldest, newest] = await reached();
      assert.ok(oldest <= 4000 && newest < 9000 && newest - oldest < 3000, `${oldest} to ${newest}`);
      assert.ok((await numbers(page)).length < 80);
      for (let tries = 0; tries < 400 && (await reached())[1] < 9000; tries += 1) {
        await list.evaluate((one) => { one.scrollTop = 0; });
        await page.waitForTimeout(60);
      }
      await page.locator('[data-seq="9000"]').waitFor();
    });
  });

  it("is walked and opened with the keyboard", async () => {
    const { world } = long(500);
    await onPage(world, "/events", async (page) => {
      await page.locator('[data-seq="500"]').focus();
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction(() => document.activeElement?.dataset.seq === "499");
      await page.keyboard.press("Enter");
      await page.getByText('"job": "j499"').waitFor();
      await page.keyboard.press("Home");
      await page.waitForFunction(() => document.activeElement?.dataset.seq === "500");
    });
  });

  it("says what to do when nothing is there, and when nothing fits", async () => {
    await onPage(new World(), "/events", async (page) => {
      await page.getByText("Nothing has happened yet").waitFor();
      assert.deepEqual(await axeFindings(page), []);
    }, { size: PHONE });
    await onPage(long(3).world, "/events?job=nobody", async (page) => {
      await page.getByText("Nothing in the log fits these filters").waitFor();
      await page.getByRole("button", { name: "Show all events" }).click();
      await page.locator('[data-seq="3"]').waitFor();
    });
  });

  it("catches up by itself after the server was away", async () => {
    const { world, uid } = long(20);
    const server = await serve(world);
    const { page, context } = await open(browser, `${server.url}/events`);
    await page.locator('[data-seq="20"]').waitFor();
    await page.mouse.move(2, 2);
    await server.close();
    way.start(world, uid, "meanwhile");
    const again = await serve(world, server.port);
    await page.locator('[data-seq="21"]').waitFor({ timeout: 20_000 });
    await context.close();
    await again.close();
  });
});

describe("the rules", () => {
  it("say how often each matched, and lead to those events", async () => {
    const { world } = everyState();
    await onPage(world, "/rules", async (page) => {
      const matched = world.events.filter(({ type, fields }) => type === "rule.matched" && fields.rule === "brain-t1").length;
      await page.getByRole("link", { name: `${matched} matched by brain-t1` }).waitFor();
      await page.getByRole("link", { name: /did not match prostate/ }).click();
      await page.waitForURL(/type=rule\.skipped&rule=prostate/);
      await line(page, "Rule prostate did not match").first().waitFor();
    });
  });

  it("say of a chosen study why each matched or did not, and what was decided", async () => {
    const { world, uids } = everyState();
    await onPage(world, "/rules", async (page) => {
      await page.getByRole("searchbox").fill("larsen");
      await page.getByRole("button", { name: /Larsen, Ingrid/ }).click();
      await page.waitForURL(new RegExp(`study=${uids.arriving}`));
      await page.getByText("BodyPartExamined is HEAD, wanted PROSTATE").waitFor();
      await page.getByText("Nothing has been decided about this study yet.").waitFor();
      way.decide(world, uids.arriving, true, "jx");
      await page.getByText("The decisions that stand in the log").waitFor();
      assert.deepEqual(await axeFindings(page), []);
    });
  });

  it("say what to do where there are none", async () => {
    await onPage(new World(), "/rules", async (page) => {
      await page.getByText("No rules are in force").waitFor();
      await page.getByText("rules: rules.yaml").waitFor();
    }, { size: PHONE });
  });
});
