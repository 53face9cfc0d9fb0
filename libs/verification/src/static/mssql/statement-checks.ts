import { mustExist } from '@dms/model';
import { isLockCall, isOperator, isWord, wordsAt } from '@dms/sql';
import { isOfFrame } from './frame-checks.ts';
import { type Check, moduleOf, statementsOf } from './script-check.ts';

const forbidden = [
  'USE',
  'COMMIT',
  'ROLLBACK',
  'SAVE',
  'TRUNCATE',
  'GRANT',
  'REVOKE',
  'DENY',
  'BACKUP',
  'RESTORE',
  'RECONFIGURE',
];

const forbiddenPairs = [
  ['BEGIN', 'TRAN'],
  ['BEGIN', 'TRANSACTION'],
  ['ALTER', 'DATABASE'],
  ['CREATE', 'DATABASE'],
  ...['TABLE', 'SCHEMA', 'VIEW', 'FUNCTION', 'COLUMN', 'INDEX', 'CONSTRAINT', 'TRIGGER', 'DATABASE'].map((what) => [
    'DROP',
    what,
  ]),
];

export const forbiddenStatements: Check = (script) =>
  script.batches.flatMap((batch) => {
    const { tokens } = batch;
    const module = moduleOf(script, batch);
    return tokens.flatMap((token, index) => {
      if (isOfFrame(script, batch, index)) return [];
      if (isWord(token, ...forbidden)) return [`line ${token.line}: ${token.text}`];
      if (forbiddenPairs.some((pair) => wordsAt(tokens, index, ...pair)))
        return [`line ${token.line}: ${token.text} ${tokens[index + 1]?.text}`];
      // the frame of the script: session options, and execution off and on (`frame`)
      if (batch === script.batches[0] || wordsAt(tokens, index, 'SET', 'NOEXEC')) return [];
      if (!isWord(token, 'SET')) return [];
      // outside a body: a variable of the preflight
      if (!module) return tokens[index + 1]?.kind === 'variable' ? [] : [`line ${token.line}: SET outside of a body`];
      // inside a body: SET of an UPDATE, also of the columns of an alias, and SET NOCOUNT ON
      const isColumn = isOperator(tokens[index + 2], '.');
      if (tokens[index + 1]?.kind === 'word' && !isColumn && !wordsAt(tokens, index + 1, 'NOCOUNT', 'ON'))
        return [`line ${token.line}: SET ${tokens[index + 1]?.text}`];
      return [];
    });
  });

export const triggerBodies: Check = ({ modules, tables }) =>
  modules.flatMap((module) => {
    if (module.kind !== 'TRIGGER') return [];
    const { body, name } = module;
    const findings: string[] = [];
    if (!wordsAt(body, 0, 'BEGIN', 'SET', 'NOCOUNT', 'ON') || !isOperator(body[4], ';'))
      findings.push(`${name} does not start with SET NOCOUNT ON`);
    for (const [index, token] of body.entries())
      if (isWord(token, 'CURSOR', 'TRIGGER_NESTLEVEL', 'INSTEAD', 'EXEC', 'EXECUTE', 'TOP') && !isLockCall(body, index))
        findings.push(`${name}: ${token.text}`);
    const columns = tables.get(mustExist(module.table, `the table of ${name}`))?.columns ?? [];
    for (const [index, token] of body.entries()) {
      if (!isWord(token, 'UPDATE') || !isOperator(body[index + 1], '(')) continue;
      const column = columns.find((candidate) => candidate.name === body[index + 2]?.value);
      if (!column || column.computed) findings.push(`${name}: UPDATE(${body[index + 2]?.text}) needs a stored column`);
    }
    for (const statement of statementsOf(body)) {
      const hasSequence = statement.some((_, index) => wordsAt(statement, index, 'NEXT', 'VALUE', 'FOR'));
      const setOperator = statement.find((token) => isWord(token, 'DISTINCT', 'UNION', 'EXCEPT', 'INTERSECT'));
      if (hasSequence && setOperator) findings.push(`${name}: NEXT VALUE FOR in a statement with ${setOperator.text}`);
    }
    return findings;
  });
