/** A word of the product with its meaning in the glossary of docs/architecture.md; a test compares the two. */
interface ExplainedWord {
  readonly word: string;
  /** How the word is written in sentences. */
  readonly forms: readonly string[];
  readonly meaning: string;
}

/** The words that a reader of the page may not know. */
export const glossary: readonly ExplainedWord[] = [
  {
    word: 'canonical column',
    forms: ['canonical column', 'canonical columns', 'canonical'],
    meaning: 'the column that stores a value shared by several paths',
  },
  {
    word: 'alias',
    forms: ['alias', 'aliases'],
    meaning: 'a column computed from a canonical column, for one of its paths',
  },
  {
    word: 'referential id',
    forms: ['referential id', 'referential ids', 'ReferentialId'],
    meaning: 'the hash of the identity of a document, by which others find it',
  },
  { word: 'stamp', forms: ['stamp', 'stamps'], meaning: 'to give a document a new ContentVersion' },
  {
    word: 'cascade',
    forms: ['cascade', 'cascades'],
    meaning: 'to carry a changed key into the rows that refer to it, by the foreign key itself',
  },
];

const meanings = new Map(
  glossary.flatMap(({ forms, meaning }) => forms.map((form) => [form.toLowerCase(), meaning] as const)),
);

// the longest forms first, so that "canonical column" is one word
const forms = [...meanings.keys()].sort((one, other) => other.length - one.length);

/** Splits a text into its explained words and the text between them. */
export const wordsToExplain = new RegExp(`\\b(${forms.join('|')})\\b`, 'iu');

/** The meaning of a word; undefined for words that need no explanation. */
export const explainedWord = (text: string): string | undefined => meanings.get(text.toLowerCase());
