import { DmsError } from '@dms/diagnostics';
import { type EmbeddedTarget, type ServerTarget, targetLabel } from '../target/target.ts';

/** Adds to a failure that the database which this run created still exists. */
export function withCreatedDatabase(error: unknown, target: ServerTarget | EmbeddedTarget): unknown {
  if (!(error instanceof DmsError)) return error;
  const [first, ...rest] = error.diagnostics;
  const note = `The database of ${targetLabel(target)} was created by this run and stays, empty.`;
  return new DmsError([
    { ...first, message: `${first.message} ${note}`, details: { ...first.details, created: true } },
    ...rest,
  ]);
}
