import { dialects, type SqlDialect } from '@dms/sql';
import { artifactsOf, filesOfAllDialects, type StepName, vouchingFiles } from './step-table.ts';

/** What a run does with each file that its step may write, by name. */
export interface StepFiles {
  /** Files that are removed before the step works, and that it writes together. */
  readonly cleared: readonly string[];
  /** The files among them that vouch for the others. */
  readonly vouching: readonly string[];
  /** Files that others may need at the same time: a new file replaces the old one directly, so that none is ever missing. */
  readonly lasting: readonly string[];
  /** Files that are removed and not written. */
  readonly dropped: readonly string[];
}

/**
 * The files of a step, for a run that leaves the files of the `spared` dialects unchanged, even if a run for these works at the
 * same time (design 10 §6.3). Files of the set are the same for both runs, so they are kept. Files of all dialects of a run
 * would be incomplete after either run, so they are removed. A normalized schema has no dialect, and every run of its set needs
 * it.
 */
export function stepFiles(step: StepName, spared: readonly SqlDialect[]): StepFiles {
  const ofDialects = dialects.filter((dialect) => !spared.includes(dialect));
  const isShared = step === 'normalize-schema' || spared.length > 0;
  const ofAll = filesOfAllDialects([step]);
  const lasting = isShared ? artifactsOf(step, []).filter((name) => !ofAll.includes(name)) : [];
  const isCleared = (name: string) => !lasting.includes(name);
  return {
    cleared: artifactsOf(step, ofDialects).filter(isCleared),
    vouching: vouchingFiles([step]).filter(isCleared),
    lasting,
    dropped: spared.length > 0 ? ofAll : [],
  };
}
