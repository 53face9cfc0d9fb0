import { dialects, type SqlDialect } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { explored } from '../test/compiled-set.ts';
import { earlierSet, ownSet } from '../test/test-sets.ts';
import { lookUp } from './model-lookup.ts';
import { type SetChanges, setChanges } from './set-changes.ts';

/** The changes from one set to the other. */
function changesOf(dialect: SqlDialect, after = ownSet(), before = earlierSet()): SetChanges {
  const set = explored(dialect, after, before);
  if (!set.impact) throw new Error('there is nothing to compare with');
  return setChanges(set.impact, lookUp(set));
}

const names = (changes: ReturnType<SetChanges['ofResource']>) => changes.map(({ path }) => path.join('.'));

describe.each(dialects)('what happened to resources and tables (%s)', (dialect) => {
  const grown = changesOf(dialect);
  const shrunk = changesOf(dialect, earlierSet(), ownSet());

  it('marks resources that came, went or changed, descriptors among them', () => {
    const labels = ['Athletics:Team', 'Athletics:SportDescriptor', 'Campus:School', 'Campus:TermDescriptor'];
    expect(labels.map(grown.resourceMark)).toEqual(['added', 'added', 'changed', null]);
    expect(labels.map(shrunk.resourceMark)).toEqual(['removed', 'removed', 'changed', null]);
  });

  it('marks an extension, and with it the resource that it extends', () => {
    expect(['Athletics:Staff', 'Campus:Staff'].map(grown.resourceMark)).toEqual(['added', 'changed']);
    expect(['Athletics:Staff', 'Campus:Staff'].map(shrunk.resourceMark)).toEqual(['removed', 'changed']);
    expect(names(grown.ofResource('Campus:School'))).toEqual(
      expect.arrayContaining(['campus.School.Motto', 'athletics.SchoolExtension']),
    );
    expect(names(shrunk.ofResource('Campus:School'))).toEqual(
      expect.arrayContaining(['campus.School.Motto', 'athletics.SchoolExtension']),
    );
    expect(names(grown.ofResource('Athletics:School'))).not.toContain('campus.School.Motto');
  });

  it('knows which resource a removed extension extended, and mistakes no removed resource for an extension', () => {
    expect(shrunk.formerlyExtended('Athletics:Staff')).toBe('Campus:Staff');
    expect(grown.formerlyExtended('Athletics:Staff')).toBe(null);
    for (const label of ['Athletics:Team', 'Campus:Staff', 'Athletics', '(core)'])
      expect(shrunk.formerlyExtended(label), label).toBe(null);
  });

  it('knows the owner of a table, even if the table was removed', () => {
    expect(shrunk.ownerOf('athletics.TeamMatch')).toBe('Athletics:Team');
    expect(shrunk.ownerOf('athletics.SchoolExtension')).toBe('Athletics:School');
    expect(grown.ownerOf('athletics.SchoolExtension')).toBe('Athletics:School');
    expect(grown.ownerOf('dms.ResourceKey')).toBe('(core)');
    expect(grown.ownerOf('campus.SchoolYearTypo')).toBe(null);
  });

  it('lists the changes of all owners, or of one, by class', () => {
    const all = grown.byClass(null);
    // the triggers of the hierarchy have other bodies, since the ids of resources moved
    expect(all.map((entry) => entry.class)).toEqual(['M', 'W', 'A']);
    expect(names(all[0]?.changes ?? [])).toContain('campus.School.Motto');
    const [only, ...others] = grown.byClass('Athletics');
    expect(others).toEqual([]);
    expect(only?.class).toBe('A');
    expect(names(only?.changes ?? [])).toEqual(['athletics']);
  });
});

describe.each(dialects)('what happened to a trigger (%s)', (dialect) => {
  it('is found by its name in the inventory, whatever its name in the database', () => {
    const set = explored(dialect, ownSet(), earlierSet());
    const triggers = {
      // what changes in a database whose stamp of School is missing, by the names that it has there
      pgsql: [
        { object: 'trigger', path: ['campus.School', 'TR_School_Stamp_Update'] },
        { object: 'function', path: ['campus.TF_TR_School_Stamp()'] },
      ],
      mssql: [{ object: 'trigger', path: ['campus.School', 'TR_School_Stamp'] }],
    } as const;
    const trigger = { table: 'campus.School', name: 'TR_School_Stamp' };
    const changes = triggers[dialect].map((change) => ({ ...change, change: 'added', classes: ['W'], trigger }) as const);
    const resource = { resource: 'Campus:School', project: 'Campus', classes: ['W'], changes } as const;
    if (!set.impact) throw new Error('there is nothing to compare with');
    const made = setChanges({ ...set.impact, resources: [resource] }, lookUp(set));
    expect(made.partMark('campus.School', 'TR_School_Stamp')).toBe('added');
    expect(made.ofTable('campus.School')).toEqual(changes);
    expect(made.tableMark('campus.School')).toBe('changed');
  });
});
