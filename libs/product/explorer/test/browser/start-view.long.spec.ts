import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownSet } from '../test-sets.ts';
import type { WatchedPage } from './browser.ts';
import { drawn, expectQuiet, heading, noBrowser, openedPages, show, start } from './opened-pages.ts';

const { written, open } = openedPages();

describe.skipIf(noBrowser)('the filter of resources (needs a browser)', () => {
  let file: string;
  let watched: WatchedPage;
  let page: Page;
  const filter = () => page.getByLabel('Show resources with');
  const listed = () => page.locator('.resources a').allTextContents();

  beforeAll(async () => {
    file = await written('own', ownSet());
    watched = await open(file);
    ({ page } = watched);
  });

  it('is in the address, so that it can be shared and returns with the back button', async () => {
    await start(page);
    const all = await listed();
    await filter().fill('calendar');
    await drawn(page);
    const found = await listed();
    expect(found).toEqual(all.filter((name) => name.toLowerCase().includes('calendar')));
    expect(found).toHaveLength(3);
    expect(page.url()).toMatch(/#\/\?filter=calendar$/);
    await page.getByRole('link', { name: 'CalendarDate', exact: true }).click();
    await heading(page).filter({ hasText: 'CalendarDate' }).waitFor();
    await page.goBack();
    await filter().waitFor();
    await drawn(page);
    expect(await filter().inputValue()).toBe('calendar');
    expect(await listed()).toEqual(found);
    const shared = await open(page.url().replace('file://', ''));
    expect(await shared.page.getByLabel('Show resources with').inputValue()).toBe('calendar');
    expect(await shared.page.locator('.resources a').allTextContents()).toEqual(found);
  });

  it('adds no history entry while it is typed, and leaves the typed text unchanged', async () => {
    await start(page);
    const length = await page.evaluate('history.length');
    await filter().pressSequentially('a+b/c?d=é &%');
    await drawn(page);
    expect(await filter().inputValue()).toBe('a+b/c?d=é &%');
    expect(await page.evaluate('history.length')).toBe(length);
    expect(await page.evaluate('document.activeElement.id')).toBe('filter');
    expect(await page.locator('main').textContent()).toContain('No resource has this in its name.');
    await page.reload();
    expect(await filter().inputValue()).toBe('a+b/c?d=é &%');
  });

  it('stays when the database is switched, and is cleared on the way to the first view', async () => {
    await show(page, '/?filter=team', /\d/);
    await page.getByLabel('SQL Server').check();
    await page.waitForURL(/dialect=mssql/);
    await drawn(page);
    expect(await filter().inputValue()).toBe('team');
    await page.locator('.home').click();
    await page.waitForURL(/#\/\?dialect=mssql$/);
    await drawn(page);
    expect(await filter().inputValue()).toBe('');
    expectQuiet(watched);
  });
});
