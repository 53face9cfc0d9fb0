import { DmsError } from '@dms/diagnostics';
import { isCommitUnknown, withKept } from '../connection/early-end.ts';
import { type EmbeddedTarget, type ServerTarget, targetLabel } from '../target/target.ts';

/** Adds to a failure that the database which this run created still exists. */
export function withCreatedDatabase(error: unknown, target: ServerTarget | EmbeddedTarget): unknown {
  if (!(error instanceof DmsError)) return error;
  const [first, ...rest] = error.diagnostics;
  const note = `The database of ${targetLabel(target)} was created by this run and stays${isCommitUnknown(error) ? '' : ', empty'}.`;
  return withKept(new DmsError([{ ...first, details: { ...first.details, created: true } }, ...rest]), note);
}
