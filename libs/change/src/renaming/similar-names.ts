import { nearNames } from '@dms/diagnostics';

/** Words that say what kind of thing a name stands for, or nothing. */
const emptyWords: ReadonlySet<string> = new Set(['a', 'an', 'of', 'the', 'id', 'descriptor', 'reference', 'ext']);

/** The words of a name: `birthCity` and `cityOfBirth` have the same. */
function wordsOf(name: string): ReadonlySet<string> {
  const words = name.replace(/([\p{Ll}\p{Nd}])(?=\p{Lu})/gu, '$1 ').split(/[^\p{L}\p{Nd}]+/u);
  return new Set(words.map((word) => word.toLowerCase()).filter((word) => word !== '' && !emptyWords.has(word)));
}

/** Whether two names may mean the same thing: they are spelled alike, or share at least half of their words. */
export function areSimilar(left: string, right: string): boolean {
  const [mine, theirs] = [wordsOf(left), wordsOf(right)];
  const common = [...mine].filter((word) => theirs.has(word)).length;
  if (common > 0 && common * 2 >= Math.max(mine.size, theirs.size)) return true;
  return nearNames([...mine].join(''), [[...theirs].join('')]).length > 0;
}
