import { hasSharedData, shareOf } from '@dms/testing';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { earlierSet, extendedStandard, ownSet, standard } from '../test-sets.ts';
import { accessibilityViolations, type WatchedPage } from './browser.ts';
import { expectQuiet, heading, noBrowser, openedPages, section, show, visit } from './opened-pages.ts';

const { written, open } = openedPages();

/** The addresses that a view links to. A string, because it runs in the page. */
const linked = `(() => {
  const addresses = new Set([...document.querySelectorAll('#view a')].map(({ hash }) => hash));
  addresses.delete(location.hash);
  return [...addresses];
})()`;

/** Visits addresses and returns those that lead nowhere. A string, because it runs in the page. */
const deadEnds = (addresses: readonly string[]) => `(async () => {
  const dead = [];
  for (const address of ${JSON.stringify(addresses)}) {
    const drawn = new Promise((resolve) => addEventListener('hashchange', () => setTimeout(resolve, 20), { once: true }));
    location.hash = address;
    await drawn;
    if (document.querySelector('h1').textContent === 'Not in this set') dead.push(address);
  }
  return dead;
})()`;

async function expectNoDeadEnds(page: Page): Promise<void> {
  await show(page, '/difference', 'Differences');
  const addresses = await page.evaluate<string[]>(linked);
  expect(await page.evaluate(deadEnds(shareOf(addresses, 4)))).toEqual([]);
  expect(addresses.length).toBeGreaterThan(20);
}

describe.skipIf(noBrowser)('the differences from an earlier set (needs a browser)', () => {
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    watched = await open(await written('grown', ownSet(), earlierSet()));
    ({ page } = watched);
  });

  it('name the versions of both sets beside their hashes', async () => {
    await show(page, '/difference', 'Differences');
    const facts = await page.locator('.view-heading dd').allTextContents();
    expect(facts[0]).toMatch(/^Campus 0\.9\.0 [0-9a-f]{64}$/);
    expect(facts[1]).toMatch(/^Athletics 0\.9\.0 \+ Campus 1\.0\.0 [0-9a-f]{64}$/);
    await show(page, '/', 'Campus');
    expect(await page.getByText('Compared with').textContent()).toBe('Compared with Campus 0.9.0: all differences.');
  });

  it('lead from an extension to the resource that it extends, and to its tables', async () => {
    await show(page, '/difference', 'Differences');
    await section(page, 'By resource').getByRole('link', { name: 'Athletics:School' }).click();
    await heading(page)
      .filter({ hasText: /^School/ })
      .waitFor();
    expect(await heading(page).textContent()).toContain('added');
    const tables = await section(page, 'Extension tables').getByRole('heading', { level: 3 }).allTextContents();
    expect(tables.map((text) => text.split(' ')[0])).toEqual([
      'athletics.SchoolExtension',
      'athletics.SchoolExtensionFacility',
      'athletics.SchoolExtensionFacilityInspection',
      'athletics.SchoolExtensionFacilitySupportedSportDescriptor',
    ]);
    await page.getByRole('link', { name: '$._ext.athletics', exact: true }).click();
    await page.locator('tr.highlighted').waitFor();
    expect(await page.locator('tr.highlighted').textContent()).toContain('athletics.SchoolExtension');
    expect(page.url()).toContain('#/resource/Campus/School?path=');
    await page.getByRole('link', { name: 'Athletics:School', exact: true }).click();
    await section(page, 'Extension tables').locator('h3 a').first().click();
    await heading(page).filter({ hasText: 'athletics.SchoolExtension' }).waitFor();
    await page.locator('.view-heading').getByRole('link', { name: 'Athletics:School', exact: true }).click();
    await page.locator('.view-heading').getByRole('link', { name: 'Campus:School', exact: true }).click();
    await section(page, 'Document').waitFor();
  });

  it('link each name to its object: a column, a table, the resource of a key', async () => {
    await show(page, '/difference', 'Differences');
    await section(page, 'Needs a permission').getByRole('link', { name: 'campus.School · Motto' }).click();
    await page.locator('tr.removed-row.highlighted').waitFor();
    await show(page, '/difference', 'Differences');
    await section(page, 'Free').getByRole('link', { name: 'athletics.Team', exact: true }).click();
    await heading(page).filter({ hasText: 'athletics.Team' }).waitFor();
    expect(await heading(page).textContent()).toContain('added');
    await show(page, '/difference', 'Differences');
    await section(page, 'Rewrites rows').getByRole('link', { name: 'Campus:TermDescriptor', exact: true }).click();
    await heading(page).filter({ hasText: 'TermDescriptor' }).waitFor();
  });

  it('show the changes of the core on a separate page', async () => {
    await show(page, '/difference', 'Differences');
    await section(page, 'By resource').getByRole('link', { name: '(core)' }).click();
    await heading(page).filter({ hasText: 'Differences of (core)' }).waitFor();
    expect(await page.locator('.changes tbody th').allTextContents()).toEqual(
      expect.arrayContaining(['Campus:TermDescriptor']),
    );
    expect(await page.locator('.changes').first().textContent()).not.toContain('campus.School');
    await show(page, '/difference?of=(core)', 'Differences of (core)');
    await page.getByRole('link', { name: 'All differences' }).click();
    await section(page, 'By resource').waitFor();
  });

  it('lead to a view each, also those of a set that lost its extension', async () => {
    await expectNoDeadEnds(page);
    const shrunk = await open(await written('shrunk', earlierSet(), ownSet()));
    await expectNoDeadEnds(shrunk.page);
    await show(shrunk.page, '/resource/Athletics/School', 'School');
    expect(await shrunk.page.locator('.view-heading').textContent()).toContain('extended Campus:School');
    await show(shrunk.page, '/resource/Athletics/SportDescriptor', 'SportDescriptor');
    expect(await heading(shrunk.page).textContent()).toContain('removed');
    expect(await shrunk.page.getByText('Not in this set any more').textContent()).toContain(
      'Athletics 0.9.0 + Campus 1.0.0 has it',
    );
    await show(shrunk.page, '/table/athletics/SchoolExtensionFacility', 'athletics.SchoolExtensionFacility');
    await shrunk.page.locator('.view-heading').getByRole('link', { name: 'Athletics:School' }).click();
    await heading(shrunk.page)
      .filter({ hasText: /^School/ })
      .waitFor();
    expectQuiet(shrunk);
  });

  it('break no rule of accessibility in the views that they lead to', async () => {
    for (const view of ['/resource/Athletics/School', '/difference?of=Athletics', '/table/dms/ResourceKey']) {
      await visit(page, view);
      expect([view, ...(await accessibilityViolations(page))]).toEqual([view]);
    }
    expectQuiet(watched);
  });
});

describe.skipIf(noBrowser || !hasSharedData)(
  'the differences of the standard and an extension (needs the shared data)',
  () => {
    it('lead from TPDM:Credential to Ed-Fi:Credential and to its tables', async () => {
      const { page } = await open(await written('extended', extendedStandard(), standard()));
      await show(page, '/difference', 'Differences');
      await section(page, 'By resource').getByRole('link', { name: 'TPDM:Credential', exact: true }).click();
      await section(page, 'Extension tables')
        .getByRole('link', { name: 'tpdm.CredentialExtensionStudentAcademicRecord', exact: true })
        .waitFor();
      await page.locator('.view-heading').getByRole('link', { name: 'Ed-Fi:Credential', exact: true }).click();
      await section(page, 'Document').waitFor();
      expect(await heading(page).textContent()).toContain('changed');
      expect(await page.locator('.view-heading').textContent()).toContain('extended by TPDM:Credential');
    });
  },
);
