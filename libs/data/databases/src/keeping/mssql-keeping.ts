import { dialectOf, empty, join, type PlainSql, type Sql, trusted } from '@dms/sql';
import { type GivenRights, type KeepingDialect, privilegeList, type SettingRule } from './keeping-dialect.ts';
import type { KeptObject, KeptPartName } from './kept.ts';
import { mssqlKept } from './mssql-kept.ts';

/* The statements of SQL Server that give objects back what they had. */

const { sql, id, literal, nameLiteral } = dialectOf.mssql;

/** The object with its class, as statements about rights name it. */
const securable = ({ kind, schema, name }: Pick<KeptObject, 'kind' | 'schema' | 'name'>) =>
  kind === 'schema' ? sql`SCHEMA::${id(schema)}` : sql`OBJECT::${{ schema, name }}`;

/** A word or an option of the server. */
const text = (value: unknown) => trusted(String(value));

const lineBreak = /[\r\n]/;

/**
 * An option takes one literal, of the letters of the database. The statement is sent, so `$(` stays in it; a line break
 * would not arrive unchanged.
 */
const optionLiteral = (value: string) => trusted(`'${value.replaceAll("'", "''")}'`);

/** A text as an expression without line breaks, at which a script is split and which a backslash before them removes. */
function textExpression(value: string): PlainSql {
  if (!lineBreak.test(value)) return literal(value);
  const parts = value.split(/([\r\n])/).filter((piece) => piece !== '');
  const terms = parts.map((piece) =>
    lineBreak.test(piece) ? sql`NCHAR(${literal(piece.charCodeAt(0))})` : literal(piece),
  );
  // a sum of short texts ends at 4,000 characters
  return join([sql`CONVERT(nvarchar(max), N'')`, ...terms], ' + ');
}

interface Property {
  readonly name: string;
  /** `varchar`; null without a value. */
  readonly type: string | null;
  readonly precision: number;
  readonly scale: number;
  readonly text: string | null;
}

/** The longest value of a property has 7,500 bytes. */
const longest: Readonly<Record<string, PlainSql>> = {
  nvarchar: sql`nvarchar(4000)`,
  nchar: sql`nvarchar(4000)`,
  varchar: sql`varchar(8000)`,
  char: sql`varchar(8000)`,
  varbinary: sql`varbinary(8000)`,
  binary: sql`varbinary(8000)`,
};

/** The type of the value, and the style in which its text is read. */
function propertyType({ type, precision, scale }: Property): readonly [type: PlainSql, style: number] {
  if (type === 'decimal' || type === 'numeric')
    return [sql`${trusted(type)}(${literal(precision)}, ${literal(scale)})`, 0];
  if (type === 'binary' || type === 'varbinary') return [longest[type] ?? trusted(type), 1];
  return [longest[type ?? ''] ?? trusted(type ?? ''), 126];
}

function propertyOn(object: KeptObject, part: KeptPartName | null, value: unknown): PlainSql {
  const property = value as Property;
  const levels = [
    ['SCHEMA', object.schema],
    ...(object.kind === 'schema' ? [] : [[object.word, object.name]]),
    ...(part === null ? [] : [[part.kind.toUpperCase(), part.name]]),
  ];
  const place = levels.flatMap(([type = '', name = ''], level) => [
    sql`@level${literal(level)}type = ${literal(type)}`,
    sql`@level${literal(level)}name = ${literal(name)}`,
  ]);
  const [type, style] = propertyType(property);
  const converted =
    property.text === null ? sql`NULL` : sql`CONVERT(${type}, ${textExpression(property.text)}, ${literal(style)})`;
  // the arguments of a procedure are constants or variables
  return sql`DECLARE @name sysname = ${textExpression(property.name)}, @value sql_variant = ${converted};
EXEC sys.sp_addextendedproperty @name = @name, @value = @value, ${join(place)};`;
}

function classificationOn(object: KeptObject, column: string, value: unknown): PlainSql | null {
  const { RANK, ...texts } = value as Readonly<Record<string, string>>;
  const given = Object.entries(texts).filter(([, option]) => option !== '');
  if (given.some(([, option]) => lineBreak.test(option))) return null;
  const options = given.map(([word, option]) => sql`${trusted(word)} = ${optionLiteral(option)}`);
  const rank = RANK === undefined || RANK === '' ? [] : [sql`RANK = ${trusted(RANK)}`];
  return sql`ADD SENSITIVITY CLASSIFICATION TO ${object}.${id(column)} WITH (${join([...options, ...rank])});`;
}

const maskOn = (object: KeptObject, column: string, value: unknown): PlainSql | null =>
  lineBreak.test(String(value))
    ? null
    : alter(object, sql`ALTER COLUMN ${id(column)} ADD MASKED WITH (FUNCTION = ${optionLiteral(String(value))})`);

