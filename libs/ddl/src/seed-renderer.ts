import type { EffectiveSchemaInfo, EffectiveSchemaManifest } from '@dms/api-schema';
import type { SqlWriter } from '@dms/sql';

/** Renders the seed segment (design 06 §6). */
export interface SeedRenderer {
  insertResourceKeys(writer: SqlWriter, info: Pick<EffectiveSchemaManifest, 'resourceKeys'>): void;
  validateResourceKeys(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  insertEffectiveSchema(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateEffectiveSchema(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  insertComponents(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateComponents(writer: SqlWriter, info: EffectiveSchemaInfo): void;
}
