import { describe, expect, it } from 'vitest';
import { checked, plansOf } from '../../test/school-set.ts';
import { beginnings } from '../../test/statements.ts';
import { documentRows, type FirstDocumentRows, isStored, resourceWriter, rowStatements } from './writing-rules.ts';

const plans = plansOf('pgsql', 'Core:School');
const school = (documentId: string, document: object): FirstDocumentRows => ({
  documentId,
  tables: documentRows(checked('pgsql', 'Core:School', { schoolId: 1, ...document }), documentId, new Map()),
});

const streets = (...names: readonly string[]) => ({ addresses: names.map((street) => ({ street })) });
const withRooms = {
  addresses: [{ street: 'Main' }],
  _ext: { sample: { motto: 'go', addresses: [{ _ext: { sample: { rooms: [{ number: 1 }] } } }] } },
};

describe('statements for rows', () => {
  const statementsFor = (inserted: readonly FirstDocumentRows[], replaced: readonly FirstDocumentRows[]) =>
    rowStatements(plans, inserted, replaced);
  const kinds = (inserted: readonly FirstDocumentRows[], replaced: readonly FirstDocumentRows[]) =>
    statementsFor(inserted, replaced).map(
      ({ pieces }) => /^(?:INSERT INTO|UPDATE|DELETE FROM) "\w+"."\w+"/.exec(pieces[0] ?? '')?.[0],
    );

  it('insert the rows of new documents, targets of foreign keys first', () => {
    expect(kinds([school('7', withRooms)], [])).toEqual([
      'INSERT INTO "core"."School"',
      'INSERT INTO "sample"."SchoolExtension"',
      'INSERT INTO "core"."SchoolAddress"',
      'INSERT INTO "sample"."SchoolExtensionAddress"',
      'INSERT INTO "sample"."SchoolExtensionAddressRoom"',
    ]);
    expect(kinds([school('7', {})], [])).toEqual(['INSERT INTO "core"."School"']);
  });

  it('update the root of existing documents, then clear and refill the tables below it', () => {
    expect(kinds([], [school('7', streets('Main'))])).toEqual([
      'UPDATE "core"."School"',
      // the rows of deeper tables are deleted by cascades
      'DELETE FROM "sample"."SchoolExtension"',
      'DELETE FROM "core"."SchoolAddress"',
      'INSERT INTO "core"."SchoolAddress"',
    ]);
  });

  it('insert the rows of all documents together and clear only those of existing ones', () => {
    const statements = statementsFor([school('7', streets('Main'))], [school('8', streets('Side', 'Third'))]);
    expect(beginnings(statements, 11)).toEqual([
      'INSERT INTO',
      'UPDATE "cor',
      'DELETE FROM',
      'DELETE FROM',
      'INSERT INTO',
    ]);
    expect(statements[0]?.parameters[0]).toBe('{"7"}');
    expect(statements[1]?.parameters[0]).toBe('{"8"}');
    expect(statements[3]?.parameters).toEqual(['{"8"}']);
    expect(statements[4]?.parameters).toEqual(['{"7","8","8"}', '{"0","0","1"}', '{"Main","Side","Third"}']);
  });

  it('are absent without documents', () => {
    expect(statementsFor([], [])).toEqual([]);
  });
});

describe('stored rows', () => {
  const writer = resourceWriter(plans);
  /** The rows of a document as read from the database. */
  const storedAs = ({ tables }: FirstDocumentRows) =>
    tables.map((rows, index) => {
      const { columns } = writer.tables[index]!.plan.tableModel;
      const bindings = writer.tables[index]!.plan.columnBindings.map(({ column }) => column.name);
      return rows.map((row) => columns.map(({ name }) => row[bindings.indexOf(name)] ?? null) as never);
    });
  const before = school('7', streets('Main', 'Side'));

  it('are equal to the rows that would be written for the same document', () => {
    expect(isStored(plans, before, storedAs(before))).toBe(true);
    expect(isStored(plans, school('7', {}), storedAs(school('7', {})))).toBe(true);
  });

  it.each([
    ['a value', { ...streets('Main', 'Side'), name: 'x' }],
    ['an element', streets('Main', 'Other')],
    ['the order of elements', streets('Side', 'Main')],
    ['a removed element', streets('Main')],
    ['an added element', streets('Main', 'Side', 'Third')],
    ['no elements', {}],
    ['an extension', { ...streets('Main', 'Side'), _ext: { sample: {} } }],
  ])('differ if the document differs in %s', (_, document) => {
    expect(isStored(plans, school('7', document), storedAs(before))).toBe(false);
  });

  it('differ if the document is not stored', () => {
    expect(isStored(plans, before, [])).toBe(false);
    expect(isStored(plans, before, storedAs(school('8', streets('Main', 'Side'))))).toBe(false);
  });
});
