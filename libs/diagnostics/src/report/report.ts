/* A report for people: what it says, however it is printed. */

/**
 * A text; a name, which is code in Markdown; a word that stands out; or a text of this program that has the marks of
 * Markdown already.
 */
export type Words = string | { readonly code: string } | { readonly strong: string } | { readonly marked: string };

/** Words one after the other. */
export type Sentence = Words | readonly Words[];

/** A line, and what stands below it. */
export interface ReportLine {
  readonly text: Sentence;
  readonly below?: readonly ReportLine[];
}

export interface ReportTable {
  readonly head: readonly string[];
  /** As many cells as the head has. */
  readonly rows: readonly (readonly Sentence[])[];
  /** The columns of numbers; none unless given. */
  readonly numbers?: readonly number[];
}

export type ReportPart =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: Sentence }
  | { readonly kind: 'paragraph'; readonly text: Sentence }
  | { readonly kind: 'lines'; readonly lines: readonly ReportLine[] }
  | { readonly kind: 'commands'; readonly commands: readonly string[] }
  | ({ readonly kind: 'table' } & ReportTable);

export type Report = readonly ReportPart[];

/** The first entries, and one for how many there are more. */
export const firstOf = <Entry, Shown>(
  entries: readonly Entry[],
  most: number,
  show: (entry: Entry) => Shown,
  rest: (count: number) => Shown,
): readonly Shown[] => [
  ...entries.slice(0, most).map(show),
  ...(entries.length > most ? [rest(entries.length - most)] : []),
];

/** Lines without anything below them. */
export const plainLines = (texts: readonly Sentence[]): readonly ReportLine[] => texts.map((text) => ({ text }));

const wordsOf = (sentence: Sentence): readonly Words[] =>
  typeof sentence === 'string' || !Array.isArray(sentence) ? [sentence as Words] : sentence;

/** Prints the words of a sentence one after the other. */
export const printedWords = (sentence: Sentence, print: (words: Words) => string): string =>
  wordsOf(sentence).map(print).join('');
