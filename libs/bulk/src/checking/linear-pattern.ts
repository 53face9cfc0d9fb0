import { type AST, RegExpParser } from '@eslint-community/regexpp';

const parser = new RegExpParser({ ecmaVersion: 2023 });

/** A repetition of a fixed number of times costs little up to this number. */
const littleRepetition = 100;

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

/** How many choices there are in alternatives: which of them, and how often something is repeated. */
const choicesOf = (alternatives: readonly AST.Alternative[]): number =>
  sum(alternatives.map(({ elements }) => sum(elements.map(choices)))) + alternatives.length - 1;

/** How many choices an element has; infinitely many where a choice is repeated, or where what was matched is matched again. */
function choices(element: AST.Element): number {
  switch (element.type) {
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return 0;
    case 'Assertion':
      return 'alternatives' in element ? choicesOf(element.alternatives) : 0;
    case 'CapturingGroup':
    case 'Group':
      return choicesOf(element.alternatives);
    case 'Quantifier': {
      const { min, max, element: repeated } = element;
      if (!/^Character(?:Class|Set)?$/.test(repeated.type)) return Number.POSITIVE_INFINITY;
      return min === max && max <= littleRepetition ? 0 : 1;
    }
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** Whether an alternative begins with `^`, goes on with assertions that have at most one choice each, and then has at most one. */
function isLinearSequence({ elements: [first, ...others] }: AST.Alternative): boolean {
  if (first?.type !== 'Assertion' || first.kind !== 'start') return false;
  const end = others.findIndex(({ type }) => type !== 'Assertion');
  const [assertions, rest] = end < 0 ? [others, []] : [others.slice(0, end), others.slice(end)];
  return assertions.every((assertion) => choices(assertion) <= 1) && sum(rest.map(choices)) <= 1;
}

/**
 * Whether a pattern is surely tried in a time that grows linearly with the text: it holds at the beginning of the text only, and the
 * search goes back over a single choice. Patterns that are not of this simple form may still be linear.
 */
export function isLinearPattern(pattern: string): boolean {
  try {
    return parser.parsePattern(pattern, undefined, undefined, { unicode: true }).alternatives.every(isLinearSequence);
  } catch {
    // it may be valid without Unicode mode, or not at all
    return false;
  }
}
