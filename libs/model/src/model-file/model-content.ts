import type { SqlDialect } from '@dms/sql';
import type { RelationalModelSet } from '../model.ts';

/** A model without its fingerprint: the contents of a model file, which does not change when only the fingerprint does. */
export type ModelContent = Omit<RelationalModelSet, 'effectiveSchema'>;

/** The file format of the models of one generation (design 02 §15.1, 15 §11). */
export interface ModelFileFormat {
  /** The format number in the file. */
  readonly format: number;
  /** The members of the file after the format number, in their order. */
  write(content: ModelContent): Readonly<Record<string, unknown>>;
  /** Throws `MODEL_FILE_INVALID` unless it is a file of this format and dialect; `kind` describes the file in messages. */
  read(text: string, file: string, dialect: SqlDialect, kind: string): ModelContent;
}
