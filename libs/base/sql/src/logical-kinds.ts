/** The limits of the values of a kind: only texts have a length, only decimals have digits. */
export interface TypeLimits {
  readonly maxLength: number | null;
  readonly decimal: { readonly precision: number; readonly scale: number } | null;
}

/** The maximum text length that each dialect can declare (design 02 §19). */
export const declaredLengths = { pgsql: 10_485_760, mssql: 4000 } as const;

/** The length of a text type that a dialect can declare; null for other types and for longer texts. */
export const declaredLength = (
  dialect: keyof typeof declaredLengths,
  { maxLength }: Pick<TypeLimits, 'maxLength'>,
): number | null => (maxLength !== null && maxLength <= declaredLengths[dialect] ? maxLength : null);

/** The size of a stored value. */
export interface StoredSize {
  /** The number of bytes that always stay inside the row. */
  readonly inRow: number;
  /** The maximum number of bytes, inside and outside the row. */
  readonly most: number;
  /** Whether the size is the same for all values. */
  readonly isFixed: boolean;
}

/** The properties of a kind in a dialect. */
interface KindInDialect {
  typeName(limits: TypeLimits): string;
  size(limits: TypeLimits): StoredSize;
  /** The text of a value in the name of an identity, independent of session settings (design 07 §9.2). */
  identityText(value: string, limits: TypeLimits): string;
}

/**
 * The conversion of values to another kind, which keeps every value: of the text of a value of a document, and of an
 * expression of each dialect (design 12 §3.2, 20 §2.2).
 */
export interface KindForm {
  document(text: string): string;
  pgsql(value: string, limits: TypeLimits): string;
  mssql(value: string, limits: TypeLimits): string;
}

/** The properties that distinguish a kind of logical type, from the schema to the script. */
export interface KindFacts {
  /** Its type in JSON. */
  readonly json: 'string' | 'number' | 'boolean';
  /**
   * The type and format of its JSON schema; without a format, also any format that is not listed (design 02 §7.3).
   * `notes` are formats that say nothing more about its values.
   */
  readonly schema: { readonly type: string; readonly format?: string; readonly notes?: readonly string[] };
  /** A value of the kind in words. */
  readonly words: string;
  /** The bits of a whole number; null for other values. Whole numbers of different widths are compared with each other. */
  readonly integerBits: number | null;
  /** The forms that each value has in other kinds; null where it is the same value. */
  readonly forms: Readonly<Record<string, KindForm | null>>;
  /** The number of characters of the longest value, as documents write it. */
  longestText(limits: TypeLimits): number;
  /** Its name in manifests (design 08 §11). */
  readonly manifestName: string;
  /** Its name in packs (`mapping-pack.proto`). */
  readonly packName: string;
  /** The name in plans for the form of its values in the text of an identity. */
  readonly textForm: 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'dateTime' | 'time';
  /** The type of a query parameter that is compared with it. */
  readonly queryType: string;
  /** The type of an ODS column with the same values; date-times have no time zone there. */
  readonly odsType:
    | 'string'
    | 'smallint'
    | 'int'
    | 'bigint'
    | 'decimal'
    | 'boolean'
    | 'date'
    | 'timestamp'
    | 'time'
    | 'uuid';
  readonly pgsql: KindInDialect;
  readonly mssql: KindInDialect & {
    /** An expression that reads a value so that the client keeps every digit; null if the client loses none anyway. */
    readonly clientText: ((value: string) => string) | null;
  };
}

const bytes = (count: number): StoredSize => ({ inRow: count, most: count, isFixed: true });

/** A type with one name, whose values always take the same number of bytes. */
const fixed = (name: string, count: number) => ({ typeName: () => name, size: () => bytes(count) });

/** A value that may be stored outside of its row, behind a pointer. */
const movable = (most: number, pointer: number): StoredSize => ({
  inRow: Math.min(most, pointer),
  most,
  isFixed: false,
});

/** The bytes of a pointer to a PostgreSQL value outside of its row (documentation, "TOAST"). */
const toastPointer = 18;

/**
 * The bytes that a SQL Server text leaves in its row if it does not fit (documentation, "Row-overflow considerations").
 */
const overflowPointer = 24;

/** The text of a PostgreSQL value by a cast of its type. */
export const castText = (value: string) => `${value}::pg_catalog.text`;

/**
 * In T-SQL, removes the trailing zeros of a text with a decimal point: zeros become blanks, the blanks on the right are
 * cut, and the others become zeros again.
 */
export function trimmedZeros(text: string): string {
  const zerosCut = `REPLACE(RTRIM(REPLACE(${text}, N'0', N' ')), N' ', N'0')`;
  return `REPLACE(RTRIM(REPLACE(${zerosCut}, N'.', N' ')), N' ', N'.')`;
}

