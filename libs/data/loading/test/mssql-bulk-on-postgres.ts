import type { DatabaseDefinition, TableDefinition } from '@dms/catalog';
import { type Connection, type Row, statementText } from '@dms/databases';
import { givenScript, type PlainSql, textOf, trusted } from '@dms/sql';

/*
 * Runs on PostgreSQL the statements that `load --bulk` sends to SQL Server. A statement that is not translated here is
 * refused. The database is that of the same schemas in the PostgreSQL dialect, where names are shorter.
 */

/** A table of SQL Server, with its names on PostgreSQL. */
interface PairedTable {
  readonly name: string;
  /** The quoted column for each quoted column. */
  readonly columns: ReadonlyMap<string, string>;
  /** The insert triggers for each trigger. */
  readonly triggers: ReadonlyMap<string, readonly string[]>;
}

const bracketed = (name: string) => `[${name}]`;
const quoted = (name: string) => `"${name}"`;

function paired(own: TableDefinition, other: TableDefinition): PairedTable {
  if (own.columns.length !== other.columns.length) throw new Error(`${own.name} has other columns than ${other.name}`);
  const ofKind = (kind: string) =>
    other.triggers
      .filter(({ intent }) => intent.kind === kind)
      .flatMap(({ triggers }) => triggers.filter(({ events }) => events.includes('INSERT')).map(({ name }) => name));
  return {
    name: `${quoted(other.schema)}.${quoted(other.name)}`,
    columns: new Map(own.columns.map(({ name }, index) => [bracketed(name), quoted(other.columns[index]?.name ?? '')])),
    triggers: new Map(
      own.triggers.flatMap(({ intent, triggers }) =>
        triggers.map(({ name }) => [bracketed(name), ofKind(intent.kind)]),
      ),
    ),
  };
}

/**
 * The tables of SQL Server by quoted name. Both databases are made from the same schemas, so their tables come in the
 * same order.
 */
function pairedTables(own: DatabaseDefinition, other: DatabaseDefinition): ReadonlyMap<string, PairedTable> {
  if (own.tables.length !== other.tables.length) throw new Error('the databases do not have the same tables');
  return new Map(
    own.tables.map((table, index) => [
      `${bracketed(table.schema)}.${bracketed(table.name)}`,
      paired(table, other.tables[index] as TableDefinition),
    ]),
  );
}

/** The type of PostgreSQL for a type of SQL Server. */
function castOf(type: string): string {
  const [name = '', size = ''] = /^(\w+)(\(.*\))?$/.exec(type)?.slice(1) ?? [];
  switch (name) {
    case 'nvarchar':
      // a cast to `varchar(n)` would cut the text
      return 'text';
    case 'bit':
      return 'boolean';
    case 'decimal':
      return `numeric${size}`;
    case 'time':
      return 'time';
    case 'datetime2':
      return "timestamp AT TIME ZONE 'UTC'";
    case 'uniqueidentifier':
      return 'uuid';
    case 'bigint':
    case 'int':
    case 'smallint':
    case 'date':
      return name;
    default:
      throw new Error(`no type: ${type}`);
  }
}

const table = String.raw`\[\w+\]\.\[\w+\]`;

type RewritingRule = readonly [form: RegExp, translate: (...groups: readonly string[]) => string];

/** Names in brackets as PostgreSQL quotes them. */
const withoutBrackets = (text: string) => text.replace(/\[(\w+)\]/g, '"$1"');

const insertForm = `INSERT INTO (${table}) \\(([^)]*)\\) SELECT ([^()]*) FROM OPENJSON\\(@p1\\) WITH \\((.*)\\);`;

