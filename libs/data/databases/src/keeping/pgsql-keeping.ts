import { dialectOf, empty, join, type PlainSql, type Sql, trusted } from '@dms/sql';
import { storedOptions } from '../introspection/pgsql-conditions.ts';
import { type GivenRights, type KeepingDialect, privilegeList, type SettingRule } from './keeping-dialect.ts';
import type { KeptDefinition, KeptObject, KeptRight, OwnPartKind } from './kept.ts';
import { pgsqlKept } from './pgsql-kept.ts';

/* The statements of PostgreSQL that give objects back what they had. */

const { sql, id, literal } = dialectOf.pgsql;

const nameOf = ({ kind, schema, name, signature }: KeptObject): PlainSql => {
  if (kind === 'schema') return id(schema);
  const place = sql`${{ schema, name }}`;
  return kind === 'function' ? sql`${place}(${trusted(signature)})` : place;
};

const roleOf = (grantee: string | null) => (grantee === null ? sql`PUBLIC` : id(grantee));

/** `ALTER TABLE` accepts sequences and views too; each kind has its own word, which people expect. */
const alter = (object: KeptObject, action: PlainSql) => sql`ALTER ${trusted(object.word)} ${nameOf(object)} ${action};`;

const alterColumn = (object: KeptObject, column: string, action: PlainSql) =>
  alter(object, sql`ALTER COLUMN ${id(column)} ${action}`);

const indexOf = ({ schema }: KeptObject, name: string) => sql`${{ schema, name }}`;

/** A word or an expression of the server. */
const text = (value: unknown) => trusted(String(value));

/** Settings of a table or one of its parts, with the words of a part in statements. */
const partWords: Readonly<Record<OwnPartKind, string>> = {
  column: 'COLUMN',
  constraint: 'CONSTRAINT',
  index: 'INDEX',
  trigger: 'TRIGGER',
};

const place = (object: KeptObject, kind: OwnPartKind | null, part: string) => {
  switch (kind) {
    case null:
      return sql`${trusted(object.word)} ${nameOf(object)}`;
    case 'column':
      return sql`COLUMN ${nameOf(object)}.${id(part)}`;
    case 'index':
      return sql`INDEX ${indexOf(object, part)}`;
    default:
      return sql`${trusted(partWords[kind])} ${id(part)} ON ${nameOf(object)}`;
  }
};

type SettingStatement = NonNullable<SettingRule['statement']>;

const rule = (name: string, statement: SettingStatement | null, remedy?: string): SettingRule => ({
  statement,
  text: (value) => `${name}${typeof value === 'string' ? ` ${value}` : ''}`,
  ...(remedy === undefined ? {} : { remedy }),
});

/** A part that others made is made by the server's own statements. */
const definition = (name: string) =>
  rule(name, (_object, _part, value) => join((value as KeptDefinition).statements.map(trusted), '\n'));

/** By kind of part and word; a setting of a part has the kind before its word. */
const settings: Readonly<Record<string, SettingRule>> = {
  persistence: rule('the persistence', (object, _part, value) => alter(object, sql`SET ${text(value)}`)),
  method: rule('the access method', (object, _part, value) =>
    alter(object, sql`SET ACCESS METHOD ${id(String(value))}`),
  ),
  tablespace: rule('the tablespace', (object, _part, value) => alter(object, sql`SET TABLESPACE ${id(String(value))}`)),
  options: rule('the options', (object, _part, value) =>
    alter(object, sql`SET (${storedOptions(value as readonly string[])})`),
  ),
  'toast options': rule('the options', (object, _part, value) =>
    alter(object, sql`SET (${storedOptions(value as readonly string[])})`),
  ),
  'column statistics': rule('the statistics target', (object, part, value) =>
    alterColumn(object, part, sql`SET STATISTICS ${literal(Number(value))}`),
  ),
  'column storage': rule('the storage', (object, part, value) =>
    alterColumn(object, part, sql`SET STORAGE ${text(value)}`),
  ),
  'column compression': rule('the compression', (object, part, value) =>
    alterColumn(object, part, sql`SET COMPRESSION ${text(value)}`),
  ),
  'column options': rule('the options', (object, part, value) =>
    alterColumn(object, part, sql`SET (${storedOptions(value as readonly string[])})`),
  ),
  'column default of view': rule('the default', (object, part, value) =>
    alterColumn(object, part, sql`SET DEFAULT ${text(value)}`),
  ),
  'index definition': definition('the index'),
  'statistics definition': definition('the statistics'),
  'index options': rule(
    'the options',
    (object, part, value) =>
      sql`ALTER INDEX ${indexOf(object, part)} SET (${storedOptions(value as readonly string[])});`,
  ),
  'index tablespace': rule(
    'the tablespace',
    (object, part, value) => sql`ALTER INDEX ${indexOf(object, part)} SET TABLESPACE ${id(String(value))};`,
  ),
  'index statistics': rule('the statistics targets', (object, part, value) =>
    join(
      (value as readonly (readonly [number, number])[]).map(
        ([number, target]) =>
          sql`ALTER INDEX ${indexOf(object, part)} ALTER COLUMN ${literal(number)} SET STATISTICS ${literal(target)};`,
      ),
      '\n',
    ),
  ),
  'index cluster': rule(
    'the mark of CLUSTER',
    (object, part) => alter(object, sql`CLUSTER ON ${id(part)}`),
    'Remove it with ALTER TABLE … SET WITHOUT CLUSTER',
  ),
  'replica identity': rule('the replica identity', (object, _part, value) =>
    alter(object, sql`REPLICA IDENTITY ${text(value)}`),
  ),
  'index replica identity': rule(
    'the replica identity',
    (object, part) => alter(object, sql`REPLICA IDENTITY USING INDEX ${id(part)}`),
    'Give the table another one first: ALTER TABLE … REPLICA IDENTITY DEFAULT, or FULL',
  ),
  'publication definition': definition('the publication'),
  'trigger definition': definition('the trigger'),
  'rule definition': definition('the rule'),
  'trigger state': rule('the state', (object, part, value) => alter(object, sql`${text(value)} TRIGGER ${id(part)}`)),
  'row security': rule('row security', (object, _part, value) => alter(object, sql`${text(value)} ROW LEVEL SECURITY`)),
  'forced row security': rule('row security', (object, _part, value) =>
    alter(object, sql`${text(value)} ROW LEVEL SECURITY`),
  ),
  inheritance: rule('the parent', null, 'Detach the table with ALTER TABLE … NO INHERIT'),
  type: rule('the type', null, 'Detach the table with ALTER TABLE … NOT OF'),
  extension: rule('the membership in the extension', null, 'Detach it with ALTER EXTENSION … DROP TABLE …'),
  comment: rule('the comment', (object, _part, value) => commentOn(object, null, '', value)),
  ...Object.fromEntries(
    (['column', 'constraint', 'index', 'trigger'] as const).map((kind) => [
      `${kind} comment`,
      rule('the comment', (object, part, value) => commentOn(object, kind, part, value)),
    ]),
  ),
  label: rule('the label', (object, _part, value) => labelOn(object, null, '', value)),
  'column label': rule('the label', (object, part, value) => labelOn(object, 'column', part, value)),
};

