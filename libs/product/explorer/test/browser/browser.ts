import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type LaunchOptions, type Page } from 'playwright-core';
import { packedBrowser } from './packed-browser.ts';

/** The usual paths of a browser of the system. */
const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The browsers to try: the one that `DMS_TEST_BROWSER` names; or those of the system, then the one of an npm package.
 */
function* browsers(): Generator<LaunchOptions> {
  const named = process.env.DMS_TEST_BROWSER;
  if (named) {
    yield { executablePath: named };
    return;
  }
  yield* systemPaths.filter((file) => existsSync(file)).map((executablePath) => ({ executablePath }));
  yield* packedBrowser();
}

// the sandbox needs privileges that containers lack, and the page can be trusted
const launch = (options: LaunchOptions): Promise<Browser> => chromium.launch({ ...options, args: ['--no-sandbox'] });

/** The first browser that starts, or the reasons why none does. */
async function startable(): Promise<LaunchOptions | Error> {
  const reasons: string[] = [];
  for (const options of browsers()) {
    try {
      await (await launch(options)).close();
      return options;
    } catch (error) {
      reasons.push(`${options.executablePath}: ${(error as Error).message}`);
    }
  }
  return new Error(['No browser starts; install Chromium, or name one in DMS_TEST_BROWSER.', ...reasons].join('\n'));
}

const found = await startable();

/** Whether tests that need a browser are skipped, by name, because none starts. In CI they fail instead. */
export const noBrowser = found instanceof Error && !process.env.CI;

/** Launches the browser, which has started before. Tries a second time if its process crashes at the start. */
export function launchBrowser(): Promise<Browser> {
  return found instanceof Error ? Promise.reject(found) : launch(found).catch(() => launch(found));
}

/** A watched page: all console messages, all failures, and all requests except the one for the file itself. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

export async function openWatched(
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
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
