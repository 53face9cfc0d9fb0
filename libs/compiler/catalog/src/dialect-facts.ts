import type { SqlDialect } from '@dms/sql';
import type { Sequence } from './catalog.ts';

/** Puts unquoted names in lower case, as PostgreSQL stores them; upper-case keywords stay. */
function foldedNames(text: string): string {
  return text.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[A-Za-z_]\w*/g, (token) =>
    /^["']/.test(token) || token === token.toUpperCase() ? token : token.toLowerCase(),
  );
}

/** The types of core columns without a length. */
export type NamedType = 'id' | 'small' | 'uuid' | 'instant' | 'date' | 'bool' | 'json' | 'hash32';

/** The differences between the catalogs of the engines. */
export interface DialectFacts {
  readonly coreTypes: Readonly<Record<NamedType | 'text', string>>;
  readonly hasClusteredKeys: boolean;
  readonly currentTimeFunction: string;
  /** Types that the engine records in a different spelling than the script. */
  readonly recordedTypes: Readonly<Record<string, string>>;
  /** The bounds of a sequence that is created with only a start value. */
  readonly sequenceBounds: Pick<Sequence, 'min' | 'max'>;
  /**
   * Whether a generated column has the declared type and is always nullable; otherwise both follow from its expression.
   */
  readonly recordsGeneratedAsDeclared: boolean;
  /** Whether a collation decides which texts are equal, even if it is deterministic. */
  readonly collationsDecideEquality: boolean;
  /** The collation that compares texts by their bytes, if it must be named. */
  readonly binaryCollation: string | null;
  /** Whether the body of a trigger is in a separate function. */
  readonly hasTriggerFunctions: boolean;
  /** Whether a default is a named object. */
  readonly namesDefaults: boolean;
  /** The SELECTs of a view in the form that the engine stores (design 09a §1.5). */
  viewText(text: string): string;
}

export const dialectFacts: Readonly<Record<SqlDialect, DialectFacts>> = {
  pgsql: {
    coreTypes: {
      id: 'bigint',
      small: 'smallint',
      uuid: 'uuid',
      instant: 'timestamp with time zone',
      date: 'date',
      bool: 'boolean',
      json: 'jsonb',
      hash32: 'bytea',
      text: 'varchar',
    },
    hasClusteredKeys: false,
    currentTimeFunction: 'now',
    recordedTypes: {},
    sequenceBounds: { min: '1', max: '9223372036854775807' },
    recordsGeneratedAsDeclared: true,
    // PostgreSQL compares for equality by bytes, except in a collation that is not deterministic
    collationsDecideEquality: false,
    binaryCollation: null,
    hasTriggerFunctions: true,
    namesDefaults: false,
    viewText: foldedNames,
  },
  mssql: {
    coreTypes: {
      id: 'bigint',
      small: 'smallint',
      uuid: 'uniqueidentifier',
      instant: 'datetime2(7)',
      date: 'date',
      bool: 'bit',
      json: 'nvarchar(max)',
      hash32: 'binary(32)',
      text: 'nvarchar',
    },
    hasClusteredKeys: true,
    currentTimeFunction: 'sysutcdatetime',
    recordedTypes: { decimal: 'decimal(18,0)' },
    sequenceBounds: { min: '-9223372036854775808', max: '9223372036854775807' },
    recordsGeneratedAsDeclared: false,
    collationsDecideEquality: true,
    binaryCollation: 'Latin1_General_100_BIN2',
    hasTriggerFunctions: false,
    namesDefaults: true,
    viewText: (text) => text,
  },
};
