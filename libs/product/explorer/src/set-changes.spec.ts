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
    expect(grown.ownerOf('campus.SchoolYearTypo')).toBe(null);
  });

  it('lists the changes of all owners, or of one, by class', () => {
    const all = grown.byClass(null);
    expect(all.map((entry) => entry.class)).toEqual(['loss', 'checked', 'rewritten', 'free']);
    expect(names(all[0]?.changes ?? [])).toContain('campus.School.Motto');
    const [only, ...others] = grown.byClass('Athletics:Team');
    expect(others).toEqual([]);
    expect(only?.class).toBe('free');
    expect(names(only?.changes ?? [])).toContain('athletics.TeamMatch');
  });
});
