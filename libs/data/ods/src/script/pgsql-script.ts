import {
  markedTriggerDrops,
  type ViewLayer,
  viewFunctionMarks,
  viewMarks,
  viewQueries,
  viewSchemaMark,
} from '@dms/databases';
import { pgsqlBlock, pgsqlSetGuard } from '@dms/ddl';
import { core, type DbTableName, mustExist, qualified } from '@dms/model';
import {
  dialectOf,
  empty,
  ended,
  group,
  join,
  listed,
  type PlainLines,
  type PlainSql,
  separated,
  textOf,
  trusted,
} from '@dms/sql';
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

const { lines, sql, id, ids, literal, literals, nameLiteral, differs, scriptText } = dialectOf.pgsql;

/** A query for the marked views of a layer. */
const markedViewsOf = (layer: ViewLayer): PlainLines => linesOfQuery(viewQueries.pgsql.marked([layer]));

const linesOfQuery = (query: PlainSql): PlainLines => group(...textOf(query).split('\n').map(trusted));

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
    guard: pgsqlSetGuard(effectiveSchemaHash),
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
  const schemas = schemaLines(run);
  const granted = (role: string) => lines`
    GRANT SELECT ON
        ${listed(names.map((name) => sql`${name}`))}
    TO ${id(role)};`;
  const parts = [
    group(...head.map((line) => trusted(`-- ${line}`))),
    guard,
    cleared(run),
    withoutAdditions(run),
    withoutFormerTable(layer, table?.name ?? null),
    ...(schemas.lines.length === 0 ? [] : [schemas]),
    ...statements,
    ...(table === null ? [] : [tableStatements(table)]),
    ...grants.map(granted),
    marks(run),
    leftovers(run),
  ];
  return scriptText(textOf(ended(separated(parts, empty))));
}

/** Refuses names that other objects have, and removes the views that nothing else depends on. */
function cleared({ names, layer }: PgsqlRun): PlainLines {
  const hint = `Put the views elsewhere with ${suffixOptions[layer]}.`;
  return pgsqlBlock(
    lines`
      taken text;
      marked text;`,
    lines`
      SELECT string_agg(o.name, ', ' ORDER BY o.name) INTO taken FROM (
          SELECT n.nspname || '.' || c.relname AS name, c.oid, n.nspname AS schema, c.relname AS object FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind NOT IN ('v', 'r') OR coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE ${literal(`${viewMarks[layer]} %`)}
          UNION ALL SELECT n.nspname || '.' || t.typname, t.oid, n.nspname, t.typname FROM pg_catalog.pg_type t
          JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typrelid = 0
      ) o WHERE (o.schema, o.object) IN (VALUES
          ${nameRows(names)}
      );
      IF taken IS NOT NULL THEN
          RAISE EXCEPTION 'These names of views are taken: %', taken USING HINT = ${literal(hint)};
      END IF;
      SELECT string_agg(format('%I.%I', m.schema, m.name), ', ') INTO marked FROM (
          ${markedViewsOf(layer)}
      ) m WHERE m.kind = 'view' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
          LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
          WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = m.oid AND d.deptype = 'n'
          AND coalesce(w.ev_class, d.objid) <> m.oid);
      IF marked IS NOT NULL THEN EXECUTE 'DROP VIEW ' || marked; END IF;`,
  );
}

const nameRows = (names: readonly DbTableName[]): PlainLines =>
  listed(names.map(({ schema, name }) => sql`(${literal(schema)}, ${literal(name)})`));

/** Removes what was added by hand to views that stay because others depend on them; replacing a view would keep it. */
function withoutAdditions({ layer }: PgsqlRun): PlainLines {
  const markedViews = markedViewsOf(layer);
  return pgsqlBlock(
    lines`entry record;`,
    lines`
      FOR entry IN SELECT m.oid::regclass AS view, 'RULE' AS kind, r.rulename AS name FROM (
              ${markedViews}
      ) m JOIN pg_catalog.pg_rewrite r ON r.ev_class = m.oid WHERE m.kind = 'view' AND r.rulename <> '_RETURN'
          UNION ALL SELECT m.oid::regclass, 'TRIGGER', t.tgname FROM (
              ${markedViews}
          ) m JOIN pg_catalog.pg_trigger t ON t.tgrelid = m.oid WHERE m.kind = 'view' AND NOT t.tgisinternal
      LOOP EXECUTE format('DROP %s %I ON %s', entry.kind, entry.name, entry.view); END LOOP;
      FOR entry IN SELECT m.oid::regclass AS view, d.adnum, a.attname FROM (
              ${markedViews}
          ) m JOIN pg_catalog.pg_attrdef d ON d.adrelid = m.oid JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE m.kind = 'view'
      LOOP EXECUTE format('ALTER VIEW %s ALTER COLUMN %I DROP DEFAULT', entry.view, entry.attname); END LOOP;
      FOR entry IN SELECT m.oid::regclass AS view FROM (
              ${markedViews}
          ) m JOIN pg_catalog.pg_class c ON c.oid = m.oid WHERE m.kind = 'view' AND pg_catalog.pg_get_userbyid(c.relowner) <> current_user
      LOOP EXECUTE format('ALTER VIEW %s OWNER TO %I', entry.view, current_user); END LOOP;`,
  );
}

