import { groupBy } from '@dms/values';
import type { JsonRecord } from '../schema-builder.ts';
import type { ResourceDraft, SchemaDraft } from './schema-drafts.ts';

export interface UniquenessEntry {
  readonly scope: string;
  readonly paths: readonly string[];
  readonly isBare: boolean;
  readonly nested: readonly UniquenessEntry[];
}

/** The paths of at most `count` members of a scope, in order; a reference with all its parts counts as one member. */
export function uniquePaths(resource: ResourceDraft, scope: string, count: number): string[] {
  const inScope = resource.values.filter((value) => value.scope === scope);
  const members = groupBy(inScope, ({ path, reference }) => reference ?? path);
  return [...members.values()]
    .slice(0, count)
    .flatMap((values) => values.map(({ path }) => path))
    .sort();
}

export function addUniqueness(schema: SchemaDraft, entries: readonly UniquenessEntry[]): void {
  const relative = (path: string, scope: string) => `$${path.slice(scope.length)}`;
  const render = (entry: UniquenessEntry, base: string | undefined): JsonRecord => ({
    ...(base === undefined ? {} : { basePath: base }),
    paths: base === undefined ? entry.paths : entry.paths.map((path) => relative(path, base)),
    ...(entry.nested.length > 0 ? { nestedConstraints: entry.nested.map((inner) => render(inner, entry.scope)) } : {}),
  });
  for (const entry of entries) {
    schema.uniqueness.push(entry.isBare && entry.nested.length === 0 ? entry.paths : render(entry, undefined));
  }
}
