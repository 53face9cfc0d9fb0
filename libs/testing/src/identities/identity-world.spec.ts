import { describe, expect, it } from 'vitest';
import {
  forEachOrder,
  type IdentityGraph,
  makeWorld,
  possibleRenames,
  Refused,
  random,
  SqlServerRun,
  stateAfter,
} from '../index.ts';
import { seeds } from '../runs/property-runs.ts';

/** Every sequence of choices that `forEachOrder` tries, as text. */
function orders(limit: number, counts: readonly number[]): string[] {
  const tried: string[] = [];
  forEachOrder(limit, random(1), (choose) => {
    tried.push(counts.map((count) => choose(count)).join(''));
  });
  return tried;
}

describe('forEachOrder', () => {
  it('tries every sequence of choices once', () => {
    expect(orders(100, [2, 3])).toEqual(['00', '01', '02', '10', '11', '12']);
    expect(orders(6, [2, 3])).toHaveLength(6);
  });

  it('goes on by chance when there are more than the limit', () => {
    const tried = orders(4, [2, 3]);
    expect(tried.slice(0, 4)).toEqual(['00', '01', '02', '10']);
    expect(tried).toHaveLength(8);
  });

  it('runs once where there is nothing to choose', () => {
    expect(orders(10, [])).toEqual(['']);
  });

  it('follows choices whose number depends on those before', () => {
    const tried: string[] = [];
    forEachOrder(100, random(1), (choose) => {
      const first = choose(2);
      tried.push(first === 0 ? '0' : `1${choose(2)}`);
    });
    expect(tried).toEqual(['0', '10', '11']);
  });
});

/** A ← B ← C with the keys a, b, c; C also refers to A, and stores A's key once or twice. */
function chain(isUnified: boolean): IdentityGraph {
  const edge = {
    isIdentity: true,
    isRequired: true,
    isAbstractTarget: false,
    isCandidate: true,
    refersToOwnDocument: false,
  };
  const own = isUnified ? 'a' : 'otherA';
  return {
    edges: [
      {
        ...edge,
        id: 'A→B',
        target: 's.A',
        receiver: 's.B',
        fkColumn: 'A_DocumentId',
        baseName: 'FK_B_A_RefKey',
        pairs: [{ source: 'a', local: 'a' }],
      },
      {
        ...edge,
        id: 'B→C',
        target: 's.B',
        receiver: 's.C',
        fkColumn: 'B_DocumentId',
        baseName: 'FK_C_B_RefKey',
        pairs: [
          { source: 'a', local: 'a' },
          { source: 'b', local: 'b' },
        ],
      },
      {
        ...edge,
        id: 'A→C',
        target: 's.A',
        receiver: 's.C',
        fkColumn: 'A_DocumentId',
        baseName: 'FK_C_A_RefKey',
        pairs: [{ source: 'a', local: own }],
      },
    ],
    members: [],
    maintenance: [],
    origins: [{ table: 's.A', column: 'a' }],
    identities: new Map([
      ['s.A', ['a']],
      ['s.B', ['a', 'b']],
      ['s.C', isUnified ? ['a', 'b', 'c'] : ['a', 'b', 'otherA', 'c']],
    ]),
    mutable: new Set(),
  };
}

describe('a world', () => {
  it('holds rows whose copies equal their sources, with distinct identities', () => {
    for (const seed of seeds(20)) {
      const { rows } = makeWorld(chain(true), 2, random(seed));
      expect([...rows.values()].filter(({ table }) => table === 's.A')).toHaveLength(2);
      for (const row of rows.values()) {
        for (const { id, receiver, target, pairs } of chain(true).edges) {
          if (receiver !== row.table) continue;
          const source = rows.get(`${target}#${row.links.get(id)}`);
          for (const pair of pairs) expect(row.values.get(pair.local)).toBe(source?.values.get(pair.source));
        }
      }
      const identities = [...rows.values()].map(({ table, values }) => JSON.stringify([table, ...values.values()]));
      expect(new Set(identities).size).toBe(identities.length);
    }
  });

  it('has no row whose required reference would have to name itself', () => {
    const graph = chain(true);
    const self = {
      ...graph.edges[0],
      id: 'A→A',
      target: 's.A',
      receiver: 's.A',
      pairs: [{ source: 'a', local: 'parent' }],
    };
    const { rows } = makeWorld(
      { ...graph, edges: [...graph.edges, self as IdentityGraph['edges'][number]] },
      2,
      random(1),
    );
    expect(rows.size).toBe(0);
  });

  it('knows where a rename must lead, or that it must be refused', () => {
    const graph = chain(true);
    const world = makeWorld(graph, 1, random(1));
    const rename = {
      table: 's.A',
      column: 'a',
      ids: [[...world.rows.values()].find(({ table }) => table === 's.A')?.id as number],
    };
    expect(possibleRenames(graph, world)).toEqual([rename]);
    const after = stateAfter(graph, world, rename);
    expect([...(after?.rows.values() ?? [])].map(({ values }) => values.get('a'))).toEqual(['a-1*', 'a-1*', 'a-1*']);
    expect(after?.isCircular).toBe(false);
    const fixed = { ...graph, edges: graph.edges.map((edge) => ({ ...edge, isCandidate: edge.id !== 'B→C' })) };
    expect(stateAfter(fixed, world, rename)).toBeUndefined();
  });
});

describe('a simulated statement', () => {
  const run = (isUnified: boolean, kinds: Record<string, 'cascade' | 'covered' | 'fallback'>) => {
    const graph = chain(isUnified);
    const world = makeWorld(graph, 1, random(1));
    const statement = new SqlServerRun(graph, new Map(Object.entries(kinds)), world, () => 0);
    const [rename] = possibleRenames(graph, world);
    statement.rename(rename as NonNullable<typeof rename>);
    return [...statement.rows.values()].flatMap(({ values }) => [values.get('a'), values.get('otherA') ?? []]).flat();
  };

  it('moves values over cascades before it checks composite keys', () => {
    expect(run(true, { 'A→B': 'cascade', 'B→C': 'cascade', 'A→C': 'covered' })).toEqual(['a-1*', 'a-1*', 'a-1*']);
    expect(run(true, { 'A→B': 'cascade', 'B→C': 'covered', 'A→C': 'cascade' })).toEqual(['a-1*', 'a-1*', 'a-1*']);
  });

  it('is refused where a composite key sees an old copy', () => {
    expect(() => run(true, { 'A→B': 'cascade', 'B→C': 'covered', 'A→C': 'covered' })).toThrow(Refused);
    expect(() => run(false, { 'A→B': 'cascade', 'B→C': 'cascade', 'A→C': 'covered' })).toThrow('A→C');
    expect(() => run(true, {})).toThrow(Refused);
  });

  it('moves values over triggers afterwards, whose own statements are checked too', () => {
    expect(run(false, { 'A→B': 'cascade', 'B→C': 'cascade', 'A→C': 'fallback' })).toEqual([
      'a-1*',
      'a-1*',
      'a-1*',
      'a-1*',
    ]);
    expect(run(true, { 'A→B': 'fallback', 'B→C': 'fallback', 'A→C': 'fallback' })).toEqual(['a-1*', 'a-1*', 'a-1*']);
    expect(() => run(true, { 'A→B': 'fallback', 'B→C': 'cascade', 'A→C': 'cascade' })).toThrow('B→C');
  });
});
