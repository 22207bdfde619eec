/**
 * Every page in light, in dark and on a phone: no complaint of the browser, nothing that axe-core finds, nothing wider than
 * the screen. Does not prove that a page is beautiful: its screenshots are kept to be looked at.
 */
import assert from "node:assert/strict";
import { noteFigure } from "../harness/figures";
import { launchBrowser, screenshotFile, type Browser } from "./chromium";
import { findViolations, LOOKS, openPage, PAGES, type JudgedPage, type LookName } from "./judged-page";
import { showReleases, showStage, type ShownStage } from "./shown-stage";

describe("the console, page by page", () => {
  let [browser, stage, releases]: [Browser?, ShownStage?, { readonly close: () => Promise<void> }?] = [];
  before(async () => {
    stage = await showStage();
    releases = await showReleases(stage);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await stage?.close();
    await releases?.close();
  });

  async function withPage(look: LookName, run: (judged: JudgedPage) => Promise<void>): Promise<void> {
    assert.ok(browser !== undefined && stage !== undefined);
    const judged = await openPage(browser, stage, LOOKS[look]);
    try {
      await run(judged);
      assert.deepEqual(judged.complaints, []);
    } finally {
      await judged.close();
    }
  }

  /** Places beside the pages themselves: something is opened there. */
  async function placesOf({ page }: JudgedPage): Promise<Record<string, string>> {
    const station = await page.locator(".sign").first().getAttribute("href");
    const urn = station?.split("/").at(-1) ?? "";
    return { station: `overview/${urn}`, resource: `resources/${urn}`, role: "permissions/detect" };
  }

  for (const look of Object.keys(LOOKS) as LookName[]) {
    describe(`the console in ${look}`, () => {
      it("shows every page without a complaint, accessibly, within its width", async () => {
        await withPage(look, async (judged) => {
          const { page, visit } = judged;
          await page.locator(".sign").first().waitFor();
          const places: Record<string, string> = {
            ...Object.fromEntries(PAGES.map((name) => [name, name])),
            ...(await placesOf(judged)),
          };
          let found = 0;
          for (const [name, place] of Object.entries(places)) {
            await visit(place);
            await page.screenshot({ path: screenshotFile(`${name}-${look}`), fullPage: look.startsWith("phone") });
            const violations = await findViolations(page);
            found += violations.length;
            assert.deepEqual(violations, [], `${name} in ${look}`);
            const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
            assert.ok(overflow <= 0, `${name} in ${look} is ${overflow} pixels wider than the screen`);
          }
          noteFigure(`axe-core, ${look}`, `${found} violations on ${Object.keys(places).length} places`);
        });
      });
    });
  }

  describe("the console as it loads", () => {
    it("is there within a second, asks nobody else, and is a small script", async () => {
      await withPage("light", async ({ page, requests }) => {
        assert.ok(stage !== undefined);
        const begun = performance.now();
        await page.goto(stage.watched.stage.url);
        await page.locator(".sign").first().waitFor();
        const loaded = performance.now() - begun;
        noteFigure("load on loopback, to the drawn journey", `${Math.round(loaded)} ms`);
        assert.ok(loaded < 1_000, `${loaded} ms`);
        const origin = new URL(stage.watched.stage.url).origin;
        assert.deepEqual(
          requests.filter((url) => !url.startsWith(origin) && !url.startsWith("data:")),
          [],
        );
      });
    });
  });
});
