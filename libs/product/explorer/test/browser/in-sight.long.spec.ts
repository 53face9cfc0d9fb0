import { type Document, ownSchema, someOf } from '@dms/testing';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { glossary } from '../../src/sentences/glossary.ts';
import { earlierSet } from '../test-sets.ts';
import { accessibilityViolations, type WatchedPage } from './browser.ts';
import {
  drawn,
  expectQuiet,
  focused,
  goTo,
  heading,
  noBrowser,
  openedPages,
  search,
  searchBox,
  section,
  show,
  start,
} from './opened-pages.ts';

const { written, writtenWithoutOds, open } = openedPages();

/** The windows of a desktop and of a phone, light and dark. */
const windows = [
  { name: '1440 px, light', width: 1440, height: 900, colorScheme: 'light', hasTouch: false },
  { name: '1440 px, dark', width: 1440, height: 900, colorScheme: 'dark', hasTouch: false },
  { name: '390 px, light', width: 390, height: 844, colorScheme: 'light', hasTouch: true },
  { name: '390 px, dark', width: 390, height: 844, colorScheme: 'dark', hasTouch: true },
] as const;

/** The schemas of this repository, with the definition of a resource and of one of its values. */
function definedSet(): readonly Document[] {
  const campus = ownSchema('campus');
  const { jsonSchemaForInsert: student } = campus.projectSchema.resourceSchemas.students;
  student.description = `Somebody who is enrolled ${'somewhere, '.repeat(30)} or was.`;
  student.properties.studentUniqueId.description = 'A number that a registry hands out.';
  return [campus, ownSchema('athletics')];
}

/** The section with the columns of a table. */
const ofColumns = 'section[aria-labelledby=columns-title]';

interface VisibleBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function boxOf(element: Locator): Promise<VisibleBox> {
  const box = await element.boundingBox();
  if (box === null) throw new Error(`${element} is not shown`);
  return box;
}

/** Whether two elements stand on one line: the middle of one is beside the other. */
const isBeside = (one: VisibleBox, other: VisibleBox) => {
  const middle = one.y + one.height / 2;
  return middle > other.y && middle < other.y + other.height;
};

