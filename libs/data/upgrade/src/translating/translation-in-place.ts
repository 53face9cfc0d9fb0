import type { CompiledTranslation } from '@dms/translation';
import type { Rename } from '../renaming/renaming.ts';

/** The outcomes for a resource (design 12a §6). */
export const translatedAs = ['rewritten', 'moved', 'new', 'gone', 'untouched'] as const;

/** A resource of either set, with its outcome. */
export interface TranslatedResource {
  /** Its name in each set; null where the set lacks it. */
  readonly before: string | null;
  readonly after: string | null;
  readonly is: (typeof translatedAs)[number];
  /** The rules about it. */
  readonly rules: readonly string[];
}

/** The translation as an upgrade in place carries it out (design 12a §6). */
export interface UpgradeTranslation {
  readonly compiled: CompiledTranslation;
  /** The moves that only change names. */
  readonly renames: readonly Rename[];
  /**
   * The objects that rules drop, whose loss needs no permission: `Project:Resource`, `schema.table` and
   * `schema.table.column` of the earlier set.
   */
  readonly dropped: ReadonlySet<string>;
  /** Whether documents are read and written again. */
  readonly isRewriting: boolean;
  /** Resources of the earlier set whose documents are read and written again. */
  readonly rewritten: ReadonlySet<string>;
  /**
   * The later path of a part of the identity of an earlier resource; null if the later set has no place for its earlier
   * values, undefined if the path is not part of the identity.
   */
  laterPart(resource: string, path: string): string | null | undefined;
  /**
   * The later path of a part of an identity that goes to another place and keeps its values, so that columns with copies
   * of it stay as they are; undefined for any other path.
   */
  copiedPart(resource: string, path: string): string | undefined;
  /** Resources of the earlier set whose documents are rewritten or become others. */
  readonly read: ReadonlySet<string>;
  /** Resources of the later set whose documents are written. */
  readonly written: ReadonlySet<string>;
  /** Every resource of both sets. */
  readonly resources: readonly TranslatedResource[];
  /** The rules as a text, for the hash of a plan. */
  readonly text: string;
}
