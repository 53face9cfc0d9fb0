import type { Index } from '@dms/catalog';
import type { TableChange } from '../matching/table-change.ts';
import type { Place, RulesOf, Shown } from './change-rules.ts';
import { exactNames, isLost, type KeyMatching, type KeyRenamed, sameList } from './key-matching.ts';

interface IndexFree extends Place, Shown {
  readonly kind: 'index added' | 'index removed';
}

export type IndexChanges = IndexFree | (KeyRenamed & { readonly kind: 'index renamed' });

export const indexRules: RulesOf<IndexChanges> = {
  'index added': { object: 'index', class: 'free', made: ['create index'] },
  'index removed': { object: 'index', class: 'free', made: ['drop index'] },
  'index renamed': { object: 'index', class: 'free', made: ['rename index'] },
};

/** Compares the indexes of a table (design 12 §3.2). */
export function* compareIndexes(keys: KeyMatching, change: TableChange): Generator<IndexChanges | KeyRenamed> {
  const { pair } = change;
  const free = new Set<Index>(pair.before.catalog.indexes);
  const isSame = (then: Index, now: Index) =>
    then.unique === now.unique &&
    then.predicate === now.predicate &&
    sameList(exactNames(change, then.columns), now.columns) &&
    sameList(exactNames(change, then.include), now.include);
  for (const now of pair.after.catalog.indexes) {
    const same = [...free].filter((then) => isSame(then, now));
    const then = same.find(({ name }) => name === now.name) ?? same[0];
    if (then) {
      free.delete(then);
      yield* keys.keep('index', change, then.name, now.name);
      continue;
    }
    keys.added.push({ kind: 'index', table: pair.after.definition, index: now });
    if (pair.before.catalog.indexes.some(({ name }) => name === now.name)) continue;
    const values = now.columns.map((column) => keys.comparison.values.of(pair.after.key, column));
    if (values.every(({ kind }) => kind === 'null')) continue;
    yield { kind: 'index added', owner: pair.after.owner, path: [pair.after.key, now.name] };
  }
  for (const then of free) {
    keys.drop('index', change, then.name);
    if (isLost(change, then.columns) || pair.after.catalog.indexes.some(({ name }) => name === then.name)) continue;
    yield { kind: 'index removed', owner: pair.after.owner, path: [pair.before.key, then.name] };
  }
}
