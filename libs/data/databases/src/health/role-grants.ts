import type { Catalog } from '@dms/catalog';
import { dialectRules, dollarTag, type QualifiedName, qualifiedName, type SqlDialect } from '@dms/sql';
import { type NeededRights, neededRights } from './needed-rights.ts';

/*
 * Statements that grant a role the rights that it needs (design 09c §1.3). They follow from the desired catalog, so no
 * database is queried.
 */

/** The purposes of grants. Writing also needs the rights to read. */
const grantPurposes = ['read', 'write', 'report', 'provision', 'upgrade'] as const;
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
  /** The statements for rights of one kind, which are the same for each object. */
  grants(needed: readonly NeededRights[], role: string): readonly string[];
  /** The rights on a reporting view. */
  reading(views: readonly QualifiedName[]): readonly NeededRights[];
  /** Notes for a role that provisions. */
  readonly provisioning: (catalog: Catalog) => readonly string[];
  /** Notes on when and where to run the statements for reporting views. */
  readonly reporting: readonly string[];
}

const { quote, stringLiteral } = dialectRules.pgsql;
const { quote: quoteMssql, stringLiteral: textMssql } = dialectRules.mssql;

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

/** The schema of an extension, which may be one of its own. */
const placeOf = (extension: string) => `SELECT n.nspname FROM pg_catalog.pg_extension x
            JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = ${stringLiteral(extension)}`;

/** Makes a role a member of the role that owns functions, if the server has that role (design 16 §2.6). */
function onRole(name: string, role: string): string {
  const body = [
    'DECLARE',
    "    options text := '';",
    'BEGIN',
    "    IF pg_catalog.current_setting('server_version_num')::integer >= 160000 THEN",
    "        options := ' WITH SET TRUE, INHERIT FALSE, ADMIN FALSE';",
    '    END IF;',
    `    IF EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname = ${stringLiteral(name)}) THEN`,
    `        EXECUTE pg_catalog.format('GRANT %I TO %I', ${stringLiteral(name)}, ${stringLiteral(role)}) || options;`,
    '    END IF;',
    'END',
  ].join('\n');
  const tag = dollarTag(body);
  return `DO ${tag}\n${body}\n${tag};`;
}

const listed = (names: readonly string[]) => `\n    ${names.join(',\n    ')}\n`;

const pgsqlNames = (needed: readonly NeededRights[]) =>
  needed.map(({ place, name }) => qualifiedName(dialectRules.pgsql, { schema: place, name }));

const right = (
  kind: NeededRights['kind'],
  place: string,
  name: string,
  ...rights: readonly string[]
): NeededRights => ({
  kind,
  place,
  name,
  signature: '',
  rights,
});

const pgsql: GrantingDialect = {
  grants: (needed, role) => {
    const [first] = needed;
    if (first === undefined) return [];
    const rights = first.rights.join(', ');
    const to = `TO ${quote(role)};`;
    switch (first.kind) {
      case 'DATABASE':
        return first.rights.map((each) => onDatabase(each, role));
      case 'EXTENSION':
        return needed.map(({ name }) => onFound('USAGE', 'SCHEMA', placeOf(name), role));
      case 'ROLE':
        return needed.map(({ name }) => onRole(name, role));
      case 'SCHEMA':
        return [`GRANT ${rights} ON SCHEMA ${needed.map(({ place }) => quote(place)).join(', ')} ${to}`];
      case 'TABLE':
        return [`GRANT ${rights} ON${listed(pgsqlNames(needed))}${to}`];
      default:
        return [`GRANT ${rights} ON ${first.kind}${listed(pgsqlNames(needed))}${to}`];
    }
  },
  reading: (views) => [
    right('DATABASE', '', '', 'CONNECT'),
    ...[...new Set(views.map(({ schema }) => schema))].map((schema) => right('SCHEMA', schema, '', 'USAGE')),
    ...views.map(({ schema, name }) => right('TABLE', schema, name, 'SELECT')),
  ],
  provisioning: ({ roles }) => [
    'The role owns what it creates. In a database that another role has provisioned, it needs membership in that role.',
    ...roles.map(({ name }) => `It creates the role ${name} of the server, or needs CREATEROLE or membership in it.`),
  ],
  reporting: ['Run again after reporting apply; reporting apply --grant gives these rights each time.'],
};

