import { build, expectNamed, failureOf, school } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { draftBefore } from '../../test/drafts.ts';
import type { DraftForeignKey, DraftTable } from '../draft/draft-table.ts';
import type { DraftResource } from '../draft/model-draft.ts';
import { validateForeignKeys } from './validate-foreign-keys.ts';

/** `Thing` with a reference to `School`, a unified pair of optional values, and a child table. */
const thing = build.resource('Thing', {
  documentPathsMapping: { School: build.reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]) },
  equalityConstraints: [{ sourceJsonPath: '$.one', targetJsonPath: '$.two' }],
  jsonSchemaForInsert: build.object({
    schoolReference: build.object({ schoolId: build.integer() }),
    one: build.integer(),
    two: build.integer(),
    rows: build.array(build.object({})),
  }),
});

/** Changes one foreign key of the finished draft; input cannot make a wrong one. */
function broken(tableName: string, keyName: string, change: (key: DraftForeignKey) => void): () => void {
  const draft = draftBefore(validateForeignKeys, [build.project('Ed-Fi', [school, thing])]);
  const { tables } = draft.resources.get('Ed-Fi:Thing') as DraftResource;
  const { constraints } = tables.find(({ table }) => table.name === tableName) as DraftTable;
  change(constraints.find(({ name }) => name === keyName) as DraftForeignKey);
  return () => validateForeignKeys(draft);
}

function expectFault(check: () => void, code: string, ...names: string[]): void {
  const found = failureOf(check).diagnostics;
  expect(found.map((diagnostic) => diagnostic.code)).toEqual([code]);
  expectNamed(found[0], names);
}

const reference = 'FK_Thing_School_RefKey';

describe('a foreign key', () => {
  it('of a derived model is right', () => {
    broken('Thing', reference, () => {})();
  });

  it.each([
    ['local', { columns: [] }],
    ['target', { targetColumns: [] }],
  ] as const)('has at least one %s column', (role, change) => {
    const check = broken('Thing', reference, (key) => Object.assign(key, change));
    expectFault(check, 'FK_NO_COLUMNS', reference, 'edfi.Thing', 'edfi.School', role);
  });

  it('has as many local as target columns', () => {
    const check = broken('Thing', reference, (key) => Object.assign(key, { targetColumns: ['DocumentId'] }));
    expectFault(check, 'FK_NO_COLUMNS', reference, 'edfi.Thing', 'edfi.School');
  });

  it('has local columns that exist on its table', () => {
    const check = broken('Thing', reference, (key) => Object.assign(key, { columns: ['School_DocumentId', 'Gone'] }));
    expectFault(check, 'FK_COLUMN_NOT_STORED', reference, 'edfi.Thing', 'edfi.School', 'local', 'Gone');
  });

  it('has target columns that exist on the target', () => {
    const check = broken('Thing', reference, (key) => Object.assign(key, { targetColumns: ['DocumentId', 'Gone'] }));
    expectFault(check, 'FK_COLUMN_NOT_STORED', reference, 'edfi.Thing', 'edfi.School', 'target', 'Gone');
  });

  it('has no alias among its columns', () => {
    const check = broken('Thing', reference, (key) => Object.assign(key, { columns: ['School_DocumentId', 'One'] }));
    expectFault(check, 'FK_COLUMN_NOT_STORED', reference, 'edfi.Thing', 'local', 'One', 'One_Unified');
  });

  it('has no presence flag among its columns', () => {
    const check = broken('Thing', reference, (key) => Object.assign(key, { columns: ['One_Present', 'Two_Present'] }));
    expectFault(check, 'FK_COLUMN_NOT_STORED', reference, 'edfi.Thing', 'local', 'One_Present', 'Two_Present');
  });

  it('points at a table of the model, at dms.Descriptor or at dms.Document', () => {
    const check = broken('Thing', reference, (key) => Object.assign(key, { targetTable: { schema: 'edfi', name: 'Gone' } }));
    expectFault(check, 'FK_TARGET_UNKNOWN', reference, 'edfi.Thing', 'edfi.Gone');
  });

  it('points at no column of dms.Document but DocumentId', () => {
    const check = broken('Thing', 'FK_Thing_Document', (key) => Object.assign(key, { targetColumns: ['DocumentUuid'] }));
    expectFault(check, 'FK_DOCUMENT_TARGET', 'FK_Thing_Document', 'edfi.Thing', 'DocumentUuid');
  });

  it('is checked in child tables as well', () => {
    const check = broken('ThingRow', 'FK_ThingRow_Thing', (key) => Object.assign(key, { columns: ['Gone'] }));
    expectFault(check, 'FK_COLUMN_NOT_STORED', 'FK_ThingRow_Thing', 'edfi.ThingRow', 'edfi.Thing', 'Gone');
  });

  it('that is wrong is reported with the label of its resource', () => {
    const [found] = failureOf(broken('Thing', reference, (key) => Object.assign(key, { columns: [] }))).diagnostics;
    expect(found?.where.resource).toBe('Ed-Fi:Thing');
    expectNamed(found, ['Ed-Fi:Thing']);
  });
});
