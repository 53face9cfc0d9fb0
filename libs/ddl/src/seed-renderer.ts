import type { EffectiveSchemaInfo } from '@dms/api-schema';
import type { SqlWriter } from '@dms/sql';

/** Renders the frame around the objects: the session settings and the seed segment (design 06 §2.4, §6). */
export interface SeedRenderer {
  /** The settings that a session needs for the script (design 06 §2.4). */
  sessionOptions(writer: SqlWriter): void;
  insertResourceKeys(writer: SqlWriter, info: Pick<EffectiveSchemaInfo, 'resourceKeys'>): void;
  validateResourceKeys(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  insertEffectiveSchema(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateEffectiveSchema(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  insertComponents(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateComponents(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  /** Closes the script: switches on again what the preflight may have switched off. */
  end(writer: SqlWriter): void;
}
