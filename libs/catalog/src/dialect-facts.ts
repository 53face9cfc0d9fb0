import type { SqlDialect } from '@dms/sql';
import type { Routine, Sequence } from './catalog.ts';

/** What a catalog of each engine holds differently. */
export interface DialectFacts {
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  readonly hasClusteredKeys: boolean;
  readonly currentTimeFunction: string;
  /** Types that the engine records in another spelling than that of the script. */
  readonly recordedTypes: Readonly<Record<string, string>>;
  /** The bounds of a sequence that says nothing but its start. */
  readonly sequenceBounds: Pick<Sequence, 'min' | 'max'>;
  /** Whether a generated column has the declared type and is nullable whatever it is made of; else both follow from its parts. */
  readonly recordsGeneratedAsDeclared: boolean;
  readonly uuidFunction: Pick<Routine, 'arguments' | 'result' | 'language' | 'volatility' | 'strict'>;
}

export const dialectFacts: Readonly<Record<SqlDialect, DialectFacts>> = {
  pgsql: {
    extensions: [{ name: 'pgcrypto', schema: 'public' }],
    hasClusteredKeys: false,
    currentTimeFunction: 'now',
    recordedTypes: {},
    sequenceBounds: { min: '1', max: '9223372036854775807' },
    recordsGeneratedAsDeclared: true,
    uuidFunction: {
      arguments: 'namespace_uuid uuid, name_text text',
      result: 'uuid',
      language: 'plpgsql',
      volatility: 'immutable',
      strict: true,
    },
  },
  mssql: {
    extensions: [],
    hasClusteredKeys: true,
    currentTimeFunction: 'sysutcdatetime',
    recordedTypes: { decimal: 'decimal(18,0)' },
    sequenceBounds: { min: '-9223372036854775808', max: '9223372036854775807' },
    recordsGeneratedAsDeclared: false,
    uuidFunction: {
      arguments: '@namespace_uuid uniqueidentifier, @name_text nvarchar(max)',
      result: 'uniqueidentifier',
      language: 'tsql',
      volatility: null,
      strict: null,
    },
  },
};
