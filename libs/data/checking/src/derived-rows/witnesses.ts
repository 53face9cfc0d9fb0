import { version as uuidVersion, validate } from 'uuid';

/*
 * The law of repairs (design 09c §4). Two rows contradict each other: one was computed from the other, and either may
 * be the wrong one. Only a third row can decide. It is a *witness* if it was written independently: a value that was
 * computed from a row, such as the Uri from a code value in the same row, adds no evidence to that row. A row is
 * rewritten only if a witness has the values from which it is computed, and no witness has others.
 */

/** The evidence of the witnesses of a row about its values. */
export interface Testimony {
  /** A witness has the same values, or the other row has a value that it can never have been given. */
  readonly confirmed: boolean;
  /** A witness has other values. */
  readonly contradicted: boolean;
}

/** Whether a stored value follows from the rows; if it does not, whether witnesses show that these rows are right. */
export type Verdict = 'right' | 'repairable' | 'undecided';

export const isDecided = ({ confirmed, contradicted }: Testimony): boolean => confirmed && !contradicted;

export const verdictOf = (testimony: Testimony): Verdict => (isDecided(testimony) ? 'repairable' : 'undecided');

/** The combined evidence of several groups of witnesses. */
export const combinedTestimony = (testimonies: readonly Testimony[]): Testimony => ({
  confirmed: testimonies.some(({ confirmed }) => confirmed),
  contradicted: testimonies.some(({ contradicted }) => contradicted),
});

/** An example of a finding that no witness decides: the document, and the value of each of the two rows. */
export const bothValues = (document: string, one: string, other: string): string => `${document} (${one} or ${other})`;

/**
 * Whether the referential ids of a document confirm its values: one of the ids is right, or none can be the hash of
 * other values.
 *
 * @param expected `id resourceKeyId` of each id that follows from the values
 * @param stored `id resourceKeyId` of each stored id
 */
export function idsConfirm(expected: readonly string[], stored: readonly string[]): boolean {
  const ids = new Set(expected.map((entry) => entry.split(' ')[0]));
  return stored.some((entry) => ids.has(entry.split(' ')[0])) || !stored.some(isHash);
}

/** Whether a stored id, as `id resourceKeyId`, can belong to another identity: hashes of names have version 5. */
function isHash(entry: string): boolean {
  const [id = ''] = entry.split(' ');
  return validate(id) && uuidVersion(id) === 5;
}