// both widths and both colours
describe.skipIf(noBrowser).each(someOf(windows, 3))(
  'a window of $name (needs a browser)',
  ({ width, height, colorScheme, hasTouch }) => {
    let watched: WatchedPage;
    let page: Page;
    const isNarrow = width < 500;
    const boxes = async (elements: Locator) => Promise.all((await elements.all()).map(boxOf));

    beforeAll(async () => {
      const file = await written('own', definedSet(), earlierSet());
      watched = await open(file, { viewport: { width, height }, colorScheme, hasTouch });
      ({ page } = watched);
    });

    it('keeps the name of a table and the heads of its columns in sight, over their columns', async () => {
      await start(page);
      await search(page, 'IX_Section_');
      await page.locator('.highlighted').first().waitFor();
      await drawn(page);
      await page.evaluate('scrollBy(0, 30)');
      await drawn(page);
      const bar = await boxOf(page.locator('.bar'));
      expect(bar.y).toBe(0);
      const title = await boxOf(page.locator('.place-title'));
      expect(await page.locator('.place-title').textContent()).toContain('Section');
      expect(title.y).toBeGreaterThanOrEqual(bar.height - 1);
      await show(page, '/table/campus/Section', 'campus.Section');
      const columns = section(page, 'Columns');
      await page.evaluate(`(() => {
      const row = document.querySelectorAll('${ofColumns} tbody tr')[4];
      scrollTo(0, scrollY + row.getBoundingClientRect().top - 160);
    })()`);
      await drawn(page);
      for (const left of [0, 120]) {
        await page.evaluate(`document.querySelector('${ofColumns} .wide').scrollTo(${left}, 0)`);
        await drawn(page);
        const heads = await boxes(columns.locator('.heads th'));
        const cells = await boxes(columns.locator('tbody tr').nth(4).locator('th, td'));
        expect(heads.map(({ x, width }) => [Math.round(x), Math.round(width)])).toEqual(
          cells.map(({ x, width }) => [Math.round(x), Math.round(width)]),
        );
        const [first] = heads;
        const place = await boxOf(page.locator('.place'));
        expect(Math.abs((first?.y ?? 0) - place.y - place.height)).toBeLessThan(2);
        expect(place.y + place.height).toBeLessThan(isNarrow ? 130 : 90);
      }
      expect((await page.locator('.place-title').textContent())?.trim()).toBe('campus.Section');
    });

    it('lists the sections of a long view, goes to them, and marks the one that is shown', async () => {
      await show(page, '/table/campus/Section', 'campus.Section');
      await page.evaluate('scrollTo(0, 0)');
      const sections = page.getByRole('navigation', { name: 'Sections' }).getByRole('button');
      expect(await sections.allTextContents()).toEqual(
        expect.arrayContaining(['Columns', 'Referred to by', 'Foreign keys', 'Indexes', 'Triggers', 'Plans', 'DDL']),
      );
      const list = await boxOf(page.locator('.sections'));
      const first = await boxOf(page.getByRole('heading', { name: /^Columns/ }));
      expect(list.y).toBeLessThan(first.y);
      await sections.filter({ hasText: 'Indexes' }).click();
      await page.locator('.sections [aria-current]').filter({ hasText: 'Indexes' }).waitFor();
      const place = await boxOf(page.locator('.place'));
      const shown = await boxOf(page.getByRole('heading', { name: /^Indexes/ }));
      expect(shown.y).toBeGreaterThanOrEqual(place.y + place.height);
      expect(shown.y).toBeLessThan(place.y + place.height + 60);
      expect(await page.evaluate('document.activeElement.id')).toBe('indexes-title');
      await goTo(page, '/nowhere');
      expect(await page.getByRole('navigation', { name: 'Sections' }).count()).toBe(0);
    });

    it('begins with the search and the resources; counts, hash and notes follow', async () => {
      await start(page);
      await page.evaluate('scrollTo(0, 0)');
      const titles = await page.evaluate(
        "[...document.querySelectorAll('main h2')].map(({ dataset }) => dataset.section)",
      );
      expect(titles).toEqual([
        ...['Resources of Athletics', 'Extended by Athletics', 'Resources of Campus', 'Descriptors'],
        ...['Counts', 'Schema set', 'Notes of the derivation'],
      ]);
      expect((await boxOf(searchBox(page))).y).toBeLessThan(60);
      expect((await boxOf(page.locator('.resources a').first())).y).toBeLessThan(300);
      await page.keyboard.press('/');
      expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('combobox');
      await page.keyboard.press('Escape');
    });

    it('has the header, the tabs and each count in rows of their own', async () => {
      await start(page);
      const bar = await boxOf(page.locator('.bar'));
      expect(bar.height).toBeLessThan(60);
      const parts = [page.locator('.home'), searchBox(page), page.locator('.differences'), page.locator('.dialects')];
      const placed = await Promise.all(parts.map(boxOf));
      for (const part of placed) expect(isBeside(part, bar)).toBe(true);
      for (const [index, part] of placed.entries()) {
        expect(part.x).toBeGreaterThanOrEqual(
          index === 0 ? 0 : (placed[index - 1]?.x ?? 0) + (placed[index - 1]?.width ?? 0),
        );
        expect(part.x + part.width).toBeLessThanOrEqual(width);
      }
      const rows = page.locator('.counts tbody tr');
      for (const row of (await rows.all()).slice(0, 6)) {
        const cells = await boxes(row.locator('th, td'));
        const [name, one, other, detail] = cells;
        if (!name || !one || !other || !detail) throw new Error('a row of counts has four cells');
        expect([isBeside(one, name), isBeside(other, name)]).toEqual([true, true]);
        expect(one.height).toBeLessThan(32);
        if (isNarrow) expect(detail.y).toBeGreaterThanOrEqual(name.y + name.height - 1);
      }
      await show(page, '/resource/Campus/Section', 'Section');
      const tabs = await boxes(page.locator('.views a'));
      expect(new Set(tabs.map(({ y }) => y)).size).toBe(1);
      expect((tabs.at(-1)?.x ?? 0) + (tabs.at(-1)?.width ?? 0)).toBeLessThanOrEqual(width);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    });

    it('shows a result and its definition on one line', async () => {
      await show(page, '/search?q=student', 'Search: student');
      const results = page.locator('.found-list li', { has: page.locator('.found-definition:not(:empty)') });
      await results.first().waitFor();
      for (const result of (await results.all()).slice(0, 5)) {
        const name = result.locator('.found-name');
        const definition = result.locator('.found-definition');
        expect(isBeside(await boxOf(definition), await boxOf(name))).toBe(true);
        expect((await boxOf(definition)).height).toBeLessThan(32);
        expect((await boxOf(definition)).width).toBeGreaterThan(60);
      }
    });

    it('explains a word of the product to who points at it or taps it, until Escape', async () => {
      await show(page, '/identity/Campus/Session', 'Identity change of Session');
      // a word keeps its explanation only until another element receives the focus
      await focused(page, 'Identity change of Session');
      const word = page.locator('.term').filter({ hasText: 'cascade' }).first();
      await word.scrollIntoViewIfNeeded();
      await drawn(page);
      const note = page.getByRole('tooltip');
      if (hasTouch) await word.getByRole('button').tap();
      else await word.hover();
      await note.waitFor();
      expect(await note.textContent()).toBe(glossary.find((each) => each.word === 'cascade')?.meaning);
      const box = await boxOf(note);
      expect([box.x >= 0, box.x + box.width <= width, box.y >= 0, box.y + box.height <= height]).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await note.waitFor({ state: 'detached' });
    });

    it('shows strongly that a value must be there, and empties a search that was left', async () => {
      await show(page, '/table/campus/Section', 'campus.Section');
      const weight = (selector: string) =>
        page.evaluate(`getComputedStyle(document.querySelector('${ofColumns} .null ${selector}')).fontWeight`);
      expect([await weight('strong'), await weight('.dim')]).toEqual(['600', '400']);
      await searchBox(page).fill('team');
      await page.getByRole('option').first().waitFor();
      await heading(page).focus();
      await drawn(page);
      expect(await searchBox(page).inputValue()).toBe('');
    });

    it.each(['/', '/table/campus/Section', '/resource/Campus/Section'])(
      'breaks no rule of accessibility: %s',
      async (view) => {
        await goTo(page, view);
        await page.evaluate('scrollTo(0, 700)');
        await drawn(page);
        expect(await accessibilityViolations(page)).toEqual([]);
        expectQuiet(watched);
      },
    );
  },
);

describe.skipIf(noBrowser)('a page without the names of an ODS (needs a browser)', () => {
  it('says what adds them, at the beginning and with each resource', async () => {
    const { page } = await open(await writtenWithoutOds('without-ods', definedSet()));
    const words = page.getByText('This page has no names of an ODS.');
    expect(await words.textContent()).toContain('dms-ddl reporting emit');
    await show(page, '/resource/Campus/Student', 'Student');
    expect(await words.count()).toBe(1);
    const { page: other } = await open(await written('with-ods', definedSet()));
    expect(await other.getByText('This page has no names of an ODS.').count()).toBe(0);
  });
});
