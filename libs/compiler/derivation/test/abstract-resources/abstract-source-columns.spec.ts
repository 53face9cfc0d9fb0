import { codesOf, expectNamed, failureOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveAbstractResources } from '../../src/passes/derive-abstract-resources.ts';
import { draftBefore, draftTable } from '../drafts.ts';
import { handMadeColumn } from '../hand-made.ts';
import { organization, renamed, withMembers } from '../organization-members.ts';

describe('the root column of a member, changed by hand', () => {
  const draft = () => draftBefore(deriveAbstractResources, withMembers(renamed('School')));
  const root = (of: ReturnType<typeof draft>) => draftTable(of, 'Ed-Fi:School', '$');

  it('must be one stored column where several have the path: ABSTRACT_COLUMN_AMBIGUOUS lists them', () => {
    const changed = draft();
    root(changed).addColumn(handMadeColumn('Second', '$.schoolId'));
    const error = failureOf(() => deriveAbstractResources(changed));
    expect(codesOf(error)).toEqual(['ABSTRACT_COLUMN_AMBIGUOUS']);
    expectNamed(error.diagnostics[0], ['$.schoolId', 'SchoolId', 'Second', 'Ed-Fi:School']);
  });

  it('must not be of different kinds where several have the path, even if they are one stored column', () => {
    const changed = draft();
    const table = root(changed);
    const shared = table.addColumn(handMadeColumn('Shared', null));
    table.addColumn(handMadeColumn('Second', '$.schoolId', { kind: 'DescriptorFk' }));
    for (const name of ['SchoolId', 'Second'])
      table.columns.get(name)!.storage = { kind: 'UnifiedAlias', canonical: shared, presence: null };
    expect(failureOf(() => deriveAbstractResources(changed)).code).toBe('ABSTRACT_COLUMN_AMBIGUOUS');
  });

  it('must not be a gate where several have the path', () => {
    const changed = draft();
    const table = root(changed);
    const shared = table.addColumn(handMadeColumn('Shared', null));
    table.addColumn(handMadeColumn('Second', '$.schoolId'));
    for (const name of ['SchoolId', 'Second'])
      table.columns.get(name)!.storage = { kind: 'UnifiedAlias', canonical: shared, presence: shared };
    expect(failureOf(() => deriveAbstractResources(changed)).code).toBe('ABSTRACT_COLUMN_AMBIGUOUS');
  });

  it('is the stored column that several with the path share', () => {
    const changed = draft();
    const table = root(changed);
    const shared = table.addColumn(handMadeColumn('Shared', null));
    table.addColumn(handMadeColumn('Second', '$.schoolId'));
    for (const name of ['SchoolId', 'Second'])
      table.columns.get(name)!.storage = { kind: 'UnifiedAlias', canonical: shared, presence: null };
    deriveAbstractResources(changed);
    const { members, table: identityTable } = changed.abstracts.get(organization)!;
    const [mapping, ...others] = members[0]!.mappings;
    expect(others).toEqual([]);
    expect(mapping?.source).toBe(shared);
    expect(mapping?.target).toBe(identityTable.columns.get('EducationOrganizationId'));
    expect(mapping?.target.name).toBe('EducationOrganizationId');
  });

  it('must not be nullable: ABSTRACT_COLUMN_NULLABLE names path, column and member', () => {
    const changed = draft();
    Object.assign(root(changed).columns.get('SchoolId')!, { isNullable: true });
    const error = failureOf(() => deriveAbstractResources(changed));
    expect(codesOf(error)).toEqual(['ABSTRACT_COLUMN_NULLABLE']);
    expectNamed(error.diagnostics[0], ['$.schoolId', 'SchoolId', 'Ed-Fi:School']);
  });
});
