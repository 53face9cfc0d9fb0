import type { Diagnostic } from '@dms/diagnostics';
import type { RelationalModelSet } from '@dms/model';
import {
  build,
  changingColumns,
  deferrableKeys,
  type EdgeKinds,
  forEachOrder,
  type IdentityEdge,
  type IdentityGraph,
  type IdentityWorld,
  identityGraph,
  makeWorld,
  possibleRenames,
  propertyRuns,
  Refused,
  random,
  referenceKeys,
  SqlServerRun,
  schemaSet,
  schemaSets,
  selectedOutcomes,
  stateAfter,
  type ValueRename,
} from '@dms/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../derive-model.ts';

interface DerivedGraph {
  readonly graph: IdentityGraph;
  readonly pgsql: RelationalModelSet;
  readonly mssql: RelationalModelSet;
  readonly notes: readonly Diagnostic[];
  /** The treatment of every candidate edge in the mssql model, read only from its keys. */
  readonly kinds: EdgeKinds;
}

function derive(documents: readonly build.JsonRecord[]): DerivedGraph {
  const set = schemaSet(...documents);
  const pgsql = deriveModel(set, 'pgsql').model;
  const { model: mssql, notes } = deriveModel(set, 'mssql');
  const graph = identityGraph(documents, pgsql);
  const keys = referenceKeys(mssql);
  const kinds = new Map(
    graph.edges
      .filter(({ isCandidate }) => isCandidate)
      .map(({ id }) => {
        const key = keys.get(id);
        const kind = key?.onUpdate === 'Cascade' ? 'cascade' : key?.columns.length === 1 ? 'fallback' : 'covered';
        return [id, kind] as const;
      }),
  );
  return { graph, pgsql, mssql, notes, kinds };
}

const sets = () => schemaSets({ focus: 'references', longNames: false });

function check(runs: number, property: (derived: DerivedGraph, seed: number) => void): void {
  fc.assert(
    fc.property(sets(), fc.nat(), (documents, seed) => property(derive(documents), seed)),
    { numRuns: propertyRuns(runs) },
  );
}

const of = ({ graph, kinds }: DerivedGraph, kind: 'cascade' | 'covered' | 'fallback') =>
  graph.edges.filter(({ id }) => kinds.get(id) === kind);

/** Number of paths from each table to each other over the edges; infinite if there is a circle. */
function wayCounts(edges: readonly IdentityEdge[]): Map<string, number> {
  const ways = new Map<string, number>();
  const follow = (start: string, table: string, path: readonly string[]) => {
    for (const edge of edges.filter(({ target }) => target === table)) {
      const key = `${start} ⇒ ${edge.receiver}`;
      if (edge.receiver === start || path.includes(edge.receiver))
        ways.set(`${start} circle`, Number.POSITIVE_INFINITY);
      else {
        ways.set(key, (ways.get(key) ?? 0) + 1);
        follow(start, edge.receiver, [...path, edge.receiver]);
      }
    }
  };
  for (const start of new Set(edges.map(({ target }) => target))) follow(start, start, [start]);
  return ways;
}

