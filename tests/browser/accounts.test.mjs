// Signing in and out with the real server, and what each role sees.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { House, missing, run } from "./larmor.mjs";
import { axeFindings, DESKTOP, launch, open, PHONE, shot } from "./tools.mjs";

const PASSWORD = "correct horse battery";
const OTHER = "an entirely other one";

describe("signing in", { skip: missing.length > 0 && `not here: ${missing.join(", ")}` }, () => {
  let browser;
  let house;
  let study;
  before(async () => {
    browser = await launch();
    house = await House.open();
    for (const [name, role] of [["rita", "reader"], ["ada", "administrator"], ["vera", "reader"]]) house.addUser(name, role, PASSWORD);
    const small = house.small();
    study = small.study;
    await house.send(small.folder);
  });
  after(async () => {
    await browser?.close();
    await house?.close();
  });

  async function signIn(page, name, password = PASSWORD) {
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }
  const account = (page, name) => page.getByRole("link", { name: `Your account, ${name}` });

  for (const [scheme, size] of [["dark", DESKTOP], ["light", DESKTOP], ["dark", PHONE], ["light", PHONE]])
    it(`the page is for everybody: ${scheme}, ${size === PHONE ? "phone" : "desktop"}`, async () => {
      const { page, context, errors } = await open(browser, house.url, { scheme, size });
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await shot(page, `sign-in-${scheme}-${size === PHONE ? "phone" : "desktop"}`);
      assert.deepEqual(await axeFindings(page), []);
      assert.deepEqual(errors, []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "name", "typing may begin at once");
      await context.close();
    });

  it("a study's address leads through the sign-in to the study, by the keyboard alone", async () => {
    const { page, context, errors } = await open(browser, `${house.url}/studies/${study}`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.keyboard.type("rita");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("Small, Sam").first().waitFor();
    assert.ok(page.url().endsWith(`/studies/${study}`));
    await account(page, "rita").waitFor();
    await shot(page, "signed-in");
    assert.deepEqual(errors, []);
    await context.close();
  });

  it("a wrong password is said, and after a few the page counts down", async () => {
    const { page, context } = await open(browser, house.url);
    await signIn(page, "vera", "wrong horse battery");
    await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
    await shot(page, "sign-in-wrong");
    // Each further wrong one doubles the wait, so that a slow machine meets it too.
    const locked = page.getByRole("alert").getByText(/Too many wrong passwords/);
    for (let i = 0; i < 12 && !(await locked.isVisible()); i += 1) {
      await signIn(page, "vera", "wrong horse battery");
      await page.waitForFunction(() => !document.querySelector('[data-loading="true"]'));
    }
    await locked.waitFor();
    await shot(page, "sign-in-locked");
    await page.getByRole("button", { name: "Sign in", disabled: false }).waitFor({ timeout: 120_000 });
    await signIn(page, "vera");
    await account(page, "vera").waitFor();
    await context.close();
  });

  it("an ended session asks for a sign-in where one is, and goes on there", async () => {
    const { page, context } = await open(browser, `${house.url}/studies/${study}`);
    await signIn(page, "rita");
    await page.getByText("Small, Sam").first().waitFor();
    await context.clearCookies();
    await page.getByRole("link", { name: "Studies" }).first().click();
    await page.getByText("You have been signed out").waitFor();
    await signIn(page, "rita");
    await page.locator(`tr[data-study="${study}"]`).waitFor();
    await context.close();
  });

  it("a session that has run out leads back to the sign-in by itself", async () => {
    const { page, context } = await open(browser, house.url);
    await signIn(page, "rita");
    await page.locator(`tr[data-study="${study}"]`).waitFor();
    run("sqlite3", [join(house.directory, "larmor/accounts/accounts.db"), "UPDATE session SET made = made - 43201000000000"]);
    await page.getByText("You have been signed out").waitFor({ timeout: 60_000 });
    await signIn(page, "rita");
    await page.locator(`tr[data-study="${study}"]`).waitFor();
    await context.close();
  });

  it("the account tells who one is, changes the password, and signs out", async () => {
    const { page, context, errors } = await open(browser, house.url);
    await signIn(page, "rita");
    await account(page, "rita").click();
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await page.getByText("Reader: looks at studies").waitFor();
    await shot(page, "account");
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("The password so far").fill("wrong horse battery");
    await page.getByLabel("The new password", { exact: true }).fill(OTHER);
    await page.getByLabel("The new one once more").fill(OTHER);
    await page.getByRole("button", { name: "Change it" }).click();
    await page.getByText("the old password is wrong").waitFor();
    await page.getByLabel("The password so far").fill(PASSWORD);
    await page.getByRole("button", { name: "Change it" }).click();
    await page.getByText("Your password is changed").waitFor();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await signIn(page, "rita", OTHER);
    await account(page, "rita").waitFor();
    assert.deepEqual(errors, []);
    await context.close();
  });

  it("an administrator adds a user and makes a token; a reader has no such page", async () => {
    const { page, context, errors } = await open(browser, house.url);
    await signIn(page, "ada");
    await page.getByRole("link", { name: "Accounts" }).click();
    await page.getByRole("row", { name: /rita/ }).waitFor();
    await page.getByRole("button", { name: "Add a user" }).click();
    await page.getByLabel("Name", { exact: true }).fill("otto");
    await page.getByLabel("Role", { exact: true }).selectOption("operator");
    await page.getByLabel("First password").fill(PASSWORD);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByLabel("Role of otto").waitFor();
    assert.equal(await page.getByLabel("Role of otto").inputValue(), "operator");
    await page.getByRole("button", { name: "Make a token" }).click();
    await page.getByLabel("What it is for").fill("night script");
    await page.getByRole("button", { name: "Make it" }).click();
    const secret = await page.locator("[data-secret]").innerText();
    assert.match(secret, /^larmor_[0-9a-f]{64}$/);
    assert.equal((await fetch(`${house.url}/v1/studies`, { headers: { authorization: `Bearer ${secret}` } })).status, 200);
    await shot(page, "accounts");
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("row", { name: /night script/ }).getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("row", { name: /night script/ }).getByText("Revoked").waitFor();
    assert.equal((await fetch(`${house.url}/v1/studies`, { headers: { authorization: `Bearer ${secret}` } })).status, 401);
    await page.getByRole("row", { name: /otto/ }).getByRole("button", { name: "Disable" }).click();
    await page.getByRole("row", { name: /otto/ }).getByText("Disabled").waitFor();
    assert.deepEqual(errors, []);
    await context.close();

    const reader = await open(browser, `${house.url}/accounts`);
    await signIn(reader.page, "vera");
    await reader.page.getByText("vera may not do this").first().waitFor();
    assert.equal(await reader.page.getByRole("link", { name: "Accounts" }).count(), 0);
    await reader.context.close();
  });
});
