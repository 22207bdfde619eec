/** The console by keyboard alone: everything can be reached, seen where one is, and used. */
import assert from "node:assert/strict";
import { launchBrowser, screenshotFile, until, type Browser, type Page } from "./chromium";
import { LOOKS, openPage, PAGES, type JudgedPage } from "./judged-page";
import { showStage, type ShownStage } from "./shown-stage";

/** Presses Tab until the element with focus is as wanted. */
async function tabTo(page: Page, wanted: string, most = 150): Promise<void> {
  for (let press = 0; press < most; press++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(wanted)}) ?? false`)) return;
  }
  throw new Error(`${wanted} is not reached by ${most} presses of Tab`);
}

/** Whether one sees where the focus is: an outline, or the halo of a station. */
const SEES_FOCUS = `(() => {
  const element = document.activeElement;
  const halo = element.querySelector(".halo");
  if (halo !== null) return getComputedStyle(halo).stroke !== "rgba(0, 0, 0, 0)";
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
})()`;

describe("by keyboard alone", () => {
  let [browser, stage, judged]: [Browser?, ShownStage?, JudgedPage?] = [];
  before(async () => {
    stage = await showStage();
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    assert.ok(browser !== undefined && stage !== undefined);
    judged = await openPage(browser, stage, LOOKS.light);
    await judged.page.locator(".sign").first().waitFor();
  });
  afterEach(async () => {
    await judged?.close();
  });
  after(async () => {
    await browser?.close();
    await stage?.close();
  });

  function current(): { page: Page } {
    assert.ok(judged !== undefined);
    return judged;
  }

  it("skips to the content first, then goes through the pages", async () => {
    const { page } = current();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to content");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate("document.activeElement.id"), "main");
  });

  for (const name of PAGES) {
    it(`opens ${name}, whose every stop shows where one is`, async () => {
      const { page } = current();
      await tabTo(page, `nav a[href="#/${name}"]`);
      assert.ok(await page.evaluate<boolean>(SEES_FOCUS));
      await page.keyboard.press("Enter");
      await until(page, `location.hash === "#/${name}"`);
      await page.waitForTimeout(600);
      for (let stop = 0; stop < 12; stop++) {
        await page.keyboard.press("Tab");
        const isOnPage = await page.evaluate<boolean>("document.activeElement !== document.body");
        if (isOnPage)
          assert.ok(await page.evaluate<boolean>(SEES_FOCUS), await page.evaluate("document.activeElement.outerHTML"));
      }
    });
  }

  it("opens a station, and its records from there", async () => {
    const { page } = current();
    await tabTo(page, ".sign");
    await page.screenshot({ path: screenshotFile("focus-light") });
    await page.keyboard.press("Enter");
    await page.locator(".station-panel").waitFor();
    await tabTo(page, '.station-panel a[href^="#/events"]');
    await page.keyboard.press("Enter");
    await until(page, 'location.hash.startsWith("#/events/")');
  });

  it("opens a branch of resources and one of them", async () => {
    const { page } = current();
    await page.evaluate('location.hash = "#/resources"');
    await page.locator(".tree").waitFor();
    await tabTo(page, "button.twist");
    await page.keyboard.press("Enter");
    await page.locator('button.twist[aria-expanded="true"]').waitFor();
    await tabTo(page, ".tree ul a");
    await page.keyboard.press("Enter");
    await page.locator(".aside-card .json").waitFor();
  });

  it("opens a mail and closes it", async () => {
    const { page } = current();
    await page.evaluate('location.hash = "#/real-time"');
    await page.locator(".letter").first().waitFor();
    await tabTo(page, ".letter button");
    await page.keyboard.press("Space");
    await page.locator(".letter.open").waitFor();
    await page.keyboard.press("Space");
    await page.locator(".letter.open").waitFor({ state: "hidden" });
  });

  it("chooses the other colours, which stay", async () => {
    const { page } = current();
    await tabTo(page, '[aria-label="Use dark colours"]');
    await page.keyboard.press("Space");
    assert.equal(await page.evaluate("document.documentElement.dataset.theme"), "dark");
    await page.evaluate("location.reload()");
    await page.locator('[aria-label="Use light colours"]').waitFor();
  });

  it("puts a rejected record back, once", async () => {
    const { page } = current();
    await page.evaluate('location.hash = "#/events"');
    await page.getByRole("button", { name: /^Replay: put the record of .* back/ }).waitFor();
    await tabTo(page, 'button[aria-label^="Replay:"]', 300);
    await page.keyboard.press("Enter");
    await page.locator(".pill.good").waitFor({ timeout: 5_000 });
  });
});
