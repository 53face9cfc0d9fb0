/**
 * Takes the pictures of the explorer for the README, from a page of the data standard, in the browser of the tests.
 *
 *   npx tsx tools/explorer-pictures.ts <model.html>
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launchBrowser } from '../libs/product/explorer/test/browser/browser.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the page, as in: npx tsx tools/explorer-pictures.ts out/model.html');
const folder = fileURLToPath(new URL('../docs/explorer/', import.meta.url));

/** The address of each view, and an element that marks it as complete. */
const views: Readonly<Record<string, readonly [address: string, complete: string]>> = {
  start: ['#/', '.resources'],
  resource: ['#/resource/Ed-Fi/Section', '.scope'],
  diagram: ['#/diagram/Ed-Fi/Section', '.picture svg'],
};

const browser = await launchBrowser();
for (const colorScheme of ['light', 'dark'] as const) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme });
  for (const [name, [address, complete]] of Object.entries(views)) {
    const page = await context.newPage();
    await page.goto(`${pathToFileURL(path.resolve(file)).href}${address}`);
    await page.locator(`html[data-search=ready]`).waitFor();
    await page.locator(complete).first().waitFor();
    await page.waitForTimeout(200);
    await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`) });
    await page.close();
  }
}
await browser.close();
