/** The console while things happen: traffic, an alert, a mail, a stage that goes away. In the machine's time. */
import assert from "node:assert/strict";
import { noteFigure } from "../harness/figures";
import { launchBrowser, screenshotFile, until, type Browser } from "./chromium";
import { LOOKS, openPage } from "./judged-page";
import { showStage, type ShownStage } from "./shown-stage";

const WINDOW_MS = 10_000;
describe("the console, live", () => {
  const open: { close: () => Promise<unknown> }[] = [];
  /** What was opened last is closed first, also when a check failed. */
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  function keep<T extends { close: () => Promise<unknown> }>(opened: T): T {
    open.push(opened);
    return opened;
  }

  async function openAll(options: { busy?: boolean } = {}): Promise<{ stage: ShownStage; browser: Browser }> {
    const stage = keep(await showStage(options));
    return { stage, browser: keep(await launchBrowser()) };
  }

  it("lets dots travel where something moves, and counts it", async () => {
    const { stage, browser } = await openAll();
    const { page, complaints } = keep(await openPage(browser, stage, LOOKS.light));
    await page.locator(".traveller").first().waitFor({ state: "attached", timeout: 5_000 });
    const place = `document.querySelector(".traveller")?.getAttribute("transform")`;
    const before = await page.evaluate<string | undefined>(place);
    await until(page, `${place} !== ${JSON.stringify(before)}`);
    const labels = await page.evaluate<string[]>(
      '[...document.querySelectorAll(".label text")].map((text) => text.textContent)',
    );
    assert.ok(
      labels.some((text) => /^1\d(\.\d)?\/s$/.test(text)),
      labels.join(),
    );
    assert.deepEqual(complaints, []);
  });

  it("keeps still for those who want it still", async () => {
    const { stage, browser } = await openAll();
    const { page } = keep(await openPage(browser, stage, { ...LOOKS.light, reducedMotion: "reduce" }));
    await page.locator(".line.moving").first().waitFor({ state: "attached", timeout: 5_000 });
    await page.waitForTimeout(2_500);
    assert.equal(await page.locator(".traveller").count(), 0);
  });

  it("shows an alert within a second of its window, tells of it on every page, and opens its mail", async () => {
    const { stage, browser } = await openAll();
    const { page, visit, complaints } = keep(await openPage(browser, stage, LOOKS.light));
    const other = keep(await openPage(browser, stage, LOOKS.phone));
    await visit("real-time");
    // Early in a window, so that all of the burst falls into it.
    while (stage.now() % WINDOW_MS > 3_000) await page.waitForTimeout(50);
    const end = Math.floor(stage.now() / WINDOW_MS) * WINDOW_MS + WINDOW_MS;
    await stage.send("news.example", 0, 45);
    // Other sites may alert too, and their mails may stand above: one quiet window in eighty does.
    const alert = page.locator(`.alert[data-window-end="${end}"]`, { hasText: "news.example" });
    await alert.waitFor({ timeout: 15_000 });
    const late = stage.now() - end;
    noteFigure("an alert is seen after its window's end", `${late} ms`);
    assert.ok(late < 1_000, `${late} ms`);
    assert.match(await alert.innerText(), /news\.example[\s\S]*unusually high[\s\S]*cutoff 2/);

    await other.page.locator(".notice", { hasText: "news.example" }).waitFor({ timeout: 2_000 });
    await other.page.screenshot({ path: screenshotFile("notice-phone") });

    await page.locator(".letter", { hasText: "news.example" }).locator("button").first().click();
    await page.locator(".letter.open .letter-text").waitFor();
    assert.match(
      await page.locator(".letter.open .letter-text").innerText(),
      /Click-through rate of news\.example is unusually high/,
    );
    await page.screenshot({ path: screenshotFile("alert-and-mail-light") });
    assert.deepEqual([...complaints, ...other.complaints], []);
  });

  it("says that it has lost the stage, and keeps what it knew", async () => {
    const { stage, browser } = await openAll();
    const { page } = keep(await openPage(browser, stage, LOOKS.light));
    await page.locator(".line-state.open").waitFor();
    open.splice(open.indexOf(stage), 1);
    await stage.close();
    await page.locator(".lost").waitFor({ timeout: 5_000 });
    assert.match(await page.locator(".line-state").innerText(), /Reconnecting/);
    assert.ok((await page.locator(".sign").count()) > 10);
    await page.screenshot({ path: screenshotFile("reconnecting-light") });
  });

  it("shows a stage on which nothing has happened yet as what it is", async () => {
    const { stage, browser } = await openAll({ busy: false });
    const { page, visit, complaints } = keep(await openPage(browser, stage, LOOKS.light));
    assert.match(await page.locator(".headline").innerText(), /Nothing comes in at the moment/);
    await visit("real-time");
    assert.match(await page.locator("main").innerText(), /No window has closed yet[\s\S]*Nothing unusual so far/);
    await page.screenshot({ path: screenshotFile("empty-light") });
    assert.deepEqual(complaints, []);
  });
});