describe('random reference graphs (design 11 §6)', () => {
  it('the cascades of mssql have no circle, and at most one way leads from a table to another', () => {
    check(40, (derived) => {
      const several = [...wayCounts(of(derived, 'cascade'))].filter(([, count]) => count > 1);
      expect(several).toEqual([]);
    });
  });

  it('every candidate edge is a cascade, covered with a note, or a fallback with a note and one entry in the list', () => {
    check(40, ({ graph, mssql, notes, kinds }) => {
      for (const edge of graph.edges) {
        const [schema, name] = edge.receiver.split('.');
        const own = notes
          .filter(({ details }) => details.receiver === edge.receiver && details.key === edge.baseName)
          .map(({ code }) => code);
        const listed = mssql.propagationFallbacks.filter(
          ({ receiverTable, receiverFkColumn }) =>
            receiverTable.schema === schema && receiverTable.name === name && receiverFkColumn === edge.fkColumn,
        );
        const kind = kinds.get(edge.id) ?? 'none';
        const expected = {
          none: [],
          cascade: [],
          covered: ['PROPAGATION_COVERED'],
          fallback: ['PROPAGATION_FALLBACK'],
        };
        expect(own, edge.id).toEqual(expected[kind]);
        expect(
          listed.map(({ targetTable, columnMappings }) => ({ targetTable, columnMappings })),
          edge.id,
        ).toEqual(
          kind !== 'fallback'
            ? []
            : [
                {
                  targetTable: { schema: edge.target.split('.')[0], name: edge.target.split('.')[1] },
                  columnMappings: edge.pairs.map(({ source, local }) => ({
                    sourceColumn: source,
                    targetColumn: local,
                  })),
                },
              ],
        );
      }
      expect(notes.length).toBe([...kinds.values()].filter((kind) => kind !== 'cascade').length);
    });
  });

  it('a covered edge has a required cascade of its receiver over all of its changing columns', () => {
    check(40, (derived) => {
      const changing = changingColumns(derived.graph);
      const cascades = of(derived, 'cascade');
      for (const edge of of(derived, 'covered')) {
        const covering = cascades.filter(
          (other) =>
            other.receiver === edge.receiver &&
            other.isRequired &&
            [...(changing.get(edge) ?? [])].every((column) => other.pairs.some(({ local }) => local === column)),
        );
        const note = derived.notes.find(
          ({ details }) => details.receiver === edge.receiver && details.key === edge.baseName,
        );
        expect(
          covering.map(({ baseName }) => baseName),
          edge.id,
        ).toContain(note?.details.coveredBy);
      }
    });
  });

  it('both dialects have the same reference keys but for actions and reduced keys; mssql cascades where pgsql does, or less', () => {
    check(40, ({ graph, pgsql, mssql, kinds }) => {
      const p = referenceKeys(pgsql);
      const m = referenceKeys(mssql);
      expect([...m.keys()].sort()).toEqual([...p.keys()].sort());
      for (const { id } of graph.edges) {
        const wanted = p.get(id);
        const actual = m.get(id);
        const { onUpdate: _, deferrable: __, ...shape } = wanted as NonNullable<typeof wanted>;
        if (kinds.get(id) !== 'fallback') expect(actual).toMatchObject(shape);
        if (actual?.onUpdate === 'Cascade') expect(wanted?.onUpdate, id).toBe('Cascade');
        expect(actual?.deferrable).toBe(false);
      }
    });
  });

  it('a graph without circles, convergences and maintenance edges cascades everywhere and needs no trigger', () => {
    check(80, ({ graph, mssql, notes, kinds }) => {
      const candidates = graph.edges.filter(({ isCandidate }) => isCandidate);
      if (graph.maintenance.length > 0 || [...wayCounts(candidates).values()].some((count) => count > 1)) return;
      expect([...kinds.values()].every((kind) => kind === 'cascade')).toBe(true);
      expect(notes).toEqual([]);
      expect(mssql.propagationFallbacks).toEqual([]);
    });
  });

  it('pgsql cascades to abstract and identity-mutable targets, deferrable where one root feeds two keys of a table or a document names itself', () => {
    check(40, ({ graph, pgsql }) => {
      const keys = referenceKeys(pgsql);
      const deferrable = deferrableKeys(graph);
      for (const { id, isAbstractTarget, isCandidate } of graph.edges) {
        expect(keys.get(id)?.onUpdate, id).toBe(isAbstractTarget || isCandidate ? 'Cascade' : 'NoAction');
        expect(keys.get(id)?.deferrable, id).toBe(deferrable.has(id));
      }
    });
  });

  it('the outcome of every edge is the one that the steps of design 11 §3.2 give, followed word by word', () => {
    check(40, ({ graph, kinds, notes }) => {
      const wanted = selectedOutcomes(graph);
      const baseNames = new Map(graph.edges.map(({ id, baseName }) => [id, baseName]));
      const actual = [...wanted.keys()].map((id) => {
        const edge = graph.edges.find((candidate) => candidate.id === id) as IdentityEdge;
        const note = notes.find(({ details }) => details.receiver === edge.receiver && details.key === edge.baseName);
        return [id, `${kinds.get(id)} ${note?.details.reason ?? note?.details.coveredBy ?? ''}`];
      });
      const expected = [...wanted].map(([id, outcome]) => {
        const more =
          outcome.kind === 'fallback' ? outcome.reason : outcome.kind === 'covered' ? baseNames.get(outcome.by) : '';
        return [id, `${outcome.kind} ${more}`];
      });
      expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
    });
  });
});

