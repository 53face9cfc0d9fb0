import type { ForeignKeyConstraint } from '@dms/model';
import { booking, build, codesOf, edFi, equal, expectNamed, failureOf, room, school } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { draftBefore, draftTable } from '../../../test/drafts.ts';
import type { ModelDraft } from '../../draft/model-draft.ts';
import { validateForeignKeys } from '../validate-foreign-keys.ts';

const { integer, object, resource } = build;

const ledger = resource('Ledger', {
  equalityConstraints: [equal('$.fiscalYear', '$.localFiscalYear')],
  jsonSchemaForInsert: object({ fiscalYear: integer(), localFiscalYear: integer() }),
});

const draft = () => draftBefore(validateForeignKeys, [edFi([school, room, booking, ledger])]);

const edfi = (name: string) => ({ schema: 'edfi', name });

/** Adds a foreign key by hand and returns what validation says to it. */
function add(to: ModelDraft, label: string, key: Partial<ForeignKeyConstraint>): void {
  draftTable(to, label, '$').constraints.push({
    kind: 'ForeignKey',
    name: 'FK_HandMade',
    columns: ['DocumentId'],
    targetTable: edfi('School'),
    targetColumns: ['DocumentId'],
    onDelete: 'NoAction',
    onUpdate: 'NoAction',
    deferrable: false,
    ...key,
  });
}

function refusal(label: string, key: Partial<ForeignKeyConstraint>) {
  const changed = draft();
  add(changed, label, key);
  return failureOf(() => validateForeignKeys(changed));
}

describe('the columns of a foreign key', () => {
  it('are accepted when they exist and are stored', () => {
    const changed = draft();
    add(changed, 'Ed-Fi:Booking', { columns: ['SchoolId_Unified'], targetColumns: ['SchoolId'] });
    expect(() => validateForeignKeys(changed)).not.toThrow();
  });

  it.each<[string, string, Partial<ForeignKeyConstraint>, readonly string[]]>([
    [
      'a local alias, naming its canonical column',
      'Ed-Fi:Booking',
      { columns: ['DocumentId', 'Room_SchoolId'], targetColumns: ['DocumentId', 'SchoolId'] },
      ["'Room_SchoolId' (UnifiedAlias; canonical storage column 'SchoolId_Unified')"],
    ],
    [
      'a target alias, naming its canonical column',
      'Ed-Fi:Ledger',
      {
        columns: ['DocumentId', 'FiscalYear_Unified'],
        targetTable: edfi('Booking'),
        targetColumns: ['DocumentId', 'School_SchoolId'],
      },
      ["'School_SchoolId' (UnifiedAlias; canonical storage column 'SchoolId_Unified')"],
    ],
    ['a missing local column', 'Ed-Fi:Ledger', { columns: ['Gone'] }, ['Gone']],
    ['a missing target column', 'Ed-Fi:Ledger', { targetColumns: ['Gone'] }, ['Gone']],
    [
      'a presence flag',
      'Ed-Fi:Ledger',
      { columns: ['DocumentId', 'FiscalYear_Present'], targetColumns: ['DocumentId', 'SchoolId'] },
      ['FiscalYear_Present'],
    ],
    [
      'several, all of them listed',
      'Ed-Fi:Booking',
      { columns: ['Room_SchoolId', 'School_SchoolId', 'Gone'], targetColumns: ['DocumentId', 'SchoolId', 'SchoolId'] },
      [
        "'Room_SchoolId' (UnifiedAlias; canonical storage column 'SchoolId_Unified')",
        "'School_SchoolId' (UnifiedAlias; canonical storage column 'SchoolId_Unified')",
        'Gone',
      ],
    ],
  ])('are refused as FK_COLUMN_NOT_STORED: %s', (_, label, key, named) => {
    const error = refusal(label, key);
    expect(codesOf(error)).toEqual(['FK_COLUMN_NOT_STORED']);
    const { schema, name } = key.targetTable ?? edfi('School');
    const table = label.replace('Ed-Fi:', 'edfi.');
    expectNamed(error.diagnostics[0], ['FK_HandMade', table, `${schema}.${name}`, ...named]);
  });

  it('are refused in mssql too', () => {
    const error = failureOf(() => {
      const changed = draftBefore(validateForeignKeys, [edFi([school, room, booking])], 'mssql');
      add(changed, 'Ed-Fi:Booking', { columns: ['School_SchoolId'], targetColumns: ['SchoolId'] });
      validateForeignKeys(changed);
    });
    expect(error.code).toBe('FK_COLUMN_NOT_STORED');
  });

  it.each<[string, Partial<ForeignKeyConstraint>]>([
    ['local', { columns: [] }],
    ['target', { targetColumns: [] }],
  ])('must be at least one on the %s side: FK_NO_COLUMNS', (role, key) => {
    const error = refusal('Ed-Fi:Ledger', key);
    expect(codesOf(error)).toEqual(['FK_NO_COLUMNS']);
    expectNamed(error.diagnostics[0], ['FK_HandMade', 'edfi.Ledger', 'edfi.School', role]);
  });
});

describe('the target of a foreign key', () => {
  it('must be a table of the model: FK_TARGET_UNKNOWN', () => {
    const error = refusal('Ed-Fi:Ledger', { targetTable: edfi('Nowhere') });
    expect(codesOf(error)).toEqual(['FK_TARGET_UNKNOWN']);
    expectNamed(error.diagnostics[0], ['FK_HandMade', 'edfi.Ledger', 'edfi.Nowhere']);
  });

  it('is no table of another schema of the same name', () => {
    expect(refusal('Ed-Fi:Ledger', { targetTable: { schema: 'sample', name: 'School' } }).code).toBe('FK_TARGET_UNKNOWN');
  });

  it('may be dms.Document by its DocumentId only: FK_DOCUMENT_TARGET', () => {
    const error = refusal('Ed-Fi:Ledger', {
      targetTable: { schema: 'dms', name: 'Document' },
      targetColumns: ['DocumentUuid'],
    });
    expect(codesOf(error)).toEqual(['FK_DOCUMENT_TARGET']);
    expectNamed(error.diagnostics[0], ['FK_HandMade', 'edfi.Ledger', 'DocumentUuid']);
    const accepted = draft();
    add(accepted, 'Ed-Fi:Ledger', { targetTable: { schema: 'dms', name: 'Document' } });
    expect(() => validateForeignKeys(accepted)).not.toThrow();
  });
});
