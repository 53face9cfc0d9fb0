import type { SqlDialect } from '@dms/sql';
import type { RelationalModelSet } from '../model.ts';

/** A model without its fingerprint: what a model file holds, so that it does not change when only the fingerprint does. */
export type ModelContent = Omit<RelationalModelSet, 'effectiveSchema'>;

/** How the models of one generation stand in a file (design 02 §15.1, 15 §11). */
export interface ModelFileFormat {
  /** The number in the file. */
  readonly format: number;
  /** The members of the file after the number, in their order. */
  write(content: ModelContent): Readonly<Record<string, unknown>>;
  /** Throws `MODEL_FILE_INVALID` for anything that is not a file of this format and dialect; `kind` names it in the message. */
  read(text: string, file: string, dialect: SqlDialect, kind: string): ModelContent;
}
