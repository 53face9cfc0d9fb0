import { dialectOf, join, lineTexts, type PlainLines, type PlainSql, textOf } from '@dms/sql';

/** A directive of the client: the line ends a batch and is never sent to the server (design 06 §2.3). */
export const batchSeparator = 'GO';

/** The end of an error message after which the client should repeat the same transaction: its data is valid. */
export const runAgain = 'Run the transaction again.';

/*
 * The frame around the batches of a script: one transaction, even if the client goes on after an error (design 06
 * §2.4). Most lines do not end with a semicolon, because lines that do are counted as statements (design 06 §8.3).
 */

const { sql, lines } = dialectOf.mssql;

const takenBack = sql`BEGIN ROLLBACK TRANSACTION; END`;

/**
 * Rolls everything back, raises an error and turns execution off until the end of the script. `raise` is a RAISERROR:
 * THROW would end the batch before the session is disarmed.
 */
export const disarming = (raise: PlainSql): PlainLines => lines`
  IF @@TRANCOUNT > 0 ${takenBack}
  ${raise};
  SET NOEXEC ON;`;

const stopped = disarming(sql`RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1)`);

/** The texts of the frame. */
export const mssqlFrame = {
  /**
   * The first batch. Clients differ in their options, but keys over computed columns need these, and triggers keep the
   * options under which they were created. Inside a transaction of the client, this transaction is nested, and `commit`
   * ends only the nested one.
   */
  opening: lineTexts(lines`
    SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER, XACT_ABORT ON;
    SET NUMERIC_ROUNDABORT OFF;
    BEGIN TRANSACTION`),
  /** Precedes every other batch, as a batch of its own: disarms the session if the preceding batch failed. */
  guard: textOf(sql`IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN ${join(stopped.lines, ' ')} END`),
  /** The end of the last batch with changes. */
  commit: 'COMMIT TRANSACTION',
  /** The batch after `commit`. If the commit batch was refused before it ran, its transaction is still open here. */
  closing: lineTexts(lines`
    IF @@ERROR <> 0 AND @@TRANCOUNT > 0 ${takenBack}
    SET NOEXEC OFF;`),
} as const;

const guardedSeparator = [batchSeparator, mssqlFrame.guard, batchSeparator].join('\n');

/** Renders the statements of one object as a part of the framed script, without the separators around them. */
export const framedPart = (statements: string): string =>
  guarded(
    statements
      .replace(new RegExp(`^(?:${batchSeparator}\\n)+`), '')
      .replace(new RegExp(`(?<=\\n)${batchSeparator}\\n+$`), ''),
  );

/** The statements in the form that they have within the frame: a guard follows each batch except the last. */
const guarded = (statements: string) =>
  statements.replaceAll(new RegExp(`^${batchSeparator}$`, 'gm'), guardedSeparator);

/** Puts the statements of a script into its frame. */
export function framed(statements: string): string {
  const { opening, commit, closing } = mssqlFrame;
  return `${opening.join('\n')}\n${guardedSeparator}\n\n${guarded(statements)}${commit}\n${batchSeparator}\n\n${closing.join('\n')}\n\n`;
}
