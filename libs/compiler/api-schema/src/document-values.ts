import { isJsonArray, isJsonObject, type JsonValue, memberAt } from '@dms/values';
import type { JsonPath } from './json-path.ts';

/* The values of a document at the paths of design 01 §10. */

/** A path, compiled or as its canonical text. */
type DocumentPath = JsonPath | string;

/** The step to every item of an array; all other steps are names of members. */
export const everyItem = '[*]';

const known = new Map<string, readonly string[]>();

/** The steps of a path from the root: names, and `[*]` for the items of an array. */
export function pathSteps(path: DocumentPath): readonly string[] {
  const text = typeof path === 'string' ? path : path.canonical;
  const steps = known.get(text) ?? text.split(/\.|(?=\[\*\])/).slice(1);
  known.set(text, steps);
  return steps;
}

/** The value at a path; undefined without one, for null, and for a path that leads through an array. */
export const valueAt = (document: JsonValue | undefined, path: DocumentPath): JsonValue | undefined =>
  memberAt(document, pathSteps(path)) ?? undefined;

/** All values at a path, in document order, from every item of the arrays on the path. Null counts as absent. */
export function valuesAt(document: JsonValue, path: DocumentPath): readonly JsonValue[] {
  let found: readonly JsonValue[] = [document];
  for (const step of pathSteps(path))
    found = found.flatMap((value) => {
      if (step === everyItem) return isJsonArray(value) ? value : [];
      const member = isJsonObject(value) ? value.get(step) : undefined;
      return member === undefined || member === null ? [] : [member];
    });
  return found;
}
