import { readFileSync, statSync } from 'node:fs';
import { build, type Document, hasSharedData } from '@dms/testing';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { resourceDiagram } from '../../src/diagram/diagram.ts';
import { explored } from '../compiled-set.ts';
import { earlierSet, ownSet, standard } from '../test-sets.ts';
import { accessibilityViolations, type WatchedPage } from './browser.ts';
import {
  drawn,
  expectQuiet,
  focused,
  goTo,
  heading,
  leaveSearch,
  noBrowser,
  openedPages,
  search,
  searchBox,
  section,
  start,
  visit,
} from './opened-pages.ts';

const { written, open } = openedPages();

describe.skipIf(noBrowser)('the page of this repository, compared with an earlier set (needs a browser)', () => {
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    watched = await open(await written('own', ownSet(), earlierSet()));
    ({ page } = watched);
  });

  it('says what this schema change does, one interaction away from the start', async () => {
    await start(page);
    await page.getByRole('link', { name: 'Differences', exact: true }).click();
    await heading(page).filter({ hasText: 'Differences' }).waitFor();
    expect(await section(page, 'Needs a permission').textContent()).toContain('campus.School · Motto');
    expect(await section(page, 'By resource').textContent()).toContain('Athletics:Team');
  });

  it('marks what is added, removed and changed in every view', async () => {
    await start(page);
    expect(await section(page, 'Resources of Athletics').getByText('added').count()).toBeGreaterThan(1);
    await search(page, 'campus school');
    await heading(page)
      .filter({ hasText: /^School/ })
      .waitFor();
    expect(await heading(page).textContent()).toContain('changed');
    expect(await section(page, 'Document').getByText('added').count()).toBeGreaterThan(0);
    await goTo(page, '/table/campus/School');
    await page.locator('tr.removed-row').waitFor();
    expect(await page.locator('tr.removed-row').textContent()).toContain('Motto');
    await goTo(page, '/table/athletics/Team');
    await heading(page).filter({ hasText: 'athletics.Team' }).waitFor();
    expect(await heading(page).textContent()).toContain('added');
  });

  it('shows each view without violations of accessibility, and says nothing to console or network', async () => {
    const views = [
      '/',
      '/resource/Campus/School',
      '/table/campus/School',
      '/diagram/Campus/Section',
      '/identity/Campus/Session',
      '/search?q=school',
      '/difference',
      '/nowhere',
    ];
    for (const view of views) {
      await visit(page, view);
      expect([view, ...(await accessibilityViolations(page))]).toEqual([view]);
    }
    await searchBox(page).focus();
    await page.keyboard.type('sch');
    await page.getByRole('option').first().waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.emulateMedia({ colorScheme: 'dark' });
    await visit(page, '/table/campus/School');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    expectQuiet(watched);
  });

  it('can be walked by keyboard alone', async () => {
    await start(page);
    await page.keyboard.press('/');
    await page.keyboard.type('section');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await focused(page, /^Section/);
    // the views come next
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Diagram');
    await page.keyboard.press('Enter');
    await focused(page, 'Diagram of Section');
    await page.getByLabel('Depth').focus();
    await page.keyboard.press('ArrowDown');
    await page.waitForURL(/depth=2/);
    await drawn(page);
    await page.keyboard.press('/');
    await leaveSearch(page);
  });
});

/** A resource needs an identity. */
const keyed = { identityJsonPaths: ['$.code'], jsonSchemaForInsert: build.object({ code: build.integer() }, ['code']) };

const hostile = {
  // names are also names of files, so none contains a slash
  project: '<b>Ed<i> & "Fi',
  resource: '<script><img src=x onerror=alert(1)>\u{1f600}',
  version: '1.0.0-\'"><svg/onload=alert(1)>',
};

describe.skipIf(noBrowser)('hostile names (needs a browser)', () => {
  it('show as text in every view', async () => {
    const { project, resource, version } = hostile;
    const documents = [
      build.project(project, [build.resource(resource, keyed), build.resource('Other', keyed)], {
        version,
        endpoint: 'ed-fi',
      }),
    ] as readonly Document[];
    const watched = await open(await written('hostile', documents));
    const { page } = watched;
    expect(await heading(page).textContent()).toBe(`${project} ${version}`);
    const address = `${encodeURIComponent(project)}/${encodeURIComponent(resource)}`;
    for (const view of ['resource', 'identity', 'diagram']) {
      await goTo(page, `/${view}/${address}`);
      await heading(page).filter({ hasText: resource }).waitFor();
    }
    await page.locator('.picture svg').waitFor();
    expect(await page.locator('.picture .node.center text').first().textContent()).toContain('<script><img src=x');
    await start(page);
    await page.keyboard.press('/');
    await page.keyboard.type('onerror');
    await page.getByRole('option').first().waitFor();
    expect(await page.getByRole('option').first().textContent()).toContain(resource);
    expect(await page.locator('img, svg[onload]').count()).toBe(0);
    expectQuiet(watched);
  });
});

