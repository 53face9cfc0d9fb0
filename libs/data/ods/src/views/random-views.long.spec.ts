import { DmsError } from '@dms/diagnostics';
import { core, qualified, type RelationalModelSet } from '@dms/model';
import { dialects, trusted } from '@dms/sql';
import { mainGenerations, propertyRuns, schemaSets, serverEngine, tablesOf } from '@dms/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Views, viewsOf } from '../../test/views.ts';
import { applyViews, dropViews, type OdsMapping } from '../index.ts';
import { reportingViews } from './reporting-views.ts';

/**
 * The views of a set; undefined if no database is possible: long names collide, or updates on SQL Server are not safe.
 */
function viewsOrNone(...parameters: Parameters<typeof viewsOf>): Views | undefined {
  try {
    return viewsOf(...parameters);
  } catch (error) {
    if (error instanceof DmsError) return undefined;
    throw error;
  }
}

/** The unique keys of tables, as sorted columns. */
function uniqueKeys(model: RelationalModelSet): ReadonlyMap<string, readonly string[]> {
  const text = (columns: readonly string[]) => [...columns].sort().join(' ');
  const keys = tablesOf(model).map(({ table, key, constraints }) => {
    const unique = constraints.flatMap((constraint) =>
      constraint.kind === 'Unique' ? [text(constraint.columns)] : [],
    );
    return [qualified(table), [text(key.columns.map(({ name }) => name)), ...unique]] as const;
  });
  return new Map([...keys, [qualified(core.document), ['DocumentId']]]);
}

/** Every join is on a key, and every column of the mapping has a value (design 19 §6.3). */
function expectSound(mapping: OdsMapping, model: RelationalModelSet): void {
  const unique = uniqueKeys(model);
  for (const { table, columns, arms } of reportingViews(mapping, model, { changeColumns: true })) {
    for (const { joins, columns: selected } of arms) {
      for (const { table: joined, on } of joins) {
        const key = on
          .map(({ column }) => column)
          .sort()
          .join(' ');
        expect(unique.get(qualified(joined)), `${table.name} ⟕ ${qualified(joined)}`).toContain(key);
      }
      expect(selected).toHaveLength(columns.length);
      const absent = columns.filter(({ content }, index) => {
        const isMapped = content.kind !== 'fixed' && content.kind !== 'change' && content.kind !== 'descriptorColumn';
        return isMapped && selected[index]?.expression.kind === 'null';
      });
      expect(
        absent.map(({ name }) => name),
        table.name,
      ).toEqual([]);
    }
  }
}

describe.each(mainGenerations)('views of random schema sets in %s', (mappingVersion) => {
  it('join on keys alone, and have a value for each column', () => {
    let count = 0;
    for (const documents of fc.sample(schemaSets({ size: 'medium' }), propertyRuns(15))) {
      for (const dialect of dialects) {
        const views = viewsOrNone(documents, { mappingVersion, dialect });
        if (views === undefined) continue;
        expectSound(views.mapping, views.model);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(0);
  });

  it('are created, read and dropped', async () => {
    let count = 0;
    for (const documents of fc.sample(schemaSets({ size: 'medium' }), propertyRuns(1))) {
      const views = viewsOrNone(documents, { mappingVersion, exactTypes: count % 2 === 1, changeColumns: true });
      if (views === undefined) continue;
      const { connection, close } = await serverEngine.open(views.script);
      try {
        const { names } = views.reporting;
        await applyViews(connection, views.reporting);
        for (const { schema, name } of names) await connection.query(trusted(`SELECT * FROM "${schema}"."${name}"`));
        expect(await dropViews(connection)).toEqual({ views: names.length, descriptorTables: [] });
        count += 1;
      } finally {
        await close();
      }
    }
    expect(count).toBeGreaterThan(0);
  });
});
