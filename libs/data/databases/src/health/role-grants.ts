import type { Catalog } from '@dms/catalog';
import { pgsqlBlock } from '@dms/ddl';
import { dialectOf, join, joined, type PlainSql, type QualifiedName, type SqlDialect, textOf, trusted } from '@dms/sql';
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
  /** The purpose of the statements, and notes for the person who runs them. */
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
  grants(needed: readonly NeededRights[], role: string): readonly PlainSql[];
  /** The rights on a reporting view. */
  reading(views: readonly QualifiedName[]): readonly NeededRights[];
  /** Notes for a role that provisions. */
  readonly provisioning: (catalog: Catalog) => readonly string[];
  /** Notes on when and where to run the statements for reporting views. */
  readonly reporting: readonly string[];
}

const { sql, lines, id, ids, literal } = dialectOf.pgsql;
const mssqlText = dialectOf.mssql;

/** Grants a right on every object that a query finds; its rows have one name each. */
function onFound(right: string, kind: 'DATABASE' | 'SCHEMA', found: PlainSql, role: string): PlainSql {
  const grant = literal(`GRANT ${right} ON ${kind} %I TO %I`);
  const grants = lines`
    FOR found IN ${found} LOOP
        EXECUTE pg_catalog.format(${grant}, found, ${literal(role)});
    END LOOP;`;
  return joined(pgsqlBlock(lines`found text;`, grants));
}

const onDatabase = (right: string, role: string) =>
  onFound(right, 'DATABASE', sql`SELECT pg_catalog.current_database()`, role);

/** The schema of an extension, which may be one of its own. */
const placeOf = (extension: string) => sql`SELECT n.nspname FROM pg_catalog.pg_extension x
            JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = ${literal(extension)}`;

/** Makes a role a member of the role that owns functions, if the server has that role (design 16 §2.6). */
const onRole = (name: string, role: string): PlainSql =>
  joined(
    pgsqlBlock(
      lines`options text := '';`,
      lines`
        IF pg_catalog.current_setting('server_version_num')::integer >= 160000 THEN
            options := ' WITH SET TRUE, INHERIT FALSE, ADMIN FALSE';
        END IF;
        IF EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname = ${literal(name)}) THEN
            EXECUTE pg_catalog.format('GRANT %I TO %I', ${literal(name)}, ${literal(role)}) || options;
        END IF;`,
    ),
  );

const rightList = (rights: readonly string[]) => join(rights.map(trusted));

/** The objects, one on each line. */
const objectList = (needed: readonly NeededRights[]) => {
  const names = needed.map(({ place, name }) => sql`${{ schema: place, name }}`);
  return sql`\n    ${join(names, ',\n    ')}\n`;
};

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
    const rights = rightList(first.rights);
    const to = sql`TO ${id(role)};`;
    switch (first.kind) {
      case 'DATABASE':
        return first.rights.map((ofDatabase) => onDatabase(ofDatabase, role));
      case 'EXTENSION':
        return needed.map(({ name }) => onFound('USAGE', 'SCHEMA', placeOf(name), role));
      case 'ROLE':
        return needed.map(({ name }) => onRole(name, role));
      case 'SCHEMA':
        return [sql`GRANT ${rights} ON SCHEMA ${ids(needed.map(({ place }) => place))} ${to}`];
      case 'TABLE':
        return [sql`GRANT ${rights} ON${objectList(needed)}${to}`];
      default:
        return [sql`GRANT ${rights} ON ${trusted(first.kind)}${objectList(needed)}${to}`];
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
      const { sql, id, literal } = mssqlText;
      const to = sql`TO ${id(role)};`;
      if (kind === 'DATABASE') return sql`GRANT ${rightList(rights)} ${to}`;
      const object = kind === 'SCHEMA' ? id(place) : sql`${{ schema: place, name }}`;
      const granted = sql`GRANT ${rightList(rights)} ON ${trusted(kind)}::${object} ${to}`;
      return isOptional
        ? sql`IF EXISTS (SELECT 1 FROM sys.schemas WHERE name = ${literal(place)}) ${granted}`
        : granted;
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
  return alike(needed.filter(({ isPublic }) => !isPublic)).flatMap((group) => grants(group, role).map(textOf));
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
