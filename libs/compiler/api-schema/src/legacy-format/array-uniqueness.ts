import { groupBy, type JsonValue, orderedMembers } from '@dms/values';
import { arrayScope, isPathPrefix, type JsonPath, pathOf } from '../json-path.ts';
import type { ConversionLog } from './conversion-log.ts';
import { type MappingEntry, ownProperties, requires, schemaAt } from './mapping-entry.ts';

interface DerivedConstraint {
  readonly scope: JsonPath;
  readonly members: Map<string, JsonValue>;
  readonly nested: JsonValue[];
}

/** Derives the natural keys of collections from the marks on their members (design 01 §12.2 step 5). */
export function deriveArrayUniqueness(label: string, entries: readonly MappingEntry[], log: ConversionLog): JsonValue {
  const scoped = entries.flatMap((entry) => {
    const scope = arrayScope(entry.place);
    return scope ? [{ scope, entry }] : [];
  });
  const byScope = groupBy(scoped, ({ scope }) => scope.canonical);
  const emitted: DerivedConstraint[] = [];
  const topLevel: JsonValue[] = [];
  for (const [, group] of orderedMembers(byScope)) {
    const [first] = group;
    if (!first) continue;
    const { scope } = first;
    const found = keyEntries(
      group.map(({ entry }) => entry),
      scope,
    );
    const paths = [...new Set(found.flatMap((entry) => entry.paths))].sort();
    if (paths.length === 0) continue;
    const outer = emitted.filter((constraint) => isPathPrefix(constraint.scope, scope)).at(-1);
    const members = new Map<string, JsonValue>();
    if (outer) {
      members.set('basePath', outer.scope.canonical);
      members.set(
        'paths',
        paths.map((path) => `$${path.slice(outer.scope.canonical.length)}`),
      );
      outer.nested.push(members);
      outer.members.set('nestedConstraints', outer.nested);
    } else {
      members.set('paths', paths);
      topLevel.push(members);
    }
    emitted.push({ scope, members, nested: [] });
    log.count('arrayUniquenessConstraints');
    log.note(label, `guessed: the natural key of ${scope.canonical} is ${paths.join(', ')}`);
  }
  return topLevel;
}

function keyEntries(entries: readonly MappingEntry[], scope: JsonPath): readonly MappingEntry[] {
  const marked = entries.filter((entry) => entry.isPartOfIdentity && inlineObjectsAreRequired(entry, scope));
  if (marked.length > 0) return marked;
  const [only, ...others] = entries;
  if (!only || others.length > 0 || only.isReference) return [];
  return ownProperties(schemaAt(only.insertSchema, scope)).length <= 1 ? [only] : [];
}

/** A key part inside an optional inline object belongs to that object, not to the collection. */
function inlineObjectsAreRequired(entry: MappingEntry, scope: JsonPath): boolean {
  for (let length = scope.segments.length + 1; length < entry.place.segments.length; length += 1) {
    const segment = entry.place.segments[length - 1];
    const parent = schemaAt(entry.insertSchema, pathOf(entry.place.segments.slice(0, length - 1)));
    if (segment?.kind === 'property' && !requires(parent, segment.name)) return false;
  }
  return true;
}
