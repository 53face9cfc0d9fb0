import { definitionHashes, markedViewsQueries, viewMark, viewSchemaMark } from '@dms/databases';
import { indented, pgsqlBlock, pgsqlSetGuard } from '@dms/ddl';
import type { DbTableName } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';
import { pgsqlReporting } from '../views/pgsql-dialect.ts';
import type { ReportingOptions } from '../views/reporting-dialect.ts';
import type { ReportingView } from '../views/view.ts';
import { viewText } from '../views/view-text.ts';
import { type DescriptorDocuments, descriptorTable } from './descriptor-table.ts';
import { markedOptions } from './marked-options.ts';
import { pgsqlDescriptorTable, withoutEarlierTable } from './pgsql-descriptor-table.ts';

const { quote, stringLiteral } = dialectRules.pgsql;

const markedViews = indented(markedViewsQueries.pgsql.split('\n'));

/** The rows of `VALUES`, one a line. */
const namesList = (names: readonly DbTableName[]) =>
  names.map(({ schema, name }, index) => {
    const row = `    (${stringLiteral(schema)}, ${stringLiteral(name)})`;
    return index === names.length - 1 ? row : `${row},`;
  });

/** Refuses names that something else has, and removes the views that nothing else depends on. */
function cleared(names: readonly DbTableName[]): string {
  return pgsqlBlock(
    ['taken text;', 'marked text;'],
    [
      "SELECT string_agg(o.name, ', ' ORDER BY o.name) INTO taken FROM (",
      "    SELECT n.nspname || '.' || c.relname AS name, c.oid, n.nspname AS schema, c.relname AS object FROM pg_catalog.pg_class c",
      '    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace',
      `    WHERE c.relkind NOT IN ('v', 'r') OR coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE ${stringLiteral(`${viewMark} %`)}`,
      "    UNION ALL SELECT n.nspname || '.' || t.typname, t.oid, n.nspname, t.typname FROM pg_catalog.pg_type t",
      '    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typrelid = 0',
      ') o WHERE (o.schema, o.object) IN (VALUES',
      ...namesList(names),
      ');',
      'IF taken IS NOT NULL THEN',
      "    RAISE EXCEPTION 'These names of views are taken: %', taken USING HINT = 'Put the views elsewhere with --schema-suffix.';",
      'END IF;',
      "SELECT string_agg(format('%I.%I', m.schema, m.name), ', ') INTO marked FROM (",
      ...markedViews,
      ") m WHERE m.kind = 'view' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d",
      "    LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid",
      "    WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = m.oid AND d.deptype = 'n'",
      '    AND coalesce(w.ev_class, d.objid) <> m.oid);',
      "IF marked IS NOT NULL THEN EXECUTE 'DROP VIEW ' || marked; END IF;",
    ],
  );
}

/** Marks the views, with a hash of what the database made of each, and what was chosen. */
function marks(names: readonly DbTableName[], effectiveSchemaHash: string, options: ReportingOptions): string {
  const hash = definitionHashes.pgsql('view.oid');
  const chosen = markedOptions(options);
  const mark = `${stringLiteral(`${viewMark} ${effectiveSchemaHash} `)} || ${hash}${chosen === '' ? '' : ` || ${stringLiteral(chosen)}`}`;
  return pgsqlBlock(
    ['view record;', "path text := current_setting('search_path');"],
    [
      '-- the database prints names in full only where no schema is searched',
      "PERFORM set_config('search_path', 'pg_catalog', true);",
      "FOR view IN SELECT n.nspname, c.relname, c.oid, CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace",
      '    WHERE (n.nspname, c.relname) IN (VALUES',
      ...indented(namesList(names)),
      '    )',
      'LOOP',
      `    EXECUTE format('COMMENT ON %s %I.%I IS %L', view.kind, view.nspname, view.relname, ${mark});`,
      'END LOOP;',
      "PERFORM set_config('search_path', path, true);",
    ],
  );
}

/** Refuses to leave an earlier view behind, which only happens where something depends on it. */
function leftovers(names: readonly DbTableName[]): string {
  return pgsqlBlock(
    ['left_behind text;'],
    [
      "SELECT string_agg(m.schema || '.' || m.name, ', ' ORDER BY m.schema, m.name) INTO left_behind FROM (",
      ...markedViews,
      ') m WHERE (m.schema, m.name) NOT IN (VALUES',
      ...namesList(names),
      ');',
      'IF left_behind IS NOT NULL THEN',
      "    RAISE EXCEPTION 'Something depends on earlier views that this script does not have: %', left_behind USING ERRCODE = 'dependent_objects_still_exist';",
      'END IF;',
    ],
  );
}

function schemaLines(schemas: readonly string[], { schemaSuffix, grants }: ReportingOptions): string[] {
  const made = schemaSuffix === '' ? [] : schemas;
  return [
    ...made.flatMap((schema) => [
      `CREATE SCHEMA IF NOT EXISTS ${quote(schema)};`,
      `COMMENT ON SCHEMA ${quote(schema)} IS ${stringLiteral(viewSchemaMark)};`,
    ]),
    ...grants.map((role) => `GRANT USAGE ON SCHEMA ${schemas.map(quote).join(', ')} TO ${quote(role)};`),
  ];
}

/**
 * `reporting.pgsql.sql` (design 19 §8): replaces the marked views of a database. It runs in one transaction, which
 * whoever runs it opens.
 */
export function pgsqlScript(
  views: readonly ReportingView[],
  effectiveSchemaHash: string,
  options: ReportingOptions,
  documents: DescriptorDocuments,
): string {
  const table = descriptorTable(pgsqlReporting, views, documents, options);
  const names = views.map(({ table }) => pgsqlReporting.viewName(table, options));
  const schemas = [...new Set(names.map(({ schema }) => schema))].sort();
  const list = names.map((name) => qualifiedName(dialectRules.pgsql, name));
  const parts = [
    [
      `-- ODS views of the schema set ${effectiveSchemaHash}.`,
      '-- Run it in one transaction: dms-ddl reporting apply, or psql --single-transaction --set ON_ERROR_STOP=1 --file reporting.pgsql.sql',
    ].join('\n'),
    pgsqlSetGuard(effectiveSchemaHash),
    cleared(names),
    withoutEarlierTable(table?.name ?? null),
    ...[schemaLines(schemas, options).join('\n')].filter((text) => text !== ''),
    ...views.filter((view) => view !== table?.view).map((view) => viewText(pgsqlReporting, view, options)),
    ...(table === null ? [] : [pgsqlDescriptorTable(table, options)]),
    ...options.grants.map((role) => `GRANT SELECT ON\n    ${list.join(',\n    ')}\nTO ${quote(role)};`),
    marks(names, effectiveSchemaHash, options),
    leftovers(names),
  ];
  return dialectRules.pgsql.scriptText(`${parts.join('\n\n')}\n`);
}
