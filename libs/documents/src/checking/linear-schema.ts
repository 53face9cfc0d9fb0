import { isJsonObject, type JsonObject, type JsonValue } from '@dms/files';
import { type AST, RegExpParser } from '@eslint-community/regexpp';

const parser = new RegExpParser({ ecmaVersion: 2023 });

/** A repetition of a fixed number of times costs little up to this number. */
const littleRepetition = 100;

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

/** How many choices there are in alternatives: which of them, and how often something is repeated. */
const choicesOf = (alternatives: readonly AST.Alternative[]): number =>
  sum(alternatives.map(({ elements }) => sum(elements.map(choices)))) + alternatives.length - 1;

/**
 * How many choices an element has; infinitely many where a choice is repeated, or where what was matched is matched
 * again.
 */
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

/**
 * Whether backtracking has at most one choice point: after `^`, the assertions have at most one choice each, and so has
 * the rest.
 */
function isLinearSequence({ elements: [first, ...others] }: AST.Alternative): boolean {
  if (first?.type !== 'Assertion' || first.kind !== 'start') return false;
  const end = others.findIndex(({ type }) => type !== 'Assertion');
  const [assertions, rest] = end < 0 ? [others, []] : [others.slice(0, end), others.slice(end)];
  return assertions.every((assertion) => choices(assertion) <= 1) && sum(rest.map(choices)) <= 1;
}

/**
 * Whether a pattern is surely tried in a time that grows linearly with the text: it holds at the beginning of the text
 * only, and the search goes back over a single choice. Patterns that are not of this simple form may still be linear.
 */
export function isLinearPattern(pattern: string): boolean {
  try {
    return parser.parsePattern(pattern, undefined, undefined, { unicode: true }).alternatives.every(isLinearSequence);
  } catch {
    // it may be valid without Unicode mode, or not at all
    return false;
  }
}

/** Keywords whose check takes a time that does not depend on other values of the document. */
const plainKeywords = new Set(
  `type required minItems maxItems minProperties maxProperties minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum enum
  const title description`.split(/\s+/),
);

/** Formats that accept every text, or that are numbers. */
const plainFormats = new Set(['date', 'time', 'date-time', 'int32', 'int64', 'float', 'double']);

/** The patterns that were looked at, each with whether it is linear. */
export type KnownPatterns = Map<string, boolean>;

const isSchema = (value: JsonValue, patterns: KnownPatterns): boolean =>
  typeof value === 'boolean' || (isJsonObject(value) && isLinearSchema(value, patterns));

function isKnownLinear(pattern: string, patterns: KnownPatterns): boolean {
  const isLinear = patterns.get(pattern) ?? isLinearPattern(pattern);
  patterns.set(pattern, isLinear);
  return isLinear;
}

/** Whether the check of one keyword is linear. */
function isLinearKeyword(keyword: string, value: JsonValue, patterns: KnownPatterns): boolean {
  switch (keyword) {
    case 'properties':
      return isJsonObject(value) && [...value.values()].every((each) => isSchema(each, patterns));
    case 'items':
    case 'additionalProperties':
      return isSchema(value, patterns);
    case 'pattern':
      return typeof value === 'string' && isKnownLinear(value, patterns);
    case 'format':
      return typeof value === 'string' && plainFormats.has(value);
    case 'uniqueItems':
      return value === false;
    default:
      return plainKeywords.has(keyword);
  }
}

/**
 * Whether the check of a document surely takes a time that grows linearly with it, so that it needs no limit (design 14
 * §1.1). A schema with other keywords may be linear too. Patterns are looked at once for all calls with the same
 * `patterns`.
 */
export const isLinearSchema = (schema: JsonObject, patterns: KnownPatterns = new Map()): boolean =>
  [...schema].every(([keyword, value]) => isLinearKeyword(keyword, value, patterns));
