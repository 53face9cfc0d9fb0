import { core, qualified } from '@dms/model';
import { closing, isOperator, isWord, type Token, wordsAt } from '@dms/sql';
import { type Check, statementsOf } from './script-check.ts';
import type { ScriptTable } from './tsql-script.ts';

/* How bodies reach the rows of their work set (design 07 §8.2 rule 5). */

const leadingColumns = ({ constraints, indexes }: ScriptTable) =>
  new Set([
    ...constraints.filter(({ kind }) => kind === 'PRIMARY KEY' || kind === 'UNIQUE').map(({ columns }) => columns[0]),
    ...indexes.map(({ columns }) => columns[0]),
  ]);

/**
 * A hint that forces a seek fails at run time where no index begins with the column; every join to a table by a loop
 * has it.
 */
export const forcedSeekCheck: Check = ({ modules, tables }) =>
  modules.flatMap(({ name, body }) =>
    body.flatMap((token, index) => {
      if (isWord(token, 'FORCESEEK') && !loopJoinAt(body, index - 10))
        return [`${name}: FORCESEEK outside a join by key`];
      if (!wordsAt(body, index, 'LOOP', 'JOIN')) return [];
      const join = loopJoinAt(body, index - 1);
      if (!join) return [`${name}: a join by key that does not force a seek`];
      const { table, column } = join;
      const found = tables.get(table);
      if (!found || column?.kind !== 'name') return [`${name}: no join by key to ${table}`];
      return leadingColumns(found).has(column.value)
        ? []
        : [`${name}: no index of ${table} begins with ${column.value}`];
    }),
  );

/**
 * `INNER LOOP JOIN [schema].[table] AS alias WITH (FORCESEEK) ON alias.[column] = …`; hints of locks may follow the
 * first.
 */
function loopJoinAt(
  body: readonly Token[],
  start: number,
): { readonly table: string; readonly column: Token | undefined } | undefined {
  const alias = body[start + 7];
  const isJoin =
    wordsAt(body, start, 'INNER', 'LOOP', 'JOIN') &&
    isWord(body[start + 6], 'AS') &&
    isWord(body[start + 8], 'WITH') &&
    isOperator(body[start + 9], '(') &&
    isWord(body[start + 10], 'FORCESEEK');
  if (!isJoin) return undefined;
  const end = closing(body, start + 9);
  if (!isWord(body[end + 1], 'ON') || body[end + 2]?.value !== alias?.value) return undefined;
  return { table: `${body[start + 3]?.value}.${body[start + 5]?.value}`, column: body[end + 4] };
}

/**
 * Table variables have a key. A body writes to tables from a table variable, which comes first in the join and so
 * decides the order of locks. Rows that the statement inserted may also come first if the others are joined by key:
 * they are already locked.
 */
export const workSets: Check = ({ modules }) =>
  modules.flatMap(({ name, kind, table, body }) => {
    if (kind !== 'TRIGGER' || table === qualified(core.document)) return [];
    const findings: string[] = [];
    for (const [index, token] of body.entries()) {
      if (!isWord(token, 'DECLARE') || !isWord(body[index + 2], 'TABLE')) continue;
      const definition = body.slice(index + 3, closing(body, index + 3));
      if (!definition.some((_, at) => wordsAt(definition, at, 'PRIMARY', 'KEY')))
        findings.push(`${name}: ${body[index + 1]?.text} has no key`);
    }
    for (const statement of statementsOf(body)) {
      // DELETE and UPDATE name an alias, which no other statement does
      const start = statement.findIndex(
        (token, at) =>
          isWord(token, 'UPDATE', 'DELETE') && statement[at + 1]?.kind === 'word' && !isWord(statement[at + 1], 'FROM'),
      );
      if (start < 0) continue;
      const from = statement.findIndex((token, at) => at > start && isWord(token, 'FROM'));
      const isOwnRows = isWord(statement[from + 1], 'INSERTED') && loopJoinAt(statement, from + 4) !== undefined;
      if (statement[from + 1]?.kind !== 'variable' && !isOwnRows)
        findings.push(`${name}: ${statement[start]?.text} of rows that are not reached from a work set`);
    }
    return findings;
  });
