import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownSet } from '../test-sets.ts';
import type { WatchedPage } from './browser.ts';
import {
  drawn,
  expectQuiet,
  heading,
  noBrowser,
  openedPages,
  searchBox,
  section,
  show,
  start,
} from './opened-pages.ts';

const { written, open } = openedPages();

describe.skipIf(noBrowser)('the way to a resource (needs a browser)', () => {
  let file: string;
  let watched: WatchedPage;
  let page: Page;
  const listed = () => page.locator('.resources a').allTextContents();

  beforeAll(async () => {
    file = await written('own', ownSet());
    watched = await open(file);
    ({ page } = watched);
  });

  it('is one search, on every view', async () => {
    for (const view of ['/', '/resource/Campus/School', '/search?q=team', '/diagram/Campus/School', '/nowhere']) {
      await show(page, view, /./);
      expect([view, await page.locator('input[type=text], input:not([type]), textarea').count()]).toEqual([view, 1]);
    }
    await start(page);
    const all = await listed();
    const isNamed = (name: string) => name.toLowerCase().includes('calendar');
    await searchBox(page).fill('calendar');
    await page.getByRole('option', { name: /^All/ }).click();
    await heading(page).filter({ hasText: 'Search: calendar' }).waitFor();
    await section(page, 'Resources').locator('.found-name').first().waitFor();
    const found = await section(page, 'Resources').locator('.found-name').allTextContents();
    // resources whose definition has the word follow
    expect(found.filter(isNamed).sort()).toEqual(all.filter(isNamed).sort());
    expect(found.slice(0, 3).every(isNamed)).toBe(true);
  });

  it('is in the address, so that it can be shared and returns with the back button', async () => {
    await show(page, '/search?q=calendar', 'Search: calendar');
    const link = section(page, 'Resources').getByRole('link', { name: /^CalendarDate\b/ });
    await link.first().click();
    await heading(page)
      .filter({ hasText: /^CalendarDate/ })
      .waitFor();
    await page.goBack();
    await heading(page).filter({ hasText: 'Search: calendar' }).waitFor();
    const shared = await open(page.url().replace('file://', ''));
    expect(await heading(shared.page).textContent()).toBe('Search: calendar');
    const rows = (each: Page) => each.locator('.found-name').allTextContents();
    await shared.page.locator('.found-name').first().waitFor();
    expect(await rows(shared.page)).toEqual(await rows(page));
  });

  it('leaves the typed text as it is', async () => {
    await start(page);
    await searchBox(page).fill('a+b/c?d=é &%');
    await page.getByRole('option').last().click();
    await heading(page).filter({ hasText: 'Search: a+b/c?d=é &%' }).waitFor();
    await page.reload();
    await heading(page).filter({ hasText: 'Search: a+b/c?d=é &%' }).waitFor();
  });

  it('shows the resources of one project, for either database, and leads to all', async () => {
    await start(page);
    const all = await listed();
    await show(page, '/?project=Athletics', /\d/);
    await page.getByText('Resources of Athletics only.').waitFor();
    const own = await listed();
    expect(own.length).toBeGreaterThan(3);
    expect(own.length).toBeLessThan(all.length);
    await page.getByLabel('SQL Server').check();
    await page.waitForURL(/dialect=mssql/);
    await drawn(page);
    expect(await listed()).toEqual(own);
    await page.getByRole('link', { name: 'All resources' }).click();
    await page.waitForURL(/#\/\?dialect=mssql$/);
    await drawn(page);
    expect(await listed()).toEqual(all);
    expectQuiet(watched);
  });
});
