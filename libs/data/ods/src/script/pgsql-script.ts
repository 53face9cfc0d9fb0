import {
  definitionHashes,
  markedTriggerDrops,
  markedViewsQueries,
  type ViewLayer,
  viewFunctionMarks,
  viewMarks,
  viewSchemaMark,
} from '@dms/databases';
import { pgsqlBlock as blockOf, indented, pgsqlSetGuard } from '@dms/ddl';
import { core, type DbTableName, mustExist, qualified } from '@dms/model';
import { dialectRules, group, joined, qualifiedName, textOf, trusted } from '@dms/sql';
import { markedOptions, pgsqlReporting, type ReportingOptions, suffixOptions } from '../views/reporting-dialect.ts';
import { changeColumns, type ReportingView } from '../views/view.ts';
import { viewText } from '../views/view-text.ts';
import {
  columnNamed,
  type DescriptorColumn,
  type DescriptorDocuments,
  type DescriptorTable,
  filledColumns,
  keyColumn,
  ownDescriptorTable,
} from './descriptor-table.ts';
import type { ViewsRun } from './views-run.ts';

const rules = dialectRules.pgsql;
const { quote, stringLiteral } = rules;

const pgsqlBlock = (declarations: readonly string[], statements: readonly string[]): string =>
  textOf(joined(blockOf(group(...declarations.map(trusted)), group(...statements.map(trusted)))));

/** The marked views of a layer, as lines of a query. */
const markedViewsOf = (layer: ViewLayer) => indented(markedViewsQueries.pgsql([layer]).split('\n'));

interface PgsqlRun extends ViewsRun {
  /** Whether the script creates a schema. */
  readonly isMade: (schema: string) => boolean;
  /** The text in the mark of each view of `names`, as JSON; null if a view has none. */
  readonly notes: readonly (string | null)[] | null;
}

/** `reporting.pgsql.sql` (design 19 §8). */
export function pgsqlScript(
  views: readonly ReportingView[],
  effectiveSchemaHash: string,
  options: ReportingOptions,
  documents: DescriptorDocuments,
): string {
  const table = ownDescriptorTable(pgsqlReporting, views, documents, options);
  return pgsqlViewsScript({
    layer: 'own',
    head: [
      `ODS views of the schema set ${effectiveSchemaHash}.`,
      'Run it in one transaction: dms-ddl reporting apply, or psql --single-transaction --set ON_ERROR_STOP=1 --file reporting.pgsql.sql',
    ],
    guard: textOf(joined(pgsqlSetGuard(effectiveSchemaHash))),
    names: views.map((view) => pgsqlReporting.viewName(view.table, options)),
    isMade: () => options.schemaSuffix !== '',
    table,
    statements: views
      .filter((view) => table === null || view.table.kind !== 'descriptorBase')
      .map((view) => viewText(pgsqlReporting, view, options)),
    grants: options.grants,
    mark: { set: effectiveSchemaHash, options: markedOptions(options), earlier: null },
    notes: null,
  });
}

/** The script of a layer: it replaces the marked views of that layer. The caller opens the transaction. */
export function pgsqlViewsScript(run: PgsqlRun): string {
  const { layer, head, guard, names, table, statements, grants } = run;
  const list = names.map((name) => qualifiedName(rules, name));
  const parts = [
    head.map((line) => `-- ${line}`).join('\n'),
    guard,
    cleared(run),
    withoutAdditions(run),
    withoutFormerTable(layer, table?.name ?? null),
    ...[schemaLines(run).join('\n')].filter((text) => text !== ''),
    ...statements,
    ...(table === null ? [] : [tableStatements(table)]),
    ...grants.map((role) => `GRANT SELECT ON\n    ${list.join(',\n    ')}\nTO ${quote(role)};`),
    marks(run),
    leftovers(run),
  ];
  return rules.scriptText(`${parts.join('\n\n')}\n`);
}

