import { hasSharedData } from '@dms/testing';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compiled } from '../compiled-set.ts';
import { ownSet, standard } from '../test-sets.ts';
import { accessibilityViolations, type WatchedPage } from './browser.ts';
import {
  expectQuiet,
  heading,
  leaveSearch,
  noBrowser,
  openedPages,
  search,
  searchBox,
  section,
  show,
  start,
  visit,
} from './opened-pages.ts';

const { written, writtenWithEarlier, open } = openedPages();

/** The names in a section of the view with all results. */
const listed = (page: Page, title: string) => section(page, title).locator('.found-name').allTextContents();

describe.skipIf(noBrowser)('a search for a kind (needs a browser)', () => {
  const { model, inventory } = compiled('pgsql', ownSet());
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    watched = await open(await written('own', ownSet()));
    ({ page } = watched);
    await start(page);
  });

  it('finds all of the kind, and of a name those of the kind', async () => {
    const names = inventory.triggers.map(({ name }) => name).sort();
    await show(page, '/search?q=trigger', 'Search: trigger');
    expect((await listed(page, 'Triggers')).sort()).toEqual(names);
    expect(await page.locator('#view h2').count()).toBe(1);
    await show(page, '/search?q=triggers%20District', 'Search: triggers District');
    expect((await listed(page, 'Triggers')).sort()).toEqual(names.filter((name) => name.includes('District')));
    expect(await page.locator('#view h2').count()).toBe(1);
  });

  it('knows foreign keys and checks, primary keys, descriptors, abstract resources and extensions', async () => {
    const constraints = model.resources.flatMap(({ tablesInDependencyOrder }) =>
      tablesInDependencyOrder.flatMap((table) => table.constraints),
    );
    const checks = constraints.filter(({ kind }) => kind === 'AllOrNoneNullability' || kind === 'NullOrTrue');
    await show(page, '/search?q=check', 'Search: check');
    // a table of these schemas has the word in its name, so its key is found too
    const found = (await listed(page, 'Foreign keys and checks')).filter(
      (name) => !name.startsWith('FK_LocationEquipmentCheck'),
    );
    expect(found.sort()).toEqual(checks.map(({ name }) => `${name}`).sort());
    await show(page, '/search?q=primary%20key%20team', 'Search: primary key team');
    expect((await listed(page, 'Indexes')).sort()).toEqual([
      'PK_Team',
      'PK_TeamMatch',
      'PK_TeamMatchPeriod',
      'PK_TeamRosterEntry',
    ]);
    await show(page, '/search?q=abstract%20resources', 'Search: abstract resources');
    expect(await listed(page, 'Resources')).toEqual(
      model.abstractIdentityTables.map(({ resourceKey }) => resourceKey.resourceName),
    );
    await show(page, '/search?q=extension%20staff', 'Search: extension staff');
    expect(await listed(page, 'Resources')).toContain('Staff');
    await section(page, 'Resources')
      .getByRole('link', { name: /^Staff\b/ })
      .first()
      .click();
    await heading(page)
      .filter({ hasText: /^Staff/ })
      .waitFor();
    expect(page.url()).toContain('#/resource/Athletics/Staff');
  });

  it('can be typed: the list of the box has them from the beginning of the word on', async () => {
    await start(page);
    await searchBox(page).focus();
    await page.keyboard.type('trig');
    await page.getByRole('option', { name: /^TR_/ }).first().waitFor();
    const kinds = await page.getByRole('option').locator('.found-kind').allTextContents();
    expect(new Set(kinds)).toEqual(new Set(['trigger']));
    expect(await page.getByRole('option').last().textContent()).toBe(`All ${inventory.triggers.length} results`);
    await leaveSearch(page);
    await search(page, 'stamp trigger TR_Team_Stamp');
    await heading(page).filter({ hasText: 'athletics.Team' }).waitFor();
  });

  it('is suggested if nothing is found', async () => {
    await show(page, '/search?q=qqqqq', 'Search: qqqqq');
    expect(await page.locator('.view-heading p').textContent()).toContain('A kind can be searched for too');
    for (const view of ['/search?q=qqqqq', '/search?q=trigger']) {
      await visit(page, view);
      expect([view, ...(await accessibilityViolations(page))]).toEqual([view]);
    }
    expectQuiet(watched);
  });
});

describe.skipIf(noBrowser || !hasSharedData)('a search for what an ODS has (needs the shared data)', () => {
  it('leads an analyst from the name of an ODS table or column to the paths of documents', async () => {
    const watched = await open(await written('standard', standard()));
    const { page } = watched;
    await page.locator('html[data-search=ready]').waitFor();
    await show(page, '/search?q=edfi.StudentSchoolAssociation', 'Search: edfi.StudentSchoolAssociation');
    await section(page, 'ODS tables').getByRole('link').first().click();
    await heading(page)
      .filter({ hasText: /^StudentSchoolAssociation/ })
      .waitFor();
    const row = section(page, 'ODS tables').getByRole('row', { name: /^StudentUSI key/ });
    await row.first().waitFor();
    expect(await row.first().textContent()).toContain('$.studentReference.studentUniqueId');
    // the tree of the document names the columns too
    const ofDocument = section(page, 'Document').getByRole('link', { name: 'StudentSchoolAssociation.StudentUSI' });
    await ofDocument.first().click();
    await section(page, 'ODS tables').locator('tr.highlighted').filter({ hasText: 'StudentUSI' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    expectQuiet(watched);
  });
});

describe.skipIf(noBrowser)('a search for what an earlier version had (needs a browser)', () => {
  it('leads from a column of its ODS to the documents that have the value now', async () => {
    const watched = await open(await writtenWithEarlier('earlier', ownSet()));
    const { page } = watched;
    await page.locator('html[data-search=ready]').waitFor();
    await show(page, '/search?q=PupilUniqueId', 'Search: PupilUniqueId');
    await section(page, 'Earlier ODS columns').getByRole('link').first().click();
    await heading(page).filter({ hasText: 'campus.Pupil' }).waitFor();
    const row = section(page, 'Columns').locator('tr.highlighted');
    expect(await row.textContent()).toContain('$.studentUniqueId');
    expect(await section(page, 'Not given back').textContent()).toContain('Campus:Pupil.$.nick: dropped');
    expect(await accessibilityViolations(page)).toEqual([]);
    await row.getByRole('link', { name: 'campus.Student.StudentUniqueId' }).click();
    await section(page, 'ODS tables').locator('tr.highlighted').filter({ hasText: 'StudentUniqueId' }).waitFor();
    await show(page, '/earlier/campus/Motto', 'campus.Motto');
    expect(await section(page, 'Columns').textContent()).toContain('no rows');
    expectQuiet(watched);
  });
});

describe.skipIf(noBrowser || !hasSharedData)('a search for a kind of the standard (needs the shared data)', () => {
  it('says how many there are, where it lists only the first', async () => {
    const { page } = await open(await written('standard', standard()));
    await page.locator('html[data-search=ready]').waitFor();
    await show(page, '/search?q=column', 'Search: column');
    await section(page, 'Columns').waitFor();
    expect(await page.locator('.view-heading p').textContent()).toMatch(
      /^3,\d{3} results, of which the first 1,000 are listed$/,
    );
    expect(await page.locator('.found-list li').count()).toBe(1000);
  });
});
