import { dialects } from '@dms/sql';
import type { ChangedObject } from '@dms/upgrade';
import { describe, expect, it } from 'vitest';
import { explored } from '../test/compiled-set.ts';
import { earlierSet, ownSet } from '../test/test-sets.ts';
import { lookUp } from './model-lookup.ts';
import { changeHref } from './set-changes.ts';

const pgsql = lookUp(explored('pgsql', ownSet()));

describe('where a change leads', () => {
  const hrefOf = (object: ChangedObject, ...path: readonly string[]) => changeHref(pgsql, { object, path });

  it('is the table, at the part that changes', () => {
    expect(hrefOf('table', 'athletics.Team')).toBe('/table/athletics/Team');
    expect(hrefOf('column', 'campus.School', 'SchoolId')).toBe('/table/campus/School?at=SchoolId');
    expect(hrefOf('constraint', 'campus.School', 'FK_School_Document')).toBe(
      '/table/campus/School?at=FK_School_Document',
    );
    expect(hrefOf('trigger', 'campus.School', 'TR_School_Stamp')).toBe('/table/campus/School?at=TR_School_Stamp');
  });

  it('is the table under its name before shortening', () => {
    const shortened = pgsql.tables.find(({ table, address }) => table.table.name !== address.name);
    if (!shortened) throw new Error('no table has a shortened name');
    const { schema, name } = shortened.table.table;
    expect(hrefOf('table', `${schema}.${name}`)).toBe(`/table/${schema}/${shortened.address.name}`);
  });

  it('is the abstract resource of a view, the resource of its key, and the resources of a project', () => {
    expect(hrefOf('view', 'campus.EducationOrganization_View')).toBe('/resource/Campus/EducationOrganization');
    expect(hrefOf('resource key', 'Campus:School')).toBe('/resource/Campus/School');
    expect(hrefOf('referential ids', 'Campus:School')).toBe('/resource/Campus/School');
    expect(hrefOf('project', 'Athletics')).toBe('/?project=Athletics');
  });

  it('is the table of rows that are derived from documents', () => {
    const members = 'campus.EducationOrganizationIdentity';
    expect(hrefOf('abstract identities', members, 'Campus:School')).toBe(`/table/campus/EducationOrganizationIdentity`);
    expect(hrefOf('hierarchy', 'auth.EducationOrganizationIdToEducationOrganizationId')).toBe(
      '/table/auth/EducationOrganizationIdToEducationOrganizationId',
    );
  });

  it('is the view of a removed table', () => {
    expect(hrefOf('table', 'campus.Gone')).toBe('/table/campus/Gone');
    expect(hrefOf('index', 'campus.Gone', 'IX_Gone')).toBe('/table/campus/Gone?at=IX_Gone');
  });

  it('does not exist for a view that is gone', () => {
    expect(hrefOf('view', 'campus.Gone_View')).toBe(null);
  });

  it.each(dialects)('is a view that there is, for all that a change of these schemas names (%s)', (dialect) => {
    const set = explored(dialect, ownSet(), earlierSet());
    const lookup = lookUp(set);
    const all = set.impact?.owners.flatMap(({ changes }) => changes) ?? [];
    expect(all.length).toBeGreaterThan(20);
    const places = all.map((change) => changeHref(lookup, change)?.split(/[/?]/).slice(1, 4) ?? []);
    for (const [view, first = '', second = ''] of places) {
      if (view === 'table') {
        const address = { schema: first, name: second };
        expect(lookup.tableAt(address) ?? lookup.coreTable(address), `${first}.${second}`).toBeDefined();
      } else if (view === 'resource') expect(lookup.resourceByLabel.has(`${first}:${second}`)).toBe(true);
      else expect([view, first]).toEqual(['', 'project=Athletics']);
    }
  });
});
