import type { Translation } from '../file/translation.ts';
import { pathName, placeText } from '../places/place-name.ts';

/** A short text of each rule for people, by the name of the rule. */
export function ruleTexts({ moves, documents, namespaces, drops }: Translation): ReadonlyMap<string, string> {
  return new Map([
    ...moves.map(({ rule, before, after }) => [rule, `${placeText(before)} → ${placeText(after)}`] as const),
    ...documents.map(
      ({ rule, resource, items, after }) =>
        [rule, `${items === null ? resource : pathName(resource, items)} → ${after}`] as const,
    ),
    ...namespaces.map(({ rule, before, after }) => [rule, `${before} → ${after}`] as const),
    ...drops.map(({ rule, before }) => [rule, placeText(before)] as const),
  ]);
}
