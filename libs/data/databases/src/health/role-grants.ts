import type { Catalog } from '@dms/catalog';
import { coreSchema } from '@dms/model';
import { dialectRules, dollarTag, type QualifiedName, qualifiedName, type SqlDialect } from '@dms/sql';
import { eventTable, notWritten, queueTable, trackedSchemas } from './written-tables.ts';

/*
 * Statements that grant a role the rights that it needs (design 09 §1.8.3). They follow from the desired catalog, so no
 * database is queried.
 */

/** The purposes of grants. Writing also needs the rights to read. */
const grantPurposes = ['read', 'write', 'report', 'provision'] as const;
export type GrantPurpose = (typeof grantPurposes)[number];

/** The statements for one purpose. */
export interface Grants {
  readonly purpose: GrantPurpose;
  /** The purpose of the statements, and notes for whoever runs them. */
  readonly says: readonly string[];
  readonly statements: readonly string[];
}

interface GrantedSet {
  readonly catalog: Catalog;
  /** The reporting views, where the set has a mapping of an ODS. */
  readonly views: readonly QualifiedName[];
}

interface GrantingDialect {
  connect(role: string): readonly string[];
  useSchemas(schemas: readonly string[], role: string): readonly string[];
  onTables(rights: readonly string[], tables: readonly QualifiedName[], role: string): readonly string[];
  useSequences(sequences: readonly QualifiedName[], role: string): readonly string[];
  /** The rights for hashing: on the functions of the set, and on the objects that they call. */
  hashing(functions: readonly QualifiedName[], role: string): readonly string[];
  create(role: string): readonly string[];
  /** Notes for a role that provisions. */
  readonly provisioning: (catalog: Catalog) => readonly string[];
  /** Notes on when and where to run the statements for reporting views. */
  readonly reporting: readonly string[];
}

const { quote, stringLiteral } = dialectRules.pgsql;
const { quote: quoteMssql } = dialectRules.mssql;

/** Grants a right on every object that a query finds; its rows have one name each. */
function onFound(right: string, kind: 'DATABASE' | 'SCHEMA', found: string, role: string): string {
  const body = [
    'DECLARE',
    '    found text;',
    'BEGIN',
    `    FOR found IN ${found} LOOP`,
    `        EXECUTE pg_catalog.format('GRANT ${right} ON ${kind} %I TO %I', found, ${stringLiteral(role)});`,
    '    END LOOP;',
    'END',
  ].join('\n');
  const tag = dollarTag(body);
  return `DO ${tag}\n${body}\n${tag};`;
}

const onDatabase = (right: string, role: string) =>
  onFound(right, 'DATABASE', 'SELECT pg_catalog.current_database()', role);

const placeOfHashing = `SELECT n.nspname FROM pg_catalog.pg_extension x
            JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'pgcrypto'`;

const listed = (names: readonly string[]) => `\n    ${names.join(',\n    ')}\n`;

const pgsql: GrantingDialect = {
  connect: (role) => [onDatabase('CONNECT', role)],
  useSchemas: (schemas, role) => [`GRANT USAGE ON SCHEMA ${schemas.map(quote).join(', ')} TO ${quote(role)};`],
  onTables: (rights, tables, role) => [
    `GRANT ${rights.join(', ')} ON${listed(tables.map((each) => qualifiedName(dialectRules.pgsql, each)))}TO ${quote(role)};`,
  ],
  useSequences: (sequences, role) => [
    `GRANT USAGE ON SEQUENCE${listed(sequences.map((each) => qualifiedName(dialectRules.pgsql, each)))}TO ${quote(role)};`,
  ],
  // referential ids are made with pgcrypto, which may be in a schema of its own
  hashing: (_, role) => [onFound('USAGE', 'SCHEMA', placeOfHashing, role)],
  create: (role) => [onDatabase('CREATE', role)],
  provisioning: ({ roles }) => [
    'The role owns what it creates. In a database that another role has provisioned, it needs membership in that role.',
    ...roles.map(({ name }) => `It creates the role ${name} of the server, or needs CREATEROLE or membership in it.`),
  ],
  reporting: ['Run again after reporting apply; reporting apply --grant gives these rights each time.'],
};

