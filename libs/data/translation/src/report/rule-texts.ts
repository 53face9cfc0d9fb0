import type { Translation } from '../file/translation.ts';
import { type PlaceName, pathName } from '../places/place-name.ts';

const nameOf = ({ project, resource, path }: PlaceName): string =>
  resource === null ? project : path === null ? resource : pathName(resource, path);

/** What each rule is about, by its name, for people. */
export function ruleTexts({ moves, documents, namespaces, drops }: Translation): ReadonlyMap<string, string> {
  return new Map([
    ...moves.map(({ rule, before, after }) => [rule, `${nameOf(before)} → ${nameOf(after)}`] as const),
    ...documents.map(
      ({ rule, resource, items, after }) =>
        [rule, `${items === null ? resource : pathName(resource, items)} → ${after}`] as const,
    ),
    ...namespaces.map(({ rule, before, after }) => [rule, `${before} → ${after}`] as const),
    ...drops.map(({ rule, before }) => [rule, nameOf(before)] as const),
  ]);
}
