import { hasSharedData } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { propagationSet } from '../propagation-set.ts';
import { standard } from '../test-sets.ts';
import { noBrowser, openedPages, section, show } from './opened-pages.ts';

const { written, open } = openedPages();

describe.skipIf(noBrowser)('who can refuse a change of identity (needs a browser)', () => {
  it('is named and linked', async () => {
    const { page } = await open(await written('propagation', propagationSet()));
    await show(page, '/identity/Ed-Fi/C', 'Identity change of C');
    const lead = page.locator('.lead');
    expect(await lead.textContent()).toMatch(/ edfi\.D can refuse it\.$/);
    expect(await page.locator('.tree summary').textContent()).toBe(
      'refused while a row refers to it by 1 key without a cascade',
    );
    expect(await page.getByRole('region', { name: 'Tables that can refuse it' }).count()).toBe(0);
    await lead.getByRole('link', { name: 'edfi.D' }).click();
    await page.locator('h1').filter({ hasText: 'edfi.D' }).waitFor();
  });

  it.runIf(hasSharedData)(
    'is counted in the sentence and listed below it where there are many (needs the shared conformance data)',
    async () => {
      const { page } = await open(await written('standard', standard()));
      await show(page, '/identity/Ed-Fi/School?dialect=mssql', 'Identity change of School');
      const list = section(page, 'Tables that can refuse it');
      // a dozen is shown, the others on demand
      expect(await list.getByRole('link').count()).toBe(12);
      await list.getByText(/^\d+ more$/).click();
      const names = await list.getByRole('link').allTextContents();
      const [first, second] = names;
      expect(names.length).toBeGreaterThan(20);
      expect(await page.locator('.lead').textContent()).toContain(
        ` ${first}, ${second} and ${names.length - 2} more tables can refuse it.`,
      );
    },
  );
});
