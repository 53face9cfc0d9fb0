import { type Check, statementsOf } from './script-check.ts';
import type { ScriptTable } from './tsql-script.ts';
import { closing, isOperator, isWord, type Token, wordsAt } from './tsql-tokens.ts';

/* How bodies reach the rows of their work set (design 07 §8.2 rule 5). */

const leadingColumns = ({ constraints, indexes }: ScriptTable) =>
  new Set([
    ...constraints.filter(({ kind }) => kind === 'PRIMARY KEY' || kind === 'UNIQUE').map(({ columns }) => columns[0]),
    ...indexes.map(({ columns }) => columns[0]),
  ]);

/** A hint that forces a seek fails at run time where no index begins with the column; every join to a table by a loop has it. */
export const seeks: Check = ({ modules, tables }) =>
  modules.flatMap(({ name, body }) =>
    body.flatMap((token, index) => {
      if (isWord(token, 'FORCESEEK') && !isLoopJoin(body, index - 10)) return [`${name}: FORCESEEK outside a join by key`];
      if (!wordsAt(body, index, 'LOOP', 'JOIN')) return [];
      if (!isLoopJoin(body, index - 1)) return [`${name}: a join by key that does not force a seek`];
      // INNER LOOP JOIN [schema].[table] AS alias WITH (FORCESEEK) ON alias.[column] = …
      const table = `${body[index + 2]?.value}.${body[index + 4]?.value}`;
      const column = body[index + 14];
      const found = tables.get(table);
      if (!found || column?.kind !== 'name') return [`${name}: no join by key to ${table}`];
      return leadingColumns(found).has(column.value) ? [] : [`${name}: no index of ${table} begins with ${column.value}`];
    }),
  );

function isLoopJoin(body: readonly Token[], start: number): boolean {
  const alias = body[start + 7];
  return (
    wordsAt(body, start, 'INNER', 'LOOP', 'JOIN') &&
    isWord(body[start + 6], 'AS') &&
    isWord(body[start + 8], 'WITH') &&
    isOperator(body[start + 9], '(') &&
    isWord(body[start + 10], 'FORCESEEK') &&
    wordsAt(body, start + 12, 'ON') &&
    body[start + 13]?.value === alias?.value
  );
}

/** Table variables have a key; what a body writes to tables comes from one, whose rows stand first and so give the order of locks. */
export const workSets: Check = ({ modules }) =>
  modules.flatMap(({ name, kind, table, body }) => {
    if (kind !== 'TRIGGER' || table === 'dms.Document') return [];
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
      if (statement[from + 1]?.kind !== 'variable')
        findings.push(`${name}: ${statement[start]?.text} of rows that are not reached from a work set`);
    }
    return findings;
  });
