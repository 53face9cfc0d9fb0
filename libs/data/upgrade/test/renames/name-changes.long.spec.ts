import type { Catalog, CatalogTable } from '@dms/catalog';
import { textOf } from '@dms/sql';
import { inTurn, mainGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import type { UpgradePlan } from '../../src/plan/upgrade-plan.ts';
import { parseRename, type Rename } from '../../src/renaming/renaming.ts';
import { compiled } from '../bench.ts';
import { evolutions } from '../evolutions.ts';
import { documentsOf, renameEvolutions } from '../rename-evolutions.ts';
import { schools } from '../schools.ts';

/*
 * No SQL Server runs here: these tests follow the names through a script instead. PostgreSQL runs the same cases in
 * evolutions.long.spec.ts.
 */

const name = String.raw`\[((?:[^\]]|\]\])*)\]`;
const statement = (text: string) => new RegExp(`^${text.replaceAll('NAME', name)}`);
const moved = statement('ALTER SCHEMA NAME TRANSFER NAME\\.NAME;');
const renaming = 'DECLARE @refused int;\nEXEC @refused = sys\\.sp_rename';
const object = statement(`${renaming} N'NAME\\.NAME', N'([^']*)', N'OBJECT';`);
const index = statement(`${renaming} N'NAME\\.NAME\\.NAME', N'([^']*)', N'INDEX';`);
const droppedConstraint = statement('ALTER TABLE NAME\\.NAME DROP CONSTRAINT NAME;');
const droppedIndex = statement('DROP INDEX NAME ON NAME\\.NAME;');

interface TableNames {
  schema: string;
  name: string;
  readonly constraints: Set<string>;
  readonly indexes: Set<string>;
}

/** The name of the default of a column (design 06 §4.1, 16 §4.3, §4.4, §7.1). */
function defaultNames(schema: string, table: string, column: string): readonly string[] {
  if (column === 'CollectionItemId') return [];
  return [schema.startsWith('tracked_changes_') ? `DF_${schema}_${table}_${column}` : `DF_${table}_${column}`];
}

const tableOf = ({
  schema,
  name: own,
  primaryKey,
  uniques,
  foreignKeys,
  checks,
  columns,
  indexes,
}: CatalogTable): TableNames => ({
  schema,
  name: own,
  constraints: new Set([
    ...[...(primaryKey ? [primaryKey] : []), ...uniques, ...foreignKeys, ...checks].map((key) => key.name),
    ...columns.flatMap((column) => (column.default === null ? [] : defaultNames(schema, own, column.name))),
  ]),
  indexes: new Set(indexes.map((entry) => entry.name)),
});

/**
 * The tables after the statements of a plan that rename, move and drop. Each statement must find the object that it
 * names, and its new name must be free.
 */
function followed({ tables: all }: Catalog, { statements }: UpgradePlan): readonly TableNames[] {
  const tables = all.map(tableOf);
  const table = (schema = '', own = '') => {
    const found = tables.find((entry) => entry.schema === schema && entry.name === own);
    expect(found, `${schema}.${own}`).toBeDefined();
    return found as TableNames;
  };
  const replace = (names: Set<string>, from: string, to: string) => {
    expect(names.delete(from), from).toBe(true);
    names.add(to);
  };
  const free = (schema: string, names: Iterable<string>) => {
    const taken = tables.flatMap((entry) => (entry.schema === schema ? [entry.name, ...entry.constraints] : []));
    for (const each of names) expect(taken).not.toContain(each);
  };
  for (const sql of statements.map((statement) => textOf(statement.sql))) {
    const [, schema = '', first = '', second = '', third = ''] =
      moved.exec(sql) ??
      object.exec(sql) ??
      index.exec(sql) ??
      droppedConstraint.exec(sql) ??
      droppedIndex.exec(sql) ??
      [];
    if (moved.test(sql)) {
      const found = table(first, second);
      free(schema, [found.name, ...found.constraints]);
      found.schema = schema;
    } else if (object.test(sql)) {
      free(schema, [second]);
      const owner = tables.find((entry) => entry.schema === schema && entry.constraints.has(first));
      if (owner) replace(owner.constraints, first, second);
      else table(schema, first).name = second;
    } else if (index.test(sql)) {
      expect(table(schema, first).indexes).not.toContain(third);
      replace(table(schema, first).indexes, second, third);
    } else if (droppedConstraint.test(sql)) table(schema, first).constraints.delete(second);
    else if (droppedIndex.test(sql)) table(first, second).indexes.delete(schema);
  }
  return tables;
}

describe('names of SQL Server', () => {
  /** The schema documents before and after, and the renames that are asked for. */
  type RenameCase = () => readonly [before: readonly unknown[], after: readonly unknown[], renames: readonly Rename[]];

  const ofTables = Object.entries(evolutions)
    .filter(([, { items }]) => items.some((item) => /^free table renamed /.test(item)))
    .map(([name, { given, edit }]): [string, RenameCase] => [
      name,
      () => {
        const before = schools();
        const after = schools();
        given?.(before);
        given?.(after);
        edit(after);
        return [before.documents, after.documents, []];
      },
    ]);
  const ofObjects = Object.entries(renameEvolutions).map(([name, evolution]): [string, RenameCase] => [
    `renamed ${name}`,
    () => [...documentsOf(evolution), evolution.renames.map(parseRename)],
  ]);
  const cases = [...ofTables, ...ofObjects];

  it.each(
    mainGenerations.flatMap((version) =>
      inTurn(mainGenerations, version, cases).map(([name, documents]) => [version, name, documents] as const),
    ),
  )('are free when they are taken, and those of the later set at the end: %s, %s', (version, _, documents) => {
    const [before, after, renames] = documents();
    const earlier = compiled(before, 'mssql', version);
    const later = compiled(after, 'mssql', version);
    const found = followed(earlier.catalog, planUpgrade(earlier, later, { renames }));
    const wanted = new Map(later.catalog.tables.map(tableOf).map((table) => [`${table.schema}.${table.name}`, table]));
    // dropped objects are made again under their later names
    for (const { schema, name: own, constraints, indexes } of found) {
      const table = wanted.get(`${schema}.${own}`);
      expect([...(table?.constraints ?? [])]).toEqual(expect.arrayContaining([...constraints]));
      expect([...(table?.indexes ?? [])]).toEqual(expect.arrayContaining([...indexes]));
    }
    expect(found).toHaveLength(wanted.size);
  });
});
