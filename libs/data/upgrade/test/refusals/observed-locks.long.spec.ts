import type { Catalog, CatalogTable } from '@dms/catalog';
import type { Connection } from '@dms/databases';
import { givenScript, type PlainSql, textOf } from '@dms/sql';
import { type MainGeneration, shareOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { lockStrength } from '../../src/hazards/rules.ts';
import { hazardsOf } from '../../src/hazards/table-hazards.ts';
import { everyAct } from '../../src/ops/acts.ts';
import type { StatementEffect, StatementKind } from '../../src/ops/effect.ts';
import { planUpgrade, type UpgradeOptions } from '../../src/plan/plan-upgrade.ts';
import { preparationSteps } from '../../src/plan/upgrade-plan.ts';
import { preparationHazard } from '../../src/preparing/preparation-lines.ts';
import { parseRename } from '../../src/renaming/renaming.ts';
import { type Compiled, compiled, openOnServer } from '../bench.ts';
import { evolutionPair, evolutions } from '../evolutions.ts';
import { observed, type Relations, relationsOf } from '../observed-locks.ts';
import { documentsOf, renameEvolutions } from '../rename-evolutions.ts';
import { schools } from '../schools.ts';
import { breakingSets } from '../translating/translated-sets.ts';

/*
 * Compares the rules for PostgreSQL with a server: every statement of an upgrade runs in a transaction of its own, and
 * pg_locks lists the locks that the transaction holds before it commits (design 12a §2).
 */

/** For each statement that ran, its kinds. */
const ran: (readonly StatementKind[])[] = [];

const keepsWriters = (lock: string) => lockStrength('pgsql', lock) >= lockStrength('pgsql', 'SHARE');

/** Runs a statement and compares its observed locks and rewrites with the rules. */
async function expectObserved(
  connection: Connection,
  { sql, effects }: { readonly sql: PlainSql; readonly effects: readonly StatementEffect[] },
  known: Relations,
): Promise<Relations> {
  const { locks, rewritten, relations } = await observed(connection, textOf(sql), known);
  const hazards = hazardsOf('pgsql', effects);
  const said = new Map(hazards.map(({ table, lock }) => [table.name, lock]));
  // the rules leave out weak locks on other tables that the statement only reads
  const told = [...locks].filter(([name, lock]) => keepsWriters(lock) || said.has(name));
  expect(Object.fromEntries(told), textOf(sql)).toEqual(Object.fromEntries(said));
  // a table that is emptied gets a new file, which has no rows
  const emptied = effects.flatMap(({ kind, table }) => (kind === 'empty table' && table ? [table.name] : []));
  const rewriting = hazards.flatMap(({ table, work }) => (work === 'rewrite' ? [table.name] : []));
  expect(rewritten, textOf(sql)).toEqual([...rewriting, ...emptied]);
  ran.push([...new Set(effects.map(({ kind }) => kind))]);
  return relations;
}

/** Upgrades an empty database statement by statement; `prepare` first gives it the shape of the earlier set. */
async function expectObservedUpgrade(
  before: Compiled,
  after: Compiled,
  { prepare = '', ...options }: UpgradeOptions & { readonly prepare?: string } = {},
): Promise<void> {
  const { statements } = planUpgrade(before, after, options);
  expect(statements.length).toBeGreaterThan(0);
  const connection = await openOnServer();
  try {
    await connection.execute(givenScript(before.script));
    await connection.execute(givenScript(prepare));
    let relations = await relationsOf(connection, new Map());
    for (const statement of statements) relations = await expectObserved(connection, statement, relations);
  } finally {
    await connection.close();
  }
}

/** Evolutions that, together with the earlier version of the tool below, have every kind of statement. */
const chosen: readonly (readonly [name: string, version: MainGeneration])[] = [
  ['an equality taken back', 'v1'],
  ['roots whose names go in a circle of three, a collection below one of them', 'v1'],
  ['another schema', 'v1'],
  ['another schema', 'v2'],
  ['an optional collection with a nested one', 'v1'],
  ['a reference that shares a part, so that a column becomes an alias', 'v1'],
  ['two optional scalars that become one, each with a flag', 'v1'],
  ['a longer string', 'v1'],
  ['a wider decimal', 'v1'],
  ['a shorter string that all values fit into', 'v1'],
  ['optional that becomes required', 'v1'],
  ['required that becomes optional', 'v1'],
  ['a member of an abstract resource that leaves it, and that nobody refers to through it', 'v1'],
  ['a collection removed', 'v1'],
  ['a resource removed', 'v2'],
  ['a resource that sorts first', 'v1'],
];

const others = Object.keys(evolutions).filter((name) => !chosen.some(([each]) => each === name));

describe('the rules for a statement agree with a server', () => {
  it.each([...chosen, ...shareOf(others, 4).map((name) => [name, 'v1'] as const)])('%s (%s)', async (name, version) => {
    const evolution = evolutions[name];
    if (!evolution) throw new Error(`there is no evolution ${name}`);
    const [before, after] = evolutionPair(evolution, version);
    await expectObservedUpgrade(before, after, { allowLoss: evolution.allowLoss ?? [] });
  });

  it.each(['a descriptor resource', 'a member of an abstract resource, with a property'])(
    '%s with another name',
    async (name) => {
      const evolution = renameEvolutions[name];
      if (!evolution) throw new Error(`there is no evolution ${name}`);
      const [before, after] = documentsOf(evolution).map((documents) => compiled(documents)) as [Compiled, Compiled];
      await expectObservedUpgrade(before, after, { renames: evolution.renames.map(parseRename) });
    },
  );

  it('in an upgrade that empties tables', async () => {
    const { before, after, translation } = breakingSets();
    await expectObservedUpgrade(before, after, { translation });
  });

  it('if an earlier version of the tool made other core objects', async () => {
    const set = compiled(schools().documents);
    const edited = (catalog: Catalog): Catalog => ({
      ...catalog,
      extensions: [],
      sequences: catalog.sequences.filter(({ name }) => name !== 'ChangeVersionSequence'),
      functions: catalog.functions.filter(({ name }) => name !== 'uuidv5'),
      tables: catalog.tables.map((table) => tables[table.name]?.(table) ?? table),
    });
    const without = (column: string) => (table: CatalogTable) => ({
      ...table,
      columns: table.columns.filter(({ name }) => name !== column),
    });
    const tables: Readonly<Record<string, (table: CatalogTable) => CatalogTable>> = {
      Document: (table) => ({ ...table, columns: table.columns.map((column) => ({ ...column, default: null })) }),
      DocumentChangeEvent: without('CreatedAt'),
      DocumentCache: (table) => ({ ...table, primaryKey: null }),
    };
    const prepare = [
      'DROP SEQUENCE dms."ChangeVersionSequence" CASCADE',
      ...['ContentLastModifiedAt', 'IdentityLastModifiedAt', 'CreatedAt'].map(
        (column) => `ALTER TABLE dms."Document" ALTER COLUMN "${column}" DROP DEFAULT`,
      ),
      'ALTER TABLE dms."DocumentChangeEvent" DROP COLUMN "CreatedAt"',
      'ALTER TABLE dms."DocumentCache" DROP CONSTRAINT "PK_DocumentCache"',
      'DROP FUNCTION dms.uuidv5',
      'DROP EXTENSION pgcrypto CASCADE',
    ].join(';\n');
    await expectObservedUpgrade({ ...set, catalog: edited(set.catalog) }, set, { prepare });
  });
});

it('the rules for the steps of a preparation agree with a server', async () => {
  const older = schools();
  const newer = schools();
  for (const name of [
    'an optional reference',
    'an optional collection with a nested one',
    'a resource that sorts last',
  ])
    evolutions[name]?.edit(newer);
  const before = compiled(older.documents);
  const after = compiled(newer.documents);
  const existing = new Set(before.catalog.tables.map(({ schema, name }) => `${schema}.${name}`));
  const connection = await openOnServer();
  try {
    await connection.execute(givenScript(before.script));
    let relations = await relationsOf(connection, new Map());
    const seen = new Set<string>();
    for (const step of preparationSteps(planUpgrade(before, after))) {
      seen.add(step.kind);
      // it runs outside transactions only, so its locks cannot be read before the commit
      if (step.isAlone) {
        await connection.execute(givenScript(textOf(step.sql)));
        continue;
      }
      const { lock, targetLock, work } = preparationHazard('pgsql', step);
      const said = new Map<string, string>();
      if (lock !== null) said.set(step.subject, lock);
      if (targetLock !== null) said.set(step.target ?? '', targetLock);
      const { locks, rewritten, relations: now } = await observed(connection, textOf(step.sql), relations);
      const told = [...locks].filter(([name, each]) => existing.has(name) && (keepsWriters(each) || said.has(name)));
      expect(Object.fromEntries(told), textOf(step.sql)).toEqual(Object.fromEntries(said));
      expect([rewritten, work === 'rewrite'], textOf(step.sql)).toEqual([[], false]);
      relations = now;
    }
    expect(seen.size).toBeGreaterThan(7);
  } finally {
    await connection.close();
  }
});

it('every kind of statement was observed, alone or together with kinds that were', () => {
  const seen = new Set<StatementKind>();
  for (const kinds of ran) if (kinds.length === 1) for (const kind of kinds) seen.add(kind);
  for (const kinds of ran) {
    const [first, ...more] = kinds.filter((kind) => !seen.has(kind));
    if (first !== undefined && more.length === 0) seen.add(first);
  }
  const kinds = new Set(everyAct('pgsql').map(({ act }) => act.does));
  expect([...kinds].filter((kind) => !seen.has(kind))).toEqual([]);
});