const converted = (length: number, style: number) => (value: string) =>
  `CONVERT(nvarchar(${length}), ${value}, ${style})`;

const integerText = (value: string) => `CAST(${value} AS nvarchar(20))`;

/** Bytes of a decimal of SQL Server (documentation, "decimal and numeric"). */
function mssqlDecimalBytes({ decimal }: TypeLimits): number {
  const digits = decimal?.precision ?? 18;
  if (digits <= 9) return 5;
  if (digits <= 19) return 9;
  return digits <= 28 ? 13 : 17;
}

/** The characters of the longest whole number with so many bits, with its sign. */
export const integerLength = (bits: number): number => String(-(2n ** BigInt(bits - 1))).length;

/** A decimal has a sign, and a point with a zero before it. */
const decimalLength = ({ decimal }: TypeLimits): number =>
  decimal === null ? Number.POSITIVE_INFINITY : decimal.precision + 1 + (decimal.scale > 0 ? 2 : 0);

const unchanged = (text: string) => text;
const nvarchar = (value: string) => `CAST(${value} AS nvarchar(60))`;

/** The text of a value that both engines write as documents do. */
const plainForm: KindForm = {
  document: unchanged,
  pgsql: (value) => `${value}::text`,
  mssql: nvarchar,
};

/** All decimal places are written; the point is removed if no digit follows it. */
const decimalForm: KindForm = {
  document: unchanged,
  pgsql: (value, { decimal }) => `${decimal?.scale === 0 ? value : `trim_scale(${value})`}::text`,
  mssql: (value, { decimal }) => (decimal?.scale === 0 ? nvarchar(value) : trimmedZeros(nvarchar(value))),
};

const booleanForm: KindForm = {
  document: unchanged,
  pgsql: (value) => `${value}::text`,
  mssql: (value) => `CASE ${value} WHEN 1 THEN N'true' WHEN 0 THEN N'false' END`,
};

const dateForm: KindForm = {
  document: unchanged,
  // independent of the DateStyle of the session
  pgsql: (value) => `to_char(${value}, 'YYYY-MM-DD')`,
  // style 23: yyyy-mm-dd
  mssql: (value) => `CONVERT(nvarchar(10), ${value}, 23)`,
};

/** Documents have no time zone other than UTC. */
const startOfDay: KindForm = {
  document: (text) => `${text}T00:00:00Z`,
  pgsql: (value) => `(${value}::timestamp AT TIME ZONE 'UTC')`,
  mssql: (value) => `CAST(${value} AS datetime2(7))`,
};

/**
 * The kinds of logical column types. A row has all properties of a kind from the schema to the script; the treatment of
 * its values is in `libs/data/documents/src/values/value-kinds.ts`.
 */
