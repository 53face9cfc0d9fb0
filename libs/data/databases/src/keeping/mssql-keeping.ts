import { dialectRules, mssqlName } from '@dms/sql';
import type { GivenRights, KeepingDialect, SettingRule } from './keeping-dialect.ts';
import type { KeptObject, KeptPartName } from './kept.ts';
import { mssqlKept } from './mssql-kept.ts';

/* The statements of SQL Server that give objects back what they had. */

const { quote, stringLiteral } = dialectRules.mssql;

/** The object with its class, as statements about rights name it. */
const securable = ({ kind, schema, name }: Pick<KeptObject, 'kind' | 'schema' | 'name'>) =>
  kind === 'schema' ? `SCHEMA::${quote(schema)}` : `OBJECT::${mssqlName({ schema, name })}`;

const text = (value: unknown) => String(value);

const lineBreak = /[\r\n]/;

/**
 * An option takes one literal, of the letters of the database. The statement is sent, so `$(` stays in it; a line break
 * would not arrive unchanged.
 */
const optionLiteral = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** A text as an expression without line breaks, at which a script is split and which a backslash before them removes. */
function textExpression(value: string): string {
  if (!lineBreak.test(value)) return stringLiteral(value);
  const parts = value.split(/([\r\n])/).filter((piece) => piece !== '');
  const terms = parts.map((piece) => (lineBreak.test(piece) ? `NCHAR(${piece.charCodeAt(0)})` : stringLiteral(piece)));
  // a sum of short texts ends at 4,000 characters
  return ["CONVERT(nvarchar(max), N'')", ...terms].join(' + ');
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
const longest: Readonly<Record<string, string>> = {
  nvarchar: 'nvarchar(4000)',
  nchar: 'nvarchar(4000)',
  varchar: 'varchar(8000)',
  char: 'varchar(8000)',
  varbinary: 'varbinary(8000)',
  binary: 'varbinary(8000)',
};

/** The type of the value, and the style in which its text is read. */
function propertyType({ type, precision, scale }: Property): readonly [type: string, style: number] {
  if (type === 'decimal' || type === 'numeric') return [`${type}(${precision}, ${scale})`, 0];
  if (type === 'binary' || type === 'varbinary') return [longest[type] ?? type, 1];
  return [longest[type ?? ''] ?? type ?? '', 126];
}

function propertyOn(object: KeptObject, part: KeptPartName | null, value: unknown): string {
  const property = value as Property;
  const levels = [
    ['SCHEMA', object.schema],
    ...(object.kind === 'schema' ? [] : [[object.word, object.name]]),
    ...(part === null ? [] : [[part.kind.toUpperCase(), part.name]]),
  ];
  const place = levels.flatMap(([type = '', name = ''], level) => [
    `@level${level}type = ${stringLiteral(type)}`,
    `@level${level}name = ${stringLiteral(name)}`,
  ]);
  const [type, style] = propertyType(property);
  const converted = property.text === null ? 'NULL' : `CONVERT(${type}, ${textExpression(property.text)}, ${style})`;
  // the arguments of a procedure are constants or variables
  return `DECLARE @name sysname = ${textExpression(property.name)}, @value sql_variant = ${converted};
EXEC sys.sp_addextendedproperty @name = @name, @value = @value, ${place.join(', ')};`;
}

function classificationOn(object: KeptObject, column: string, value: unknown): string | null {
  const { RANK, ...texts } = value as Readonly<Record<string, string>>;
  const given = Object.entries(texts).filter(([, option]) => option !== '');
  if (given.some(([, option]) => lineBreak.test(option))) return null;
  const options = given.map(([word, option]) => `${word} = ${optionLiteral(option)}`);
  const rank = RANK === undefined || RANK === '' ? [] : [`RANK = ${RANK}`];
  return `ADD SENSITIVITY CLASSIFICATION TO ${mssqlName(object)}.${quote(column)} WITH (${[...options, ...rank].join(', ')});`;
}

const maskOn = (object: KeptObject, column: string, value: unknown): string | null =>
  lineBreak.test(text(value))
    ? null
    : alter(object, `ALTER COLUMN ${quote(column)} ADD MASKED WITH (FUNCTION = ${optionLiteral(text(value))})`);

const rule = (
  name: string,
  statement: SettingRule['statement'],
  more: Pick<SettingRule, 'remedy' | 'advice'> = {},
): SettingRule => ({
  statement,
  text: (value) => `${name}${typeof value === 'string' ? ` ${value}` : ''}`,
  ...more,
});

const ordered = (order: 'First' | 'Last') =>
  rule('the order', ({ schema }, part, value) =>
    (value as readonly string[])
      .map(
        (event) =>
          `EXEC sys.sp_settriggerorder @triggername = ${stringLiteral(mssqlName({ schema, name: part }))}, @order = '${order}', @stmttype = '${event}';`,
      )
      .join('\n'),
  );

/** The setting is refused where its text has a line break. */
const onOneLine = { advice: 'Remove the line break from it first' } as const;

const alter = (object: KeptObject, action: string) => `ALTER TABLE ${mssqlName(object)} ${action};`;

const moving = { remedy: 'Move the table to the default filegroup first' } as const;

/** By kind of part and word; a setting of a part has the kind before its word. */
const settings: Readonly<Record<string, SettingRule>> = {
  options: rule('the options', (object, _part, value) => alter(object, `REBUILD WITH (${text(value)})`)),
  'index options': rule(
    'the options',
    (object, part, value) => `ALTER INDEX ${quote(part)} ON ${mssqlName(object)} REBUILD WITH (${text(value)});`,
  ),
  'data space': rule('the filegroup', null, moving),
  'index data space': rule('the filegroup', null, moving),
  'lock escalation': rule('the lock escalation', (object, _part, value) =>
    alter(object, `SET (LOCK_ESCALATION = ${text(value)})`),
  ),
  'change tracking': rule('change tracking', (object, _part, value) =>
    alter(object, `ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = ${text(value)})`),
  ),
  'column mask': rule('the mask', maskOn, onOneLine),
  'column classification': rule('the classification', classificationOn, onOneLine),
  'trigger state': rule(
    'the state',
    (object, part) => `DISABLE TRIGGER ${mssqlName({ schema: object.schema, name: part })} ON ${mssqlName(object)};`,
  ),
  'trigger order first': ordered('First'),
  'trigger order last': ordered('Last'),
  property: rule('the extended property', (object, _part, value) => propertyOn(object, null, value)),
  ...Object.fromEntries(
    (['column', 'constraint', 'index', 'trigger'] as const).map((kind) => [
      `${kind} property`,
      rule('the extended property', (object, name, value) => propertyOn(object, { kind, name }, value)),
    ]),
  ),
};

const partsQuery = `SELECT t.[number] FROM OPENJSON(@p1) WITH ([number] int, [kind] nvarchar(12), [schema] nvarchar(128), [name] nvarchar(128), [part] nvarchar(128)) AS t
INNER JOIN sys.schemas AS s ON s.name COLLATE DATABASE_DEFAULT = t.[schema]
INNER JOIN sys.objects AS o ON o.schema_id = s.schema_id AND o.name COLLATE DATABASE_DEFAULT = t.[name]
WHERE t.[kind] = N'column' AND EXISTS (SELECT 1 FROM sys.columns AS c WHERE c.object_id = o.object_id AND c.name COLLATE DATABASE_DEFAULT = t.[part])
  OR t.[kind] = N'index' AND EXISTS (SELECT 1 FROM sys.indexes AS i WHERE i.object_id = o.object_id AND i.name COLLATE DATABASE_DEFAULT = t.[part])
  OR t.[kind] IN (N'constraint', N'trigger') AND EXISTS (SELECT 1 FROM sys.objects AS p WHERE p.parent_object_id = o.object_id AND p.name COLLATE DATABASE_DEFAULT = t.[part])`;

const verbs = { grant: 'GRANT', option: 'GRANT', deny: 'DENY', revoke: 'REVOKE' } as const;

export const mssqlKeeping: KeepingDialect = {
  reader: mssqlKept,
  partsQuery,
  before: null,
  settings,
  owner: (object, owner) =>
    `ALTER AUTHORIZATION ON ${securable(object)} TO ${owner === null ? 'SCHEMA OWNER' : quote(owner)};`,
  // a new object has no rights
  takes: () => [],
  gives(object, { grantor, grantee, way, privileges, column }: GivenRights, { role, mayBecome }) {
    const list = privileges.map((each) => (column === null ? each : `${each} (${quote(column)})`)).join(', ');
    const to = `${way === 'revoke' ? 'FROM' : 'TO'} ${quote(grantee ?? 'public')}`;
    const option = way === 'option' ? ' WITH GRANT OPTION' : '';
    const as = grantor !== role && mayBecome.has(grantor) ? ` AS ${quote(grantor)}` : '';
    return `${verbs[way]} ${list} ON ${securable(object)} ${to}${option}${as};`;
  },
  rightsOfOwner: () => [],
  tableTakesColumns: false,
  moveTakesRights: true,
  objectsFollowSchema: true,
  remedy: () => 'Run it as a member of db_owner',
};