/** Refuses names that other objects have, and removes the views that nothing else depends on. */
function cleared({ names, layer }: PgsqlRun): string {
  return pgsqlBlock(
    ['taken text;', 'marked text;'],
    [
      "SELECT string_agg(o.name, ', ' ORDER BY o.name) INTO taken FROM (",
      "    SELECT n.nspname || '.' || c.relname AS name, c.oid, n.nspname AS schema, c.relname AS object FROM pg_catalog.pg_class c",
      '    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace',
      `    WHERE c.relkind NOT IN ('v', 'r') OR coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE ${stringLiteral(`${viewMarks[layer]} %`)}`,
      "    UNION ALL SELECT n.nspname || '.' || t.typname, t.oid, n.nspname, t.typname FROM pg_catalog.pg_type t",
      '    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typrelid = 0',
      ') o WHERE (o.schema, o.object) IN (VALUES',
      ...namesList(names),
      ');',
      'IF taken IS NOT NULL THEN',
      `    RAISE EXCEPTION 'These names of views are taken: %', taken USING HINT = 'Put the views elsewhere with ${suffixOptions[layer]}.';`,
      'END IF;',
      "SELECT string_agg(format('%I.%I', m.schema, m.name), ', ') INTO marked FROM (",
      ...markedViewsOf(layer),
      ") m WHERE m.kind = 'view' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d",
      "    LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid",
      "    WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = m.oid AND d.deptype = 'n'",
      '    AND coalesce(w.ev_class, d.objid) <> m.oid);',
      "IF marked IS NOT NULL THEN EXECUTE 'DROP VIEW ' || marked; END IF;",
    ],
  );
}

/** The rows of `VALUES`, one per line. */
const namesList = (names: readonly DbTableName[]) =>
  names.map(({ schema, name }, index) => {
    const row = `    (${stringLiteral(schema)}, ${stringLiteral(name)})`;
    return index === names.length - 1 ? row : `${row},`;
  });

/** Removes what was added by hand to views that stay because others depend on them; replacing a view would keep it. */
function withoutAdditions({ layer }: PgsqlRun): string {
  const markedViews = indented(markedViewsOf(layer));
  return pgsqlBlock(
    ['entry record;'],
    [
      "FOR entry IN SELECT m.oid::regclass AS view, 'RULE' AS kind, r.rulename AS name FROM (",
      ...markedViews,
      ") m JOIN pg_catalog.pg_rewrite r ON r.ev_class = m.oid WHERE m.kind = 'view' AND r.rulename <> '_RETURN'",
      "    UNION ALL SELECT m.oid::regclass, 'TRIGGER', t.tgname FROM (",
      ...markedViews,
      "    ) m JOIN pg_catalog.pg_trigger t ON t.tgrelid = m.oid WHERE m.kind = 'view' AND NOT t.tgisinternal",
      "LOOP EXECUTE format('DROP %s %I ON %s', entry.kind, entry.name, entry.view); END LOOP;",
      'FOR entry IN SELECT m.oid::regclass AS view, d.adnum, a.attname FROM (',
      ...markedViews,
      "    ) m JOIN pg_catalog.pg_attrdef d ON d.adrelid = m.oid JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE m.kind = 'view'",
      "LOOP EXECUTE format('ALTER VIEW %s ALTER COLUMN %I DROP DEFAULT', entry.view, entry.attname); END LOOP;",
      'FOR entry IN SELECT m.oid::regclass AS view FROM (',
      ...markedViews,
      "    ) m JOIN pg_catalog.pg_class c ON c.oid = m.oid WHERE m.kind = 'view' AND pg_catalog.pg_get_userbyid(c.relowner) <> current_user",
      "LOOP EXECUTE format('ALTER VIEW %s OWNER TO %I', entry.view, current_user); END LOOP;",
    ],
  );
}

function schemaLines({ names, isMade, grants }: PgsqlRun): string[] {
  const schemas = [...new Set(names.map(({ schema }) => schema))].sort();
  const made = schemas.filter(isMade);
  return [
    ...made.flatMap((schema) => [
      `CREATE SCHEMA IF NOT EXISTS ${quote(schema)};`,
      `COMMENT ON SCHEMA ${quote(schema)} IS ${stringLiteral(viewSchemaMark)};`,
    ]),
    ...grants.map((role) => `GRANT USAGE ON SCHEMA ${schemas.map(quote).join(', ')} TO ${quote(role)};`),
  ];
}

