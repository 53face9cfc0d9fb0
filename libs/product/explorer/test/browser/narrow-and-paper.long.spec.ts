import { hasSharedData, isThorough, shareOf } from '@dms/testing';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { earlierSet, extendedStandard, ownSet, standard } from '../test-sets.ts';
import { accessibilityViolations, type WatchedPage } from './browser.ts';
import { drawn, expectQuiet, noBrowser, openedPages, section, show, visit } from './opened-pages.ts';

const { written, open } = openedPages();

const views = [
  '/',
  '/resource/Campus/School',
  '/resource/Athletics/School',
  '/table/campus/Section',
  '/table/dms/ResourceKey',
  '/diagram/Campus/Section',
  '/identity/Campus/Session',
  '/search?q=trigger',
  '/difference',
  '/nowhere',
];

describe.skipIf(noBrowser)('a narrow window (needs a browser)', () => {
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    watched = await open(await written('own', ownSet(), earlierSet()), { viewport: { width: 390, height: 844 } });
    ({ page } = watched);
  });

  it('shows of a table that it scrolls, and in which direction', async () => {
    await show(page, '/table/campus/Section', 'campus.Section');
    const columns = section(page, 'Columns').locator('.scrolling');
    const arrow = (side: 'before' | 'after') => columns.locator(`.more.${side}`);
    const frame = columns.locator('.wide');
    await arrow('after').waitFor();
    expect(await arrow('before').isVisible()).toBe(false);
    expect(await arrow('after').boundingBox()).toMatchObject({ height: (await columns.boundingBox())?.height });
    await frame.focus();
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
    await arrow('before').waitFor();
    expect(await arrow('after').isVisible()).toBe(true);
    await frame.evaluate((element) => (element as { scrollTo(x: number, y: number): void }).scrollTo(10_000, 0));
    await arrow('after').waitFor({ state: 'hidden' });
    expect(await arrow('before').isVisible()).toBe(true);
    await page.setViewportSize({ width: 1900, height: 844 });
    await arrow('before').waitFor({ state: 'hidden' });
    expect(await page.locator('.more:visible').count()).toBe(0);
    await page.setViewportSize({ width: 390, height: 844 });
  });

  it('shows the same of the text of a statement', async () => {
    await show(page, '/table/campus/Section', 'campus.Section');
    await section(page, 'DDL').getByText('Statements that create the table').click();
    await section(page, 'DDL').locator('.more.after').waitFor();
  });

  it.each(shareOf(views, 2))(
    'never scrolls the page itself sideways, and breaks no rule of accessibility: %s',
    async (view) => {
      await visit(page, view);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      expect(await accessibilityViolations(page)).toEqual([]);
    },
  );

  it('cuts no name, type or word of a document at 360 pixels', async () => {
    await page.setViewportSize({ width: 360, height: 844 });
    for (const view of ['/', '/resource/Campus/School', '/resource/Athletics/School']) {
      await visit(page, view);
      const cut = await page.evaluate<string[]>(`
        [...document.querySelectorAll('.document *, .counts *, .views *')]
          .filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 2)
          .filter((element) => element.getBoundingClientRect().right > 360)
          .concat([...document.querySelectorAll('.home, .place-title')]
            .filter((element) => element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight))
          .map((element) => element.textContent.trim())`);
      expect([view, ...cut]).toEqual([view]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
  });

  it('shows the whole table of differences by resource', async () => {
    await show(page, '/difference', 'Differences');
    expect(await section(page, 'By resource').locator('.more:visible').count()).toBe(0);
    expect(await section(page, 'By resource').getByRole('columnheader', { name: 'Upgrade' }).isVisible()).toBe(true);
    expectQuiet(watched);
  });
});

if (isThorough)
  describe.skipIf(noBrowser || !hasSharedData)('a narrow window with the standard (needs the shared data)', () => {
    it('never scrolls the page itself sideways, however long the names', async () => {
      const { page } = await open(await written('extended', extendedStandard(), standard()), {
        viewport: { width: 390, height: 844 },
      });
      const long = 'StudentAssessmentRegistrationBatteryPartAssociation';
      for (const view of [
        '/',
        '/difference',
        '/resource/TPDM/Credential',
        `/resource/Ed-Fi/${long}`,
        `/table/edfi/${long}Accommodation`,
        `/identity/Ed-Fi/StudentSchoolAssociation`,
        '/identity/Ed-Fi/School?dialect=mssql',
        `/search?q=${long}`,
      ]) {
        await visit(page, view);
        expect([view, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([view, 390]);
      }
    });
  });

describe.skipIf(noBrowser)('the page on paper (needs a browser)', () => {
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    watched = await open(await written('paper', ownSet(), earlierSet()));
    ({ page } = watched);
  });

  /** The values of a property over all elements of a kind, each once. */
  const styles = async (selector: string, property: string): Promise<string[]> => {
    const found = await page.evaluate<string[]>(
      `[...document.querySelectorAll('${selector}')].map((element) => getComputedStyle(element).${property})`,
    );
    return [...new Set(found)];
  };

  it.each(views)('has no controls that cannot be used there: %s', async (view) => {
    await page.emulateMedia({ media: 'screen' });
    await visit(page, view);
    await page.setViewportSize({ width: 700, height: 900 });
    await page.emulateMedia({ media: 'print' });
    const controls = 'button:not(.term button), select, input, label, kbd, nav, .more, [role=combobox], [role=listbox]';
    expect(await page.locator(controls).filter({ visible: true }).allTextContents()).toEqual([]);
    for (const marker of await styles('summary', 'listStyleType')) expect(marker).toBe('none');
    for (const overflow of await styles('.wide', 'overflowX')) expect(overflow).toBe('visible');
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('says of a list of resources of which project they are', async () => {
    await show(page, '/?project=Athletics', /\d/);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('Resources of Athletics only').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
  });

  it('has dark letters, even if the window has light ones', async () => {
    await visit(page, '/table/campus/Section');
    const letters = () => page.evaluate('getComputedStyle(document.body).color');
    const light = await letters();
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    expect(await letters()).not.toBe(light);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await letters()).toBe(light);
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  });

  it('has the whole diagram, whatever part of it the window shows', async () => {
    await visit(page, '/diagram/Campus/Section');
    const viewBox = () => page.locator('.picture svg').getAttribute('viewBox');
    for (let step = 0; step < 4; step += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
    await drawn(page);
    const shown = await viewBox();
    await page.evaluate(
      `addEventListener('beforeprint', () => { globalThis.printed = document.querySelector('.picture svg').getAttribute('viewBox'); })`,
    );
    await page.pdf();
    const [x, y, width = 0, height = 0] = (await page.evaluate<string>('printed')).split(' ').map(Number);
    expect([x, y]).toEqual([-16, -16]);
    const corners = await page.evaluate<readonly (readonly [number, number])[]>(`
      [...document.querySelectorAll('.picture .node')].map((node) => {
        const [{ width, height }, { e, f }] = [node.getBBox(), node.transform.baseVal[0].matrix];
        return [e + width, f + height];
      })`);
    expect(corners.length).toBeGreaterThan(5);
    for (const [right, bottom] of corners) expect(right <= width - 16 && bottom <= height - 16).toBe(true);
    const [, , shownWidth = 0] = (shown ?? '').split(' ').map(Number);
    expect(shownWidth).toBeLessThan(width);
    await drawn(page);
    expect(await viewBox()).toBe(shown);
    expectQuiet(watched);
  });
});