export const kindFacts = {
  String: {
    json: 'string',
    schema: { type: 'string' },
    words: 'a string',
    integerBits: null,
    forms: {},
    longestText: ({ maxLength }) => maxLength ?? Number.POSITIVE_INFINITY,
    manifestName: 'string',
    packName: 'string',
    textForm: 'text',
    queryType: 'string',
    odsType: 'string',
    pgsql: {
      typeName: ({ maxLength }) => (maxLength === null ? 'varchar' : `varchar(${maxLength})`),
      // at most four bytes per character, and the length before them
      size: ({ maxLength }) => movable(maxLength === null ? Number.POSITIVE_INFINITY : 4 * maxLength + 4, toastPointer),
      identityText: (value) => value,
    },
    mssql: {
      typeName: (limits) => `nvarchar(${declaredLength('mssql', limits) ?? 'max'})`,
      size: (limits) => {
        const length = declaredLength('mssql', limits);
        const stored = movable(length === null ? Number.POSITIVE_INFINITY : 2 * length, overflowPointer);
        return { ...stored, inRow: stored.inRow + 2 };
      },
      identityText: (value) => value,
      clientText: null,
    },
  },
  Int32: {
    json: 'number',
    schema: { type: 'integer', notes: ['int32'] },
    words: 'an integer (int32)',
    integerBits: 32,
    forms: { Decimal: null, String: plainForm },
    longestText: () => integerLength(32),
    manifestName: 'int32',
    packName: 'int32',
    textForm: 'integer',
    queryType: 'number',
    odsType: 'int',
    pgsql: { ...fixed('integer', 4), identityText: castText },
    mssql: { ...fixed('int', 4), identityText: integerText, clientText: null },
  },
  Int64: {
    json: 'number',
    schema: { type: 'integer', format: 'int64' },
    words: 'an integer (int64)',
    integerBits: 64,
    forms: { Decimal: null, String: plainForm },
    longestText: () => integerLength(64),
    manifestName: 'int64',
    packName: 'int64',
    textForm: 'integer',
    queryType: 'number',
    odsType: 'bigint',
    pgsql: { ...fixed('bigint', 8), identityText: castText },
    mssql: {
      ...fixed('bigint', 8),
      identityText: integerText,
      clientText: (value) => `CONVERT(nvarchar(20), ${value})`,
    },
  },
  Decimal: {
    json: 'number',
    schema: { type: 'number', notes: ['float', 'double'] },
    words: 'a number',
    integerBits: null,
    forms: { String: decimalForm },
    longestText: decimalLength,
    manifestName: 'decimal',
    packName: 'decimal',
    textForm: 'decimal',
    queryType: 'number',
    odsType: 'decimal',
    pgsql: {
      typeName: ({ decimal }) => (decimal === null ? 'numeric' : `numeric(${decimal.precision},${decimal.scale})`),
      // two bytes for four digits, and up to eight more
      size: ({ decimal }) => movable(Math.ceil((decimal?.precision ?? 1000) / 4) * 2 + 8, toastPointer),
      identityText: (value, { decimal }) => castText(decimal?.scale === 0 ? value : `pg_catalog.trim_scale(${value})`),
    },
    mssql: {
      typeName: ({ decimal }) => (decimal === null ? 'decimal' : `decimal(${decimal.precision},${decimal.scale})`),
      size: (limits) => bytes(mssqlDecimalBytes(limits)),
      identityText: (value, { decimal }) => {
        const text = `CAST(${value} AS nvarchar(50))`;
        return decimal?.scale === 0 ? text : trimmedZeros(text);
      },
      clientText: (value) => `CONVERT(nvarchar(50), ${value})`,
    },
  },
  Boolean: {
    json: 'boolean',
    schema: { type: 'boolean' },
    words: 'a boolean',
    integerBits: null,
    forms: { String: booleanForm },
    longestText: () => 'false'.length,
    manifestName: 'boolean',
    packName: 'bool',
    textForm: 'boolean',
    queryType: 'boolean',
    odsType: 'boolean',
    pgsql: { ...fixed('boolean', 1), identityText: castText },
    mssql: {
      // eight flags share a byte
      ...fixed('bit', 1 / 8),
      identityText: (value) => `CASE WHEN ${value} = 1 THEN N'true' ELSE N'false' END`,
      clientText: null,
    },
  },
  Date: {
    json: 'string',
    schema: { type: 'string', format: 'date' },
    words: 'a date',
    integerBits: null,
    forms: { DateTime: startOfDay, String: dateForm },
    longestText: () => 'YYYY-MM-DD'.length,
    manifestName: 'date',
    packName: 'date',
    textForm: 'date',
    queryType: 'date',
    odsType: 'date',
    // the text of finite dates; a generation defines the text of infinite ones
    pgsql: { ...fixed('date', 4), identityText: (value) => `pg_catalog.to_char(${value}, 'YYYY-MM-DD')` },
    mssql: { ...fixed('date', 3), identityText: converted(10, 23), clientText: converted(10, 23) },
  },
  DateTime: {
    json: 'string',
    schema: { type: 'string', format: 'date-time' },
    words: 'a date-time',
    integerBits: null,
    forms: {},
    longestText: () => 'YYYY-MM-DDTHH:MM:SS.FFFFFFFZ'.length,
    manifestName: 'date_time',
    packName: 'datetime',
    textForm: 'dateTime',
    queryType: 'date-time',
    odsType: 'timestamp',
    pgsql: {
      ...fixed('timestamp with time zone', 8),
      identityText: (value) => `pg_catalog.to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
    },
    mssql: {
      ...fixed('datetime2(7)', 8),
      identityText: (value) => `${converted(19, 126)(value)} + N'Z'`,
      clientText: (value) => `${converted(27, 126)(value)} + N'Z'`,
    },
  },
  Time: {
    json: 'string',
    schema: { type: 'string', format: 'time' },
    words: 'a time',
    integerBits: null,
    forms: {},
    longestText: () => 'HH:MM:SS.FFFFFFF'.length,
    manifestName: 'time',
    packName: 'time',
    textForm: 'time',
    queryType: 'time',
    odsType: 'time',
    // without the fraction; the second generation keeps it
    pgsql: { ...fixed('time', 8), identityText: (value) => `pg_catalog.to_char(${value}, 'HH24:MI:SS')` },
    mssql: { ...fixed('time(7)', 5), identityText: converted(8, 108), clientText: converted(16, 121) },
  },
} as const satisfies Readonly<Record<string, KindFacts>>;

export type LogicalKind = keyof typeof kindFacts;

/** A logical column type, called scalar type in the relational model (design 02 §15). */
export interface LogicalType extends TypeLimits {
  readonly kind: LogicalKind;
}