/** Marks the views, with a hash of the definition that the database made of each, and with the options. */
function marks(run: PgsqlRun): string {
  const { layer, names, mark, notes } = run;
  const members = [
    `'set', ${stringLiteral(mark.set)}::text`,
    `'definition', ${definitionHashes.pgsql('view.oid', layer)}`,
    `'views', ${names.length}`,
    "'name', view.schema || '.' || view.name",
    "'next', view.next",
    ...(mark.earlier === null ? [] : [`'earlier', ${stringLiteral(JSON.stringify(mark.earlier))}::json`]),
    `'options', ${stringLiteral(mark.options)}::json`,
    ...(notes === null ? [] : ["'notGivenBack', coalesce(view.note, '[]')::json"]),
  ];
  const note = notes === null ? '' : ', m.note';
  return pgsqlBlock(
    ['view record;', "path text := current_setting('search_path');"],
    [
      '-- the database prints names in full only where no schema is searched',
      "PERFORM set_config('search_path', 'pg_catalog', true);",
      `FOR view IN SELECT m.schema, m.name, m.next${note}, c.oid, CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind FROM (VALUES`,
      ...indented(namesInCircle(run)),
      `    ) AS m (schema, name, next${notes === null ? '' : ', note'}) JOIN pg_namespace n ON n.nspname = m.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = m.name`,
      'LOOP',
      `    EXECUTE format('COMMENT ON %s %I.%I IS %L', view.kind, view.schema, view.name, ${stringLiteral(`${viewMarks[layer]} `)} || json_build_object(`,
      ...members.map((line, index) => `        ${line}${index === members.length - 1 ? '' : ','}`),
      '    ));',
      'END LOOP;',
      "PERFORM set_config('search_path', path, true);",
    ],
  );
}

/** The names of the run in their order, each with the next one; after the last comes the first. */
const namesInCircle = ({ names, notes }: PgsqlRun) =>
  names.map((name, index) => {
    const next = mustExist(names[(index + 1) % names.length], 'the next view');
    const note = notes?.[index] ?? null;
    const row = [
      ...[name.schema, name.name, qualified(next)].map((text) => stringLiteral(text)),
      ...(notes === null ? [] : [note === null ? 'NULL' : stringLiteral(note)]),
    ].join(', ');
    return index === names.length - 1 ? `    (${row})` : `    (${row}),`;
  });

/** Refuses to leave an earlier view behind, which only happens if something depends on it. */
function leftovers({ names, layer }: PgsqlRun): string {
  return pgsqlBlock(
    ['left_behind text;'],
    [
      "SELECT string_agg(m.schema || '.' || m.name, ', ' ORDER BY m.schema, m.name) INTO left_behind FROM (",
      ...markedViewsOf(layer),
      ') m WHERE (m.schema, m.name) NOT IN (VALUES',
      ...namesList(names),
      ');',
      'IF left_behind IS NOT NULL THEN',
      "    RAISE EXCEPTION 'Something depends on earlier views that this script does not have: %', left_behind USING ERRCODE = 'dependent_objects_still_exist';",
      'END IF;',
    ],
  );
}

/** Refuses a database without the own views of a schema set. */
export function pgsqlViewsGuard(effectiveSchemaHash: string): string {
  return pgsqlBlock(
    [],
    [
      'IF NOT EXISTS (SELECT 1 FROM (',
      ...markedViewsOf('own'),
      `) m WHERE m.kind = 'view' AND m.mark LIKE ${stringLiteral(`%"${effectiveSchemaHash}"%`)}) THEN`,
      `    RAISE EXCEPTION 'The database has no reporting views of the schema set %', ${stringLiteral(effectiveSchemaHash)} USING HINT = 'Run dms-ddl reporting apply first.';`,
      'END IF;',
    ],
  );
}

/* The table of descriptors on PostgreSQL, which triggers keep up to date (design 19 §8.1). */

/** The default of a column, for rows that do not give it a value. */
function columnDefault(table: DescriptorTable, { role }: DescriptorColumn): string {
  const named = (name: string) => quote(columnNamed(table, name));
  switch (role) {
    case 'key':
      return ' GENERATED BY DEFAULT AS IDENTITY (START WITH -1 INCREMENT BY -1)';
    case 'computed':
      return ` GENERATED ALWAYS AS (${named('Namespace')} || '#' || ${named('CodeValue')}) STORED`;
    case 'moment':
      return ` DEFAULT (now() AT TIME ZONE 'UTC')`;
    case 'uuid':
      return ' DEFAULT gen_random_uuid()';
    case 'plain':
      return '';
  }
}

