import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keywordsLeftOut } from '@dms/api-schema';
import { dialectRules, dialects, type EngineLimit, engineLimits, productNames, type SqlDialect } from '@dms/sql';
import { fenced, listed, table } from './markdown.ts';

/*
 * The tables of chapters that are generated from the code or from a run: the limits of the engines, and the contents of
 * the committed artifacts of `fixtures/mapping-sets`. `check-golden` compares these artifacts with those of a run.
 */

const golden = (set: 'dms' | 'dms-v2', file: string) =>
  readFileSync(fileURLToPath(new URL(`../../../golden/${set}/${file}`, import.meta.url)), 'utf8');

const limits: readonly EngineLimit[] = Object.values(engineLimits);

const shownNumber = (most: number | null) => (most === null ? '–' : most.toLocaleString('en-US'));

/** The limits of the engines, and how the product treats them (design 02 §19). */
function limitsTable(): string {
  const rows = limits.map(({ what, most, treatment, emits, check }) => [
    what,
    ...dialects.map((dialect) => shownNumber(most[dialect])),
    treatment,
    emits,
    check ?? '–',
  ]);
  return table(['what is counted', '`pgsql`', '`mssql`', 'treatment', '`emit`', 'static check'], rows);
}

/** The vendors' pages with these numbers. */
function limitSources(): string {
  const named = (dialect: SqlDialect) =>
    [...new Set(limits.flatMap(({ pages }) => pages[dialect] ?? []))].map((page) => `"${page}"`).join(', ');
  return `PostgreSQL documentation: ${named('pgsql')}. Microsoft documentation: ${named('mssql')}.`;
}

const created =
  /^\s*CREATE (?:OR REPLACE |OR ALTER )?(EXTENSION|SCHEMA|SEQUENCE|TYPE|TABLE|FUNCTION|TRIGGER|UNIQUE INDEX|INDEX|VIEW|ROLE)(?: IF NOT EXISTS)? (["[].*)/;

interface CreatedObject {
  readonly kind: string;
  /** The schema of the object, or of the table of an index or trigger. */
  readonly schema: string | undefined;
  readonly name: string;
}

const quoted = /^["[]([^"\]]+)["\]](?:\.["[]([^"\]]+)["\]])?/;

/** The objects that a script creates. A PostgreSQL trigger names its table in the next line. */
function createdObjects(script: string): CreatedObject[] {
  const lines = script.split('\n');
  return lines.flatMap((line, index) => {
    const [, kind = '', rest = ''] = created.exec(line) ?? [];
    const [, first = '', second] = quoted.exec(rest) ?? [];
    if (first === '') return [];
    const [, owner] = / ON ["[]([^"\]]+)["\]]\./.exec(`${rest} ${lines[index + 1] ?? ''}`) ?? [];
    return [{ kind: kind.replace('UNIQUE ', ''), schema: second === undefined ? owner : first, name: second ?? first }];
  });
}

const kindNames: Readonly<Record<string, string>> = {
  SEQUENCE: 'sequences',
  TYPE: 'table types',
  TABLE: 'tables',
  FUNCTION: 'functions',
  VIEW: 'views',
  INDEX: 'indexes',
  TRIGGER: 'triggers',
};

/** All objects of the schema `dms` of a set, by kind and dialect (design 06 §4, 16 §2). */
function coreObjects(set: 'dms' | 'dms-v2'): string {
  const objects = dialects.map((dialect) => createdObjects(golden(set, `${dialect}.sql`)));
  const rows = Object.entries(kindNames).flatMap(([kind, name]) => {
    const cells = objects.map((all) =>
      listed(
        all
          .filter((each) => each.kind === kind && each.schema === 'dms')
          .map((each) => each.name)
          .sort(),
      ),
    );
    return cells.every((cell) => cell === '') ? [] : [[name, ...cells]];
  });
  return table(['kind', ...dialects.map((dialect) => `\`${dialect}\``)], rows);
}

/** Patterns of the first line of a statement, by the kind of object that it creates. */
const statements: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['schemas', /^\s*(?:IF .* EXEC.*)?CREATE SCHEMA\b|EXEC\(?N'CREATE SCHEMA\b/],
  ['sequences', /^\s*CREATE SEQUENCE\b/],
  ['tables', /^\s*CREATE TABLE\b/],
  ['keys and checks that are added to a table', /ADD CONSTRAINT\b/],
  ['indexes', /^\s*CREATE (?:UNIQUE )?INDEX\b/],
  ['functions', /^\s*CREATE OR (?:REPLACE|ALTER) FUNCTION\b/],
  ['triggers', /^\s*CREATE OR (?:REPLACE|ALTER) TRIGGER\b/],
  ['views', /^\s*CREATE OR (?:REPLACE|ALTER) VIEW\b/],
];

/** The number of statements of each kind in the scripts of `fixtures/mapping-sets/dms` (design 06 §3). */
function statementsTable(): string {
  const scripts = dialects.map((dialect) => golden('dms', `${dialect}.sql`).split('\n'));
  const rows = statements.map(([what, pattern]) => [
    what,
    ...scripts.map((lines) => lines.filter((line) => pattern.test(line)).length),
  ]);
  return table(['in `fixtures/mapping-sets/dms`', ...dialects.map((dialect) => `\`${dialect}\``)], rows);
}

/** The schemas that every database of an engine has (design 03 §2.1). */
const engineSchemasTable = () =>
  table(
    ['engine', 'schemas'],
    dialects.map((dialect) => [productNames[dialect], listed(dialectRules[dialect].engineSchemas)]),
  );

/** The tables of chapters, by name. */
export const chapterTables = {
  'left-out keywords': () => `${listed([...keywordsLeftOut])}.`,
  'engine schemas': engineSchemasTable,
  limits: limitsTable,
  'limit sources': limitSources,
  'core objects': () => coreObjects('dms'),
  'core objects of v2': () => coreObjects('dms-v2'),
  statements: statementsTable,
  /** The manifest of the scripts of `fixtures/mapping-sets/dms` (design 06 §8). */
  'ddl manifest': () => fenced(golden('dms', 'ddl.manifest.json').trimEnd(), 'json'),
} as const;

/** The chapters with tables, and the tables that each must have. */
export const chaptersWithTables = {
  'docs/design/01-effective-schema.md': ['left-out keywords'],
  'docs/design/02-relational-model.md': ['limits', 'limit sources'],
  'docs/design/03-names-and-manifest.md': ['engine schemas'],
  'docs/design/06-core-ddl.md': ['statements', 'core objects', 'ddl manifest'],
  'docs/design/16-second-generation-ddl.md': ['core objects of v2'],
} as const;