/** Translates statements about these tables. */
function translation(tables: ReadonlyMap<string, PairedTable>) {
  const found = (name: string): PairedTable => {
    const known = tables.get(name);
    if (!known) throw new Error(`no table: ${name}`);
    return known;
  };

  /** An INSERT of JSON rows. Each column of the list is a member of the row, by its position. */
  const insert = (name: string, columns: string, selected: string, typed: string): string => {
    const target = found(name);
    const names = columns.split(', ');
    const members = [...typed.matchAll(/(\[\w+\]) (\w+(?:\([\w,]+\))?) '\$\[(\d+)\]'/g)];
    if (selected !== columns || members.length !== names.length) throw new Error(`other columns: ${typed}`);
    const values = members.map(([, column, type = '', position], index) => {
      if (column !== names[index] || position !== String(index)) throw new Error(`not in order: ${typed}`);
      return `(j.item ->> ${position})::${castOf(type)}`;
    });
    const own = names.map((column) => target.columns.get(column) ?? `no column ${column}`);
    return `INSERT INTO ${target.name} (${own.join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${values.join(', ')} FROM jsonb_array_elements($1::jsonb) AS j (item)`;
  };

  const switchTriggers = (name: string, action: string, list: string): string => {
    const { name: own, triggers } = found(name);
    const names = list.split(', ').flatMap((each) => triggers.get(each) ?? [`no trigger ${each}`]);
    return `ALTER TABLE ${own} ${names.map((each) => `${action} TRIGGER ${quoted(each)}`).join(', ')}`;
  };

  /** The search for texts with something hidden; its patterns are also those of `SIMILAR TO`. */
  const hiddenTexts = (items: string, name: string, condition: string, limit: string): string => {
    const table = tables.get(name);
    const own = (text: string) =>
      text
        .replace(/t\.(\[\w+\])/g, (_, column: string) => `t.${table?.columns.get(column) ?? withoutBrackets(column)}`)
        .replaceAll(' COLLATE Latin1_General_100_BIN2 LIKE ', '::text SIMILAR TO ')
        .replace(/\[(\w+)\]/g, '"$1"')
        .replace(/@p(\d+)/g, '$$$1');
    return `SELECT ${own(items)} FROM ${table?.name ?? withoutBrackets(name)} t WHERE ${own(condition)} ORDER BY t."DocumentId" LIMIT $${limit}`;
  };

  const rules: readonly RewritingRule[] = [
    [
      new RegExp(
        `^SELECT (t\\.\\[.*?) FROM (${table}) t WHERE (.*) ORDER BY t\\.\\[DocumentId\\] OFFSET 0 ROWS FETCH NEXT @p(\\d+) ROWS ONLY;$`,
      ),
      (items = '', name = '', condition = '', limit = '') => hiddenTexts(items, name, condition, limit),
    ],
    [/^SELECT @@SPID AS id$/, () => 'SELECT pg_backend_pid() AS id'],
    [
      new RegExp(`^SET IDENTITY_INSERT (\\[dms\\]\\.\\[Document\\]) ON; ${insertForm} SET IDENTITY_INSERT \\1 OFF;$`),
      (_document = '', name = '', columns = '', selected = '', typed = '') => insert(name, columns, selected, typed),
    ],
    [
      new RegExp(`^${insertForm}$`),
      (name = '', columns = '', selected = '', typed = '') => {
        if (name === '[dms].[Document]') throw new Error('the identity of a document cannot be inserted');
        return insert(name, columns, selected, typed);
      },
    ],
    [
      new RegExp(`^ALTER TABLE (${table}) (DISABLE|ENABLE) TRIGGER (.*)$`),
      (name = '', action = '', list = '') => switchTriggers(name, action, list),
    ],
    [
      new RegExp(`^SELECT TOP \\(1\\) 1 AS \\[locked\\] FROM (${table}) WITH \\(TABLOCKX, HOLDLOCK\\)$`),
      (name = '') => `LOCK TABLE ${found(name).name} IN SHARE ROW EXCLUSIVE MODE`,
    ],
    [
      /^SELECT TOP \((\d+)\) .* FROM \[dms\]\.\[ReferentialIdentity\] WHERE \[ReferentialId\] > @p1 ORDER BY \[ReferentialId\];$/,
      (limit) =>
        `SELECT "ReferentialId"::text AS id, "DocumentId"::text AS document FROM dms."ReferentialIdentity" WHERE "ReferentialId" > $1 ORDER BY "ReferentialId" LIMIT ${limit}`,
    ],
    [
      /^SELECT CONVERT\(nvarchar\(27\), SYSUTCDATETIME\(\), 126\) AS \[now\]$/,
      () => `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS now`,
    ],
    [
      /^SELECT .* FROM sys\.identity_columns AS q WHERE q\.object_id = OBJECT_ID\(N'\[dms\]\.\[Document\]'\)$/,
      () => 'SELECT coalesce(max("DocumentId"), 0)::text AS last FROM dms."Document"',
    ],
    [
      /^DECLARE @first sql_variant; EXEC sys\.sp_sequence_get_range @sequence_name = N'\[dms\]\.\[(\w+)\]', @range_size = @p1, @range_first_value = @first OUTPUT; SELECT .* AS \[first\];$/,
      (name) => `SELECT min(nextval('dms."${name}"'))::text AS first FROM generate_series(1, $1::bigint)`,
    ],
    [
      /^SELECT .* AS \[uuid\], \[ResourceKeyId\] AS \[key\] FROM \[dms\]\.\[Document\] WHERE \[DocumentId\] = @p1;$/,
      () => 'SELECT "DocumentUuid"::text AS uuid, "ResourceKeyId" AS key FROM dms."Document" WHERE "DocumentId" = $1',
    ],
  ];
  return (text: string): string => {
    for (const [form, translate] of rules) {
      const match = form.exec(text);
      if (match) return translate(...match.slice(1));
    }
    throw new Error(`not translated: ${text}`);
  };
}