/**
 * Removes the triggers of an earlier run, and its table unless the script creates one of the same name. Fails with
 * `dependent_objects_still_exist` if others have inserted rows or depend on these, or if a view has the name of the
 * table.
 */
function withoutFormerTable(layer: ViewLayer, kept: DbTableName | null): string {
  const isKept =
    kept === null ? 'false' : `m.schema = ${stringLiteral(kept.schema)} AND m.name = ${stringLiteral(kept.name)}`;
  return pgsqlBlock(
    ['entry record;', 'inserted bigint;'],
    [
      'FOR entry IN',
      ...indented(markedTriggerDrops([layer]).split('\n')),
      'LOOP EXECUTE entry.statement; END LOOP;',
      'FOR entry IN SELECT m.schema, m.name FROM (',
      ...markedViewsOf(layer),
      `) m WHERE m.kind = 'table' AND NOT (${isKept}) LOOP`,
      "    EXECUTE format('SELECT count(*) FROM %I.%I WHERE descriptorid < 0', entry.schema, entry.name) INTO inserted;",
      '    IF inserted > 0 THEN',
      "        RAISE EXCEPTION 'The table %.% has % rows that were inserted into it', entry.schema, entry.name, inserted USING ERRCODE = 'dependent_objects_still_exist';",
      '    END IF;',
      "    EXECUTE format('DROP TABLE %I.%I', entry.schema, entry.name);",
      'END LOOP;',
      'FOR entry IN SELECT m.schema, m.name FROM (',
      ...markedViewsOf(layer),
      `) m WHERE m.kind = 'view' AND ${isKept} LOOP`,
      "    RAISE EXCEPTION 'Something depends on the view %.%, which is to be a table', entry.schema, entry.name USING ERRCODE = 'dependent_objects_still_exist';",
      'END LOOP;',
    ],
  );
}

/** Gives the table of an earlier run the columns and types of this one. */
function adjusted(table: DescriptorTable): string[] {
  const place = qualifiedName(rules, table.name);
  const byName = new Map(table.columns.map((column) => [column.odsName, column]));
  const columnLines = changeColumns.map((each) => {
    const column = byName.get(each);
    return column === undefined
      ? `ALTER TABLE ${place} DROP COLUMN IF EXISTS ${quote(each.toLowerCase())};`
      : `ALTER TABLE ${place} ADD COLUMN IF NOT EXISTS ${quote(column.name)} ${column.type};`;
  });
  const types = ['DescriptorId', ...changeColumns].flatMap((each) => byName.get(each) ?? []);
  const changes = types.flatMap(({ name: column, type }) => [
    `IF (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${stringLiteral(place)}::regclass AND a.attname = ${stringLiteral(column)}) <> format_type(${stringLiteral(type)}::regtype, NULL) THEN`,
    `    ALTER TABLE ${place} ALTER COLUMN ${quote(column)} TYPE ${type};`,
    'END IF;',
  ]);
  return [...columnLines, pgsqlBlock([], changes)];
}

const among = (key: string, rows: string) => ` WHERE v.${quote(key)} IN (SELECT "DocumentId" FROM ${rows})`;