function schemaLines({ names, isMade, grants }: PgsqlRun): PlainLines {
  const schemas = [...new Set(names.map(({ schema }) => schema))].sort();
  return group(
    ...schemas.filter(isMade).map(
      (schema) => lines`
        CREATE SCHEMA IF NOT EXISTS ${id(schema)};
        COMMENT ON SCHEMA ${id(schema)} IS ${literal(viewSchemaMark)};`,
    ),
    ...grants.map((role) => sql`GRANT USAGE ON SCHEMA ${ids(schemas)} TO ${id(role)};`),
  );
}

/** Marks the views, with a hash of the definition that the database made of each, and with the options. */
function marks(run: PgsqlRun): PlainLines {
  const { layer, names, mark, notes } = run;
  const members = [
    sql`'set', ${literal(mark.set)}::text`,
    sql`'definition', ${viewQueries.pgsql.definitionHash(sql`view.oid`, layer)}`,
    sql`'views', ${literal(names.length)}`,
    sql`'name', view.schema || '.' || view.name`,
    sql`'next', view.next`,
    ...(mark.earlier === null ? [] : [sql`'earlier', ${literal(JSON.stringify(mark.earlier))}::json`]),
    sql`'options', ${literal(mark.options)}::json`,
    ...(notes === null ? [] : [sql`'notGivenBack', coalesce(view.note, '[]')::json`]),
  ];
  const [noted, note] = notes === null ? [empty, empty] : [sql`, m.note`, sql`, note`];
  return pgsqlBlock(
    lines`
      view record;
      path text := current_setting('search_path');`,
    lines`
      -- the database prints names in full only where no schema is searched
      PERFORM set_config('search_path', 'pg_catalog', true);
      FOR view IN SELECT m.schema, m.name, m.next${noted}, c.oid, CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind FROM (VALUES
              ${namesInCircle(run)}
          ) AS m (schema, name, next${note}) JOIN pg_namespace n ON n.nspname = m.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = m.name
      LOOP
          EXECUTE format('COMMENT ON %s %I.%I IS %L', view.kind, view.schema, view.name, ${literal(`${viewMarks[layer]} `)} || json_build_object(
              ${listed(members)}
          ));
      END LOOP;
      PERFORM set_config('search_path', path, true);`,
  );
}

/** The names of the run in their order, each with the next one; after the last comes the first. */
function namesInCircle({ names, notes }: PgsqlRun): PlainLines {
  const rows = names.map((name, index) => {
    const next = mustExist(names[(index + 1) % names.length], 'the next view');
    const note = notes === null ? [] : [notes[index] ?? null];
    return sql`(${literals([name.schema, name.name, qualified(next), ...note])})`;
  });
  return listed(rows);
}

/** Refuses to leave an earlier view behind, which only happens if something depends on it. */
const leftovers = ({ names, layer }: PgsqlRun): PlainLines =>
  pgsqlBlock(
    lines`left_behind text;`,
    lines`
      SELECT string_agg(m.schema || '.' || m.name, ', ' ORDER BY m.schema, m.name) INTO left_behind FROM (
          ${markedViewsOf(layer)}
      ) m WHERE (m.schema, m.name) NOT IN (VALUES
          ${nameRows(names)}
      );
      IF left_behind IS NOT NULL THEN
          RAISE EXCEPTION 'Something depends on earlier views that this script does not have: %', left_behind USING ERRCODE = 'dependent_objects_still_exist';
      END IF;`,
  );

/** Refuses a database without the own views of a schema set. */
export const pgsqlViewsGuard = (effectiveSchemaHash: string): PlainLines =>
  pgsqlBlock(
    group(),
    lines`
      IF NOT EXISTS (SELECT 1 FROM (
          ${markedViewsOf('own')}
      ) m WHERE m.kind = 'view' AND m.mark LIKE ${literal(`%"${effectiveSchemaHash}"%`)}) THEN
          RAISE EXCEPTION 'The database has no reporting views of the schema set %', ${literal(effectiveSchemaHash)} USING HINT = 'Run dms-ddl reporting apply first.';
      END IF;`,
  );

