import { batchSeparator } from './batch.ts';

/*
 * What surrounds the batches of a script: one transaction, whatever the client does after an error (design 06 §2.4). Most lines do
 * not end with a semicolon, because those that do are counted as statements (design 06 §8.3).
 */

const takenBack = 'BEGIN ROLLBACK TRANSACTION; END';

/**
 * Takes everything back, raises an error and switches execution off until the end of the script. `raise` is a RAISERROR: THROW would
 * end the batch before the session is disarmed.
 */
export const disarming = (raise: string): readonly string[] => [
  `IF @@TRANCOUNT > 0 ${takenBack}`,
  `${raise};`,
  'SET NOEXEC ON;',
];

export const mssqlFrame = {
  /**
   * The first batch. Clients differ in their options, but keys over computed columns need these, and triggers keep those that they
   * were made with. In a transaction of the client this one is a level more, which `commit` takes away.
   */
  opening: [
    'SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER, XACT_ABORT ON;',
    'SET NUMERIC_ROUNDABORT OFF;',
    'BEGIN TRANSACTION',
  ],
  /** Stands before every other batch, as a batch of its own: disarms the session when the batch before it failed. */
  guard: `IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN ${disarming("RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1)").join(' ')} END`,
  /** The end of the last batch that changes something. */
  commit: 'COMMIT TRANSACTION',
  /** The batch behind it: where that one was refused before it ran, its transaction is still open. */
  closing: [`IF @@ERROR <> 0 AND @@TRANCOUNT > 0 ${takenBack}`, 'SET NOEXEC OFF;'],
} as const;

const guardedSeparator = [batchSeparator, mssqlFrame.guard, batchSeparator].join('\n');

/** The statements of a script within its frame. */
export function framed(statements: string): string {
  const { opening, commit, closing } = mssqlFrame;
  const guarded = statements.replaceAll(new RegExp(`^${batchSeparator}$`, 'gm'), guardedSeparator);
  return `${opening.join('\n')}\n${guardedSeparator}\n\n${guarded}${commit}\n${batchSeparator}\n\n${closing.join('\n')}\n\n`;
}
