import type { ObjectKind } from '@dms/change';
import { dialects } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { explored } from '../test/compiled-set.ts';
import { earlierSet, ownSet } from '../test/test-sets.ts';
import { type ChangedObject, changeHref, keyedResource, valueText } from './change-href.ts';
import { lookUp } from './model-lookup.ts';

const pgsql = lookUp(explored('pgsql', ownSet()));

describe('where a change leads', () => {
  const hrefOf = (object: ObjectKind, ...path: readonly string[]) => changeHref(pgsql, { object, path });

  it('is the table, at the part that changes', () => {
    expect(hrefOf('table', 'athletics.Team')).toBe('/table/athletics/Team');
    expect(hrefOf('columnOrder', 'athletics.Team')).toBe('/table/athletics/Team');
    expect(hrefOf('column', 'campus.School', 'SchoolId')).toBe('/table/campus/School?at=SchoolId');
    expect(hrefOf('foreignKey', 'campus.School', 'FK_School_Document')).toBe('/table/campus/School?at=FK_School_Document');
  });

  it('is the table under its name before shortening', () => {
    const shortened = pgsql.tables.find(({ table, address }) => table.table.name !== address.name);
    if (!shortened) throw new Error('no table has a shortened name');
    const { schema, name } = shortened.table.table;
    expect(hrefOf('table', `${schema}.${name}`)).toBe(`/table/${schema}/${shortened.address.name}`);
  });

  it('is the trigger of the inventory behind one of the database, and behind a function', () => {
    const trigger = { table: 'campus.School', name: 'TR_School_Stamp' };
    const href = '/table/campus/School?at=TR_School_Stamp';
    const path = ['campus.School', 'TR_School_Stamp_Update'];
    expect(changeHref(pgsql, { object: 'trigger', path, trigger })).toBe(href);
    expect(changeHref(pgsql, { object: 'function', path: ['campus.TF_TR_School_Stamp()'], trigger })).toBe(href);
    expect(hrefOf('function', 'dms.uuidv5(namespace_uuid uuid, name_text text)')).toBe(null);
  });

  it('is the abstract resource of a view, and the resources of the project of a schema', () => {
    expect(hrefOf('view', 'campus.EducationOrganization_View')).toBe('/resource/Campus/EducationOrganization');
    expect(hrefOf('schema', 'athletics')).toBe('/?filter=Athletics%3A');
  });

  it('is the core table of a seed row', () => {
    expect(hrefOf('seed', 'dms.ResourceKey', '7')).toBe('/table/dms/ResourceKey');
  });

  it('is the view of a removed table', () => {
    expect(hrefOf('table', 'campus.Gone')).toBe('/table/campus/Gone');
    expect(hrefOf('index', 'campus.Gone', 'IX_Gone')).toBe('/table/campus/Gone?at=IX_Gone');
  });

  it('does not exist for objects that no view shows', () => {
    expect(hrefOf('sequence', 'dms.ChangeVersionSequence')).toBe(null);
    expect(hrefOf('extension', 'pgcrypto')).toBe(null);
    expect(hrefOf('tableType', 'dms.BigIntTable')).toBe(null);
    expect(hrefOf('schema', 'dms')).toBe(null);
    expect(hrefOf('view', 'campus.Gone_View')).toBe(null);
  });

  it.each(dialects)('is a view that there is, for all that a change of these schemas names (%s)', (dialect) => {
    const set = explored(dialect, ownSet(), earlierSet());
    const lookup = lookUp(set);
    const all = set.impact?.resources.flatMap(({ changes }) => changes) ?? [];
    expect(all.length).toBeGreaterThan(30);
    const places = all.map((change) => changeHref(lookup, change)?.split(/[/?]/).slice(1, 4) ?? []);
    for (const [view, first = '', second = ''] of places) {
      if (view === 'table') {
        const address = { schema: first, name: second };
        expect(lookup.tableAt(address) ?? lookup.coreTable(address), `${first}.${second}`).toBeDefined();
      } else if (view === 'resource') expect(lookup.resourceByLabel.has(`${first}:${second}`)).toBe(true);
      else expect([view, first]).toEqual(['', 'filter=Athletics%3A']);
    }
  });
});

describe('the value of a change', () => {
  const seed: ChangedObject = { object: 'seed', path: ['dms.ResourceKey', '7'] };
  const row = { id: 7, projectName: 'Campus', resourceName: 'Course', resourceVersion: '1.0.0' };

  it('is a resource, where it is the row of its key', () => {
    expect(keyedResource(seed, row)).toBe('Campus:Course');
    expect(keyedResource(seed, 'Course')).toBe(null);
    expect(keyedResource(seed, undefined)).toBe(null);
    expect(keyedResource({ object: 'seed', path: ['dms.SchemaComponent', 'campus'] }, row)).toBe(null);
  });

  it('is text, without members that say nothing', () => {
    expect(valueText(undefined)).toBe('');
    expect(valueText(null)).toBe('');
    expect(valueText('varchar(20)')).toBe('varchar(20)');
    expect(valueText(false)).toBe('false');
    expect(valueText(['A', 'B'])).toBe('A, B');
    expect(valueText({ type: 'bigint', nullable: true, default: null, identity: null })).toBe('type: bigint; nullable');
    expect(valueText({ columns: ['A', 'B'], target: { schema: 'campus', table: 'School' }, deferrable: false })).toBe(
      'columns: A, B; target: campus.School',
    );
  });
});
