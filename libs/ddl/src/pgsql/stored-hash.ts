import { core } from '@dms/model';
import { indented } from '../statement-lines.ts';
import { literal, q, qualified } from './body-text.ts';

const table = qualified(core.effectiveSchema);

/**
 * Reads the hash of the database's schema set into `stored_hash`, and runs `statements` if the database has the table.
 */
export const readStoredHash = (statements: readonly string[]): string[] => [
  `IF pg_catalog.to_regclass(${literal(table)}) IS NOT NULL THEN`,
  ...indented([
    `SELECT ${q('EffectiveSchemaHash')} INTO stored_hash`,
    `FROM ${table}`,
    `WHERE ${q('EffectiveSchemaSingletonId')} = 1;`,
    ...statements,
  ]),
  'END IF;',
];
