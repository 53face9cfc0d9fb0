import { mustExist } from '@dms/model';
import { type Batch, isLockCall, isOperator, isWord, spelled, splitStatements, wordsAt } from '@dms/sql';
import { moduleOf, type Script, type ScriptCheck, valueAt } from './tsql-script.ts';

/*
 * Checks the statements of a script: its frame, the guards before creating statements, forbidden statements (S4), and
 * the bodies of triggers (S12). The frame (design 06 §2.4) is a single transaction, which a client that continues after
 * an error can neither leave nor complete.
 */

/** The first batch: every table and trigger relies on these options. */
const opening = [
  'SET ANSI_NULLS , ANSI_PADDING , ANSI_WARNINGS , ARITHABORT , CONCAT_NULL_YIELDS_NULL , QUOTED_IDENTIFIER , XACT_ABORT ON ;',
  'SET NUMERIC_ROUNDABORT OFF ;',
  'BEGIN TRANSACTION',
].join(' ');

const rollback = 'BEGIN ROLLBACK TRANSACTION ; END';

/** The end of a block that rolls everything back, raises and disarms the session, in this order. */
const disarming = (raised: string) => `IF @@TRANCOUNT > 0 ${rollback} RAISERROR ( ${raised} ) ; SET NOEXEC ON ; END`;

const guard = `IF @@ERROR <> 0 OR XACT_STATE ( ) <> 1 BEGIN ${disarming("N'The script stopped at an error. Nothing was changed.' , 16 , 1")}`;

/** The ends of a preflight (design 06 §6.1, 16 §5.1). */
const preflightEnds = [
  `${disarming("N'%s' , 16 , 1 , @preflight_message")} END`,
  `IF @refusal IS NOT NULL BEGIN ${disarming("N'%s' , 16 , 1 , @refusal")}`,
];

const commit = 'COMMIT TRANSACTION';

const closing = `IF @@ERROR <> 0 AND @@TRANCOUNT > 0 ${rollback} SET NOEXEC OFF ;`;

/** The preflight is the first batch after a guard. */
export const preflightPlace = 2;

/**
 * The script begins with its session options and its transaction. A guard precedes every other batch except the last.
 * The preflight disarms the session after it has raised an error. The last batch with changes commits, and then
 * execution is turned on again. There is no other transaction control (`forbiddenStatements`).
 */
export const frame: ScriptCheck = ({ batches }) => {
  const at = (index: number) => spelled(batches.at(index)?.tokens ?? []);
  const findings: string[] = [];
  if (at(0) !== opening)
    findings.push(`the first batch does not set the session options and begin the transaction: ${at(0)}`);
  if (!preflightEnds.some((end) => at(preflightPlace).endsWith(end)))
    findings.push('the preflight does not end by rolling back, raising the mismatch and disarming the session');
  for (const [index, batch] of batches.slice(1, -1).entries()) {
    const before = batches[index];
    if (!isGuard(batch) && before && !isGuard(before))
      findings.push(`line ${batch.firstLine}: no guard precedes the batch`);
  }
  if (!at(-2).endsWith(commit)) findings.push('the last batch with changes does not commit');
  if (at(-1) !== closing) findings.push('the script does not end by turning execution on');
  return findings;
};

const isGuard = ({ tokens }: Batch) =>
  isWord(tokens[0], 'IF') && tokens[1]?.text === '@@ERROR' && spelled(tokens) === guard;

