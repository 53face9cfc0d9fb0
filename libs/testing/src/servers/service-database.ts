import type { Catalog, Trigger } from '@dms/catalog';
import { dialectRules, pgsqlName } from '@dms/sql';

const { quote, stringLiteral: literal } = dialectRules.pgsql;

/** The remark that distinguishes the bodies of our service from ours. */
const remark = '-- of the service';

const named = (key: string) => {
  const dot = key.indexOf('.');
  return pgsqlName({ schema: key.slice(0, dot), name: key.slice(dot + 1) });
};

function triggerStatement(
  table: string,
  { name, timing, events, level, oldTable, newTable, function: called }: Trigger,
) {
  const rows = [...(oldTable ? [`OLD TABLE AS ${oldTable}`] : []), ...(newTable ? [`NEW TABLE AS ${newTable}`] : [])];
  return `CREATE OR REPLACE TRIGGER ${quote(name)} ${timing} ${events.join(' OR ')} ON ${table}
    ${rows.length > 0 ? `REFERENCING ${rows.join(' ')}` : ''} FOR EACH ${level} EXECUTE FUNCTION ${named(called ?? '')}();`;
}

/** Saves the bodies of functions, by the trigger that calls them, before they are replaced. */
const copied = `CREATE TEMP TABLE earlier_body ON COMMIT DROP AS
  SELECT t.tgrelid AS rel, t.tgname AS name, p.prosrc AS body FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal;`;

/**
 * Our body as that of the service: with the remark, and in row triggers with an early return, because a trigger of the
 * service also runs for updates of mirrors.
 */
const theirs = (body: string, isRow: string) =>
  `CASE WHEN ${isRow} THEN regexp_replace(${body}, '(^|\\n)BEGIN\\n', ${literal(
    [
      '\\1BEGIN',
      "IF TG_OP = 'UPDATE' THEN",
      "    IF to_jsonb(NEW) - 'ContentVersion' - 'ContentLastModifiedAt' = to_jsonb(OLD) - 'ContentVersion' - 'ContentLastModifiedAt' THEN",
      '        RETURN NEW;',
      '    END IF;',
      'END IF;',
      '',
    ].join('\n'),
  )}) ELSE ${body} END || E'\\n${remark}\\n'`;

/** The body of an AFTER trigger whose counterpart of ours runs BEFORE: it updates the mirrors in its row afterwards. */
const theirsAfter = (body: string, table: string) =>
  `regexp_replace(${body}, 'NEW\\."ContentVersion" := ([^;]+);\\s+NEW\\."ContentLastModifiedAt" := ([^;]+);', ${literal(
    `UPDATE ${table} SET "ContentVersion" = \\1, "ContentLastModifiedAt" = \\2 WHERE "DocumentId" = NEW."DocumentId";`,
  )}, 'g')`;

/**
 * The body of a BEFORE trigger whose counterpart of ours runs AFTER: it reads the values of NEW, and returns the row.
 */
const theirsBefore = (body: string, table: string) =>
  `CASE WHEN ${body} LIKE '%RETURN NULL%' THEN replace(replace(${body}, 'RETURN NULL', 'RETURN NEW'), ${literal(`FROM ${table} AS t`)}, 'FROM (SELECT NEW.*) AS t') ELSE ${body} END`;

const replaced = (condition: string, body: string) => `DO $do$ DECLARE f record; BEGIN
  FOR f IN SELECT p.oid, p.prosrc, EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgfoid = p.oid AND t.tgtype & 17 = 17) AS row
    FROM pg_proc AS p WHERE ${condition} LOOP
    EXECUTE replace(pg_get_functiondef(f.oid), f.prosrc, ${body});
  END LOOP;
END $do$;`;

/**
 * The statements that make a PostgreSQL database of ours look as if the service's own tool had made it: its triggers
 * and functions, by name, table, timing and events. A body is ours plus a remark, so that its hash differs. Run the
 * statements in a transaction.
 */
export function serviceProvisioning(ours: Catalog, service: Catalog): string {
  const tables = service.tables.map((table) => ({ table, key: `${table.schema}.${table.name}` }));
  const kept = new Set(service.functions.map(({ schema, name }) => `${schema}.${name}`));
  const known = new Set(ours.functions.map(({ schema, name }) => `${schema}.${name}`));
  const triggers = tables.flatMap(({ table, key }) => table.triggers.map((trigger) => ({ key, trigger })));
  const added = triggers.filter(({ trigger }) => !known.has(trigger.function ?? ''));
  const deferrable = ours.tables.flatMap((table) =>
    table.foreignKeys.filter((key) => key.deferrable !== false).map(({ name }) => ({ table, name })),
  );
  return [
    copied,
    replaced(
      `p.pronamespace::regnamespace::text || '.' || p.proname = ANY (ARRAY[${[...kept].map((name) => literal(name)).join(', ')}])`,
      theirs('f.prosrc', 'f.row'),
    ),
    ...triggers
      .filter(({ trigger }) => known.has(trigger.function ?? '') && trigger.timing === 'BEFORE')
      .map(({ key, trigger }) =>
        replaced(`p.oid = ${literal(named(trigger.function ?? ''))}::regproc`, theirsBefore('f.prosrc', named(key))),
      ),
    ...added.map(
      ({
        key,
        trigger,
      }) => `DO $do$ BEGIN EXECUTE format(${literal(`CREATE FUNCTION ${named(trigger.function ?? '')}() RETURNS trigger LANGUAGE plpgsql AS %L`)},
        (SELECT ${theirs((trigger.timing === 'AFTER' ? theirsAfter : theirsBefore)('e.body', named(key)), String(trigger.level === 'ROW'))} FROM earlier_body AS e WHERE e.rel = ${literal(named(key))}::regclass AND e.name = ${literal(trigger.name)})); END $do$;`,
    ),
    ...triggers.map(({ key, trigger }) => triggerStatement(named(key), trigger)),
    ...[...known].filter((name) => !kept.has(name)).map((name) => `DROP FUNCTION ${named(name)}();`),
    ...deferrable.map(
      ({ table, name }) => `ALTER TABLE ${pgsqlName(table)} ALTER CONSTRAINT ${quote(name)} NOT DEFERRABLE;`,
    ),
  ].join('\n');
}
