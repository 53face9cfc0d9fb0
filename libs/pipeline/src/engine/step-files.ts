import { dialects, type SqlDialect } from '@dms/sql';
import { artifactsOf, filesOfAllDialects, type StepName, vouchingFiles } from './step-table.ts';

/** What a run does with each of the files that its step may write, by name. */
export interface StepFiles {
  /** Those that go before the step works, and that it writes together. */
  readonly cleared: readonly string[];
  /** Those among them that vouch for the others. */
  readonly vouching: readonly string[];
  /** Those that others may need at the same time: a new one takes the place of the old, and none is ever away. */
  readonly lasting: readonly string[];
  /** Those that go and are not written. */
  readonly dropped: readonly string[];
}

/**
 * The files of a step, for a run that leaves those of the `spared` dialects as they are, also when a run for these works at the
 * same time (design 10 §6.3). What is of the set is the same for both runs, and so it lasts; what is of all dialects of a run
 * would say half of the truth after either, so it goes. A normalized schema is of no dialect, and every run of its set needs it.
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
