import { describe, expect, it } from 'vitest';
import { checked, plansOf } from '../../test/school-set.ts';
import { beginnings } from '../../test/statements.ts';
import { documentStatements } from '../statements/document-statements.ts';
import { type DocumentRows, isStored, rowStatements } from './row-changes.ts';
import { documentRows, resourceWriter } from './table-rows.ts';

const plans = plansOf('pgsql', 'Core:School');
const school = (documentId: string, document: object): DocumentRows => ({
  documentId,
  tables: documentRows(checked('pgsql', 'Core:School', { schoolId: 1, ...document }), documentId, new Map()),
});

const streets = (...names: readonly string[]) => ({ addresses: names.map((street) => ({ street })) });
const withRooms = {
  addresses: [{ street: 'Main' }],
  _ext: { sample: { motto: 'go', addresses: [{ _ext: { sample: { rooms: [{ number: 1 }] } } }] } },
};

describe('statements for rows', () => {
  const statementsFor = (inserted: readonly DocumentRows[], replaced: readonly DocumentRows[]) =>
    rowStatements(plans, documentStatements.pgsql, inserted, replaced);
  const kinds = (inserted: readonly DocumentRows[], replaced: readonly DocumentRows[]) =>
    statementsFor(inserted, replaced).map(
      ({ pieces }) => /^(?:INSERT INTO|UPDATE|DELETE FROM) "\w+"."\w+"/.exec(pieces[0] ?? '')?.[0],
    );

  it('of new documents insert what they have, targets of keys first', () => {
    expect(kinds([school('7', withRooms)], [])).toEqual([
      'INSERT INTO "core"."School"',
      'INSERT INTO "sample"."SchoolExtension"',
      'INSERT INTO "core"."SchoolAddress"',
      'INSERT INTO "sample"."SchoolExtensionAddress"',
      'INSERT INTO "sample"."SchoolExtensionAddressRoom"',
    ]);
    expect(kinds([school('7', {})], [])).toEqual(['INSERT INTO "core"."School"']);
  });

  it('of documents that are there update the root, clear the tables below it and fill them', () => {
    expect(kinds([], [school('7', streets('Main'))])).toEqual([
      'UPDATE "core"."School"',
      // the tables below these go with their rows
      'DELETE FROM "sample"."SchoolExtension"',
      'DELETE FROM "core"."SchoolAddress"',
      'INSERT INTO "core"."SchoolAddress"',
    ]);
  });

  it('write the rows of all documents together, and clear only those that are there', () => {
    const statements = statementsFor([school('7', streets('Main'))], [school('8', streets('Side', 'Third'))]);
    expect(beginnings(statements, 11)).toEqual(['INSERT INTO', 'UPDATE "cor', 'DELETE FROM', 'DELETE FROM', 'INSERT INTO']);
    expect(statements[0]?.parameters[0]).toBe('{"7"}');
    expect(statements[1]?.parameters[0]).toBe('{"8"}');
    expect(statements[3]?.parameters).toEqual(['{"8"}']);
    expect(statements[4]?.parameters).toEqual(['{"7","8","8"}', '{"0","0","1"}', '{"Main","Side","Third"}']);
  });

  it('are none without documents', () => {
    expect(statementsFor([], [])).toEqual([]);
  });
});

describe('what is stored', () => {
  const writer = resourceWriter(plans);
  /** The rows of a document as the database gives them back. */
  const storedAs = ({ documentId, tables }: DocumentRows) =>
    tables.map((rows, index) => {
      const { columns } = writer.tables[index]!.plan.tableModel;
      const bindings = writer.tables[index]!.plan.columnBindings.map(({ column }) => column.name);
      return new Map([
        [documentId, rows.map((row) => columns.map(({ name }) => row[bindings.indexOf(name)] ?? null) as never)],
      ]);
    });
  const before = school('7', streets('Main', 'Side'));

  it('is what would be written', () => {
    expect(isStored(plans, before, storedAs(before))).toBe(true);
    expect(isStored(plans, school('7', {}), storedAs(school('7', {})))).toBe(true);
  });

  it.each([
    ['a value', { ...streets('Main', 'Side'), name: 'x' }],
    ['an element', streets('Main', 'Other')],
    ['the order of elements', streets('Side', 'Main')],
    ['an element less', streets('Main')],
    ['an element more', streets('Main', 'Side', 'Third')],
    ['no elements', {}],
    ['an extension', { ...streets('Main', 'Side'), _ext: { sample: {} } }],
  ])('is something else when there is another one: %s', (_, document) => {
    expect(isStored(plans, school('7', document), storedAs(before))).toBe(false);
  });

  it('is something else when nothing is there, or only another document', () => {
    expect(isStored(plans, before, [])).toBe(false);
    expect(isStored(plans, before, storedAs(school('8', streets('Main', 'Side'))))).toBe(false);
  });
});
