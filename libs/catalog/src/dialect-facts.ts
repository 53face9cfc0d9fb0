import type { SqlDialect } from '@dms/sql';
import type { Sequence } from './catalog.ts';

/** What a catalog of each engine holds differently. */
export interface DialectFacts {
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  /** PostgreSQL keeps the body of a trigger in a function. */
  readonly hasTriggerFunctions: boolean;
  readonly triggerLevel: 'ROW' | 'STATEMENT';
  readonly hasClusteredKeys: boolean;
  readonly currentTimeFunction: string;
  /** Types that the engine records in another spelling than that of the script. */
  readonly recordedTypes: Readonly<Record<string, string>>;
  /** The bounds of a sequence that says nothing but its start. */
  readonly sequenceBounds: Pick<Sequence, 'min' | 'max'>;
  /** Whether the engine records a generated column as nullable whatever it is made of. */
  readonly generatedIsAlwaysNullable: boolean;
  readonly uuidv5: {
    readonly arguments: string;
    readonly result: string;
    readonly language: string;
    readonly isStrict: boolean | null;
  };
}

export const dialectFacts: Readonly<Record<SqlDialect, DialectFacts>> = {
  pgsql: {
    extensions: [{ name: 'pgcrypto', schema: 'public' }],
    hasTriggerFunctions: true,
    triggerLevel: 'ROW',
    hasClusteredKeys: false,
    currentTimeFunction: 'now',
    recordedTypes: {},
    sequenceBounds: { min: '1', max: '9223372036854775807' },
    generatedIsAlwaysNullable: true,
    uuidv5: { arguments: 'namespace_uuid uuid, name_text text', result: 'uuid', language: 'plpgsql', isStrict: true },
  },
  mssql: {
    extensions: [],
    hasTriggerFunctions: false,
    triggerLevel: 'STATEMENT',
    hasClusteredKeys: true,
    currentTimeFunction: 'sysutcdatetime',
    recordedTypes: { decimal: 'decimal(18,0)' },
    sequenceBounds: { min: '-9223372036854775808', max: '9223372036854775807' },
    generatedIsAlwaysNullable: false,
    uuidv5: {
      arguments: '@namespace_uuid uniqueidentifier, @name_text nvarchar(max)',
      result: 'uniqueidentifier',
      language: 'tsql',
      isStrict: null,
    },
  },
};
