/** Starts the browser, and what its checks say to it: as much of playwright-core's interface as they use. */
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { engineSetting } from "../harness/contract";

export interface Locator {
  click(): Promise<void>;
  count(): Promise<number>;
  first(): Locator;
  focus(): Promise<void>;
  getAttribute(name: string): Promise<string | null>;
  locator(selector: string): Locator;
  innerText(): Promise<string>;
  allInnerTexts(): Promise<string[]>;
  isVisible(): Promise<boolean>;
  waitFor(options?: { state?: "attached" | "visible" | "hidden"; timeout?: number }): Promise<void>;
}

export interface Message {
  type(): string;
  text(): string;
}

export interface Page {
  goto(url: string, options?: { waitUntil?: "load" | "domcontentloaded" }): Promise<unknown>;
  locator(selector: string, options?: { hasText?: string }): Locator;
  getByRole(role: string, options?: { name?: string | RegExp; exact?: boolean }): Locator;
  evaluate<T>(run: string): Promise<T>;
  screenshot(options: { path: string; fullPage?: boolean }): Promise<unknown>;
  waitForTimeout(milliseconds: number): Promise<void>;
  on(event: "console", listener: (message: Message) => void): unknown;
  on(event: "pageerror", listener: (error: Error) => void): unknown;
  on(event: "request", listener: (request: { url(): string }) => void): unknown;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  close(): Promise<void>;
}

export interface Context {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

export interface Look {
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: "light" | "dark";
  readonly reducedMotion?: "reduce" | "no-preference";
  readonly hasTouch?: boolean;
}

export interface Browser {
  newContext(look: Look): Promise<Context>;
  close(): Promise<void>;
}

/** No sandbox, since the checks may run as root; nothing that would call home. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** With a profile of its own, which is gone with it. */
export async function launchBrowser(): Promise<Browser> {
  const { chromium } = required("playwright-core") as {
    chromium: { launch(options: { executablePath: string; args: readonly string[] }): Promise<Browser> };
  };
  return chromium.launch({ executablePath: engineSetting("ENGINE_BROWSER"), args: FLAGS });
}

/** The script that judges accessibility, to be run inside the page. */
export function axeSource(): string {
  return (required("axe-core") as { source: string }).source;
}

/** Waits until an expression is true in the page, whose policy lets nothing inside it wait for one. */
export async function until(page: Page, expression: string, milliseconds = 5_000): Promise<void> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await page.waitForTimeout(10)) {
    if (await page.evaluate<boolean>(expression)) return;
  }
  throw new Error(`not true within ${milliseconds} ms: ${expression}`);
}

/** Where screenshots are kept: git-ignored, the newest of each. */
export function screenshotFile(name: string): string {
  const folder = join(engineSetting("ENGINE_BROWSER_FOLDER"), "screenshots");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}

function required(name: string): unknown {
  return createRequire(join(engineSetting("ENGINE_BROWSER_FOLDER"), "package.json"))(name);
}
