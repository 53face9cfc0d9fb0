import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** The usual paths of the browser; `DMS_TEST_BROWSER` names another one. Nothing is ever downloaded. */
const places = [
  process.env.DMS_TEST_BROWSER,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The installed browser; undefined if there is none, and then tests that need it are skipped, by name. */
export const browserFile = places.find((file) => file !== undefined && isExecutable(file));

export function launchBrowser(): Promise<Browser> {
  if (browserFile === undefined) throw new Error('There is no browser.');
  // the sandbox needs privileges that containers lack, and the page can be trusted
  return chromium.launch({ executablePath: browserFile, args: ['--no-sandbox'] });
}

/** A watched page: all console messages, all failures, and all requests except the one for the file itself. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

export async function openWatched(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`file://${file}`)) requests.push(request.url());
  });
  await page.goto(`file://${file}`);
  await page.locator('h1').waitFor();
  return { page, complaints, requests };
}

const readAxe = () => `${readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')};0`;

/** Rules of WCAG 2.2 AA and good practice that the page breaks, with the first element of each. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  // the policy of the document allows no other script, so it is injected over the browser protocol
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(readAxe());
  const found = await page.evaluate<{ id: string; nodes: { html: string; failureSummary?: string }[] }[]>(
    'axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes })))',
  );
  return found.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html} ${nodes[0]?.failureSummary ?? ''}`);
}
