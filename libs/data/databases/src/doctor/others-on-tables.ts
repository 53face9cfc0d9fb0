import { type Catalog, type CatalogTable, isOfSet } from '@dms/catalog';
import { type Diagnostic, diagnostic, firstOf, mostExamples } from '@dms/diagnostics';
import { qualified } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type AskedObject, findDependents } from '../dependents/foreign-objects.ts';
import type { Connection, Limits } from '../drivers/connection.ts';
import { isFailure } from '../failures/failure.ts';
import { introspect } from '../introspection/introspect.ts';

/*
 * Objects outside the schema set on its tables that an upgrade refuses, as far as they are known without a plan
 * (design 12 §7.2, §7.3). A database of another set has parts that this set does not list, so there a part that is named
 * as sets name them, by its kind and its table, counts as one of them.
 */

/**
 * The kinds of dependent objects that stop a change of a column's type. On PostgreSQL only views do: an upgrade creates
 * other people's indexes again.
 */
const inTheWay: Readonly<Record<SqlDialect, RegExp>> = { pgsql: /view$/, mssql: /^(?!column$)/ };

/**
 * Whether a part of a table is named as a schema set names its parts, by kind and table: `CK_School_…`. A long name is
 * cut anywhere in the name of the table, and ends with a hash (design 03).
 */
function isNamedAsOurs(name: string, table: string): boolean {
  // triggers of the hierarchy have the name of the resource
  if (/^TR_.+_AuthHierarchy_(?:Insert|Update|Delete)(?:_[0-9a-f]{10})?$/.test(name)) return true;
  const [, start = '', hash] = /^(?:CK|FK|IX|PK|TR|UX)_(.+?)(_[0-9a-f]{10})?$/.exec(name) ?? [];
  return start === table || start.startsWith(`${table}_`) || (hash !== undefined && table.startsWith(start));
}

/**
 * Warnings about objects outside the schema set that an upgrade refuses: checks, policies, rules and triggers on its
 * tables (`UPGRADE_DRIFTED`), and on columns that have another type in the schema set views, on SQL Server also indexes,
 * statistics and keys (`UPGRADE_VIEWS_OBJECT`). Empty if the login may not see the definitions. Throws the `DB_*` codes.
 */
export async function othersOnTables(
  connection: Connection,
  set: Catalog,
  limits: Limits,
): Promise<readonly Diagnostic[]> {
  const read = await introspect(connection, limits).catch((error: unknown) => {
    if (!isFailure(error, 'DB_PERMISSION')) throw error;
    return null;
  });
  if (read === null) return [];
  const { catalog } = read;
  const isSameSet = isOfSet(catalog, set);
  const wanted = new Map(set.tables.map((table) => [qualified(table), table]));
  const managed = new Set(set.schemas);
  const tables = catalog.tables.filter(({ schema }) => managed.has(schema));
  const parts = tables.flatMap((table) => partsOfOthers(table, wanted.get(qualified(table)), isSameSet));
  const retyped = tables.flatMap((table) => retypedColumns(table, wanted.get(qualified(table))));
  const { standing } = await findDependents(connection, retyped, limits);
  const ours = new Set(set.views.map(qualified));
  const users = standing.flatMap(({ type, identity, schema, table, name, number }) => {
    const isView = /view$/.test(type);
    const isOurs =
      schema === null ||
      table === null ||
      (isView
        ? ours.has(`${schema}.${table}`) || (managed.has(schema) && /_View$/.test(table))
        : managed.has(schema) && name !== null && isNamedAsOurs(name, table));
    const used = retyped[number];
    return isOurs || !inTheWay[connection.dialect].test(type) || used === undefined
      ? []
      : [`${type} ${identity} (on ${used.schema}.${used.table}.${used.name})`];
  });
  return [
    ...warned('UPGRADE_DRIFTED', `${connection.label}: an upgrade refuses what others made for tables`, parts),
    ...warned(
      'UPGRADE_VIEWS_OBJECT',
      `${connection.label}: an upgrade to this schema set refuses what others made on columns that get another type`,
      [...new Set(users)],
    ),
  ];
}

/** The checks, policies, rules and triggers of a table that its schema set does not make. */
function partsOfOthers(table: CatalogTable, wanted: CatalogTable | undefined, isSameSet: boolean): readonly string[] {
  const named = (kind: string, list: 'checks' | 'triggers') => {
    const known = new Set(wanted?.[list].map(({ name }) => name));
    const isOurs = (name: string) => known.has(name) || (!isSameSet && isNamedAsOurs(name, table.name));
    return table[list].flatMap(({ name }) => (isOurs(name) ? [] : [`${kind} ${name}`]));
  };
  const options = (table.options ?? []).flatMap((text) => {
    const [, kind, name] = /^(POLICY|RULE|SECURITY POLICY) (.*)$/.exec(text) ?? [];
    return kind === undefined ? [] : [`${kind.toLowerCase()} ${name}`];
  });
  return [...named('check', 'checks'), ...options, ...named('trigger', 'triggers')].map(
    (part) => `${part} on ${qualified(table)}`,
  );
}

/** The columns of a table that have another type in the schema set. */
function retypedColumns({ schema, name: table, columns }: CatalogTable, wanted: CatalogTable | undefined) {
  const types = new Map(wanted?.columns.map(({ name, type }) => [name, type]));
  return columns.flatMap(({ name, type }): AskedObject[] =>
    (types.get(name) ?? type) === type ? [] : [{ how: 'retype', kind: 'column', schema, table, name }],
  );
}

function warned(
  code: 'UPGRADE_DRIFTED' | 'UPGRADE_VIEWS_OBJECT',
  text: string,
  objects: readonly string[],
): readonly Diagnostic[] {
  if (objects.length === 0) return [];
  const shown = firstOf(objects, mostExamples, String, (count) => `and ${count} more`);
  const advice = 'Remove them before the upgrade, and create them again afterwards.';
  return [{ ...diagnostic(code, `${text}: ${shown.join(', ')}. ${advice}`, {}, { objects }), class: 'W' }];
}
