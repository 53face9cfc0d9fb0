import type { DbTrigger } from '@dms/inventory';
import { readScript } from '@dms/script-checks';
import {
  type IdentityGraph,
  type IdentityWorld,
  identityGraph,
  knownRunsFirst,
  makeWorld,
  possibleRenames,
  random,
  schemaSets,
  shuffledList,
  stateAfter,
  type TestDatabase,
  usualDatabaseEngines,
} from '@dms/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitDocuments } from '../../test/emitted.ts';
import { createBareTables } from '../../test/mssql/server-tables.ts';
import { StatementRun, tableText } from '../../test/mssql/statement-run.ts';
import { quoted } from '../../test/mssql/tsql-translation.ts';

/*
 * Invariant 6 of design 11 §6 for the script of SQL Server: in random reference graphs a rename that contradicts no
 * shared column is accepted, and afterwards copies and abstract identity rows equal their sources, in any order of the
 * triggers. The bodies are those of the script, run in the dialect of PostgreSQL.
 */

const literal = (value: string | number) => (typeof value === 'number' ? String(value) : `'${value}'`);

async function writeRows(database: TestDatabase, graph: IdentityGraph, world: IdentityWorld): Promise<void> {
  const fkColumns = new Map(graph.edges.map(({ id, fkColumn }) => [id, fkColumn]));
  for (const { table, id, values, links } of world.rows.values()) {
    const columns = new Map<string, string | number>([['RowId', id], ...values]);
    // only their number distinguishes rows of collections and extensions
    if (graph.identities.has(table)) columns.set('DocumentId', id);
    for (const [edge, target] of links) columns.set(fkColumns.get(edge) as string, target);
    await database.exec(
      `INSERT INTO ${tableText(table)} (${[...columns.keys()].map(quoted).join(', ')}) VALUES (${[...columns.values()].map(literal).join(', ')});`,
    );
  }
}

async function readValues(database: TestDatabase, rows: IdentityWorld['rows']): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const table of new Set([...rows.values()].map((row) => row.table))) {
    for (const columns of await database.query(`SELECT * FROM ${tableText(table)}`)) {
      const key = `${table}#${columns.RowId}`;
      for (const name of rows.get(key)?.values.keys() ?? []) found.set(`${key}.${name}`, String(columns[name]));
    }
  }
  return found;
}

const valuesOf = (rows: IdentityWorld['rows']) =>
  new Map(
    [...rows].flatMap(([key, { values }]) => [...values].map(([name, value]) => [`${key}.${name}`, value] as const)),
  );

describe.each(usualDatabaseEngines())(
  'random renames over the propagation triggers of SQL Server, on $name',
  ({ open }) => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await open();
    });
    afterAll(() => database.close());

    const sets = schemaSets({ focus: 'references', longNames: false });
    const seen = { renames: 0, triggers: 0, abstract: 0, loops: 0, flags: 0 };

    it('are accepted, and leave every copy equal to its source', async () => {
      await fc.assert(
        fc.asyncProperty(sets, fc.nat(), async (documents, seed) => {
          const emitted = emitDocuments(...documents);
          const { script, catalog, inventory } = emitted.mssql;
          const kinds = new Map(inventory.triggers.map(({ table, name, kind }) => [`${table.schema}.${name}`, kind]));
          const ofKind = (kind: DbTrigger['kind']) =>
            readScript(script).modules.filter(({ name }) => kinds.get(name) === kind);
          const propagation = ofKind('IdentityPropagationFallback');
          const modules = [...propagation, ...ofKind('AbstractIdentityMaintenance')];
          if (propagation.length === 0) return;
          const graph = identityGraph(documents, emitted.pgsql.model);
          const world = makeWorld(graph, 3, random(seed));
          const consistent = possibleRenames(graph, world).flatMap((rename) => {
            const wanted = stateAfter(graph, world, rename);
            return wanted && !wanted.isCircular ? [{ rename, rows: wanted.rows }] : [];
          });
          if (consistent.length === 0) return;
          await database.exec('BEGIN');
          try {
            await createBareTables(database, catalog);
            await writeRows(database, graph, world);
            await database.exec('SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;');
            const chance = random(seed);
            for (const { rename, rows } of consistent) {
              const { table, column, ids } = rename;
              const run = new StatementRun(database, modules, { inOrder: (items) => shuffledList(items, chance) });
              await database.exec('SAVEPOINT start');
              await run.statement(
                `UPDATE ${tableText(table)} SET ${quoted(column)} = ${quoted(column)} || '*' WHERE "RowId" IN (${ids.join(', ')})`,
              );
              expect(await readValues(database, rows), JSON.stringify(rename)).toEqual(valuesOf(rows));
              await database.exec('ROLLBACK TO SAVEPOINT start');
            }
          } finally {
            await database.exec('ROLLBACK');
          }
          seen.renames += consistent.length;
          seen.triggers += propagation.length;
          seen.abstract += modules.length - propagation.length;
          seen.loops += modules.filter(({ body }) => body.some(({ value }) => value === 'WHILE')).length;
          seen.flags += modules.filter(({ body }) => body.some(({ value }) => value === 'CASE')).length;
        }),
        knownRunsFirst(fc.tuple(sets, fc.nat()), 42, 18),
      );
      expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(0);
    });
  },
);
