import { valueAt, valuesAt } from '@dms/api-schema';
import { type DocumentPlans, storedValue, valueRulesOf } from '@dms/documents';
import { JsonNumber, type JsonObject, type JsonValue } from '@dms/values';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import type { Fill } from '../file/translation.ts';
import { outerPath, pathName } from '../places/place-name.ts';
import type { Place } from '../places/set-places.ts';
import type { Draft, EarlierDocument, GivenValue, RejectProblem } from './draft.ts';

/** Adds the values that the later set requires and a document lacks (design 20 §2.5). */
export function fillDocument(
  all: CompiledTranslation,
  draft: Unfilled,
  filled: Map<string, number>,
  problems: RejectProblem[],
): void {
  const { fills } = all.rules.translation;
  const own = fills.filter(({ after }) => after.resource === draft.resource);
  const places = all.after.resources.get(draft.resource)?.places;
  if (own.length === 0 || !places) return;
  const { earlier } = draft;
  const fillValue = (fill: Fill): JsonValue | undefined => {
    if (!fill.schoolYear || !draft.isOwn) return fill.value;
    const date = valueAt(earlier.document, fill.schoolYear.of);
    if (date === undefined) return fill.value;
    const year = schoolYearOf(date, fill.schoolYear.begins, all.before.plans);
    if (year !== undefined) return new JsonNumber(year);
    const place = pathName(earlier.resource, fill.schoolYear.of);
    problems.push({ code: 'TRANSLATION_VALUE', place, value: date, text: 'it is not a date' });
    return undefined;
  };
  const give = (object: Map<string, JsonValue>, fill: Fill, place: Place, value: JsonValue) => {
    object.set(lastName(place.path), value);
    filled.set(fill.rule, (filled.get(fill.rule) ?? 0) + 1);
    if (place.target !== null && place.kind === 'descriptor') draft.given.push({ resource: place.target, value });
    const reference = place.referencePath === null ? undefined : places.get(place.referencePath);
    if (reference?.target) draft.given.push({ resource: reference.target, value });
    else if (place.target !== null && place.kind === 'member') draft.given.push({ resource: place.target, value });
  };
  for (const fill of own) {
    const place = places.get(fill.after.path ?? '');
    if (!place) continue;
    const outer = outerPath(place.path) ?? '$';
    for (const object of objectsAt(draft.document, outer)) {
      if ((object.get(lastName(place.path)) ?? null) !== null) continue;
      const value = fillValue(fill);
      if (value !== undefined) give(object, fill, place, value);
    }
  }
  // a required reference is added if fills give all its members
  for (const reference of places.values()) {
    if (reference.kind !== 'reference' || !reference.isRequired || !reference.reference) continue;
    const members = reference.reference.parts.map(({ leaf }) => ({
      place: places.get(leaf.path),
      fill: own.find(({ after }) => after.path === leaf.path),
    }));
    if (members.some(({ fill }) => !fill)) continue;
    for (const object of objectsAt(draft.document, outerPath(reference.path) ?? '$')) {
      if ((object.get(lastName(reference.path)) ?? null) !== null) continue;
      const given = members.flatMap(({ place, fill }) => {
        const value = fill && fillValue(fill);
        return place && fill && value !== undefined ? [{ place, fill, value }] : [];
      });
      if (given.length < members.length) continue;
      const made = new Map<string, JsonValue>();
      for (const { place, fill, value } of given) give(made, fill, place, value);
      object.set(lastName(reference.path), made);
    }
  }
}

const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1);

/** The objects at a path, including all items of collections. */
const objectsAt = (document: JsonObject, path: string) =>
  valuesAt(document, path).filter((each) => each instanceof Map) as Map<string, JsonValue>[];

/** The year in which the school year of a date ends; undefined if it is not a date (design 20 §2.5). */
export function schoolYearOf(value: JsonValue, begins: string, plans: DocumentPlans): string | undefined {
  const types = ['Date', 'DateTime'] as const;
  for (const kind of types) {
    const { value: text, reason } = storedValue(
      value,
      { kind, maxLength: null, decimal: null },
      plans.dialect,
      valueRulesOf(plans.version),
    );
    if (reason !== undefined) continue;
    const year = Number(String(text).slice(0, 4));
    return String(begins !== '01-01' && String(text).slice(5, 10) >= begins ? year + 1 : year);
  }
  return undefined;
}

/** A document that may lack values. */
interface Unfilled extends Pick<Draft, 'resource' | 'isOwn' | 'document'> {
  readonly earlier: EarlierDocument;
  readonly given: GivenValue[];
}