/** Every creating statement has its guard directly before it (design 06 §3). */
export const guards: ScriptCheck = ({ batches, modules }) =>
  batches.flatMap((batch) => {
    if (modules.some((module) => module.batch === batch)) return [];
    const { tokens } = batch;
    const qualified = (index: number) => `${tokens[index]?.value}.${tokens[index + 2]?.value}`;
    const text = tokens.map((token) => token.text);
    const expectBefore = (index: number, guard: string): string[] => {
      const parts = guard.split(' ');
      const found = text.slice(Math.max(0, index - parts.length), index).join(' ');
      return found === guard ? [] : [`line ${tokens[index]?.line}: expected the guard ${guard}, found ${found}`];
    };
    return tokens.flatMap((_, index) => {
      if (wordsAt(tokens, index, 'EXEC') && isOperator(tokens[index + 1], '(')) {
        const schema = mustExist(/\[(.*)\]/.exec(valueAt(tokens, index + 2))?.[1], 'the name of a schema');
        const guard = `IF NOT EXISTS ( SELECT 1 FROM sys . schemas WHERE name = ${literal(schema.replaceAll(']]', ']'))} )`;
        return expectBefore(index, guard);
      }
      if (wordsAt(tokens, index, 'CREATE', 'TABLE'))
        return expectBefore(index, `IF OBJECT_ID ( ${literal(qualified(index + 2))} , N'U' ) IS NULL`);
      if (wordsAt(tokens, index, 'CREATE', 'SEQUENCE')) {
        const schema = valueAt(tokens, index + 2);
        const name = valueAt(tokens, index + 4);
        return expectBefore(
          index,
          `s . schema_id = q . schema_id WHERE s . name = ${literal(schema)} AND q . name = ${literal(name)} )`,
        );
      }
      if (wordsAt(tokens, index, 'ALTER', 'TABLE')) {
        const name = valueAt(tokens, index + 7);
        const kinds: Readonly<Record<string, string>> = {
          UNIQUE: 'key_constraints',
          CHECK: 'check_constraints',
          FOREIGN: 'foreign_keys',
        };
        const catalog = kinds[valueAt(tokens, index + 8)];
        const type = catalog === 'key_constraints' ? "AND type = 'UQ' " : '';
        return expectBefore(
          index,
          `IF NOT EXISTS ( SELECT 1 FROM sys . ${catalog} WHERE name = ${literal(name)} ${type}AND parent_object_id = OBJECT_ID ( ${literal(qualified(index + 2))} ) )`,
        );
      }
      const at = wordsAt(tokens, index, 'CREATE', 'UNIQUE', 'INDEX')
        ? index + 3
        : wordsAt(tokens, index, 'CREATE', 'INDEX')
          ? index + 2
          : 0;
      if (at === 0) return [];
      const name = valueAt(tokens, at);
      const schema = valueAt(tokens, at + 2);
      const table = valueAt(tokens, at + 4);
      return expectBefore(
        index,
        `WHERE s . name = ${literal(schema)} AND t . name = ${literal(table)} AND i . name = ${literal(name)} )`,
      );
    });
  });

const literal = (text: string) => `N'${text.replaceAll("'", "''")}'`;

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

export const forbiddenStatements: ScriptCheck = (script) =>
  script.batches.flatMap((batch) => {
    const { tokens } = batch;
    const module = moduleOf(script, batch);
    return tokens.flatMap((token, index) => {
      if (isOfFrame(script, batch, index)) return [];
      if (isWord(token, ...forbidden)) return [`line ${token.line}: ${token.text}`];
      if (forbiddenPairs.some((pair) => wordsAt(tokens, index, ...pair)))
        return [`line ${token.line}: ${token.text} ${tokens[index + 1]?.text}`];
      // `frame` checks these: session options, and execution off and on
      if (batch === script.batches[0] || wordsAt(tokens, index, 'SET', 'NOEXEC')) return [];
      if (!isWord(token, 'SET')) return [];
      // outside a body: only SET of a variable of the preflight is allowed
      if (!module) return tokens[index + 1]?.kind === 'variable' ? [] : [`line ${token.line}: SET outside of a body`];
      // inside a body: SET of an UPDATE, including columns with an alias, and SET NOCOUNT ON are allowed
      const isColumn = isOperator(tokens[index + 2], '.');
      if (tokens[index + 1]?.kind === 'word' && !isColumn && !wordsAt(tokens, index + 1, 'NOCOUNT', 'ON'))
        return [`line ${token.line}: SET ${tokens[index + 1]?.text}`];
      return [];
    });
  });

/** Whether the transaction control at `index` belongs to the frame, which `frame` checks. */
function isOfFrame(script: Script, batch: Batch, index: number): boolean {
  const { batches } = script;
  const { tokens } = batch;
  const isLastPair = index === tokens.length - 2;
  if (wordsAt(tokens, index, 'BEGIN', 'TRANSACTION')) return batch === batches[0] && isLastPair;
  if (wordsAt(tokens, index, 'COMMIT', 'TRANSACTION')) return batch === batches.at(-2) && isLastPair;
  return (
    wordsAt(tokens, index, 'ROLLBACK', 'TRANSACTION') &&
    isWord(tokens[index - 1], 'BEGIN') &&
    isOperator(tokens[index - 3], '>') &&
    tokens[index - 4]?.text === '@@TRANCOUNT' &&
    !moduleOf(script, batch)
  );
}

export const triggerBodies: ScriptCheck = ({ modules, tables }) =>
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
    for (const statement of splitStatements(body)) {
      const hasSequence = statement.some((_, index) => wordsAt(statement, index, 'NEXT', 'VALUE', 'FOR'));
      const setOperator = statement.find((token) => isWord(token, 'DISTINCT', 'UNION', 'EXCEPT', 'INTERSECT'));
      if (hasSequence && setOperator) findings.push(`${name}: NEXT VALUE FOR in a statement with ${setOperator.text}`);
    }
    return findings;
  });