function commentOn(object: KeptObject, kind: OwnPartKind | null, part: string, value: unknown): PlainSql {
  return sql`COMMENT ON ${place(object, kind, part)} IS ${literal(String(value))};`;
}

function labelOn(object: KeptObject, kind: 'column' | null, part: string, value: unknown): PlainSql {
  const { provider, label } = value as { readonly provider: string; readonly label: string };
  return sql`SECURITY LABEL FOR ${id(provider)} ON ${place(object, kind, part)} IS ${literal(label)};`;
}

const ownWords: ReadonlySet<string> = new Set(['SCHEMA', 'SEQUENCE', 'FUNCTION']);

/** The word of an object in GRANT and REVOKE; a view is a table there. */
const grantedWord = ({ word }: KeptObject) => (ownWords.has(word) ? word : 'TABLE');

const partsQuery = (
  parts: Sql,
) => sql`SELECT t.number FROM pg_catalog.json_to_recordset(${parts}::json) AS t (number int, kind text, schema text, name text, part text)
JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
WHERE CASE t.kind
  WHEN 'column' THEN EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = t.part AND a.attnum > 0 AND NOT a.attisdropped)
  WHEN 'constraint' THEN EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.conname = t.part)
  WHEN 'index' THEN EXISTS (SELECT FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid AND i.relname = t.part)
  ELSE EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND g.tgname = t.part AND NOT g.tgisinternal) END`;

export const pgsqlKeeping: KeepingDialect = {
  reader: pgsqlKept,
  partsQuery,
  // a table with pending triggers cannot be altered
  before: sql`SET CONSTRAINTS ALL IMMEDIATE;`,
  settings,
  owner: (object, owner) => alter(object, sql`OWNER TO ${id(owner ?? '')}`),
  takes: (object, roles, column) =>
    roles.map(
      (role) =>
        sql`REVOKE ALL${column === null ? empty : sql` (${id(column)})`} ON ${trusted(grantedWord(object))} ${nameOf(object)} FROM ${roleOf(role)};`,
    ),
  gives(object, rights: GivenRights, { resume }) {
    const { grantor, grantee, way } = rights;
    const list = privilegeList(dialectOf.pgsql, rights);
    const option = way === 'option' && grantee !== object.owner ? sql` WITH GRANT OPTION` : empty;
    const grant = sql`GRANT ${list} ON ${trusted(grantedWord(object))} ${nameOf(object)} TO ${roleOf(grantee)}${option};`;
    // a right is given by the owner, unless another role gives it itself
    return grantor === object.owner ? grant : sql`SET LOCAL ROLE ${id(grantor)};\n${grant}\n${resume}`;
  },
  rightsOfOwner(object, { ownerRights }) {
    const { kind, owner } = object;
    if (owner === null) return [];
    const right = (privilege: string, grantee: string | null): KeptRight => ({
      grantor: owner,
      grantee,
      privilege,
      way: 'grant',
    });
    const own = (ownerRights.get(grantedWord(object)) ?? []).map((privilege) => right(privilege, owner));
    return kind === 'function' ? [right('EXECUTE', null), ...own] : own;
  },
  tableTakesColumns: true,
  moveTakesRights: false,
  objectsFollowSchema: false,
  replacesViews: false,
  remedy: (session, role) => `Run it as a superuser, or make ${session} a member of ${role}`,
};
