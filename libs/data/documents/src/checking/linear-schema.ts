import { shortened } from '@dms/diagnostics';
import { kindFormats } from '@dms/sql';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, jsonText } from '@dms/values';
import { type AST, RegExpParser } from '@eslint-community/regexpp';

const parser = new RegExpParser({ ecmaVersion: 2023 });

/**
 * Whether matching a pattern certainly takes time linear in the text: it matches only at the start of the text, and the
 * search backtracks over at most one choice. Patterns that are not of this simple form may still be linear.
 */
export function isLinearPattern(pattern: string): boolean {
  try {
    return parser.parsePattern(pattern, undefined, undefined, { unicode: true }).alternatives.every(isLinearSequence);
  } catch {
    // it may be valid without Unicode mode, or completely invalid
    return false;
  }
}

/**
 * Whether backtracking has at most one choice point: after `^`, each assertion has at most one choice, and so has the
 * rest.
 */
function isLinearSequence({ elements: [first, ...others] }: AST.Alternative): boolean {
  if (first?.type !== 'Assertion' || first.kind !== 'start') return false;
  const end = others.findIndex(({ type }) => type !== 'Assertion');
  const [assertions, rest] = end < 0 ? [others, []] : [others.slice(0, end), others.slice(end)];
  return assertions.every((assertion) => choices(assertion) <= 1) && sum(rest.map(choices)) <= 1;
}

/** A repetition with a fixed count is cheap up to this number. */
const littleRepetition = 100;

/** The number of choices in an element; infinite if a choice is repeated, or if a match is matched again. */
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

/** The number of choices in alternatives: which alternative matches, and how often repetitions match. */
const choicesOf = (alternatives: readonly AST.Alternative[]): number =>
  sum(alternatives.map(({ elements }) => sum(elements.map(choices)))) + alternatives.length - 1;

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

/** Formats that accept every text, that are for numbers, or that have a fixed length. */
export const plainFormats: ReadonlySet<string> = new Set([...kindFormats, 'uuid']);

/** The patterns that were analyzed, with whether they are linear. */
export type KnownPatterns = Map<string, boolean>;

export function isKnownLinear(pattern: string, patterns: KnownPatterns): boolean {
  const isLinear = patterns.get(pattern) ?? isLinearPattern(pattern);
  patterns.set(pattern, isLinear);
  return isLinear;
}

/**
 * The keywords of a schema whose check may take a time that is not linear in the document, each with its value. Without
 * any, the check needs no limit (design 14 §1.1); a schema with some may be linear too. Calls with the same `patterns`
 * analyze each pattern once.
 */
export const slowKeywords = (schema: JsonObject, patterns: KnownPatterns = new Map()): string[] =>
  [...schema].flatMap(([keyword, value]) => slowOf(keyword, value, patterns));

/**
 * Keywords whose check takes a time that is linear in the checked value, for every keyword value. Descriptions check
 * nothing.
 */
const plainKeywords = new Set(
  `type required dependentRequired minItems maxItems minProperties maxProperties minLength maxLength minimum maximum exclusiveMinimum
  exclusiveMaximum multipleOf enum const uniqueItems minContains maxContains title description default examples readOnly writeOnly
  deprecated $comment $schema $defs definitions`.split(/\s+/),
);

/** Keywords whose value is a schema. Each item, member or document is checked with it once. */
const oneSchema = new Set(
  'items additionalProperties propertyNames contains not if then else additionalItems'.split(' '),
);

/** Keywords whose value is a list of schemas. */
const listOfSchemas = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);

/** Keywords whose value has a schema for each name. */
const namedSchemas = new Set(['properties', 'dependentSchemas']);

/** The slow keywords in the value of one keyword. */
function slowOf(keyword: string, value: JsonValue, patterns: KnownPatterns): readonly string[] {
  if (plainKeywords.has(keyword)) return [];
  if (oneSchema.has(keyword)) return slowIn([value], patterns);
  if (listOfSchemas.has(keyword) && isJsonArray(value)) return slowIn(value, patterns);
  if (namedSchemas.has(keyword) && isJsonObject(value)) return slowIn(value.values(), patterns);
  if (keyword === 'patternProperties' && isJsonObject(value)) {
    const names = [...value.keys()].filter((pattern) => !isKnownLinear(pattern, patterns));
    return [...names.map((pattern) => `${keyword} ${JSON.stringify(pattern)}`), ...slowIn(value.values(), patterns)];
  }
  const isPlain =
    typeof value === 'string' &&
    ((keyword === 'pattern' && isKnownLinear(value, patterns)) || (keyword === 'format' && plainFormats.has(value)));
  return isPlain ? [] : [shownKeyword(keyword, value)];
}

const slowIn = (schemas: Iterable<JsonValue>, patterns: KnownPatterns): string[] =>
  [...schemas].flatMap((schema) => (isJsonObject(schema) ? slowKeywords(schema, patterns) : []));

const shownKeyword = (keyword: string, value: JsonValue) => `${keyword} ${shortened(jsonText(value))}`;