export interface MssqlBulkOptions {
  /** The database as SQL Server has it, and as PostgreSQL has it. */
  readonly definitions: { readonly mssql: DatabaseDefinition; readonly pgsql: DatabaseDefinition };
  /** Gets each text of SQL Server. */
  readonly sent?: ((text: string) => void) | undefined;
  /** The tables, quoted, that the user may not alter. */
  readonly others?: readonly string[] | undefined;
}

/** A session for bulk loads that takes the statements of SQL Server and runs them in a session of PostgreSQL. */
export function mssqlBulkOnPostgres(
  inner: Connection,
  { definitions: { mssql, pgsql }, sent = () => undefined, others = [] }: MssqlBulkOptions,
): Connection {
  const translated = translation(pairedTables(mssql, pgsql));
  const ask = async (text: string, parameters: readonly unknown[]): Promise<readonly Row[]> => {
    sent(text);
    if (!text.includes('HAS_PERMS_BY_NAME')) return inner.query(trusted(translated(text)), parameters);
    const asked: readonly string[] = JSON.parse(String(parameters[0]));
    return others.filter((name) => asked.includes(name)).map((name) => ({ name, user: 'loader' }));
  };
  return {
    ...inner,
    dialect: 'mssql',
    begin: async () => {
      await inner.begin();
      // SQL Server checks keys with each statement
      await inner.execute(givenScript('SET CONSTRAINTS ALL IMMEDIATE'));
    },
    execute: async (script) => {
      const text = textOf(script);
      sent(text);
      for (const part of text.split(/;\n?/).filter((each) => each !== ''))
        await inner.execute(givenScript(translated(part)));
    },
    query: async <Result>(text: PlainSql, parameters: readonly unknown[] = []) =>
      (await ask(textOf(text), parameters)) as readonly unknown[] as readonly Result[],
    queryAll: async (statements) => {
      const answers: (readonly Row[])[] = [];
      for (const each of statements) {
        const text = statementText(each, (number) => `@p${number}`);
        answers.push(await ask(text, each.parameters));
        // SQL Server continues after the largest id that was inserted
        if (text.startsWith('SET IDENTITY_INSERT'))
          await inner.query(
            trusted(
              `SELECT setval(pg_get_serial_sequence('dms."Document"', 'DocumentId'), max("DocumentId")) FROM dms."Document"`,
            ),
          );
      }
      return answers;
    },
    copyIn: undefined,
  };
}
