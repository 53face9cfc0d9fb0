import { dialects } from '@dms/sql';
import { expectNamed, random, seeds, shuffledList } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { findCollisions, type NamedKind, type NameRegistration } from './collisions.ts';

/** A registration with its origin as plain texts. */
interface GivenNames extends Partial<Omit<NameRegistration, 'describe' | 'distinguish'>> {
  readonly description?: string;
  readonly distinction?: string;
}

const registration = (
  originalName: string,
  { description, distinction, ...more }: GivenNames = {},
): NameRegistration => ({
  scope: { kind: 'table', schema: 'edfi', table: '' },
  originalName,
  finalName: 'Same',
  label: `Ed-Fi:${originalName}`,
  path: '$',
  describe: () => description ?? `table edfi.${originalName}`,
  ...(distinction === undefined ? {} : { distinguish: () => distinction }),
  ...more,
});

const inScope = (kind: NamedKind, schema: string, table: string, finalName: string) =>
  ['A', 'B'].map((name) =>
    registration(name, {
      scope: { kind, schema, table },
      finalName,
      description: `${kind} ${schema}.${table}.${name}`,
    }),
  );

interface FoundCollision {
  readonly kind: string;
  readonly location: string;
  readonly name: string;
  readonly sources: readonly string[];
}

const collisionsOf = (registrations: readonly NameRegistration[]): readonly FoundCollision[] => {
  const [report] = findCollisions(registrations, 'pgsql');
  return (report?.details.collisions ?? []) as unknown as readonly FoundCollision[];
};