const mssql: GrantingDialect = {
  grants: (needed, role) =>
    needed.map(({ kind, place, name, rights, isOptional }) => {
      const to = `TO ${quoteMssql(role)};`;
      if (kind === 'DATABASE') return `GRANT ${rights.join(', ')} ${to}`;
      const object = kind === 'SCHEMA' ? quoteMssql(place) : qualifiedName(dialectRules.mssql, { schema: place, name });
      const granted = `GRANT ${rights.join(', ')} ON ${kind}::${object} ${to}`;
      return isOptional ? `IF EXISTS (SELECT 1 FROM sys.schemas WHERE name = ${textMssql(place)}) ${granted}` : granted;
    }),
  reading: (views) => views.map(({ schema, name }) => right('OBJECT', schema, name, 'SELECT')),
  provisioning: () => [
    'The user owns the schemas that it creates. The rights on schemas are for those that another one has created.',
  ],
  reporting: [
    'Run in the database of the views. A reader also needs the rights to read documents in the other one, or ownership chaining.',
  ],
};

const dialects: Readonly<Record<SqlDialect, GrantingDialect>> = { pgsql, mssql };

/** Consecutive rights of one kind that are the same. */
function alike(needed: readonly NeededRights[]): readonly (readonly NeededRights[])[] {
  const groups = new Map<string, NeededRights[]>();
  for (const each of needed) {
    const key = JSON.stringify([each.kind, each.rights]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()];
}

function statementsFor(purpose: GrantPurpose, { catalog, views }: GrantedSet, role: string): readonly string[] {
  const { grants, reading } = dialects[catalog.dialect];
  const needed = purpose === 'report' ? (views.length === 0 ? [] : reading(views)) : neededRights(catalog, purpose);
  return alike(needed.filter(({ isPublic }) => !isPublic)).flatMap((group) => grants(group, role));
}

const titles: Readonly<Record<GrantPurpose, string>> = {
  read: 'To read documents',
  write: 'To write documents, besides the rights to read them',
  report: 'To read the reporting views',
  provision: 'To provision',
  upgrade: 'To upgrade',
};

/**
 * The grants that a role needs for one purpose, or for each. For `write`, the grants to read come first; for `upgrade`,
 * where they are the same as those to provision, there is one list for both. A set without a mapping of an ODS has no
 * grants to report.
 */
export function grantsOf(set: GrantedSet, role: string, purpose?: GrantPurpose): readonly Grants[] {
  const dialect = dialects[set.catalog.dialect];
  const notes: Partial<Record<GrantPurpose, readonly string[]>> = {
    report: dialect.reporting,
    provision: dialect.provisioning(set.catalog),
    upgrade: dialect.provisioning(set.catalog),
  };
  const statements = (each: GrantPurpose) => statementsFor(each, set, role);
  const isOneList = statements('provision').join('\n') === statements('upgrade').join('\n');
  const of = (each: GrantPurpose): Grants => {
    const title = isOneList && each === 'provision' ? `${titles.provision} and upgrade` : titles[each];
    return { purpose: each, says: [`${title}.`, ...(notes[each] ?? [])], statements: statements(each) };
  };
  const named = isOneList && purpose === 'upgrade' ? 'provision' : purpose;
  const asked: readonly GrantPurpose[] =
    named === undefined
      ? grantPurposes.filter((each) => each !== 'upgrade' || !isOneList)
      : named === 'write'
        ? ['read', 'write']
        : [named];
  return asked.map(of).filter((each) => each.statements.length > 0);
}

/** The same as a script: the lines of `says` are comments. */
export const grantsText = (grants: readonly Grants[]): string =>
  grants.map(({ says, statements }) => [...says.map((line) => `-- ${line}`), ...statements].join('\n')).join('\n\n');
