import type { Column, KeyColumn, ResourceModel, Table } from '@dms/model';
import { expectFault, handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileReadPlan, compileWritePlan } from './index.ts';

const { alias, column, descriptorResource, flag, ordinal, parentKey, resource, rootTable, scalar, scalarType, table } =
  handMade;

// both compilers share these checks (design 08 §6.1, §7.2)
const compilers = [
  { operation: 'write', compile: (model: ResourceModel): unknown => compileWritePlan('pgsql', model) },
  { operation: 'read', compile: (model: ResourceModel): unknown => compileReadPlan('pgsql', model) },
];

const label = 'Ed-Fi:School';
const school = (...tables: readonly Table[]) => resource(label, tables);
const child = (columns: readonly Column[], key?: readonly KeyColumn[]) =>
  school(rootTable('edfi.School'), table('edfi.SchoolAddress', '$.addresses[*]', columns, key ? { key } : {}));

const ordinalNamed = (name: string): Column => ({ ...parentKey(name), scalarType: scalarType('Int32') });

describe.each(compilers)('the root table of a $operation plan', ({ operation, compile }) => {
  it('a resource without tables of its own has no plan', () => {
    expectFault(
      () => compile(descriptorResource('Ed-Fi:TermDescriptor')),
      'PLAN_STORAGE_UNSUPPORTED',
      'Ed-Fi:TermDescriptor',
      'SharedDescriptorTable',
      operation,
    );
  });

  it('there must be a table', () => {
    expectFault(() => compile(school()), 'PLAN_NO_TABLES', label, operation);
  });

  it('the first table must have the scope $', () => {
    const first = table('edfi.SchoolAddress', '$.addresses[*]', [parentKey('School_DocumentId'), ordinal()]);
    expectFault(() => compile(school(first, rootTable('edfi.School'))), 'PLAN_ROOT_SCOPE', label, operation, '$.addresses[*]');
  });

  it('case 23: two tables with the scope $', () => {
    const model = school(rootTable('edfi.School'), rootTable('edfi.SchoolToo'));
    expectFault(() => compile(model), 'PLAN_ROOT_COUNT', label, operation, 'found 2');
  });

  it('a column may occur only once', () => {
    const model = school(rootTable('edfi.School', [scalar('Name', '$.a'), scalar('Name', '$.b')]));
    expectFault(() => compile(model), 'PLAN_DUPLICATE_COLUMN', label, 'edfi.School', 'Name');
  });
});

