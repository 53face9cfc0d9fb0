import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Document, madeOnce } from '@dms/testing';
import { sha256Hex } from '@dms/values';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { modelPage, type ShownArtifacts } from '../../src/model-page.ts';
import { artifactsOf, artifactsOfV2, schemasOf } from '../compiled-set.ts';
import { earlierMapping } from '../earlier-mapping.ts';
import { launchBrowser, noBrowser, openWatched, type WatchedPage } from './browser.ts';

export { noBrowser };

/** Pages of one spec file: written into a separate folder, and opened in one browser. */
export interface OpenedPages {
  /** The file with the page of these documents, compared with earlier ones if given. */
  written(name: string, documents: readonly Document[], before?: readonly Document[]): Promise<string>;
  /** Like `written`, without the mapping of an ODS. */
  writtenWithoutOds(name: string, documents: readonly Document[]): Promise<string>;
  /** Like `written`, with the tables of an earlier version. */
  writtenWithEarlier(name: string, documents: readonly Document[]): Promise<string>;
  /** Like `written`, for the second generation of the mapping. */
  writtenV2(name: string, documents: readonly Document[]): Promise<string>;
  open(file: string, options?: BrowserContextOptions): Promise<WatchedPage>;
}

/** Starts a browser before the tests of a file, and ends it and removes the pages after them. */
export function openedPages(): OpenedPages {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    if (noBrowser) return;
    folder = mkdtempSync(path.join(tmpdir(), 'model-page-'));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** A page is made once in a run; other files take a copy. */
  async function writtenPage(
    name: string,
    kind: keyof OpenedPages,
    documents: readonly Document[],
    artifacts: () => readonly ShownArtifacts[],
    before?: readonly Document[],
  ): Promise<string> {
    const file = path.join(folder, `${name}.html`);
    const hash = sha256Hex(JSON.stringify([kind, documents, before]));
    const made = await madeOnce(`page-${hash.slice(0, 32)}`, async (place) =>
      writeFileSync(path.join(place, 'model.html'), await modelPage(artifacts(), schemasOf(documents))),
    );
    copyFileSync(path.join(made, 'model.html'), file);
    return file;
  }

  return {
    written: (name, documents, before) =>
      writtenPage(name, 'written', documents, () => artifactsOf(documents, before), before),
    writtenWithoutOds: (name, documents) =>
      writtenPage(name, 'writtenWithoutOds', documents, () =>
        artifactsOf(documents).map((artifacts) => ({ ...artifacts, ods: undefined })),
      ),
    writtenWithEarlier: (name, documents) =>
      writtenPage(name, 'writtenWithEarlier', documents, () =>
        artifactsOf(documents).map((artifacts) => ({ ...artifacts, earlier: earlierMapping })),
      ),
    writtenV2: (name, documents) => writtenPage(name, 'writtenV2', documents, () => artifactsOfV2(documents)),
    open: (file, options) => openWatched(browser, file, options),
  };
}

export const searchBox = (page: Page) =>
  page.getByRole('combobox', { name: 'Search resources, tables, columns, paths, rules' });
export const heading = (page: Page) => page.locator('h1');
export const section = (page: Page, name: string) => page.getByRole('region', { name: new RegExp(`^${name}`) }).first();

/** Waits until what was clicked or resized is drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))');
}

/** Goes to an address of the page, without the `#`. Returns it as the browser writes it, with the `#`. */
export async function goTo(page: Page, address: string): Promise<string> {
  const hash: string = await page.evaluate(`location.hash = ${JSON.stringify(`#${address}`)}; location.hash`);
  await drawn(page);
  return hash;
}

/** Goes to an address, and waits for its view and its title, which the page names together, and for a picture. */
export async function visit(page: Page, address: string): Promise<void> {
  const hash = await goTo(page, address);
  await page.locator(`html[data-view=${JSON.stringify(hash)}]`).waitFor();
  if (address.startsWith('/diagram')) await page.locator('.picture svg').waitFor();
}

/** Goes to an address, and waits for the view with this heading. */
export async function show(page: Page, address: string, title: string | RegExp): Promise<void> {
  await goTo(page, address);
  await heading(page).filter({ hasText: title }).waitFor();
  // the focus moves to the heading after the heading is there
  await drawn(page);
}

/** Waits for the view with this heading after a click or a key: the view moves the focus to its heading. */
export async function focused(page: Page, title: string | RegExp): Promise<void> {
  await page.locator('h1:focus').filter({ hasText: title }).waitFor();
}

/** Opens the first view, like a user who opens the file. */
export async function start(page: Page): Promise<void> {
  await show(page, '/', /\d+\.\d+/);
  await page.locator('html[data-search=ready]').waitFor();
}

/** One interaction: types into the search box and opens the first result. */
export async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
}

/** Leaves the search box with the keyboard: the first key closes its list, the second one leaves it. */
export async function leaveSearch(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await drawn(page);
  await page.keyboard.press('Escape');
  await page.waitForFunction('document.activeElement === document.body');
}

/** Expects that the page is quiet: no message, no failure, no request. */
export function expectQuiet({ complaints, requests }: WatchedPage): void {
  expect(complaints).toEqual([]);
  expect(requests).toEqual([]);
}