describe('name collisions', () => {
  it('are different origins of one final name in one scope', () => {
    expect(collisionsOf([registration('A'), registration('B')]).map(({ name }) => name)).toEqual(['Same']);
    expect(findCollisions([registration('A'), registration('B', { finalName: 'Other' })], 'pgsql')).toEqual([]);
    expect(findCollisions([], 'pgsql')).toEqual([]);
  });

  it.each<[string, GivenNames]>([
    ['kind', { scope: { kind: 'constraint', schema: 'edfi', table: '' } }],
    ['schema', { scope: { kind: 'table', schema: 'sample', table: '' } }],
    ['table', { scope: { kind: 'table', schema: 'edfi', table: 'Other' } }],
  ])('do not arise between scopes that differ in %s', (_, more) => {
    expect(findCollisions([registration('A'), registration('B', more)], 'pgsql')).toEqual([]);
  });

  it('ignore case where the engine does', () => {
    const given = [registration('B', { finalName: 'PartB' }), registration('A', { finalName: 'Partb' })];
    expect(findCollisions(given, 'pgsql')).toEqual([]);
    for (const registrations of [given, given.toReversed()]) {
      const [report] = findCollisions(registrations, 'mssql');
      expect(report?.details.collisions).toEqual([
        {
          kind: 'table',
          location: "schema 'edfi'",
          name: 'PartB',
          sources: ['A -> Partb (table edfi.A Ed-Fi:A $)', 'B -> PartB (table edfi.B Ed-Fi:B $)'],
        },
      ]);
    }
  });

  it('do not arise when one origin is registered twice', () => {
    expect(findCollisions([registration('A'), registration('A')], 'pgsql')).toEqual([]);
  });

  it.each<[string, GivenNames]>([
    ['description', { description: 'table edfi.Other' }],
    ['label', { label: 'Ed-Fi:Other' }],
    ['path', { path: '$.items[*]' }],
    ['meaning of a constraint', { distinction: 'Unique|edfi.A|B' }],
  ])('arise between origins that differ in %s only', (_, more) => {
    expect(findCollisions([registration('A'), registration('A', more)], 'pgsql')).toHaveLength(1);
  });

  it.each([
    ['pgsql', 'AfterDialectShortening(Pgsql:63-bytes)'],
    ['mssql', 'AfterDialectShortening(Mssql:128-chars)'],
  ] as const)('are reported in %s with the stage %s, kind, location and every source', (dialect, stage) => {
    const [report, ...others] = findCollisions([registration('Wolf'), registration('Sheep')], dialect);
    expect(others).toEqual([]);
    expect(report?.code).toBe('NAME_COLLISION');
    expect(report?.details.stage).toBe(stage);
    const facts = [
      'table',
      "schema 'edfi'",
      'Wolf -> Same',
      'Sheep -> Same',
      'Ed-Fi:Wolf',
      'Ed-Fi:Sheep',
      'table edfi.Wolf',
    ];
    expectNamed(report, [stage, ...facts]);
  });

  it.each<[NamedKind, string, string, string]>([
    ['schema', '', '', 'database'],
    ['table', 'edfi', '', "schema 'edfi'"],
    ['constraint', 'edfi', '', "schema 'edfi'"],
    ['column', 'edfi', 'School', "table 'edfi.School'"],
    ['index', 'edfi', 'School', "table 'edfi.School'"],
  ])('of a %s stand in their location', (kind, schema, table, location) => {
    expect(
      collisionsOf(inScope(kind, schema, table, 'Same')).map((collision) => [collision.kind, collision.location]),
    ).toEqual([[kind, location]]);
  });

  it('are listed by kind, schema, table and final name, all in one report', () => {
    const registrations = [
      ...inScope('trigger', 'a', '', 'A'),
      ...inScope('index', 'a', '', 'A'),
      ...inScope('constraint', 'a', '', 'A'),
      ...inScope('column', 'b', 'A', 'A'),
      ...inScope('column', 'a', 'Z', 'A'),
      ...inScope('column', 'a', 'A', 'b'),
      ...inScope('column', 'a', 'A', 'B'),
      ...inScope('table', 'b', '', 'A'),
      ...inScope('table', 'a', '', 'A_'),
      ...inScope('table', 'a', '', 'AB'),
      ...inScope('schema', '', '', 'z'),
    ];
    const expected = [
      'schema database z',
      "table schema 'a' AB",
      "table schema 'a' A_",
      "table schema 'b' A",
      "column table 'a.A' B",
      "column table 'a.A' b",
      "column table 'a.Z' A",
      "column table 'b.A' A",
      "constraint schema 'a' A",
      "index schema 'a' A",
      "trigger schema 'a' A",
    ];
    for (const dialect of dialects) {
      for (const seed of seeds(10)) {
        const shuffled = shuffledList(registrations, random(seed));
        const texts = collisionsOf(shuffled).map(({ kind, location, name }) => `${kind} ${location} ${name}`);
        expect(texts, `seed ${seed}`).toEqual(expected);
        expect(findCollisions(shuffled, dialect)).toEqual(findCollisions(registrations, dialect));
      }
    }
  });

  it('list their sources by original name, description, label and path', () => {
    const sources = [
      registration('B', { description: 'table a' }),
      registration('A', { description: 'table b' }),
      registration('A', { description: 'table a', label: 'Z:R' }),
      registration('A', { description: 'table a', label: 'Y:R', path: '$.z[*]' }),
      registration('A', { description: 'table a', label: 'Y:R', path: '$' }),
    ];
    const [collision] = collisionsOf(shuffledList(sources, random(3)));
    const wanted = [
      ['A -> Same', 'table a', 'Y:R', '$'],
      ['A -> Same', 'table a', 'Y:R', '$.z[*]'],
      ['A -> Same', 'table a', 'Z:R', '$'],
      ['A -> Same', 'table b', 'Ed-Fi:A', '$'],
      ['B -> Same', 'table a', 'Ed-Fi:B', '$'],
    ];
    expect(collision?.sources).toHaveLength(wanted.length);
    wanted.forEach((facts, index) => {
      expect(facts.filter((fact) => !collision?.sources[index]?.includes(fact))).toEqual([]);
    });
  });
});