describe.skipIf(noBrowser || !hasSharedData)(
  'the page of the data standard 5.2 (needs a browser and the shared conformance data)',
  () => {
    let watched: WatchedPage;
    let page: Page;
    let file: string;

    beforeAll(async () => {
      file = await written('standard', standard());
      watched = await open(file);
      ({ page } = watched);
    });

    /** Milliseconds until the first view of one opening. */
    async function firstView(of: string): Promise<number> {
      const { page: shown } = await open(of);
      const time = await shown.evaluate<number>('performance.getEntriesByName("first-view")[0].startTime');
      await shown.close();
      return time;
    }

    it('is within the limits: 3 MB, first view within a second, a search within 50 ms', async () => {
      expect(statSync(file).size).toBeLessThan(3_000_000);
      const smallFile = await written('small', ownSet());
      let [standardView, smallView] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      // the least of openings in turn: a browser may have to wait for other tests
      for (let opened = 0; opened < 3; opened += 1) {
        smallView = Math.min(smallView, await firstView(smallFile));
        standardView = Math.min(standardView, await firstView(file));
      }
      // the page of a small set takes less than 250 ms on a machine on which the second counts
      expect(smallView).toBeLessThan(2500);
      expect(standardView).toBeLessThan(Math.max(1000, 4 * smallView));
      await start(page);
      await page.keyboard.press('/');
      await page.keyboard.type('student school association entry');
      await page.getByRole('option').first().waitFor();
      const searches = await page.evaluate<number[]>(
        'performance.getEntriesByName("search").map(({ duration }) => duration)',
      );
      expect(searches.length).toBeGreaterThan(20);
      // the median, because a garbage collection may slow one of them down
      expect(searches.sort((a, b) => a - b)[Math.floor(searches.length / 2)]).toBeLessThan(50);
      await leaveSearch(page);
    });

    it('says where a JSON path is stored: one search', async () => {
      await start(page);
      await search(page, '$.courseOfferingReference.localCourseCode');
      await page.locator('tr.highlighted').waitFor();
      expect(await heading(page).textContent()).toContain('Section');
      expect(await page.locator('tr.highlighted').textContent()).toContain('CourseOffering_LocalCourseCode');
      expect(await page.locator('tr.highlighted').textContent()).toContain('varchar(60)');
    });

    it('says what refers to a table: one search', async () => {
      await start(page);
      await search(page, 'edfi.SectionClassPeriod');
      await heading(page).filter({ hasText: 'edfi.SectionClassPeriod' }).waitFor();
      expect(await section(page, 'Referred to by').textContent()).toContain('No table refers to it.');
      await page
        .getByRole('region', { name: /^Foreign keys/ })
        .getByRole('link', { name: 'edfi.Section', exact: true })
        .click();
      await heading(page)
        .filter({ hasText: /^edfi\.Section\s*$/ })
        .waitFor();
      const referring = await section(page, 'Referred to by').getByRole('rowheader').allTextContents();
      expect(referring).toContain('edfi.SectionClassPeriod');
      expect(referring).toContain('edfi.StudentSectionAssociation');
    });

    it('says what happens when an identity changes: a search and a click', async () => {
      await start(page);
      await search(page, 'Session');
      await page.getByRole('link', { name: 'Identity change' }).click();
      await heading(page).filter({ hasText: 'Identity change of Session' }).waitFor();
      expect(await page.locator('.lead').textContent()).toContain('17 tables');
      expect(await page.locator('.tree').first().textContent()).toContain('edfi.CourseOffering');
    });

    it('follows a reference, and goes back and forward', async () => {
      await start(page);
      await search(page, 'Section');
      await heading(page)
        .filter({ hasText: /^Section/ })
        .waitFor();
      await section(page, 'Document').getByRole('link', { name: 'CourseOffering', exact: true }).click();
      await heading(page)
        .filter({ hasText: /^CourseOffering/ })
        .waitFor();
      await page.goBack();
      await heading(page)
        .filter({ hasText: /^Section/ })
        .waitFor();
      await page.goForward();
      await heading(page)
        .filter({ hasText: /^CourseOffering/ })
        .waitFor();
    });

    it('shows the same table in the other dialect, also from an address that names it', async () => {
      const long = 'StudentAssessmentRegistrationBatteryPartAssociationAccommodation';
      await goTo(page, `/table/edfi/${long}`);
      await heading(page)
        .filter({ hasText: /_[0-9a-f]{10}/ })
        .waitFor();
      await page.getByLabel('SQL Server').check();
      await heading(page)
        .filter({ hasText: `edfi.${long}` })
        .waitFor();
      expect(page.url()).toContain('dialect=mssql');
      await page.getByText('Statements that create the table').click();
      expect(await page.locator('details[open] pre').textContent()).toContain(`CREATE TABLE [edfi].[${long}]`);
      await page.getByLabel('PostgreSQL').check();
      await heading(page)
        .filter({ hasText: /_[0-9a-f]{10}/ })
        .waitFor();
    });

    it('draws the neighbours of a resource; a click moves there', async () => {
      await goTo(page, '/diagram/Ed-Fi/Location');
      await page.locator('.picture svg').waitFor();
      const nodes = await page
        .locator('.picture a')
        .evaluateAll((links) => links.map((link) => link.getAttribute('data-node')));
      expect(nodes.sort()).toEqual(['Ed-Fi:Location', 'Ed-Fi:School', 'Ed-Fi:Section']);
      expect(await page.locator('.picture .edge.cascade').count()).toBe(1);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as SVG' }).click(),
      ]);
      const saved = readFileSync(await download.path(), 'utf8');
      expect(saved).toBe(
        await resourceDiagram(explored('pgsql', standard()), 'Ed-Fi:Location', 'svg', { depth: 1, of: 'resources' }),
      );
      await page.locator('.picture a[data-node="Ed-Fi:School"] rect').click();
      await heading(page).filter({ hasText: 'Diagram of School' }).waitFor();
    });

    it('says nothing to console or network, and breaks no rule of accessibility', async () => {
      for (const view of ['/', '/resource/Ed-Fi/Section']) {
        await visit(page, view);
        expect([view, ...(await accessibilityViolations(page))]).toEqual([view]);
      }
      expectQuiet(watched);
    });
  },
);