/** The failure if SQL Server runs the rename with these edges in some order of triggers; undefined if there is none. */
function failureOf(
  graph: IdentityGraph,
  kinds: EdgeKinds,
  world: IdentityWorld,
  rename: ValueRename,
  seed: number,
): string | undefined {
  const wanted = stateAfter(graph, world, rename);
  if (!wanted || wanted.isCircular) return undefined;
  let failure: string | undefined;
  forEachOrder(24, random(seed), (choose) => {
    if (failure !== undefined) return;
    const run = new SqlServerRun(graph, kinds, world, choose);
    try {
      run.rename(rename);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      failure = `refused: ${error.message}`;
      return;
    }
    for (const [key, { values }] of wanted.rows) {
      for (const [column, value] of values) {
        const actual = run.rows.get(key)?.values.get(column);
        if (actual !== value) failure = `${key}.${column} is ${actual}, not ${value}`;
      }
    }
  });
  return failure;
}

describe('simulated renames (design 11 §6 invariant 6)', () => {
  /*
   * Rows, statements and triggers are those of `makeWorld` and `SqlServerRun`, whose comments state their assumptions.
   * Renames change identity columns that no reference of the row fills, of one or of all rows of a table. Two kinds of
   * renames are excluded: those that must be refused (a copy would contradict another reference, or a target that is
   * not identity-mutable would change), and those of a value that is, over other rows, a copy of itself.
   */
  it('are accepted, and leave every copy equal to its source, in whatever order triggers run', () => {
    check(40, ({ graph, kinds }, seed) => {
      const chance = random(seed);
      for (let number = 0; number < 2; number += 1) {
        const world = makeWorld(graph, 2, chance);
        for (const rename of possibleRenames(graph, world)) {
          expect(failureOf(graph, kinds, world, rename, seed), JSON.stringify(rename)).toBeUndefined();
        }
      }
    });
  });

  it('meet every outcome of an edge: the search is not empty', () => {
    const seen = { renames: 0, cascade: 0, covered: 0, cycle: 0, convergence: 0, late: 0 };
    const samples = fc.sample(sets(), { numRuns: 60, seed: 1 });
    samples.forEach((documents, seed) => {
      const { graph, notes, kinds } = derive(documents);
      const world = makeWorld(graph, 2, random(seed));
      seen.renames += possibleRenames(graph, world).filter(
        (rename) => stateAfter(graph, world, rename)?.isCircular === false,
      ).length;
      seen.cascade += [...kinds.values()].filter((kind) => kind === 'cascade').length;
      for (const { code, details } of notes) {
        const kind = code === 'PROPAGATION_COVERED' ? 'covered' : (details.reason as 'cycle' | 'convergence' | 'late');
        seen[kind] += 1;
      }
    });
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(5);
  });

  const key = (name: string) => build.scalarPath(`$.${name}`);
  const resource = (
    name: string,
    keys: readonly string[],
    members: build.JsonRecord,
    properties: build.JsonRecord = {},
  ) =>
    build.resource(name, {
      ...members,
      documentPathsMapping: {
        ...(members.documentPathsMapping as build.JsonRecord | undefined),
        ...Object.fromEntries(keys.map((own) => [own, key(own)])),
      },
      jsonSchemaForInsert: build.object(
        { ...properties, ...Object.fromEntries(keys.map((own) => [own, build.string()])) },
        [...Object.keys(properties), ...keys],
      ),
    });
  const part = (...names: string[]) =>
    build.object(Object.fromEntries(names.map((name) => [name, build.string()])), names);

  /** A(flag) ← B, A ← R, B ← R; `equal` constrains A's key in both references of R to be equal. */
  const diamond = (equal: boolean) =>
    build.project('Core', [
      resource('A', ['aKey'], { allowIdentityUpdates: true, identityJsonPaths: ['$.aKey'] }),
      resource(
        'B',
        ['bKey'],
        {
          identityJsonPaths: ['$.aReference.aKey', '$.bKey'],
          documentPathsMapping: { A: build.reference('Core:A', [['$.aKey', '$.aReference.aKey']]) },
        },
        { aReference: part('aKey') },
      ),
      resource(
        'R',
        ['rKey'],
        {
          identityJsonPaths: ['$.rKey'],
          documentPathsMapping: {
            A: build.reference('Core:A', [['$.aKey', '$.aReference.aKey']]),
            B: build.reference('Core:B', [
              ['$.aReference.aKey', '$.bReference.aKey'],
              ['$.bKey', '$.bReference.bKey'],
            ]),
          },
          equalityConstraints: equal
            ? [{ sourceJsonPath: '$.aReference.aKey', targetJsonPath: '$.bReference.aKey' }]
            : [],
        },
        { aReference: part('aKey'), bReference: part('aKey', 'bKey') },
      ),
    ]);

  const abstractPair = build.project(
    'Core',
    [
      resource('S', ['xKey'], {
        allowIdentityUpdates: true,
        identityJsonPaths: ['$.xKey'],
        isSubclass: true,
        superclassProjectName: 'Core',
        superclassResourceName: 'X',
      }),
      resource(
        'R',
        ['rKey'],
        {
          identityJsonPaths: ['$.rKey'],
          documentPathsMapping: {
            S: build.reference('Core:S', [['$.xKey', '$.sReference.xKey']]),
            X: build.reference('Core:X', [['$.xKey', '$.xReference.xKey']]),
          },
          equalityConstraints: [{ sourceJsonPath: '$.sReference.xKey', targetJsonPath: '$.xReference.xKey' }],
        },
        { sReference: part('xKey'), xReference: part('xKey') },
      ),
    ],
    { abstractResources: { X: { identityJsonPaths: ['$.xKey'] } } },
  );

  /** The failure of renaming the first row of `table`, with the outcomes replaced as given. */
  const renameFailure = (
    document: build.JsonRecord,
    table: string,
    replaced: Record<string, 'cascade' | 'covered' | 'fallback'>,
  ) => {
    const { graph, kinds } = derive([document]);
    const changed = new Map([...kinds, ...Object.entries(replaced)]);
    const world = makeWorld(graph, 1, random(1));
    const rename = possibleRenames(graph, world).find((candidate) => candidate.table === table) as ValueRename;
    return failureOf(graph, changed, world, rename, 1);
  };

  it('fail where an edge that nothing covers keeps its composite key', () => {
    expect(renameFailure(diamond(false), 'core.A', {})).toBeUndefined();
    expect(renameFailure(diamond(false), 'core.A', { 'Core:R $.bReference': 'covered' })).toContain(
      'refused: Core:R $.bReference',
    );
  });

  it('succeed where another cascade covers it', () => {
    expect(renameFailure(diamond(true), 'core.A', {})).toBeUndefined();
    expect(
      renameFailure(diamond(true), 'core.A', { 'Core:R $.aReference': 'cascade', 'Core:R $.bReference': 'covered' }),
    ).toBeUndefined();
  });

  it('fail where a late edge keeps its composite key, and succeed where it falls back (row 8 of design 11 §5)', () => {
    const row8 = { 'Core:R $.sReference': 'cascade', 'Core:R $.xReference': 'fallback' } as const;
    expect(renameFailure(abstractPair, 'core.S', row8)).toBeUndefined();
    expect(renameFailure(abstractPair, 'core.S', { ...row8, 'Core:R $.xReference': 'cascade' })).toContain(
      'refused: Core:R $.xReference',
    );
    expect(
      renameFailure(abstractPair, 'core.S', { 'Core:R $.sReference': 'covered', 'Core:R $.xReference': 'cascade' }),
    ).toContain('refused: Core:R $.sReference');
  });
});
