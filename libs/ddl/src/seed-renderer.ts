import type { EffectiveSchemaInfo } from '@dms/api-schema';
import type { SqlWriter } from '@dms/sql';

/** Renders what depends on the fingerprint only: the preflight and the seed segment (design 06 §6). */
export interface SeedRenderer {
  preflight(writer: SqlWriter, hash: string): void;
  insertResourceKeys(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateResourceKeys(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  insertEffectiveSchema(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateEffectiveSchema(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  insertComponents(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateComponents(writer: SqlWriter, info: EffectiveSchemaInfo): void;
}
