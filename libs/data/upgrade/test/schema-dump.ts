import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Catalog } from '@dms/catalog';
import { qualified } from '@dms/model';

/* The schema of a database as `pg_dump` writes it, and what of it two sets explain. */

/** The programs `pg_dump` of this machine, with Debian's. */
function programs(): readonly string[] {
  const debian = '/usr/lib/postgresql';
  const versions = (() => {
    try {
      return readdirSync(debian);
    } catch {
      return [];
    }
  })();
  return [...versions.map((version) => path.join(debian, version, 'bin', 'pg_dump')), 'pg_dump'];
}

const run = promisify(execFile);

/** The `pg_dump` that can read a server, by the major version of the server; null if there is none. */
export async function dumpProgram(major: number): Promise<string | null> {
  for (const program of programs()) {
    const version = await run(program, ['--version']).then(
      ({ stdout }) => Number(/\d+/.exec(stdout)?.[0]),
      () => 0,
    );
    if (version >= major) return program;
  }
  return null;
}

/** The statements of the schema of a database. */
export async function dumpedStatements(program: string, url: string): Promise<readonly string[]> {
  const { stdout } = await run(program, ['--schema-only', '--dbname', url], { maxBuffer: 2 ** 28 });
  const text = stdout.replace(/^(?:--.*|\\(?:un)?restrict .*|SET .*|SELECT pg_catalog.set_config.*)\n/gm, '');
  return text
    .split(/;\n\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/** The definition of an object that a set makes; everything else of a dump was given by somebody. */
const ofSet =
  /^(?:CREATE (?:TABLE|UNLOGGED TABLE|VIEW|FUNCTION|SEQUENCE|SCHEMA|TRIGGER|(?:UNIQUE )?INDEX "?(?!Other))|ALTER TABLE ONLY \S+\s+ADD CONSTRAINT|ALTER SEQUENCE .* OWNED BY|CREATE EXTENSION)/;

/** Splits the statements of a dump into definitions, and the rest with the options of the definitions. */
export function givenStatements(statements: readonly string[]): ReadonlySet<string> {
  return new Set(
    statements.flatMap((statement) => {
      if (!ofSet.test(statement)) return [statement];
      const [, options] = /\bWITH \(([a-z_]+=[^)]*)\)/.exec(statement) ?? [];
      return options === undefined ? [] : [`${headOf(statement)} WITH (${options})`];
    }),
  );
}

/** The beginning of a definition, with the names of the object and its table. */
const headOf = (statement: string) =>
  statement.replaceAll(/\s+/g, ' ').replace(/ (?:\(|AS |USING |PRIMARY |UNIQUE |FOREIGN |CHECK ).*/, '');

/** The names of a set: `schema.name`, and `schema.name.part`. */
function namesOf({ schemas, tables, views, sequences, functions }: Catalog): ReadonlySet<string> {
  return new Set([
    ...schemas,
    ...[...tables, ...views, ...sequences, ...functions].map(qualified),
    ...[...tables, ...views].flatMap((relation) =>
      relation.columns.map(({ name }) => `${qualified(relation)}.${name}`),
    ),
    ...tables.flatMap((table) => {
      const { primaryKey, uniques, foreignKeys, checks, indexes, triggers } = table;
      const parts = [
        ...(primaryKey ? [primaryKey] : []),
        ...uniques,
        ...foreignKeys,
        ...checks,
        ...indexes,
        ...triggers,
      ];
      return parts.flatMap(({ name }) => [`${qualified(table)}.${name}`, `${table.schema}.${name}`]);
    }),
  ]);
}

/** Creates the test whether a statement names something that only the first of two sets has. */
export function namesOnly(one: Catalog, other: Catalog): (statement: string) => boolean {
  const [own, others] = [namesOf(one), namesOf(other)];
  return (statement) => {
    const names = [...statement.matchAll(/"([^"]+)"|[a-z_]+/g)].map(([plain, quoted]) => quoted ?? plain);
    const relations = names.flatMap((schema, index) => {
      const relation = `${schema}.${names[index + 1]}`;
      return own.has(relation) ? [relation] : [];
    });
    const named = [...names, ...relations, ...relations.flatMap((each) => names.map((name) => `${each}.${name}`))];
    return named.some((name) => own.has(name) && !others.has(name));
  };
}
