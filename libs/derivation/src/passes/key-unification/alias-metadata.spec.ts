import {
  abstractResource,
  booking,
  build,
  codesOf,
  edFi,
  equal,
  expectNamed,
  failureOf,
  path,
  room,
  school,
  subclassOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { draftBefore, draftTable } from '../../../test/drafts.ts';
import type { DraftColumn } from '../../draft/draft-table.ts';
import type { ModelDraft } from '../../draft/model-draft.ts';
import { validateAliases } from '../validate-aliases.ts';

const { integer, object, resource } = build;

const years = resource('Ledger', {
  equalityConstraints: [equal('$.fiscalYear', '$.localFiscalYear')],
  jsonSchemaForInsert: object({ fiscalYear: integer(), localFiscalYear: integer() }),
});

const draftOfYears = () => draftBefore(validateAliases, [edFi([years])]);

const draftOfBooking = () => draftBefore(validateAliases, [edFi([school, room, booking])]);

/** Changes a column of a draft, which passes cannot do. */
function alter(draft: ModelDraft, label: string, name: string, changes: Partial<DraftColumn>): void {
  const { columns } = draftTable(draft, label, '$');
  columns.set(name, { ...columns.get(name)!, ...changes });
}

const int32 = { kind: 'Int32', maxLength: null, decimal: null } as const;

describe('the gate of an alias', () => {
  it('is accepted as derivation makes it', () => {
    expect(() => validateAliases(draftOfYears())).not.toThrow();
    expect(() => validateAliases(draftOfBooking())).not.toThrow();
  });

  it('must exist: KU_PRESENCE_INVALID names table, alias, gate and reason', () => {
    const draft = draftOfYears();
    draftTable(draft, 'Ed-Fi:Ledger', '$').columns.delete('FiscalYear_Present');
    const error = failureOf(() => validateAliases(draft));
    expect(codesOf(error)).toEqual(['KU_PRESENCE_INVALID']);
    expectNamed(error.diagnostics[0], ['edfi.Ledger', 'FiscalYear', 'FiscalYear_Present', 'missing']);
  });

  it.each<[string, Partial<DraftColumn>, string]>([
    ['not a scalar', { kind: 'DescriptorFk' }, 'scalar'],
    ['not boolean', { scalarType: int32 }, 'boolean'],
    ['a non-null boolean', { isNullable: false }, 'not nullable'],
    [
      'itself an alias',
      { storage: { kind: 'UnifiedAlias', canonicalColumn: 'FiscalYear_Unified', presenceColumn: null } },
      'stored',
    ],
    ['read from the document', { sourcePath: path('$.flag') }, 'document'],
  ])('must not be %s when it is no document id', (_, changes, reason) => {
    const draft = draftOfYears();
    alter(draft, 'Ed-Fi:Ledger', 'FiscalYear_Present', changes);
    const error = failureOf(() => validateAliases(draft));
    expect(codesOf(error)).toEqual(['KU_PRESENCE_INVALID']);
    expect(error.diagnostics[0].details).toMatchObject({
      table: 'edfi.Ledger',
      alias: 'FiscalYear',
      presenceColumn: 'FiscalYear_Present',
    });
    expect(error.diagnostics[0].details.reason).toContain(reason);
    expectNamed(error.diagnostics[0], ['edfi.Ledger', 'FiscalYear', 'FiscalYear_Present', reason]);
  });

  it('reports the first property that is violated: scalar, boolean, nullable, stored, no path', () => {
    const all: readonly [keyof DraftColumn, Partial<DraftColumn>, string][] = [
      ['kind', { kind: 'DescriptorFk' }, 'scalar'],
      ['scalarType', { scalarType: int32 }, 'boolean'],
      ['isNullable', { isNullable: false }, 'nullable'],
      ['storage', { storage: { kind: 'UnifiedAlias', canonicalColumn: 'FiscalYear_Unified', presenceColumn: null } }, 'stored'],
      ['sourcePath', { sourcePath: path('$.flag') }, 'document'],
    ];
    all.forEach(([, , reason], index) => {
      const draft = draftOfYears();
      for (const [, changes] of all.slice(index)) alter(draft, 'Ed-Fi:Ledger', 'FiscalYear_Present', changes);
      expect(failureOf(() => validateAliases(draft)).diagnostics[0].details.reason).toContain(reason);
    });
  });

  it('need only be stored when its name is that of a document id', () => {
    const accepted = draftOfBooking();
    alter(accepted, 'Ed-Fi:Booking', 'Room_DocumentId', { isNullable: false, scalarType: int32 });
    expect(() => validateAliases(accepted)).not.toThrow();

    const refused = draftOfBooking();
    alter(refused, 'Ed-Fi:Booking', 'Room_DocumentId', {
      storage: { kind: 'UnifiedAlias', canonicalColumn: 'SchoolId_Unified', presenceColumn: null },
    });
    const error = failureOf(() => validateAliases(refused));
    expect(codesOf(error)).toEqual(['KU_PRESENCE_INVALID']);
    expectNamed(error.diagnostics[0], ['edfi.Booking', 'Room_SchoolId', 'Room_DocumentId', 'stored']);
  });

  it('may be the key column DocumentId', () => {
    const draft = draftOfYears();
    alter(draft, 'Ed-Fi:Ledger', 'FiscalYear', {
      storage: { kind: 'UnifiedAlias', canonicalColumn: 'FiscalYear_Unified', presenceColumn: 'DocumentId' },
    });
    expect(() => validateAliases(draft)).not.toThrow();
  });

  it('is not needed: an ungated alias is accepted', () => {
    const draft = draftOfYears();
    alter(draft, 'Ed-Fi:Ledger', 'FiscalYear', {
      storage: { kind: 'UnifiedAlias', canonicalColumn: 'FiscalYear_Unified', presenceColumn: null },
    });
    expect(() => validateAliases(draft)).not.toThrow();
  });

  it('is checked on abstract identity tables too', () => {
    const member = resource('School', {
      ...subclassOf('Ed-Fi:Organization'),
      identityJsonPaths: ['$.organizationId'],
      jsonSchemaForInsert: object({ organizationId: integer() }, ['organizationId']),
    });
    const draft = draftBefore(validateAliases, [
      edFi([member], { abstractResources: { Organization: abstractResource(['$.organizationId']) } }),
    ]);
    const { table } = draft.abstracts.get('Ed-Fi:Organization')!;
    table.columns.get('OrganizationId')!.storage = {
      kind: 'UnifiedAlias',
      canonicalColumn: 'Discriminator',
      presenceColumn: 'Discriminator',
    };
    const error = failureOf(() => validateAliases(draft));
    expect(codesOf(error)).toEqual(['KU_PRESENCE_INVALID']);
    expectNamed(error.diagnostics[0], ['edfi.OrganizationIdentity', 'OrganizationId', 'Discriminator']);
  });

  it('is checked on every table: the faults of two tables are reported together', () => {
    const draft = draftBefore(validateAliases, [edFi([years, resource('Other', { ...years.schema, resourceName: 'Other' })])]);
    for (const label of ['Ed-Fi:Ledger', 'Ed-Fi:Other']) alter(draft, label, 'FiscalYear_Present', { isNullable: false });
    expect(codesOf(failureOf(() => validateAliases(draft)))).toEqual(['KU_PRESENCE_INVALID', 'KU_PRESENCE_INVALID']);
  });
});
