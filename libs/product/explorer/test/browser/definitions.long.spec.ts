import { type Document, ownSchema } from '@dms/testing';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations, type WatchedPage } from './browser.ts';
import { expectQuiet, noBrowser, openedPages, search, section, show, start } from './opened-pages.ts';

const { written, open } = openedPages();

const ofStudent = 'Somebody who is <b>enrolled</b> somewhere.';
const ofNumber = 'A number that the quixotic registry hands out.';
const ofDocument = 'A paper that proves zealously who somebody is.';

/** The schemas of this repository, with definitions that only three places have. */
function definedSet(): readonly Document[] {
  const campus = ownSchema('campus');
  const { jsonSchemaForInsert: student } = campus.projectSchema.resourceSchemas.students;
  student.description = ofStudent;
  student.properties.studentUniqueId.description = ofNumber;
  student.properties.identificationDocuments.description = ofDocument;
  return [campus, ownSchema('athletics')];
}

describe.skipIf(noBrowser)('definitions (needs a browser)', () => {
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    watched = await open(await written('defined', definedSet()));
    ({ page } = watched);
    await start(page);
  });

  it('are shown with a resource and each of its paths, as text', async () => {
    await show(page, '/resource/Campus/Student', 'Student');
    expect(await page.locator('.view-heading .definition').textContent()).toBe(ofStudent);
    const row = (path: string) => section(page, 'Document').locator('tr', { has: page.locator(`th[title="${path}"]`) });
    expect(await row('$.studentUniqueId').locator('.definition').allTextContents()).toEqual([ofNumber]);
    expect(await row('$.identificationDocuments[*]').locator('.definition').allTextContents()).toEqual([ofDocument]);
    // the document itself is in the heading
    expect(await row('$').locator('.definition').count()).toBe(0);
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('are shown with a table and each of its columns', async () => {
    await show(page, '/table/campus/Student', 'campus.Student');
    expect(await page.locator('.view-heading .definition').textContent()).toBe(ofStudent);
    const row = section(page, 'Columns').locator('tr', { has: page.getByText('StudentUniqueId', { exact: true }) });
    expect(await row.locator('.definition').allTextContents()).toEqual([ofNumber]);
    await show(page, '/table/campus/StudentIdentificationDocument', 'campus.StudentIdentificationDocument');
    expect(await page.locator('.view-heading .definition').textContent()).toBe(ofDocument);
  });

  it('are found by their words: resource, table, path and column', async () => {
    await show(page, '/search?q=enrolled%20somewhere', 'Search: enrolled somewhere');
    const found = (title: string) => section(page, title).locator('.found-name').allTextContents();
    expect([await found('Resources'), await found('Tables')]).toEqual([['Student'], ['Student']]);
    expect(await page.locator('.found-definition').allTextContents()).toEqual([ofStudent, ofStudent]);
    await show(page, '/search?q=quixotic', 'Search: quixotic');
    expect([await found('JSON paths'), await found('Columns')]).toEqual([['$.studentUniqueId'], ['StudentUniqueId']]);
    await show(page, '/search?q=zealously', 'Search: zealously');
    expect([await found('Tables'), await found('JSON paths')]).toEqual([
      ['StudentIdentificationDocument'],
      ['$.identificationDocuments[*]'],
    ]);
    await search(page, 'quixotic reg');
    await page.locator('tr.highlighted').waitFor();
    expect(page.url()).toContain('#/resource/Campus/Student?path=%24.studentUniqueId');
  });

  it('come after names', async () => {
    await show(page, '/search?q=student', 'Search: student');
    expect(await section(page, 'Resources').locator('.found-name').first().textContent()).toBe('Student');
    expectQuiet(watched);
  });
});
