import { type Context, createContext, Script } from 'node:vm';
import type { DocumentSchemas } from '@dms/api-schema';
import { type Diagnostic, diagnostic, fail, mostShown } from '@dms/diagnostics';
import { isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue, jsonText } from '@dms/files';
import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { elementPlace, memberPlace } from './checked-document.ts';

/** The result of a piece of work, or that it took too long. */
type Limited<Result> = { readonly isDone: true; readonly result: Result } | { readonly isDone: false };

const call = new Script('work()');

let context: Context | undefined;

/** The error comes from the other context, so it is not an instance of this one's `Error`. */
const isTimeout = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * Runs synchronous work and ends it after some milliseconds, even in the middle of a regular expression: the patterns
 * of a schema are not trusted, and some of them never end. A call costs about 50 µs.
 */
function withinTime<Result>(milliseconds: number, work: () => Result): Limited<Result> {
  let made: { readonly result: Result } | undefined;
  context ??= createContext({});
  context.work = () => {
    made = { result: work() };
  };
  try {
    call.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    if (isTimeout(error)) return { isDone: false };
    throw error;
  } finally {
    context.work = undefined;
  }
  if (!made) throw new Error('work that ended has no result');
  return { isDone: true, result: made.result };
}

/** A document with its place in the input. */
interface PlacedDocument {
  readonly document: JsonValue;
  readonly file: string;
  readonly line: number;
}

/** Checks documents with the schemas that an API would use (design 14 §1.1). */
export interface SchemaCheck {
  /** Compiles the schemas of a resource. Throws `DOCUMENT_SCHEMA_INVALID`. */
  prepare(resource: string): void;
  /** Whether a check takes a time that is linear in the document, so that documents need not be checked together. */
  isLinear(resource: string): boolean;
  /** The values in each document that the schemas of the resource refuse: `DOCUMENT_SCHEMA_VIOLATED`. */
  diagnosticsOf(resource: string, documents: readonly PlacedDocument[]): readonly (readonly Diagnostic[])[];
}

interface CheckLimits {
  /** Milliseconds for one document; 1,000 by default. */
  readonly document?: number | undefined;
  /** Milliseconds for all documents of a call, before each one is checked separately; 5,000 by default. */
  readonly batch?: number | undefined;
  /** The most diagnostics that are reported of one document; 100 by default. */
  readonly mostListed?: number | undefined;
}

/** The compiled schemas of a resource. */
interface Validators {
  readonly all: readonly ValidateFunction[];
  /** No check takes long, so none needs a limit. */
  readonly isLinear: boolean;
}

/** Formats of values that the model checks by its own rules. */
const checkedByModel = { date: true, time: true, 'date-time': true } as const;

/** A pattern as schemas mean it. A pattern that is invalid in Unicode mode may be valid without it. */
const regularExpression = Object.assign(
  (pattern: string, flags: string): RegExp => {
    try {
      return new RegExp(pattern, flags);
    } catch {
      return new RegExp(pattern);
    }
  },
  { code: 'regularExpression' },
);

