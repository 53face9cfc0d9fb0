import { ownSchema } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WatchedPage } from './browser.ts';
import { expectQuiet, noBrowser, openedPages, section, show } from './opened-pages.ts';

const { writtenV2, open } = openedPages();

describe.skipIf(noBrowser)('the page of a set of the second generation (needs a browser)', () => {
  let watched: WatchedPage;

  beforeAll(async () => {
    watched = await open(await writtenV2('district', [ownSchema('district'), ownSchema('transport')]));
  });

  it('leads from a table to the table that tracks its changes, and back', async () => {
    const { page } = watched;
    await show(page, '/table/edfi/StudentSchoolAssociation', 'edfi.StudentSchoolAssociation');
    await page.getByRole('link', { name: 'tracked_changes_edfi.StudentSchoolAssociation' }).first().click();
    await page.locator('h1').filter({ hasText: 'tracked_changes_edfi.StudentSchoolAssociation' }).waitFor();
    const rows = await section(page, 'Tracked values').locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t').map((cell) => cell.trim()))).toEqual([
      ['$.entryDate', 'OldEntryDate', 'NewEntryDate', 'date', '', 'identity'],
      [
        '$.schoolReference.schoolId',
        'OldSchoolId_Unified',
        'NewSchoolId_Unified',
        'integer',
        '',
        'identity, authorization',
      ],
      [
        '$.studentReference.studentUniqueId',
        'OldStudent_StudentUniqueId',
        'NewStudent_StudentUniqueId',
        'varchar(32)',
        '',
        'identity',
      ],
      [
        '$.studentReference.studentUniqueId',
        'OldStudent_DocumentId',
        'NewStudent_DocumentId',
        'bigint',
        'document of the person',
        'authorization',
      ],
    ]);
    await page
      .locator('main')
      .getByRole('link', { name: 'edfi.StudentSchoolAssociation', exact: true })
      .first()
      .click();
    await page.locator('h1').filter({ hasText: /^edfi/ }).waitFor();
    expectQuiet(watched);
  });

  it('counts tables of tracked changes apart', async () => {
    const { page } = watched;
    await show(page, '/', /Ed-Fi/);
    const tables = await section(page, 'Counts')
      .getByRole('row', { name: /^Tables/ })
      .textContent();
    expect(tables).toMatch(/20 tracked changes/);
  });
});
