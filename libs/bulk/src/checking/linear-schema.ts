import { isJsonObject, type JsonObject, type JsonValue } from '@dms/canonical-json';
import { isLinearPattern } from './linear-pattern.ts';

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
 * Whether the check of a document surely takes a time that grows linearly with it, so that it needs no limit (design 14 §1.1). A
 * schema with other keywords than these may still be linear. Patterns are looked at once for all calls with the same `patterns`.
 */
export const isLinearSchema = (schema: JsonObject, patterns: KnownPatterns = new Map()): boolean =>
  [...schema].every(([keyword, value]) => isLinearKeyword(keyword, value, patterns));