const rule = (
  name: string,
  statement: SettingRule['statement'],
  more: Pick<SettingRule, 'remedy' | 'advice'> = {},
): SettingRule => ({
  statement,
  text: (value) => `${name}${typeof value === 'string' ? ` ${value}` : ''}`,
  ...more,
});

const ordered = (order: PlainSql) =>
  rule('the order', ({ schema }, part, value) =>
    join(
      (value as readonly string[]).map(
        (event) =>
          sql`EXEC sys.sp_settriggerorder @triggername = ${nameLiteral({ schema, name: part })}, @order = ${order}, @stmttype = ${optionLiteral(event)};`,
      ),
      '\n',
    ),
  );

/** The setting is refused where its text has a line break. */
const onOneLine = { advice: 'Remove the line break from it first' } as const;

const alter = (object: KeptObject, action: PlainSql) => sql`ALTER TABLE ${object} ${action};`;

const moving = { remedy: 'Move the table to the default filegroup first' } as const;

/** By kind of part and word; a setting of a part has the kind before its word. */
const settings: Readonly<Record<string, SettingRule>> = {
  options: rule('the options', (object, _part, value) => alter(object, sql`REBUILD WITH (${text(value)})`)),
  'index options': rule(
    'the options',
    (object, part, value) => sql`ALTER INDEX ${id(part)} ON ${object} REBUILD WITH (${text(value)});`,
  ),
  'data space': rule('the filegroup', null, moving),
  'index data space': rule('the filegroup', null, moving),
  'lock escalation': rule('the lock escalation', (object, _part, value) =>
    alter(object, sql`SET (LOCK_ESCALATION = ${text(value)})`),
  ),
  'change tracking': rule('change tracking', (object, _part, value) =>
    alter(object, sql`ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = ${text(value)})`),
  ),
  'column mask': rule('the mask', maskOn, onOneLine),
  'column classification': rule('the classification', classificationOn, onOneLine),
  'trigger state': rule(
    'the state',
    (object, part) => sql`DISABLE TRIGGER ${{ schema: object.schema, name: part }} ON ${object};`,
  ),
  'trigger order first': ordered(sql`'First'`),
  'trigger order last': ordered(sql`'Last'`),
  property: rule('the extended property', (object, _part, value) => propertyOn(object, null, value)),
  ...Object.fromEntries(
    (['column', 'constraint', 'index', 'trigger'] as const).map((kind) => [
      `${kind} property`,
      rule('the extended property', (object, name, value) => propertyOn(object, { kind, name }, value)),
    ]),
  ),
};

const partsQuery = (
  parts: Sql,
) => sql`SELECT t."number" FROM OPENJSON(${parts}) WITH ("number" int, "kind" nvarchar(12), "schema" nvarchar(128), "name" nvarchar(128), "part" nvarchar(128)) AS t
INNER JOIN sys.schemas AS s ON s.name COLLATE DATABASE_DEFAULT = t."schema"
INNER JOIN sys.objects AS o ON o.schema_id = s.schema_id AND o.name COLLATE DATABASE_DEFAULT = t."name"
WHERE t."kind" = N'column' AND EXISTS (SELECT 1 FROM sys.columns AS c WHERE c.object_id = o.object_id AND c.name COLLATE DATABASE_DEFAULT = t."part")
  OR t."kind" = N'index' AND EXISTS (SELECT 1 FROM sys.indexes AS i WHERE i.object_id = o.object_id AND i.name COLLATE DATABASE_DEFAULT = t."part")
  OR t."kind" IN (N'constraint', N'trigger') AND EXISTS (SELECT 1 FROM sys.objects AS p WHERE p.parent_object_id = o.object_id AND p.name COLLATE DATABASE_DEFAULT = t."part")`;

const verbs = { grant: 'GRANT', option: 'GRANT', deny: 'DENY', revoke: 'REVOKE' } as const;

export const mssqlKeeping: KeepingDialect = {
  reader: mssqlKept,
  partsQuery,
  before: null,
  settings,
  owner: (object, owner) =>
    sql`ALTER AUTHORIZATION ON ${securable(object)} TO ${owner === null ? sql`SCHEMA OWNER` : id(owner)};`,
  // a new object has no rights
  takes: () => [],
  gives(object, rights: GivenRights, { role, mayBecome }) {
    const { grantor, grantee, way } = rights;
    const list = privilegeList(dialectOf.mssql, rights);
    const to = sql`${way === 'revoke' ? sql`FROM` : sql`TO`} ${id(grantee ?? 'public')}`;
    const option = way === 'option' ? sql` WITH GRANT OPTION` : empty;
    const as = grantor !== role && mayBecome.has(grantor) ? sql` AS ${id(grantor)}` : empty;
    return sql`${trusted(verbs[way])} ${list} ON ${securable(object)} ${to}${option}${as};`;
  },
  rightsOfOwner: () => [],
  tableTakesColumns: false,
  moveTakesRights: true,
  objectsFollowSchema: true,
  replacesViews: true,
  remedy: () => 'Run it as a member of db_owner',
};
