import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { type CalledNames, calledNames, dialectRules, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from './connection.ts';
import { domainsQuery, type ReplacingRow, replacingQuery, textsQuery, typesQuery } from './replacing-queries.ts';

/*
 * A trigger runs with the search path of the session that writes. A function of `public` whose arguments fit better
 * than those of the built-in one of the same name is called in its place, and casts have no schema at all. What a
 * script uses is read from its text, and from the bodies and expressions of the database (design 09 §1.8).
 */

const { quote } = dialectRules.pgsql;

/** The types that texts use, by number. */
interface UsedTypes {
  readonly used: ReadonlySet<string>;
  /** These, and the types that a value of them becomes by itself. */
  readonly reached: ReadonlySet<string>;
}

async function usedTypes(connection: Connection, names: CalledNames, limits: Limits): Promise<UsedTypes> {
  const lists = [[...names.words], [...names.elements], [...names.calls.keys()]];
  const rows = await connection.query<{ id: string; implicit: boolean }>(typesQuery, lists, limits);
  const ids = (found: typeof rows) => new Set(found.map(({ id }) => id));
  return { used: ids(rows.filter(({ implicit }) => !implicit)), reached: ids(rows) };
}

/** Whether a text uses the name of an object with arguments that the object takes. */
function isUsed(row: ReplacingRow, names: CalledNames, { used, reached }: UsedTypes): boolean {
  switch (row.kind) {
    case 'cast':
    case 'operator class':
      return row.types.every((type) => used.has(type));
    case 'type':
    case 'domain':
      return names.words.has(row.name);
    case 'operator':
      return names.operators.has(row.name) && row.types.every((type) => reached.has(type));
    default: {
      const takes = (count: number | null) =>
        count === null || (count >= row.fewest && (row.most === null || count <= row.most));
      const calls = names.calls.get(row.name) ?? [];
      return calls.some((call) => takes(call.arguments)) && row.types.every((type) => reached.has(type));
    }
  }
}

/** Its name in a statement. */
function nameOf({ kind, schema, name, signature }: ReplacingRow): string {
  const place = schema === null ? '' : `${quote(schema)}.`;
  switch (kind) {
    case 'cast':
      return `(${name})`;
    case 'operator':
      return `${place}${name} (${signature})`;
    case 'operator class':
      return `${place}${quote(name)} USING ${signature}`;
    case 'type':
    case 'domain':
      return `${place}${quote(name)}`;
    case 'aggregate':
      return `${place}${quote(name)}(${signature === '' ? '*' : signature})`;
    default:
      return `${place}${quote(name)}(${signature})`;
  }
}

function finding(row: ReplacingRow, label: string): Diagnostic {
  const name = nameOf(row);
  const statement =
    row.extension === null ? `DROP ${row.kind.toUpperCase()} ${name}` : `DROP EXTENSION ${quote(row.extension)}`;
  if (!row.wins) {
    const text = `${label}: the ${row.kind} ${name} has the signature of a built-in one that triggers use. A session whose search_path has its schema before pg_catalog uses it instead. Rename it, or run: ${statement}`;
    return diagnostic('DB_SHADOWED_FUNCTION', text, {}, { object: name });
  }
  const text = `${label}: the ${row.kind} ${name} is used in place of a built-in one, or makes its use ambiguous, so triggers do not write what they should. Rename it, or run: ${statement}`;
  return diagnostic('DB_BUILTIN_REPLACED', text, {}, { object: name });
}

/** Extensions whose functions do the same as the built-in ones of the same name: `gen_random_uuid`. */
const sameAsBuiltIn = new Set(['pgcrypto']);

/** The types that arguments are made from: of a domain, what it is made from in the end. */
async function withPlainTypes(
  connection: Connection,
  rows: readonly ReplacingRow[],
  limits: Limits,
): Promise<readonly ReplacingRow[]> {
  const domains = await connection.query<{ id: string; base: string }>(domainsQuery, [], limits);
  const bases = new Map(domains.map(({ id, base }) => [id, base]));
  const plain = (type: string): string => {
    const base = bases.get(type);
    return base === undefined ? type : plain(base);
  };
  return rows.map((row) => ({ ...row, types: row.types.map(plain) }));
}

async function pgsqlObjects(connection: Connection, limits: Limits, script: string): Promise<readonly Diagnostic[]> {
  const rows = (await connection.query<ReplacingRow>(replacingQuery, [], limits)).filter(
    ({ extension, wins }) => extension === null || (wins && !sameAsBuiltIn.has(extension)),
  );
  if (rows.length === 0) return [];
  const texts = await connection.query<{ text: string | null }>(textsQuery, [], limits);
  const names = calledNames([script, ...texts.flatMap(({ text }) => (text === null ? [] : [text]))]);
  const types = await usedTypes(connection, names, limits);
  const plain = await withPlainTypes(connection, rows, limits);
  return plain.filter((row) => isUsed(row, names, types)).map((row) => finding(row, connection.label));
}

const objectsOf: Readonly<Record<SqlDialect, typeof pgsqlObjects>> = {
  pgsql: pgsqlObjects,
  // names of functions without a schema are always those of the server
  mssql: async () => [],
};

/**
 * Functions, operators, operator classes, casts and types that a session could use in place of the built-in ones that a
 * database of dms uses, or that `script` would use: `DB_BUILTIN_REPLACED` where its arguments or the search path of a
 * role, the database or the session let it win or tie, otherwise the warning `DB_SHADOWED_FUNCTION` (design 09 §1.8).
 */
export function replacingObjects(
  connection: Connection,
  limits: Limits = {},
  script = '',
): Promise<readonly Diagnostic[]> {
  return objectsOf[connection.dialect](connection, limits, script);
}
