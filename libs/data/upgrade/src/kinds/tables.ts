import { qualified, unqualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import { effectOn, effectOnNone, type StatementEffect, touched } from '../hazards/statement-effect.ts';
import type { SideTable } from '../matching/table-pairs.ts';
import type { NameChanges } from '../script/name-changes.ts';
import type { ScriptParts, StatementList } from '../script/script-parts.ts';
import {
  type Impossible,
  impossible,
  losses,
  objectKey,
  type Place,
  type RulesOf,
  type Shown,
} from './change-rules.ts';

interface TablePlaced extends Place, Shown {
  readonly kind: 'table added' | 'table renamed';
}

interface TableRemoved extends Place {
  readonly kind: 'table removed';
  readonly table: SideTable;
}

interface NestingChanged extends Place, Impossible {
  readonly kind: 'nesting changed';
}

export type TableChanges = TablePlaced | TableRemoved | NestingChanged;

export const tableRules: RulesOf<TableChanges> = {
  'table added': { object: 'table', class: 'free', made: ['create table', 'add foreign key'] },
  'table renamed': { object: 'table', class: 'free', made: ['move table', 'rename table'] },
  'table removed': {
    object: 'table',
    class: 'loss',
    made: ['drop table'],
    queries: ({ table }, queries) => losses(queries.lossOfRows(table)),
  },
  'nesting changed': impossible('table'),
};

/**
 * Compares the tables: added, removed, moved or renamed, and tables whose rows another key identifies (design 12 §3.2).
 */
export function* compareTables({ match }: Comparison): Generator<TableChanges> {
  for (const { owner, key } of match.added) yield { kind: 'table added', owner, path: [key] };
  for (const table of match.removed) yield { kind: 'table removed', owner: table.owner, path: [table.key], table };
  for (const { before: earlier, after: later } of match.pairs) {
    const place = { owner: later.owner, path: [later.key] };
    if (earlier.key !== later.key) yield { kind: 'table renamed', ...place, before: earlier.key, after: later.key };
    const keyOf = ({ model }: typeof earlier) =>
      JSON.stringify(model?.table.key.columns.map(({ role }) => role) ?? null);
    if (keyOf(earlier) === keyOf(later)) continue;
    yield { kind: 'nesting changed', ...place, reason: 'its rows are told apart by other positions' };
  }
}

export function dropTables({ comparison: { dialect, match } }: ScriptParts, out: StatementList): void {
  for (const { key } of match.removed)
    out.add(
      'tables and names',
      key,
      { ...effectOn('drop table', key, [objectKey('table', key)]), touches: [touched('drop', 'relation', key)] },
      dialect.dropTable(unqualified(key)),
    );
}

/** Moves tables into their schemas, then renames them. */
export function renameTables(names: NameChanges, out: StatementList): void {
  for (const { subject, sql, effects } of names.moves()) out.add('tables and names', subject, effects, sql);
  for (const { subject, sql, effects } of names.renames()) out.add('tables and names', subject, effects, sql);
}

export function createTables(
  { comparison: { match, definition }, statements, preparing }: ScriptParts,
  out: StatementList,
): void {
  const added = new Set(match.added.map(({ key }) => key));
  for (const table of definition.tables) {
    const key = qualified(table);
    if (!added.has(key)) continue;
    const effect = {
      kind: 'create table',
      table: { name: key, isNew: true },
      makes: [objectKey('table', key)],
    } as const;
    const made = { effect, sql: statements.table(table), steps: preparing.table(table) };
    out.addPreparable('tables and names', key, made);
  }
}

export function createSchemasAndExtensions(
  { comparison: { before, after }, statements, preparing }: ScriptParts,
  out: StatementList,
): void {
  const schemas = new Set(before.catalog.schemas);
  for (const name of after.catalog.schemas)
    if (!schemas.has(name)) {
      const effect = effectOnNone('create schema');
      const made = { effect, sql: statements.schema(name), steps: preparing.schema(name) };
      out.addPreparable('tables and names', name, made);
    }
  const extensions = new Set(before.catalog.extensions.map(({ name }) => name));
  for (const { name } of after.catalog.extensions)
    if (!extensions.has(name))
      out.add('tables and names', name, effectOnNone('create extension'), statements.extension(name));
}

/** Drops schemas, once their tables have moved or gone. */
export function dropSchemas({ comparison: { before, after, dialect } }: ScriptParts, out: StatementList): void {
  const kept = new Set(after.catalog.schemas);
  for (const schema of before.catalog.schemas)
    if (!kept.has(schema)) {
      const touches: StatementEffect['touches'] = [{ how: 'drop', kind: 'schema', schema, table: null, name: null }];
      out.add('tables and names', schema, { ...effectOnNone('drop schema'), touches }, dialect.dropSchema(schema));
    }
}

export function createSequences(
  { comparison: { before, definition }, statements }: ScriptParts,
  out: StatementList,
): void {
  const known = new Set(before.catalog.sequences.map(qualified));
  for (const sequence of definition.sequences) {
    const name = qualified(sequence);
    if (!known.has(name))
      out.add('tables and names', name, effectOnNone('create sequence'), statements.sequence(sequence));
  }
}
