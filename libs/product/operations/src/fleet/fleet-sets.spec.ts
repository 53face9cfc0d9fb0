import type { LiveShape } from '@dms/catalog';
import { expect, it } from 'vitest';
import { fleetSetLines, fleetSets, type SetOfDatabase } from '../commands/upgrade-status.ts';

const of = (name: string, effectiveSchemaHash: string | null, ...projects: readonly string[]): SetOfDatabase => ({
  name,
  set: effectiveSchemaHash === null ? null : { effectiveSchemaHash, projects, shape: null },
});

it('groups the databases of a fleet by schema set: the most frequent set first, databases without a set last', () => {
  const sets = fleetSets([
    of('empty-1', null),
    of('b-1', 'bb', 'Ed-Fi 5.1.0'),
    of('empty-2', null),
    of('a-1', 'aa', 'Ed-Fi 5.2.0', 'TPDM 1.1.0'),
    of('c-1', 'cc', 'Ed-Fi 5.2.0'),
    of('empty-3', null),
    of('c-2', 'cc', 'Ed-Fi 5.2.0'),
  ]);
  expect(sets).toEqual([
    { effectiveSchemaHash: 'cc', projects: ['Ed-Fi 5.2.0'], shape: null, databases: ['c-1', 'c-2'] },
    { effectiveSchemaHash: 'aa', projects: ['Ed-Fi 5.2.0', 'TPDM 1.1.0'], shape: null, databases: ['a-1'] },
    { effectiveSchemaHash: 'bb', projects: ['Ed-Fi 5.1.0'], shape: null, databases: ['b-1'] },
    { effectiveSchemaHash: null, projects: [], shape: null, databases: ['empty-1', 'empty-2', 'empty-3'] },
  ]);
  expect(fleetSetLines(sets)).toEqual([
    '2 databases of Ed-Fi 5.2.0 (cc)',
    '  c-1, c-2',
    '1 database of Ed-Fi 5.2.0, TPDM 1.1.0 (aa)',
    '  a-1',
    '1 database of Ed-Fi 5.1.0 (bb)',
    '  b-1',
    '3 databases without a schema set',
    '  empty-1, empty-2, empty-3',
  ]);
});

it('separates databases of one hash that have different shapes', () => {
  const shaped = (name: string, shape: LiveShape['name']): SetOfDatabase => ({
    name,
    set: {
      effectiveSchemaHash: 'aa',
      projects: ['Ed-Fi 5.2.0'],
      shape: { name: shape, generation: 'v2', has: [], lacks: [] },
    },
  });
  const sets = fleetSets([
    shaped('a-1', 'v2'),
    shaped('a-2', 'v2-natural'),
    shaped('a-3', 'v2'),
    shaped('a-4', 'mixed'),
  ]);
  expect(fleetSetLines(sets)).toEqual([
    '2 databases of Ed-Fi 5.2.0 (v2, aa)',
    '  a-1, a-3',
    '1 database of Ed-Fi 5.2.0 (mixed, aa)',
    '  a-4',
    '1 database of Ed-Fi 5.2.0 (v2-natural, aa)',
    '  a-2',
  ]);
});

it('removes control characters from project names', () => {
  expect(fleetSetLines(fleetSets([of('x', 'aa', 'A\u001b[2J')]))).toEqual(['1 database of A[2J (aa)', '  x']);
});