/** The value in the form that the library takes. Null counts as absent, as in the check against the model. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.lexeme);
  if (isJsonArray(value)) return value.map(plain);
  if (!isJsonObject(value)) return value;
  const members: Record<string, unknown> = {};
  for (const [name, member] of value) {
    if (member === null) continue;
    // an assignment would change the prototype
    if (name === '__proto__') Object.defineProperty(members, name, { value: plain(member), enumerable: true });
    else members[name] = plain(member);
  }
  return members;
}

/** A value, shortened for a message. */
function shown(value: JsonValue | undefined): string {
  if (isJsonArray(value as JsonValue)) return 'an array';
  if (isJsonObject(value)) return 'an object';
  const text = value === undefined ? 'nothing' : jsonText(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** The place and the value that a JSON pointer leads to. */
function found(
  document: JsonValue,
  pointer: string,
): { readonly place: string; readonly value: JsonValue | undefined } {
  let place = '$';
  let value: JsonValue | undefined = document;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (value !== undefined && isJsonArray(value)) {
      place = elementPlace(place, Number(name));
      value = value[Number(name)];
    } else {
      place = memberPlace(place, name);
      value = isJsonObject(value) ? value.get(name) : undefined;
    }
  }
  return { place, value };
}

const singulars: Readonly<Record<string, string>> = { characters: 'character', items: 'item', properties: 'property' };

/** The rule as Ajv words it, which has one form of a word for every number. */
const ruleText = (message: string) =>
  message.replace('must NOT', 'must not').replace(/ 1 (\w+)$/, (_, many: string) => ` 1 ${singulars[many] ?? many}`);

function diagnosticOf(resource: string, { document, file, line }: PlacedDocument, error: ErrorObject): Diagnostic {
  const { instancePath, keyword, params, message = `must satisfy "${keyword}"` } = error;
  const { place: at, value } = found(document, instancePath);
  const isMissing = keyword === 'required';
  const path = isMissing ? memberPlace(at, String(params.missingProperty)) : at;
  const text = isMissing ? 'is required by the schema' : `is ${shown(value)}; by the schema it ${ruleText(message)}`;
  return diagnostic(
    'DOCUMENT_SCHEMA_VIOLATED',
    `${resource} ${path} ${text}.`,
    { file, line, resource, path },
    { resource, path, keyword },
  );
}

/**
 * Makes the check of `schemas` (design 14 §1.1). Compiles the schemas of a resource at their first use. Schemas are not
 * trusted: a document whose check takes too long is refused.
 */
export function schemaCheck(
  schemas: DocumentSchemas,
  { document: documentTime = 1_000, batch = 5_000, mostListed = mostShown }: CheckLimits = {},
): SchemaCheck {
  const ajv = new Ajv2020({
    allErrors: true,
    ownProperties: true,
    strict: false,
    addUsedSchema: false,
    logger: false,
    // validators are made for each run, and optimizing them takes longer than they save
    code: { regExp: regularExpression, optimize: false },
  });
  formats.default(ajv);
  for (const [name, isAccepted] of Object.entries(checkedByModel)) ajv.addFormat(name, isAccepted);
  const compiled = new Map<string, Validators>();
  const patterns: KnownPatterns = new Map();

  const compile = (resource: string, schema: JsonObject): ValidateFunction => {
    try {
      return ajv.compile(plain(schema) as object);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const text = `The JSON schema of ${resource} cannot be used: ${reason}. Correct it in the ApiSchema file, or load with --no-schema-checks.`;
      return fail('DOCUMENT_SCHEMA_INVALID', text, { resource }, { resource, reason });
    }
  };
  const validators = (resource: string) => {
    const known = compiled.get(resource);
    if (known) return known;
    const all = schemas.get(resource) ?? [];
    const made = {
      all: all.map((schema) => compile(resource, schema)),
      isLinear: all.every((each) => isLinearSchema(each, patterns)),
    };
    compiled.set(resource, made);
    return made;
  };
  const foundIn = (resource: string, each: PlacedDocument): readonly Diagnostic[] => {
    // the model reports values that are not objects
    if (!isJsonObject(each.document)) return [];
    const value = plain(each.document);
    const errors = validators(resource).all.flatMap((validate) => (validate(value) ? [] : (validate.errors ?? [])));
    return errors.slice(0, mostListed).map((error) => diagnosticOf(resource, each, error));
  };
  const tooSlow = (resource: string, { file, line }: PlacedDocument): Diagnostic => {
    const text = `${resource}: the check against the schema takes longer than ${documentTime} ms, probably because of a pattern in the schema. Load with --no-schema-checks, or correct the pattern.`;
    return diagnostic('DOCUMENT_SCHEMA_VIOLATED', text, { file, line, resource }, { resource });
  };
  return {
    prepare: (resource) => void validators(resource),
    isLinear: (resource) => validators(resource).isLinear,
    diagnosticsOf: (resource, documents) => {
      const all = () => documents.map((each) => foundIn(resource, each));
      if (validators(resource).isLinear) return all();
      const together = withinTime(batch, all);
      if (together.isDone) return together.result;
      return documents.map((each) => {
        const alone = withinTime(documentTime, () => foundIn(resource, each));
        return alone.isDone ? alone.result : [tooSlow(resource, each)];
      });
    },
  };
}

/** Whether one of two places lies inside the other. */
function isRelated(a: string, b: string): boolean {
  const [outer, inner] = a.length <= b.length ? [a, b] : [b, a];
  if (!inner.startsWith(outer)) return false;
  const next = inner[outer.length];
  return next === undefined || next === '.' || next === '[';
}

/**
 * The diagnostics of both checks of a document. Where both refuse the same place, only the diagnostic from the model stays.
 */
export function mergedDiagnostics(
  ofModel: readonly Diagnostic[],
  ofSchema: readonly Diagnostic[],
): readonly Diagnostic[] {
  const places = ofModel.flatMap(({ where: { path } }) => (path === undefined || path === '$' ? [] : [path]));
  const others = ofSchema.filter(
    ({ where: { path } }) => path === undefined || !places.some((place) => isRelated(place, path)),
  );
  return [...ofModel, ...others];
}

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
type KnownPatterns = Map<string, boolean>;

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