describe.each(compilers)('the key of a table in a $operation plan', ({ operation, compile }) => {
  it('must have a column', () => {
    expectFault(() => compile(child([parentKey('School_DocumentId')], [])), 'PLAN_KEY_EMPTY', 'edfi.SchoolAddress');
  });

  it('holds parent parts and ordinals only', () => {
    const model = child(
      [parentKey('School_DocumentId'), scalar('City', '$.addresses[*].city')],
      [
        { name: 'School_DocumentId', kind: 'ParentKeyPart' },
        { name: 'City', kind: 'Scalar' },
      ],
    );
    expectFault(() => compile(model), 'PLAN_KEY_KIND', 'edfi.SchoolAddress', 'City', 'Scalar');
  });

  it('names columns of the table', () => {
    const model = child(
      [parentKey('School_DocumentId')],
      [
        { name: 'School_DocumentId', kind: 'ParentKeyPart' },
        { name: 'Ordinal', kind: 'Ordinal' },
      ],
    );
    expectFault(() => compile(model), 'PLAN_KEY_COLUMN_MISSING', 'edfi.SchoolAddress', 'Ordinal');
  });

  it.each([
    ['without a document id', [ordinalNamed('AddressOrdinal'), ordinal()], '[AddressOrdinal:ParentKeyPart, Ordinal:Ordinal]'],
    [
      'with two document ids',
      [parentKey('School_DocumentId'), parentKey('DocumentId'), ordinal()],
      '[School_DocumentId:ParentKeyPart, DocumentId:ParentKeyPart, Ordinal:Ordinal]',
    ],
    ['with a document id of another kind', [column('School_DocumentId', 'Ordinal')], '[School_DocumentId:Ordinal]'],
    [
      'with a name that only looks like a shortened document id',
      [ordinalNamed('SchoolOfWhatever_0123456789'), ordinal()],
      '[SchoolOfWhatever_0123456789:ParentKeyPart, Ordinal:Ordinal]',
    ],
  ])('%s is refused', (_, columns, list) => {
    const message = expectFault(() => compile(child(columns)), 'PLAN_KEY_DOCUMENT_ID_COUNT', 'edfi.SchoolAddress');
    expect(message.endsWith(`Key columns: ${list}`), message).toBe(true);
  });

  it('case 21: starts with the document id', () => {
    const model = child([ordinalNamed('ParentAddressOrdinal'), parentKey('DocumentId'), ordinal()]);
    const message = expectFault(() => compile(model), 'PLAN_KEY_DOCUMENT_ID_FIRST', label, operation, 'edfi.SchoolAddress');
    expect(message).toMatch(/Key columns: \[ParentAddressOrdinal:ParentKeyPart, DocumentId:ParentKeyPart, Ordinal:Ordinal\]$/);
  });

  it('has one ordinal at most', () => {
    const model = child([parentKey('School_DocumentId'), ordinal('First'), ordinal('Second')]);
    const message = expectFault(() => compile(model), 'PLAN_KEY_ORDINAL_COUNT', 'edfi.SchoolAddress', '2');
    expect(message).toMatch(/Key columns: \[School_DocumentId:ParentKeyPart, First:Ordinal, Second:Ordinal\]$/);
  });

  it('case 22: ends with the ordinal', () => {
    const model = child([parentKey('DocumentId'), ordinal(), ordinalNamed('ParentAddressOrdinal')]);
    const message = expectFault(() => compile(model), 'PLAN_KEY_ORDINAL_LAST', 'edfi.SchoolAddress');
    expect(message).toMatch(/Key columns: \[DocumentId:ParentKeyPart, Ordinal:Ordinal, ParentAddressOrdinal:ParentKeyPart\]$/);
  });

  it('is checked in the order of the chapter', () => {
    // two document ids (check 5), neither first (6), two ordinals (7), none last (8)
    const model = child([ordinal(), ordinal('Other'), parentKey('DocumentId'), parentKey('School_DocumentId')]);
    expectFault(() => compile(model), 'PLAN_KEY_DOCUMENT_ID_COUNT');
    expectFault(() => compile(child([ordinal(), ordinal('Other'), parentKey('DocumentId')])), 'PLAN_KEY_DOCUMENT_ID_FIRST');
    expectFault(
      () => compile(child([parentKey('DocumentId'), ordinal(), ordinal('Other'), ordinalNamed('X')])),
      'PLAN_KEY_ORDINAL_COUNT',
    );
  });
});

describe('case 20: a key column that is an alias', () => {
  const key: readonly KeyColumn[] = [
    { name: 'School_DocumentId', kind: 'ParentKeyPart' },
    { name: 'Ordinal', kind: 'Ordinal' },
  ];
  const gated = child(
    [
      alias(parentKey('School_DocumentId'), 'Id_Unified', 'Id_Present'),
      flag('Id_Present'),
      ordinal(),
      scalar('Id_Unified', null, 'Int64'),
    ],
    key,
  );

  it('has no write plan; the message names its canonical and its presence column', () => {
    expectFault(
      () => compileWritePlan('pgsql', gated),
      'PLAN_KEY_ALIAS',
      label,
      'edfi.SchoolAddress',
      'School_DocumentId',
      'Id_Unified',
      'Id_Present',
    );
    const ungated = child([alias(parentKey('School_DocumentId'), 'Id_Unified'), ordinal()], key);
    expectFault(() => compileWritePlan('pgsql', ungated), 'PLAN_KEY_ALIAS', 'School_DocumentId', 'Id_Unified', '<none>');
  });

  it('is not the concern of a read plan', () => {
    expect(compileReadPlan('pgsql', gated).tablePlansInDependencyOrder).toHaveLength(2);
  });
});
