import { core } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';
import type { ScriptFinding } from './text-form.ts';

const document = qualifiedName(dialectRules.pgsql, core.document);
const id = dialectRules.pgsql.quote('DocumentId');

/** The statement that locks rows in the order of their documents. */
const orderedLock = new RegExp(`ORDER BY (?:\\w+\\.)?${id}\\s+FOR NO KEY UPDATE`);

/** A write of documents whose ids are in a list. */
const listedWrite = new RegExp(`UPDATE ${document}[^;]*?WHERE (?:\\w+\\.)?${id} = ANY \\([^;]*;`, 'g');

/**
 * S19: a function that writes several documents at once first locks them in the order of their ids (design 07 §9.1, 16
 * §6.2). Otherwise two writers of the same documents may deadlock, which tests with one session cannot show.
 */
export function unorderedLocks(
  functions: readonly { readonly name: string; readonly body: string }[],
): ScriptFinding[] {
  return functions.flatMap(({ name, body }): ScriptFinding[] => {
    const lock = body.search(orderedLock);
    const isUnlocked = [...body.matchAll(listedWrite)].some(({ index, 0: statement }) => {
      const isBefore = lock >= 0 && lock < index;
      return !isBefore && !orderedLock.test(statement);
    });
    if (!isUnlocked) return [];
    return [
      {
        id: 'S19',
        text: `the function ${name} writes several documents without locking them in the order of their ids`,
      },
    ];
  });
}
