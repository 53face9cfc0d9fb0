import { redactor } from '@dms/diagnostics';
import { type Connection, queueOfWork } from '../drivers/connection.ts';

/* Code that lent clients of all packages share (design 09 §1.5.1). */

export const lentContext: Pick<Connection, 'label' | 'redact'> = {
  label: 'the connection of the program',
  redact: redactor([]),
};

/** The savepoint before work in a transaction of the program. */
export const lentSavepoint = 'dms_lent';

const turns = new WeakMap<object, ReturnType<typeof queueOfWork>>();

/** Runs the work of a client one piece at a time. */
export function inTurn<Result>(client: object, work: () => Promise<Result>): Promise<Result> {
  const turn = turns.get(client) ?? queueOfWork();
  turns.set(client, turn);
  return turn(work);
}
