import { redactor } from '@dms/diagnostics';
import { type Connection, queueOfWork } from './connection.ts';

/* What is the same for clients that a program lends, whatever their package (design 09 §1.5.1). */

export const lentContext: Pick<Connection, 'label' | 'redact'> = {
  label: 'the connection of the program',
  redact: redactor([]),
};

/** The savepoint before work in a transaction of the program. */
export const lentSavepoint = 'dms_lent';

const turns = new WeakMap<object, ReturnType<typeof queueOfWork>>();

/** One piece of work of a client at a time. */
export function inTurn<Result>(client: object, work: () => Promise<Result>): Promise<Result> {
  const turn = turns.get(client) ?? queueOfWork();
  turns.set(client, turn);
  return turn(work);
}
