import type { SqlDialect } from '@dms/sql';
import type { Inventory } from './inventory.ts';

/** The file format of the inventories of one generation (design 05 §8.1, 15 §11). */
export interface InventoryFileFormat {
  readonly format: number;
  /** The members of the file after the format number, in their order. */
  write(inventory: Inventory): Readonly<Record<string, unknown>>;
  /** Throws `MODEL_FILE_INVALID`; `kind` names the file in the message. */
  read(text: string, file: string, dialect: SqlDialect, kind: string): Inventory;
}
