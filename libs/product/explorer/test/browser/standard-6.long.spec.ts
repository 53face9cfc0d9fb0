import { hasSharedData, isThorough, once, readSharedJson } from '@dms/testing';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations, type WatchedPage } from './browser.ts';
import { drawn, expectQuiet, goTo, noBrowser, openedPages, searchBox, section, show } from './opened-pages.ts';

const { written, open } = openedPages();

const standard6 = once(() => [readSharedJson('inputs', 'ds-6.1-core.json')] as never);

const windows = [1440, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => {
    return { width, height: width === 390 ? 844 : 900, colorScheme };
  }),
);

/** The minimum height of a line of letters that is easy to read. */
const readable = 10;

/** The names and sizes that a picture shows. */
interface ShownNames {
  readonly names: readonly string[];
  readonly letters: number;
  /** Nodes whose middle is in the window or below it, where the page scrolls to. */
  readonly visible: number;
  readonly center: boolean;
}

const readPicture = `(() => {
  const frame = document.querySelector('.picture').getBoundingClientRect();
  const nodes = [...document.querySelectorAll('.picture .node')];
  const isIn = (node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    const at = [x + width / 2, y + height / 2];
    return at[0] > frame.left && at[0] < frame.right && at[1] > frame.top && at[1] < frame.bottom;
  };
  const titles = nodes.map((node) => [...node.querySelectorAll('text:not(.detail)')].map(({ textContent }) => textContent).join(''));
  return {
    names: titles,
    letters: Math.min(...nodes.map((node) => node.querySelector('text').getBoundingClientRect().height)),
    visible: nodes.filter(isIn).length,
    center: isIn(document.querySelector('.picture .node.center')),
  };
})()`;

async function picture(page: Page, address: string): Promise<ShownNames> {
  await goTo(page, '/');
  await page.locator('.picture').waitFor({ state: 'detached' });
  await goTo(page, address);
  await page.locator('.picture svg').waitFor();
  await drawn(page);
  return page.evaluate<ShownNames>(readPicture);
}

describe.skipIf(noBrowser || !hasSharedData || !isThorough)(
  'the page of the standard 6.1 (needs a browser, the shared data and DMS_PROPERTY_RUNS above 1)',
  () => {
    let file: string;

    beforeAll(async () => {
      if (noBrowser || !hasSharedData) return;
      file = await written('standard-6', standard6());
    });

    // both widths and both colours
    describe.each(windows)('in a window of $width pixels, $colorScheme', ({ width, height, colorScheme }) => {
      let watched: WatchedPage;
      let page: Page;

      beforeAll(async () => {
        watched = await open(file, { viewport: { width, height }, colorScheme });
        ({ page } = watched);
        await page.locator('html[data-search=ready]').waitFor();
      });

      it.each(['Student', 'School'])(
        'draws the neighbours of %s so that they can be read, the rest on demand',
        async (name) => {
          const first = await picture(page, `/diagram/Ed-Fi/${name}`);
          expect(first.letters).toBeGreaterThan(readable);
          // all first nodes are in the window, or below it
          expect(first.visible).toBe(first.names.length);
          expect(first.names).toContain(name);
          if (name === 'Student') {
            if (width === 1440) expect(first.names).toContain('StudentSchoolAssociation');
            expect(await page.locator('.rest').textContent()).toMatch(
              /^The nearest (24|12) of 46 resources around it\./,
            );
            await page.getByRole('link', { name: 'Show all' }).click();
            await page.getByText('All 46 resources around it.').waitFor();
            await page.locator('.picture .node').nth(46).waitFor();
            await drawn(page);
            const all = await page.evaluate<ShownNames>(readPicture);
            expect(all.names).toHaveLength(47);
            expect(all.letters).toBeGreaterThan(readable);
            expect(all.center).toBe(true);
            // the longest names of the standard are complete
            expect(all.names).toContain('StudentSpecialEducationProgramEligibilityAssociation');
            expect(all.names).toContain('StudentEducationOrganizationAssessmentAccommodation');
            expect(await page.locator('.picture').textContent()).not.toContain('…');
          }
        },
      );

      it.each(['/diagram/Ed-Fi/School?of=tables', '/diagram/Ed-Fi/Section?depth=2'])(
        'draws what somebody asked for in letters that can be read: %s',
        async (address) => {
          const shown = await picture(page, address);
          expect(shown.letters).toBeGreaterThan(readable);
          expect(shown.center).toBe(true);
        },
      );

      it('folds the identity of a school, which hundreds of rows of the page would be', async () => {
        await show(page, '/identity/Ed-Fi/School', 'Identity change of School');
        const high = () => page.evaluate<number>('document.documentElement.scrollHeight');
        // two windows high; it was ten and thirty before
        expect(await high()).toBeLessThan(2 * height);
        await page.locator('.tree summary').first().click();
        expect(
          await page.locator('.tree').getByRole('link', { name: 'edfi.StudentSchoolAssociation' }).first().isVisible(),
        ).toBe(true);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      });

      it.each([
        ['StudentSchoolAssociation', 'Resources'],
        ['edfi.StudentSchoolAssociation', 'Tables'],
        ['EntryDate', 'Columns'],
        ['$.entryDate', 'JSON paths'],
        ['rule StudentSchoolAssociation', 'Foreign keys and checks'],
      ])('finds %s by its one search: %s', async (text, title) => {
        await searchBox(page).fill(text);
        await page.getByRole('option').last().click();
        await section(page, title).locator('.found-name').first().waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      });

      it('lists what it found in a few windows, the rest on demand', async () => {
        await show(page, '/search?q=School', 'Search: School');
        await page.locator('.found-name').first().waitFor();
        expect(await page.evaluate<number>('document.documentElement.scrollHeight')).toBeLessThan(9 * height);
        const resources = section(page, 'Resources');
        const more = resources.getByText(/^\d+ more$/);
        const shown = await resources.getByRole('link').count();
        await more.click();
        expect(await resources.getByRole('link').count()).toBeGreaterThan(shown);
      });

      it('breaks no rule of accessibility', async () => {
        for (const view of ['/', '/diagram/Ed-Fi/Student', '/identity/Ed-Fi/School', '/search?q=School']) {
          await goTo(page, view);
          if (view.startsWith('/diagram')) await page.locator('.picture svg').waitFor();
          await drawn(page);
          expect([view, ...(await accessibilityViolations(page))]).toEqual([view]);
        }
        expectQuiet(watched);
      });
    });

    it('prints everything that the window folds, and no controls', async () => {
      const { page } = await open(file, { viewport: { width: 700, height: 900 } });
      const controls = 'button:not(.term button), select, input, kbd, nav';
      await show(page, '/identity/Ed-Fi/School', 'Identity change of School');
      const high = () => page.evaluate<number>('document.documentElement.scrollHeight');
      const folded = await high();
      await page.emulateMedia({ media: 'print' });
      // 72 more steps and 126 more names
      expect(await high()).toBeGreaterThan(5 * folded);
      expect(await page.locator(controls).filter({ visible: true }).count()).toBe(0);
      await page.emulateMedia({ media: 'screen' });
      await goTo(page, '/diagram/Ed-Fi/Student');
      await page.locator('.picture svg').waitFor();
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator(controls).filter({ visible: true }).count()).toBe(0);
    });
  },
);
