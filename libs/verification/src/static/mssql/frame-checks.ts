import type { Check } from './script-check.ts';
import { spelled } from './tsql-tokens.ts';

/** The session of the script: design 06 §2.4 writes these two lines, and every table and trigger relies on them. */
const sessionOptions = [
  'SET ANSI_NULLS , ANSI_PADDING , ANSI_WARNINGS , ARITHABORT , CONCAT_NULL_YIELDS_NULL , QUOTED_IDENTIFIER ON ;',
  'SET NUMERIC_ROUNDABORT OFF ;',
];

/** How a preflight ends (design 06 §2.4, 16 §5.1). */
const refusals = [
  "RAISERROR ( N'%s' , 16 , 1 , @preflight_message ) ; SET NOEXEC ON ; END END",
  "IF @refusal IS NOT NULL BEGIN RAISERROR ( N'%s' , 16 , 1 , @refusal ) ; SET NOEXEC ON ; END",
];

/**
 * The script begins with a batch of session options, has a preflight of its own that disarms the session after it raised, and
 * switches execution on again as its last statement. Nothing else is set outside of bodies (`forbiddenStatements`).
 */
export const frame: Check = ({ batches }) => {
  const [first, preflight] = batches.map(({ tokens }) => spelled(tokens));
  const last = spelled(batches.at(-1)?.tokens ?? []);
  const findings: string[] = [];
  if (first !== sessionOptions.join(' ')) findings.push(`the first batch is not that of the session options: ${first}`);
  if (!refusals.some((refusal) => preflight?.endsWith(refusal)))
    findings.push('the preflight does not end by raising the mismatch and disarming the session');
  if (!last.endsWith('; SET NOEXEC OFF ;') && !last.endsWith('END SET NOEXEC OFF ;'))
    findings.push('the script does not end by switching execution on');
  return findings;
};
