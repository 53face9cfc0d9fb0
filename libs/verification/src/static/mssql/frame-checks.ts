import { type Batch, isOperator, isWord, spelled, wordsAt } from '@dms/sql';
import { type Check, moduleOf } from './script-check.ts';
import type { Script } from './tsql-script.ts';

/*
 * The frame of a script (design 06 §2.4): a single transaction, which a client that continues after an error can
 * neither leave nor complete.
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

/** How a preflight ends (design 06 §6.1, 16 §5.1). */
const refusals = [
  `${disarming("N'%s' , 16 , 1 , @preflight_message")} END`,
  `IF @refusal IS NOT NULL BEGIN ${disarming("N'%s' , 16 , 1 , @refusal")}`,
];

const commit = 'COMMIT TRANSACTION';
const closing = `IF @@ERROR <> 0 AND @@TRANCOUNT > 0 ${rollback} SET NOEXEC OFF ;`;

/** The preflight is the first batch after a guard. */
export const preflightPlace = 2;

const isGuard = ({ tokens }: Batch) =>
  isWord(tokens[0], 'IF') && tokens[1]?.text === '@@ERROR' && spelled(tokens) === guard;

/**
 * The script begins with its session options and its transaction. A guard precedes every other batch except the last.
 * The preflight disarms the session after it has raised an error. The last batch with changes commits, and then
 * execution is turned on again. There is no other transaction control (`forbiddenStatements`).
 */
export const frame: Check = ({ batches }) => {
  const at = (index: number) => spelled(batches.at(index)?.tokens ?? []);
  const findings: string[] = [];
  if (at(0) !== opening)
    findings.push(`the first batch does not set the session options and begin the transaction: ${at(0)}`);
  if (!refusals.some((refusal) => at(preflightPlace).endsWith(refusal)))
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

/**
 * Whether the transaction control at `index` belongs to the frame. `frame` checks that the frame is correct and
 * complete.
 */
export function isOfFrame(script: Script, batch: Batch, index: number): boolean {
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
