// What goes wrong with the real server, and how the pages bring it in order: a destination that is down, a job that failed, a
// paused queue, a browser without a connection, a server that starts again.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { House, missing } from "./larmor.mjs";
import { axeFindings, launch, open, shot } from "./tools.mjs";

/** One attempt, so that a destination that is down shows at once what otherwise takes an hour and a half. */
const IMPATIENT = { "dispatch.max_attempts": 1, "export.breaker_cool_s": 1, "export.breaker_most_s": 1 };

describe("trouble with the real server", { skip: missing.length > 0 && `not here: ${missing.join(", ")}` }, () => {
  let browser;
  let house;
  before(async () => {
    browser = await launch();
    house = await House.open({ settings: () => IMPATIENT });
  });
  after(async () => {
    await browser?.close();
    await house?.close();
  });

  const row = (page, uid) => page.locator(`tr[data-study="${uid}"]`);
  const archive = (page) => page.getByRole("article", { name: "archive" });

  /** A study that came and is complete; its UIDs. */
  async function arrived(name) {
    const { folder, study } = house.small({ name });
    await house.send(folder);
    return { study, instances: [1, 2, 3].map((n) => `${study}.1.${n}`) };
  }

  it("a delivery that failed says why, and is sent again once its destination is back", async () => {
    const { study, instances } = await arrived("Failed^Fay");
    await house.archive.stop("SIGKILL");
    const { job } = await house.post("/v1/destinations/archive/deliveries", { study, instances });
    const { page, context, errors } = await open(browser, `${house.url}/queue`);
    const failed = page.locator(`tbody[data-job="${job}"]`);
    await failed.getByText("Failed", { exact: true }).waitFor();
    await failed.getByRole("link", { name: "Failed, Fay" }).waitFor();
    await failed.getByRole("button", { name: "1 attempt" }).click();
    await failed.getByText(/ARCHIVE.*refused/i).first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await shot(page, "trouble-queue");

    await page.getByRole("link", { name: "Destinations" }).click();
    await archive(page).getByText("In trouble").waitFor();
    await archive(page).getByRole("button", { name: "Echo" }).click();
    await archive(page).getByRole("status").getByText(/refused/i).waitFor();
    await shot(page, "trouble-destinations");

    await house.startArchive();
    await archive(page).getByRole("button", { name: "Echo" }).click();
    await archive(page).getByText(/Answered in \d+ ms/).waitFor();
    await archive(page).getByRole("link", { name: /1 delivery failed/ }).click();
    await page.waitForURL(/state=dead/);
    await failed.getByRole("button", { name: "Send again" }).click();
    await page.mouse.move(2, 2);
    await page.getByText("No job has failed").waitFor();
    await page.getByRole("button", { name: "All", exact: true }).click();
    await failed.getByText("Done", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Destinations" }).click();
    await archive(page).getByText("In order").waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  it("a paused queue takes jobs and starts none, over a restart too, until it is resumed", async () => {
    const { study, instances } = await arrived("Paused^Pia");
    const { page, context, errors } = await open(browser, `${house.url}/destinations`);
    await archive(page).getByRole("button", { name: "Pause" }).click();
    await archive(page).getByText("Paused", { exact: true }).waitFor();
    const { job } = await house.post("/v1/destinations/archive/deliveries", { study, instances });
    await archive(page).getByRole("link", { name: "1 delivery waiting" }).waitFor();
    await house.larmor.stop("SIGKILL");
    await house.startLarmor();
    await page.getByText("Live", { exact: true }).waitFor({ timeout: 30_000 });
    await page.getByRole("link", { name: "Queue", exact: true }).click();
    const delivery = page.locator(`tbody[data-job="${job}"]`);
    await delivery.getByText("Waiting", { exact: true }).waitFor();
    const { items } = await house.get("/v1/examination");
    assert.match(items.find((one) => one.name === "export/archive").mend, /larmor queues --resume export\/archive/);
    await page.getByRole("button", { name: "Resume: export/archive" }).click();
    await delivery.getByText("Done", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Events" }).click();
    await page.getByText("Delivery to archive paused; it takes jobs and starts none").waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  it("settings are looked at by the server and stay as they are", async () => {
    const { page, context, errors } = await open(browser, `${house.url}/settings`);
    const port = page.locator('[data-setting="import.port"]');
    await port.getByRole("textbox").fill("99999");
    await port.getByText("99999 is outside 0 to 65535").waitFor();
    await port.getByRole("textbox").fill("11119");
    await page.getByText("The server finds nothing wrong").waitFor();
    assert.equal(await page.getByRole("region", { name: "Lines for the configuration file" }).locator("pre").innerText(), "import:\n  port: 11119");
    assert.equal((await house.get("/v1/settings")).items.find((one) => one.name === "import.port").value, String(house.dicomPort));
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(errors, []);
    await shot(page, "trouble-settings");
    await context.close();
  });

  it("a list that had no connection for an hour catches up by itself", async () => {
    const before = await arrived("Before^Bea");
    const { page, context } = await open(browser, "about:blank");
    await page.clock.install();
    await page.goto(house.url);
    await page.getByText("Live", { exact: true }).waitFor();
    await row(page, before.study).waitFor();
    await context.setOffline(true);
    await page.clock.fastForward("01:00:00");
    await page.getByText("Reconnecting").waitFor();
    const meanwhile = [await arrived("Meanwhile^Max"), await arrived("Meanwhile^Mia")];
    assert.equal(await row(page, meanwhile[0].study).count(), 0);
    await context.setOffline(false);
    await page.clock.fastForward("00:10");
    await page.getByText("Live", { exact: true }).waitFor();
    for (const { study } of meanwhile) await row(page, study).getByText("Complete, no rule wants it").waitFor();
    await context.close();
  });

  it("a page that is first gone to while the server is away says so, and comes by itself once it is back", async () => {
    const { page, context, errors } = await open(browser, house.url);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.waitForTimeout(6000); // the other pages are loaded ahead in a quiet moment
    await house.larmor.stop("SIGKILL");
    await page.getByText("What you see may be out of date").waitFor();
    for (const name of ["Queue", "Rules", "Settings", "Destinations", "Doctor", "Events"]) {
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { name, level: 1 }).waitFor();
      await page.getByRole("alert").getByText("Larmor cannot be reached.").first().waitFor();
      await shot(page, `trouble-away-${name}`);
    }
    await house.startLarmor();
    await page.getByText("association.opened").first().waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
    await page.getByRole("link", { name: "Rules", exact: true }).click();
    await page.getByRole("article", { name: "brain-t1" }).waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  it("every page goes on by itself when the server starts again under it", async () => {
    const { study } = await arrived("Open^Oda");
    const addresses = { queue: "/queue", destinations: "/destinations", study: `/studies/${study}`, events: "/events" };
    const pages = Object.fromEntries(await Promise.all(Object.entries(addresses).map(async ([name, path]) => [name, await open(browser, house.url + path)])));
    for (const { page } of Object.values(pages)) await page.getByText("Live", { exact: true }).first().waitFor();
    await house.larmor.stop("SIGKILL");
    for (const { page } of Object.values(pages)) await page.getByText("Reconnecting").first().waitFor();
    await house.startLarmor();
    const { job } = await house.post("/v1/destinations/archive/deliveries", { study, instances: [`${study}.1.1`] });
    await pages.queue.page.locator(`tbody[data-job="${job}"]`).getByText("Done", { exact: true }).waitFor();
    await archive(pages.destinations.page).getByRole("link", { name: "Open, Oda" }).waitFor();
    await pages.study.page.locator('details[data-type="export.confirmed"]').waitFor();
    await pages.events.page.getByText("export.confirmed").first().waitFor();
    for (const { context } of Object.values(pages)) await context.close();
  });
});