/* The table of descriptors on PostgreSQL, which triggers keep up to date (design 19 §8.1). */

/** The default of a column, for rows that do not give it a value. */
function columnDefault(table: DescriptorTable, { role }: DescriptorColumn): PlainSql {
  const named = (name: string) => id(columnNamed(table, name));
  switch (role) {
    case 'key':
      return sql` GENERATED BY DEFAULT AS IDENTITY (START WITH -1 INCREMENT BY -1)`;
    case 'computed':
      return sql` GENERATED ALWAYS AS (${named('Namespace')} || '#' || ${named('CodeValue')}) STORED`;
    case 'moment':
      return sql` DEFAULT (now() AT TIME ZONE 'UTC')`;
    case 'uuid':
      return sql` DEFAULT gen_random_uuid()`;
    case 'plain':
      return empty;
  }
}

/**
 * Removes the triggers of an earlier run, and its table unless the script creates one of the same name. Fails with
 * `dependent_objects_still_exist` if others have inserted rows or depend on these, or if a view has the name of the
 * table.
 */
function withoutFormerTable(layer: ViewLayer, kept: DbTableName | null): PlainLines {
  const isKept =
    kept === null ? sql`false` : sql`m.schema = ${literal(kept.schema)} AND m.name = ${literal(kept.name)}`;
  return pgsqlBlock(
    lines`
      entry record;
      inserted bigint;`,
    lines`
      FOR entry IN
          ${linesOfQuery(markedTriggerDrops([layer]))}
      LOOP EXECUTE entry.statement; END LOOP;
      FOR entry IN SELECT m.schema, m.name FROM (
          ${markedViewsOf(layer)}
      ) m WHERE m.kind = 'table' AND NOT (${isKept}) LOOP
          EXECUTE format('SELECT count(*) FROM %I.%I WHERE descriptorid < 0', entry.schema, entry.name) INTO inserted;
          IF inserted > 0 THEN
              RAISE EXCEPTION 'The table %.% has % rows that were inserted into it', entry.schema, entry.name, inserted USING ERRCODE = 'dependent_objects_still_exist';
          END IF;
          EXECUTE format('DROP TABLE %I.%I', entry.schema, entry.name);
      END LOOP;
      FOR entry IN SELECT m.schema, m.name FROM (
          ${markedViewsOf(layer)}
      ) m WHERE m.kind = 'view' AND ${isKept} LOOP
          RAISE EXCEPTION 'Something depends on the view %.%, which is to be a table', entry.schema, entry.name USING ERRCODE = 'dependent_objects_still_exist';
      END LOOP;`,
  );
}

/** Gives the table of an earlier run the columns and types of this one. */
function adjusted({ name, columns }: DescriptorTable): PlainLines {
  const place = nameLiteral(name);
  const byName = new Map(columns.map((column) => [column.odsName, column]));
  const added = changeColumns.map((each) => {
    const column = byName.get(each);
    return column === undefined
      ? sql`ALTER TABLE ${name} DROP COLUMN IF EXISTS ${id(each.toLowerCase())};`
      : sql`ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS ${id(column.name)} ${column.type};`;
  });
  const types = ['DescriptorId', ...changeColumns].flatMap((each) => byName.get(each) ?? []);
  const changes = types.map(
    ({ name: column, type }) => lines`
      IF (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${place}::regclass AND a.attname = ${literal(column)}) <> format_type(${literal(textOf(type))}::regtype, NULL) THEN
          ALTER TABLE ${name} ALTER COLUMN ${id(column)} TYPE ${type};
      END IF;`,
  );
  return group(...added, pgsqlBlock(group(), group(...changes)));
}

const ofDocuments = (table: DescriptorTable): PlainSql =>
  sql` WHERE v.${id(keyColumn(table))} IN (SELECT "DocumentId" FROM changed)`;

/** Fills the table with the rows of all descriptors, or of some; equal rows are not written. */
function filled(table: DescriptorTable, condition: PlainSql): PlainLines {
  const key = keyColumn(table);
  const names = filledColumns(table).map(({ name }) => name);
  const others = names.filter((name) => name !== key);
  const assigned = others.map((name) => sql`${id(name)} = excluded.${id(name)}`);
  const differ = differs(
    others.map((name) => sql`t.${id(name)}`),
    others.map((name) => sql`excluded.${id(name)}`),
  );
  return lines`
    INSERT INTO ${table.name} AS t (${ids(names)})
    SELECT ${ids(names)} FROM (
        ${table.query}
    ) v${condition}
    ON CONFLICT (${id(key)}) DO UPDATE SET ${join(assigned)}
    WHERE ${differ};`;
}

