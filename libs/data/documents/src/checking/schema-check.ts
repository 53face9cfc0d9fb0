import { type Context, createContext, Script } from 'node:vm';
import type { DocumentSchemas } from '@dms/api-schema';
import { type Diagnostic, diagnostic, fail, mostShown, shortened } from '@dms/diagnostics';
import { textFormats } from '@dms/sql';
import { isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue, jsonText } from '@dms/values';
import { Ajv2020, type ErrorObject, type Format, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { elementPlace, memberPlace } from './checked-document.ts';
import { isKnownLinear, type KnownPatterns, plainFormats, slowKeywords } from './linear-schema.ts';
import { uniqueItems } from './unique-items.ts';

/** A document with its place in the input. */
interface PlacedDocument {
  readonly document: JsonValue;
  readonly file: string;
  readonly line: number;
}

/** Checks documents with the schemas that an API would use (design 14 §1.1). */
export interface SchemaCheck {
  /** Compiles the schemas of a resource. Throws `DOCUMENT_SCHEMA_INVALID` and `PROCESS_CODE_GENERATION`. */
  prepare(resource: string): void;
  /** Whether a check takes time linear in the document, so that documents need not be checked together. */
  isLinear(resource: string): boolean;
  /**
   * The values in each document that the schemas of the resource refuse: `DOCUMENT_SCHEMA_VIOLATED`.
   *
   * @param onUnchecked gets each document whose check ran out of time, so that its validity is unknown
   */
  diagnosticsOf(
    resource: string,
    documents: readonly PlacedDocument[],
    onUnchecked: OnUnchecked,
  ): readonly (readonly Diagnostic[])[];
}

/**
 * Receives the warning `DOCUMENT_SCHEMA_UNCHECKED` of a document, with its position among the documents of the call.
 */
type OnUnchecked = (warning: Diagnostic, index: number) => void;

interface CheckLimits {
  /** Milliseconds for one document; by default from `DMS_SCHEMA_CHECK_SECONDS`. */
  readonly document?: number | undefined;
  /**
   * Milliseconds for all documents of a call; if they run out, each document is checked separately. By default five
   * times as many as for one document.
   */
  readonly batch?: number | undefined;
  /** The largest number of diagnostics that are reported for one document; 100 by default. */
  readonly mostListed?: number | undefined;
}

/** The compiled schemas of a resource. */
interface Validators {
  readonly all: readonly ValidateFunction[];
  /** The keywords whose check may take long. Without any, no check needs a limit. */
  readonly slow: readonly ShownKeyword[];
}

const timeVariable = 'DMS_SCHEMA_CHECK_SECONDS';

/** The largest number of milliseconds that a timer of Node accepts. */
const mostMilliseconds = 2 ** 31 - 1;

/** A keyword with its value, in the form for messages. */
type ShownKeyword = string;

/**
 * Makes the check of `schemas` (design 14 §1.1). Compiles the schemas of a resource at their first use. Schemas are not
 * trusted: a check that takes too long is ended. Throws `OPTION_INVALID` for a `DMS_SCHEMA_CHECK_SECONDS` that is not a
 * valid time.
 */
export function schemaCheck(
  schemas: DocumentSchemas,
  { document: documentTime = timeOfDocument(), batch, mostListed = mostShown }: CheckLimits = {},
): SchemaCheck {
  const batchTime = batch ?? Math.min(5 * documentTime, mostMilliseconds);
  const watch = new Watch();
  const ajv = new Ajv2020({
    allErrors: true,
    ownProperties: true,
    strict: false,
    addUsedSchema: false,
    logger: false,
    // validators are made for each run, and optimizing them would take longer than it saves
    code: { regExp: watch.regularExpression, optimize: false },
  });
  formats.default(ajv);
  // the model checks these values by its own rules
  for (const name of textFormats) ajv.addFormat(name, true);
  for (const [name, format] of Object.entries(ajv.formats)) if (format) ajv.addFormat(name, watch.format(name, format));
  ajv.removeKeyword('uniqueItems').addKeyword(uniqueItems);
  const compiled = new Map<string, Validators>();

  const compile = (resource: string, schema: JsonObject): ValidateFunction => {
    try {
      return ajv.compile(plain(schema) as object);
    } catch (error) {
      if (error instanceof EvalError) return refuseCodeGeneration();
      const reason = error instanceof Error ? error.message : String(error);
      const text = `The JSON schema of ${resource} cannot be used: ${reason}. Correct it in the ApiSchema file, or load with --no-schema-checks.`;
      return fail('DOCUMENT_SCHEMA_INVALID', text, { resource }, { resource, reason });
    }
  };
  const validators = (resource: string) => {
    const known = compiled.get(resource);
    if (known) return known;
    const all = schemas.get(resource) ?? [];
    const slow = [...new Set(all.flatMap((each) => slowKeywords(each, watch.patterns)))];
    const made = { all: all.map((schema) => compile(resource, schema)), slow };
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
  const unchecked = (resource: string, { file, line }: PlacedDocument): Diagnostic => {
    const keywords = watch.running === null ? validators(resource).slow : [watch.running];
    return uncheckedDocuments('A document was', { resource, keywords, file, line });
  };
  return {
    prepare: (resource) => void validators(resource),
    isLinear: (resource) => validators(resource).slow.length === 0,
    diagnosticsOf: (resource, documents, onUnchecked) => {
      const all = () => documents.map((each) => foundIn(resource, each));
      if (validators(resource).slow.length === 0) return all();
      const together = withinTime(batchTime, all);
      if (together.isDone) return together.result;
      return documents.map((each, index) => {
        watch.running = null;
        const alone = withinTime(documentTime, () => foundIn(resource, each));
        if (alone.isDone) return alone.result;
        onUnchecked(unchecked(resource, each), index);
        return [];
      });
    },
  };
}

/** The option of Node with which no validator can be compiled. */
const codeOption = '--disallow-code-generation-from-strings';

function refuseCodeGeneration(): never {
  const text = `This process runs with ${codeOption}, and JSON schemas are compiled to code. Remove the option from NODE_OPTIONS or from the command line of node.`;
  return fail('PROCESS_CODE_GENERATION', text, {}, { option: codeOption });
}

/** Milliseconds for one document, from the environment variable; 1,000 by default. Throws `OPTION_INVALID`. */
function timeOfDocument(): number {
  const text = process.env[timeVariable] ?? '';
  if (text === '') return 1_000;
  const milliseconds = Math.round(Number(text) * 1_000);
  if (milliseconds >= 1 && milliseconds <= mostMilliseconds) return milliseconds;
  const message = `The environment variable ${timeVariable} is ${JSON.stringify(text)}; expected a number of seconds, from 0.001 to ${Math.floor(mostMilliseconds / 1_000)}.`;
  return fail('OPTION_INVALID', message, {}, { variable: timeVariable });
}

/** A regular expression that records when it is running. */
interface WatchedPattern {
  test(text: string): boolean;
  toString(): string;
}

/** Records which keyword is being checked, of those whose check may take long. */
class Watch {
  /** Null between such checks; stays after a check that was stopped. */
  running: ShownKeyword | null = null;
  /** The patterns that were analyzed. Linear ones are not watched: a check does not run out of time in them. */
  readonly patterns: KnownPatterns = new Map();

  private watched<Result>(keyword: ShownKeyword, work: () => Result): Result {
    this.running = keyword;
    const result = work();
    this.running = null;
    return result;
  }

  /**
   * A pattern with the meaning that it has in schemas. A pattern that is invalid in Unicode mode may be valid without
   * it.
   */
  readonly regularExpression = Object.assign(
    (pattern: string, flags: string): WatchedPattern => {
      const expression = expressionOf(pattern, flags);
      if (isKnownLinear(pattern, this.patterns)) return expression;
      const keyword = `pattern ${JSON.stringify(pattern)}`;
      return {
        test: (text) => this.watched(keyword, () => expression.test(text)),
        toString: () => String(expression),
      };
    },
    { code: 'regularExpression' },
  );

  /** The same format, watched if it may take long. */
  format(name: string, format: Format): Format {
    if (plainFormats.has(name)) return format;
    const keyword = `format ${JSON.stringify(name)}`;
    if (format instanceof RegExp) return (text: string) => this.watched(keyword, () => format.test(text));
    if (typeof format === 'function') return (text: string) => this.watched(keyword, () => format(text));
    return format;
  }
}

function expressionOf(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return new RegExp(pattern);
  }
}

/** The value in the form for the library. Null counts as absent, as in the check against the model. */
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

/** The place and the value to which a JSON pointer leads. */
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

/** A value, shortened for a message. */
function shown(value: JsonValue | undefined): string {
  if (isJsonArray(value as JsonValue)) return 'an array';
  if (isJsonObject(value)) return 'an object';
  return shortened(value === undefined ? 'nothing' : jsonText(value));
}

const singulars: Readonly<Record<string, string>> = { characters: 'character', items: 'item', properties: 'property' };

/** The rule in Ajv's words, with corrections: Ajv uses the plural for every number. */
const ruleText = (message: string) =>
  message.replace('must NOT', 'must not').replace(/ 1 (\w+)$/, (_, many: string) => ` 1 ${singulars[many] ?? many}`);

/** The result of a piece of work, unless it took too long. */
type Limited<Result> = { readonly isDone: true; readonly result: Result } | { readonly isDone: false };

const call = new Script('work()');

let context: Context | undefined;

/**
 * Runs synchronous work and stops it after some milliseconds, even in the middle of a regular expression: the patterns
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

/** The error comes from the other context, so it is not an instance of this one's `Error`. */
const isTimeout = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * The warning about documents of a resource whose check against the schema ran out of time, with advice (design 14
 * §1.1).
 *
 * @param which the documents, in words
 * @param keywords the keywords that may have taken the time, with their values
 */
export function uncheckedDocuments(
  which: string,
  { resource, keywords, ...where }: { readonly resource: string; readonly keywords: readonly string[] } & Place,
): Diagnostic {
  const cause = keywords.length === 0 ? 'the schema' : keywords.join(', ');
  const text = `${which} not checked against the JSON schema of ${resource}: the check ran out of time at ${cause}. Nothing is known of the values. Set ${timeVariable} to give each document more seconds, or correct the schema.`;
  return diagnostic('DOCUMENT_SCHEMA_UNCHECKED', text, { ...where, resource }, { resource, keywords });
}

/** The place of a document, if it is known. */
type Place = Pick<Diagnostic['where'], 'file' | 'line'>;

/**
 * The diagnostics of both checks of a document. If both refuse the same place, only the diagnostic from the model
 * stays.
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

/** Whether one of two places is within the other. */
function isRelated(a: string, b: string): boolean {
  const [outer, inner] = a.length <= b.length ? [a, b] : [b, a];
  if (!inner.startsWith(outer)) return false;
  const next = inner[outer.length];
  return next === undefined || next === '.' || next === '[';
}
