/** A page under judgement: what it complained of, what it asked for, and what axe-core finds. */
import { axeSource, until, type Browser, type Context, type Look, type Page } from "./chromium";
import type { ShownStage } from "./shown-stage";

export const LOOKS = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true },
  "phone-dark": { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true },
} as const satisfies Record<string, Look>;

export type LookName = keyof typeof LOOKS;

export const PAGES = ["overview", "real-time", "resources", "events", "permissions", "releases"] as const;

export interface JudgedPage {
  readonly page: Page;
  /** Errors and warnings of the browser's console, and what was thrown. */
  readonly complaints: string[];
  readonly requests: string[];
  /** Goes to a place inside the console and waits until it shows something. */
  readonly visit: (place: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openPage(
  browser: Browser,
  { watched }: ShownStage,
  look: Look,
  address?: string,
): Promise<JudgedPage> {
  const context: Context = await browser.newContext(look);
  const page = await context.newPage();
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(address ?? watched.console.url);
  await page.locator("h1").waitFor();
  return {
    page,
    complaints,
    requests,
    visit: async (place) => {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/${place}`)}`);
      await page.locator("main h1").waitFor();
      await until(page, `document.querySelector(".loading") === null`);
      await page.waitForTimeout(400);
    },
    close: () => context.close(),
  };
}

export interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly string[];
}

/** Rules of WCAG 2.2, levels A and AA, and axe-core's best practices. */
export async function findViolations(page: Page): Promise<Violation[]> {
  await page.evaluate(`${axeSource()}; undefined`);
  return page.evaluate<Violation[]>(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map(({ target, failureSummary }) => target + ": " + failureSummary) })))`);
}
