import { core } from '@dms/model';
import type { RoutineDefinition } from './definition.ts';

/** The usual members of a function in a catalog. */
export const plainRoutine = { securityDefiner: false, settings: [], owner: null, publicExecute: true } as const;

/** The members of a PostgreSQL function that holds the body of a trigger. */
export const triggerRoutine = {
  ...plainRoutine,
  arguments: '',
  result: 'trigger',
  language: 'plpgsql',
  volatility: 'volatile',
  strict: false,
} as const;

export const pgsqlRoutine = (
  routine: Pick<RoutineDefinition, 'kind' | 'schema' | 'name' | 'arguments' | 'result'> &
    Partial<Pick<RoutineDefinition, 'volatility' | 'strict'>>,
): RoutineDefinition => ({ ...plainRoutine, language: 'plpgsql', volatility: 'volatile', strict: false, ...routine });

export const mssqlRoutine = (
  routine: Pick<RoutineDefinition, 'kind' | 'schema' | 'name' | 'arguments' | 'result'>,
): RoutineDefinition => ({ ...plainRoutine, language: 'tsql', volatility: null, strict: null, ...routine });

/** The function that computes referential ids (design 06 §5.1). */
export const pgsqlUuidRoutine = pgsqlRoutine({
  kind: 'uuidv5',
  ...core.uuidv5,
  arguments: 'namespace_uuid uuid, name_text text',
  result: 'uuid',
  volatility: 'immutable',
  strict: true,
});
export const mssqlUuidRoutine = mssqlRoutine({
  kind: 'uuidv5',
  ...core.uuidv5,
  arguments: '@namespace_uuid uniqueidentifier, @name_text nvarchar(max)',
  result: 'uniqueidentifier',
});

/** The extension whose hashes that function uses. */
export const uuidExtensions = [{ name: 'pgcrypto', schema: 'public' }] as const;
