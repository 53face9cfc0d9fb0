import { expect, test } from 'vitest';
import { schemaTypes } from './schema-types.ts';

test('each property becomes a readonly member, optional unless it is required', () => {
  const schema = {
    version: 2,
    type: 'object',
    description: 'Writes the DDL of a mapping set.',
    properties: {
      dialect: { type: 'string', enum: ['pgsql', 'mssql'], description: 'The database to write for.' },
      source: { type: 'string', description: 'A path with a comment end */ in it.' },
      verbose: { type: 'boolean' },
      limit: { type: 'integer', description: 'At most this many rows are read.\nZero means no limit.' },
      scale: { type: 'number' },
      level: { enum: [1, 2] },
      files: { type: 'array', items: { type: 'string' } },
      names: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      'dialects-written': { type: 'array', items: { enum: ['pgsql', "it's"] } },
    },
    required: ['dialect', 'files'],
  };
  expect(schemaTypes('emit-ddl', schema)).toBe(`/** Writes the DDL of a mapping set. */
export interface EmitDdlOptions {
  /** The database to write for. */
  readonly dialect: 'pgsql' | 'mssql';
  /** A path with a comment end *\\/ in it. */
  readonly source?: string;
  readonly verbose?: boolean;
  /**
   * At most this many rows are read. Zero means no limit.
   */
  readonly limit?: number;
  readonly scale?: number;
  readonly level?: 1 | 2;
  readonly files: readonly string[];
  readonly names?: string | readonly string[];
  readonly 'dialects-written'?: readonly ('pgsql' | 'it\\'s')[];
}
`);
});

test('a long description is broken at the line width', () => {
  const description = 'word '.repeat(60).trim();
  const lines = schemaTypes('schema', { properties: { name: { type: 'string', description } } }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(128);
  expect(lines.join(' ').match(/\bword\b/g)).toHaveLength(60);
});

test('a schema without properties gives an empty interface', () => {
  expect(schemaTypes('init', {})).toContain('export interface InitOptions {\n}\n');
});

test('a type that has no counterpart is refused with its place', () => {
  expect(() => schemaTypes('init', { properties: { nested: { type: 'object' } } })).toThrow('init: /properties/nested');
  expect(() => schemaTypes('init', { properties: { list: { type: 'array' } } })).toThrow('init: /properties/list');
  const either = { oneOf: [{ type: 'string' }, { type: 'object' }] };
  expect(() => schemaTypes('init', { properties: { either } })).toThrow('init: /properties/either/oneOf/1');
});
