import type { EffectiveSchemaInfo } from '@dms/api-schema';
import type { SqlWriter } from '@dms/sql';

/** Renders what frames the objects: the session and the seed segment (design 06 §2.4, §6). */
export interface SeedRenderer {
  /** What a session must be like for the script (design 06 §2.4). */
  sessionOptions(writer: SqlWriter): void;
  insertResourceKeys(writer: SqlWriter, info: Pick<EffectiveSchemaInfo, 'resourceKeys'>): void;
  validateResourceKeys(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  insertEffectiveSchema(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateEffectiveSchema(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  insertComponents(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateComponents(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  /** Closes the script: what the preflight may have switched off. */
  end(writer: SqlWriter): void;
}