/** Fills the table with the rows of all descriptors, or of some; equal rows are not written. */
function filled(table: DescriptorTable, condition: string): string[] {
  const columns = filledColumns(table).map((column) => quote(column.name));
  const key = quote(keyColumn(table));
  const others = columns.filter((column) => column !== key);
  const list = columns.join(', ');
  return [
    `INSERT INTO ${qualifiedName(rules, table.name)} AS t (${list})`,
    `SELECT ${list} FROM (`,
    ...indented(table.query.split('\n')),
    `) v${condition}`,
    `ON CONFLICT (${key}) DO UPDATE SET ${others.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    `WHERE (${others.map((column) => `t.${column}`).join(', ')}) IS DISTINCT FROM (${others.map((column) => `excluded.${column}`).join(', ')});`,
  ];
}

/** A trigger function with the rights of its owner, so that a writer of descriptors needs no rights on the table. */
function triggerFunction(layer: ViewLayer, name: DbTableName, body: readonly string[]): string {
  const place = `${qualifiedName(rules, name)}()`;
  return [
    `CREATE FUNCTION ${place} RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $keep$`,
    'BEGIN',
    ...indented(body),
    '    RETURN NULL;',
    'END',
    '$keep$;',
    `REVOKE ALL ON FUNCTION ${place} FROM PUBLIC;`,
    `COMMENT ON FUNCTION ${place} IS ${stringLiteral(viewFunctionMarks[layer])};`,
  ].join('\n');
}

const trigger = (name: string, event: string, on: DbTableName, rows: string, routine: DbTableName) =>
  `CREATE TRIGGER ${quote(name)} AFTER ${event} ON ${qualifiedName(rules, on)}${rows} EXECUTE FUNCTION ${qualifiedName(rules, routine)}();`;

/**
 * The end of a trigger's name. Triggers of one event run in the order of their names: those of the earlier version come
 * after the own ones, whose table they read.
 */
const triggerEnds: Readonly<Record<ViewLayer, string>> = { own: '', earlier: '_Earlier' };

/**
 * Triggers that keep the rows: for statements on `dms.Descriptor`, and for changes of its documents if these have the
 * versions.
 */
function keeping(table: DescriptorTable): string[] {
  const { layer, name } = table;
  const place = qualifiedName(rules, name);
  const key = keyColumn(table);
  const end = triggerEnds[layer];
  const routine = (work: string): DbTableName => ({ schema: name.schema, name: `tf_${name.name}_${work}` });
  const fill = routine('fill');
  const clear = routine('clear');
  const descriptors = core.descriptor;
  const statement = (old: 'OLD' | 'NEW') => ` REFERENCING ${old} TABLE AS changed FOR EACH STATEMENT`;
  const ofRows = [
    triggerFunction(layer, fill, filled(table, among(key, 'changed'))),
    triggerFunction(layer, clear, [
      "IF TG_OP = 'TRUNCATE' THEN",
      `    DELETE FROM ${place} WHERE ${quote(key)} > 0;`,
      'ELSE',
      `    DELETE FROM ${place} WHERE ${quote(key)} IN (SELECT "DocumentId" FROM changed);`,
      'END IF;',
    ]),
    trigger(`TR_Descriptor_Reporting_Insert${end}`, 'INSERT', descriptors, statement('NEW'), fill),
    trigger(`TR_Descriptor_Reporting_Update${end}`, 'UPDATE', descriptors, statement('NEW'), fill),
    trigger(`TR_Descriptor_Reporting_Delete${end}`, 'DELETE', descriptors, statement('OLD'), clear),
    trigger(`TR_Descriptor_Reporting_Truncate${end}`, 'TRUNCATE', descriptors, ' FOR EACH STATEMENT', clear),
  ];
  const { hasOwnVersion, resourceKeys } = table.documents;
  if (hasOwnVersion || resourceKeys.length === 0) return ofRows;
  // the document is stamped after its row was written; the condition avoids a call for all other documents
  const stamp = routine('stamp');
  const condition = ` FOR EACH ROW WHEN (NEW."ResourceKeyId" = ANY ('{${resourceKeys.join(',')}}'::smallint[]))`;
  return [
    ...ofRows,
    triggerFunction(layer, stamp, filled(table, ` WHERE v.${quote(key)} = NEW."DocumentId"`)),
    trigger(
      `TR_Document_Reporting_Stamp${end}`,
      'UPDATE OF "ContentVersion", "ContentLastModifiedAt"',
      core.document,
      condition,
      stamp,
    ),
  ];
}

/** The statements that create the table, fill it, and keep it up to date. */
function tableStatements(table: DescriptorTable): string {
  const place = qualifiedName(rules, table.name);
  const key = quote(keyColumn(table));
  const columns = table.columns.map(
    (column) =>
      `${quote(column.name)} ${column.type}${columnDefault(table, column)}${column.isNullable ? '' : ' NOT NULL'}`,
  );
  const create = [
    `CREATE TABLE IF NOT EXISTS ${place} (`,
    ...indented(
      [...columns, `PRIMARY KEY (${key})`].map((line, index) => (index === columns.length ? line : `${line},`)),
    ),
    ');',
  ].join('\n');
  const stale = `DELETE FROM ${place} t WHERE t.${key} > 0 AND NOT EXISTS (SELECT 1 FROM ${qualifiedName(rules, core.descriptor)} d WHERE d."DocumentId" = t.${key});`;
  return [
    create,
    ...adjusted(table),
    ...keeping(table),
    // the triggers block writers by now
    stale,
    filled(table, '').join('\n'),
  ].join('\n');
}
