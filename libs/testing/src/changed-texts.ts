import type { Statement } from '@dms/databases';

/** The same statements with other texts around their parameters, as a server with a mistake would take them. */
export const changedTexts = (statements: readonly Statement[], change: (text: string) => string): Statement[] =>
  statements.map((each) => ({ ...each, pieces: each.pieces.map(change) as readonly string[] as Statement['pieces'] }));