const mssql: GrantingDialect = {
  connect: () => [],
  useSchemas: () => [],
  onTables: (rights, tables, role) =>
    tables.map(
      (each) =>
        `GRANT ${rights.join(', ')} ON OBJECT::${qualifiedName(dialectRules.mssql, each)} TO ${quoteMssql(role)};`,
    ),
  useSequences: (sequences, role) => mssql.onTables(['UPDATE'], sequences, role),
  hashing: (functions, role) => mssql.onTables(['EXECUTE'], functions, role),
  create: (role) => [`GRANT ALTER TO ${quoteMssql(role)};`],
  provisioning: () => [],
  reporting: [
    'Run in the database of the views. A reader also needs the rights to read documents in the other one, or ownership chaining.',
  ],
};

const dialects: Readonly<Record<SqlDialect, GrantingDialect>> = { pgsql, mssql };

const needed = <Item>(items: readonly Item[], statements: (items: readonly Item[]) => readonly string[]) =>
  items.length === 0 ? [] : statements(items);

const readable = ({ tables, views }: Catalog): readonly QualifiedName[] =>
  [...tables, ...views].filter(({ schema, name }) => schema !== coreSchema || name !== queueTable);

const isAdded = ({ schema, name }: QualifiedName) =>
  schema.startsWith(trackedSchemas) || (schema === coreSchema && name === eventTable);

function statementsFor(purpose: GrantPurpose, { catalog, views }: GrantedSet, role: string): readonly string[] {
  const dialect = dialects[catalog.dialect];
  const { schemas, tables, sequences, functions } = catalog;
  const written = tables.filter(({ schema, name }) => schema !== coreSchema || !notWritten.includes(name));
  switch (purpose) {
    case 'read':
      return [
        ...dialect.connect(role),
        ...dialect.useSchemas(schemas, role),
        ...dialect.onTables(['SELECT'], readable(catalog), role),
      ];
    case 'write':
      return [
        ...needed(
          written.filter((each) => !isAdded(each)),
          (names) => dialect.onTables(['INSERT', 'UPDATE', 'DELETE'], names, role),
        ),
        ...needed(written.filter(isAdded), (names) => dialect.onTables(['INSERT'], names, role)),
        ...needed(sequences, (names) => dialect.useSequences(names, role)),
        ...dialect.hashing(functions, role),
      ];
    case 'report':
      return needed(views, (names) => [
        ...dialect.connect(role),
        ...dialect.useSchemas([...new Set(names.map(({ schema }) => schema))], role),
        ...dialect.onTables(['SELECT'], names, role),
      ]);
    case 'provision':
      return [...dialect.connect(role), ...dialect.create(role)];
  }
}

const titles: Readonly<Record<GrantPurpose, string>> = {
  read: 'To read documents',
  write: 'To write documents, besides the rights to read them',
  report: 'To read the reporting views',
  provision: 'To provision and upgrade',
};

/**
 * The grants that a role needs for one purpose, or for each. For `write`, the grants to read come first. A set without
 * a mapping of an ODS has no grants to report.
 */
export function grantsOf(set: GrantedSet, role: string, purpose?: GrantPurpose): readonly Grants[] {
  const dialect = dialects[set.catalog.dialect];
  const notes: Partial<Record<GrantPurpose, readonly string[]>> = {
    report: dialect.reporting,
    provision: dialect.provisioning(set.catalog),
  };
  const asked: readonly GrantPurpose[] =
    purpose === undefined ? grantPurposes : purpose === 'write' ? ['read', 'write'] : [purpose];
  return asked
    .map((each) => ({
      purpose: each,
      says: [`${titles[each]}.`, ...(notes[each] ?? [])],
      statements: statementsFor(each, set, role),
    }))
    .filter(({ statements }) => statements.length > 0);
}

/** The same as a script: the lines of `says` are comments. */
export const grantsText = (grants: readonly Grants[]): string =>
  grants.map(({ says, statements }) => [...says.map((line) => `-- ${line}`), ...statements].join('\n')).join('\n\n');
