import { type Connection, copiedVersions, copyRecordText, isFailure, recordCopiedVersion } from '@dms/databases';
import { counted, type Diagnostic, diagnostic, fail } from '@dms/diagnostics';

/** The version of an ODS after which to read: `last` is the version that the target has recorded. */
export type Since = bigint | 'last';

/**
 * The version of an ODS up to which a target has its documents (design 19a §9). The first run of a copy records the
 * version at which it began, and all later runs keep it: changes during the copy come after it. Only an increment that
 * has written everything moves it.
 */
export class CopiedOds {
  /** The version after which the source is read; undefined for a whole copy. */
  readonly since: bigint | undefined;
  /** The recorded version of the first run if a whole copy continues; undefined otherwise. */
  readonly goesOnFrom: bigint | undefined;
  private readonly target: Connection;
  private readonly source: string;
  /** Undefined without a record. */
  private recorded: bigint | undefined;
  private isRecordable = true;

  private constructor(target: Connection, source: string, since: bigint | undefined, recorded: bigint | undefined) {
    this.target = target;
    this.source = source;
    this.since = since;
    this.recorded = recorded;
    this.goesOnFrom = since === undefined ? recorded : undefined;
  }

  /** Throws `ODS_VERSION_UNKNOWN`, `ODS_VERSION_SKIPPED` and `DB_*`, before anything is read. */
  static async open(target: Connection, source: string, since: Since | undefined): Promise<CopiedOds> {
    const versions = await copiedVersions(target);
    const recorded = versions.get(source);
    if (since === 'last' && recorded === undefined) {
      const others = [...versions].map(([name, version]) => `${name} up to ${version}`);
      const has = others.length === 0 ? '' : ` It has copies of ${others.join(', ')}.`;
      const text = `${target.label} has no record of a copy of ${source}, so --since last means nothing.${has} Load the whole ODS first, or name the version of the first run of the copy: --since <version>.`;
      return fail('ODS_VERSION_UNKNOWN', text, {}, { source, recorded: others });
    }
    const from = since === 'last' ? recorded : since;
    if (from !== undefined && recorded !== undefined && from > recorded) {
      const text = `${target.label} has what ${source} had at version ${recorded}, and --since ${from} leaves out what changed between the two. Use --since last.`;
      return fail('ODS_VERSION_SKIPPED', text, {}, { source, since: String(from), recorded: String(recorded) });
    }
    return new CopiedOds(target, source, from, recorded);
  }

  /**
   * Records the version before the first document is written. `version` is the last one of the source; null if it
   * counts none.
   */
  async begin(version: bigint | null): Promise<readonly Diagnostic[]> {
    if (version === null) return [];
    const start = this.since ?? version;
    // a source that was restored continues from a lower version
    const isKept = this.recorded !== undefined && (this.since !== undefined || this.recorded <= version);
    return isKept ? [] : this.record(start);
  }

  /**
   * Ends a run; `version` is the last one that was read. An increment that has written everything moves the record to
   * it.
   */
  async end(version: bigint | null, { isStopped, rejected }: CopyEnd): Promise<CopyVersion> {
    const since = this.since ?? null;
    if (version === null) return { since, kept: null, isRecorded: false };
    const isWhole = since !== null && !isStopped && rejected === 0;
    if (isWhole && this.isRecordable) await this.record(version);
    const kept = this.recorded ?? (isWhole ? version : (since ?? version));
    return { since, kept, isRecorded: this.recorded !== undefined };
  }

  private async record(version: bigint): Promise<readonly Diagnostic[]> {
    try {
      await recordCopiedVersion(this.target, this.source, version);
      this.recorded = version;
      return [];
    } catch (error) {
      if (!isFailure(error, 'DB_PERMISSION')) throw error;
      this.isRecordable = false;
      const statements = copyRecordText(this.target.dialect);
      const text = `${this.target.label} cannot record that this copy of ${this.source} goes on from version ${version}: ${error.diagnostics[0].message} Note the version of the first run, and give it to the next increment: --since ${version}. Or have an owner run this, and grant the role SELECT, INSERT and UPDATE there: ${statements}`;
      return [
        diagnostic('ODS_VERSION_NOT_RECORDED', text, {}, { source: this.source, version: String(version), statements }),
      ];
    }
  }
}

/** The name of an ODS in the records of a target: its label without the user, and the suffix of its schemas. */
export const sourceNameOf = ({ label }: Pick<Connection, 'label'>, schemaSuffix = ''): string => {
  const place = label.replace(/^([a-z]+:\/\/)[^/]*@/, '$1');
  return schemaSuffix === '' ? place : `${place} (schemas with ${schemaSuffix})`;
};

/** How a load from an ODS ended. */
interface CopyEnd {
  readonly isStopped: boolean;
  readonly rejected: number;
}

/** The versions of a load from an ODS. */
export interface CopyVersion {
  /** Version after which the ODS was read; null for a whole copy. */
  readonly since: bigint | null;
  /** Version from which the next increment continues; null for an ODS without change queries. */
  readonly kept: bigint | null;
  /** Whether the target has recorded `kept`. */
  readonly isRecorded: boolean;
}

/** The version from which the next increment continues, as a line of text. */
export function copyLines({ since, kept, isRecorded }: CopyVersion, { rejected, isStopped }: CopyEnd): string[] {
  if (kept === null) return [];
  const next = isRecorded ? '--since last' : `--since ${kept}`;
  const place = isRecorded ? ', recorded in the database' : '';
  const why =
    since === null || (rejected === 0 && !isStopped)
      ? ''
      : ` It stays until an increment loads everything${rejected === 0 ? '' : `; ${counted(rejected, 'record was', 'records were')} rejected`}.`;
  return [`Version of the copy: ${kept}${place}; ${next} loads what has changed after it.${why}`];
}