/** A trigger function with the rights of its owner, so that a writer of descriptors needs no rights on the table. */
const triggerFunction = (layer: ViewLayer, name: DbTableName, body: PlainLines): PlainLines => lines`
  CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $keep$
  BEGIN
      ${body}
      RETURN NULL;
  END
  $keep$;
  REVOKE ALL ON FUNCTION ${name}() FROM PUBLIC;
  COMMENT ON FUNCTION ${name}() IS ${literal(viewFunctionMarks[layer])};`;

/**
 * The end of a trigger's name. Triggers of one event run in the order of their names: those of the earlier version come
 * after the own ones, whose table they read.
 */
const triggerEnds: Readonly<Record<ViewLayer, string>> = { own: '', earlier: '_Earlier' };

/**
 * Triggers that keep the rows: for statements on `dms.Descriptor`, and for changes of its documents if these have the
 * versions.
 */
function keeping(table: DescriptorTable): PlainLines {
  const { layer, name } = table;
  const key = id(keyColumn(table));
  const routine = (work: string): DbTableName => ({ schema: name.schema, name: `tf_${name.name}_${work}` });
  const [fill, clear, stamp] = [routine('fill'), routine('clear'), routine('stamp')];
  const trigger = (work: string) => id(`TR_Descriptor_Reporting_${work}${triggerEnds[layer]}`);
  const ofRows = group(
    triggerFunction(layer, fill, filled(table, ofDocuments(table))),
    triggerFunction(
      layer,
      clear,
      lines`
        IF TG_OP = 'TRUNCATE' THEN
            DELETE FROM ${name} WHERE ${key} > 0;
        ELSE
            DELETE FROM ${name} WHERE ${key} IN (SELECT "DocumentId" FROM changed);
        END IF;`,
    ),
    lines`
      CREATE TRIGGER ${trigger('Insert')} AFTER INSERT ON ${core.descriptor} REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ${fill}();
      CREATE TRIGGER ${trigger('Update')} AFTER UPDATE ON ${core.descriptor} REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ${fill}();
      CREATE TRIGGER ${trigger('Delete')} AFTER DELETE ON ${core.descriptor} REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ${clear}();
      CREATE TRIGGER ${trigger('Truncate')} AFTER TRUNCATE ON ${core.descriptor} FOR EACH STATEMENT EXECUTE FUNCTION ${clear}();`,
  );
  const { hasOwnVersion, resourceKeys } = table.documents;
  if (hasOwnVersion || resourceKeys.length === 0) return ofRows;
  const stamped = id(`TR_Document_Reporting_Stamp${triggerEnds[layer]}`);
  const keys = literal(`{${resourceKeys.join(',')}}`);
  // the document is stamped after its row was written; the condition avoids a call for all other documents
  return group(
    ofRows,
    triggerFunction(layer, stamp, filled(table, sql` WHERE v.${key} = NEW."DocumentId"`)),
    sql`CREATE TRIGGER ${stamped} AFTER UPDATE OF "ContentVersion", "ContentLastModifiedAt" ON ${core.document} FOR EACH ROW WHEN (NEW."ResourceKeyId" = ANY (${keys}::smallint[])) EXECUTE FUNCTION ${stamp}();`,
  );
}

/** The statements that create the table, fill it, and keep it up to date. */
function tableStatements(table: DescriptorTable): PlainLines {
  const { name: descriptors } = table;
  const key = id(keyColumn(table));
  const columns = table.columns.map((column) => {
    const required = column.isNullable ? empty : sql` NOT NULL`;
    return sql`${id(column.name)} ${column.type}${columnDefault(table, column)}${required}`;
  });
  // the triggers block writers by the time that rows are deleted
  return lines`
    CREATE TABLE IF NOT EXISTS ${descriptors} (
        ${listed([...columns, sql`PRIMARY KEY (${key})`])}
    );
    ${adjusted(table)}
    ${keeping(table)}
    DELETE FROM ${descriptors} t WHERE t.${key} > 0 AND NOT EXISTS (SELECT 1 FROM ${core.descriptor} d WHERE d."DocumentId" = t.${key});
    ${filled(table, empty)}`;
}
