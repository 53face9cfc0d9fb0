import { literalsOfPattern } from './fleet-format.ts';

const isOfLabel = (character: string | undefined) => character !== undefined && /^[A-Za-z0-9_.-]$/.test(character);

/** No position: the rest of a text does not match from here. */
const nowhere = -1;

/**
 * Where the value of a label ends, for each position where it may begin: as far as possible, before a position from
 * which the rest of the pattern matches; or nowhere.
 */
function endsOf(text: string, restMatches: (position: number) => boolean): number[] {
  const ends = new Array<number>(text.length + 1).fill(nowhere);
  let furthest = nowhere;
  for (let position = text.length - 1; position >= 0; position -= 1) {
    if (!isOfLabel(text[position])) {
      furthest = nowhere;
      continue;
    }
    if (furthest === nowhere && restMatches(position + 1)) furthest = position + 1;
    ends[position] = furthest;
  }
  return ends;
}

/**
 * The values of the labels of a pattern in the name of a variable, or null where it does not match (design 18 §1). Each
 * label takes as much as possible: `{district}_{year}` reads `NEW_YORK_2026` as the year 2026 of NEW_YORK. The time is
 * linear in the length of the name, however many labels there are: a regular expression would try every way to divide
 * it.
 */
export function variableMatcher(pattern: string): (variable: string) => readonly string[] | null {
  const [first = '', ...literals] = literalsOfPattern(pattern);
  const last = literals.at(-1) ?? '';
  return (variable) => {
    if (!variable.startsWith(first) || !variable.endsWith(last)) return null;
    /** Of each label, the last one first. */
    const ends: number[][] = [];
    for (const literal of literals.toReversed()) {
      const following = ends.at(-1);
      const restMatches = (position: number) =>
        following === undefined
          ? position + literal.length === variable.length && variable.startsWith(literal, position)
          : variable.startsWith(literal, position) && following[position + literal.length] !== nowhere;
      ends.push(endsOf(variable, restMatches));
    }
    const values: string[] = [];
    let position = first.length;
    for (const [index, ofLabel] of ends.toReversed().entries()) {
      const end = ofLabel[position] ?? nowhere;
      if (end === nowhere) return null;
      values.push(variable.slice(position, end));
      position = end + (literals[index] ?? '').length;
    }
    return values;
  };
}
