import { core, qualified, unqualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import type { SideTable } from '../matching/table-pairs.ts';
import { present } from '../ops/effect.ts';
import type { UpgradeOperation } from '../ops/operation.ts';
import type { ScriptParts } from '../script/script-parts.ts';
import { type Impossible, impossible, losses, type Place, type RulesOf, type Shown } from './change-rules.ts';

interface TablePlaced extends Place, Shown {
  readonly kind: 'table added' | 'table emptied' | 'table renamed';
}

interface TableRemoved extends Place {
  readonly kind: 'table removed';
  readonly table: SideTable;
}

/** A table whose rows follow from others, so that nothing is lost with it. */
interface DerivedTableRemoved extends Place {
  readonly kind: 'derived table removed';
}

interface NestingChanged extends Place, Impossible {
  readonly kind: 'nesting changed';
}

export type TableChanges = TablePlaced | TableRemoved | DerivedTableRemoved | NestingChanged;

export const tableRules: RulesOf<TableChanges> = {
  'table added': { object: 'table', class: 'free' },
  'table emptied': { object: 'table', class: 'rewritten' },
  'table renamed': { object: 'table', class: 'free' },
  'table removed': {
    object: 'table',
    class: 'loss',
    queries: ({ table }, queries) => losses(queries.lossOfRows(table)),
  },
  'derived table removed': { object: 'table', words: 'table removed', class: 'free' },
  'nesting changed': impossible('table'),
};

/**
 * Compares the tables: added, removed, emptied, moved or renamed, and tables whose rows another key identifies (design 12 §3.2).
 */
export function* compareTables({ match }: Comparison): Generator<TableChanges> {
  const { emptied } = match;
  for (const { owner, key } of match.added)
    yield { kind: emptied.has(key) ? 'table emptied' : 'table added', owner, path: [key] };
  for (const table of match.removed) {
    const { owner, key } = table;
    if (emptied.has(key)) continue;
    if (key === qualified(core.referentialIdentity)) yield { kind: 'derived table removed', owner, path: [key] };
    else yield { kind: 'table removed', owner, path: [key], table };
  }
  for (const { before: earlier, after: later } of match.pairs) {
    const place = { owner: later.owner, path: [later.key] };
    if (earlier.key !== later.key) yield { kind: 'table renamed', ...place, before: earlier.key, after: later.key };
    const keyOf = ({ model }: typeof earlier) =>
      JSON.stringify(model?.table.key.columns.map(({ role }) => role) ?? null);
    if (keyOf(earlier) === keyOf(later)) continue;
    yield { kind: 'nesting changed', ...place, reason: 'its rows are told apart by other positions' };
  }
}

/** Drops or empties removed tables, and makes new ones. Names change in between (design 12 §5, step 4). */
export function tableOperations({ comparison, found, preparing }: ScriptParts): readonly UpgradeOperation[] {
  const { match, definition } = comparison;
  const { emptied } = match;
  const added = new Set(match.added.map(({ key }) => key));
  return [
    ...match.removed.map(({ key }): UpgradeOperation => {
      const op = emptied.has(key) ? 'emptyTable' : 'dropTable';
      const kinds =
        op === 'emptyTable' ? ['table emptied' as const] : (['table removed', 'derived table removed'] as const);
      const made = found.at<TableChanges>([key], ...kinds);
      return { op, subject: key, on: [present(key)], for: made, table: unqualified(key) };
    }),
    ...definition.tables.flatMap((table): UpgradeOperation[] => {
      const key = qualified(table);
      if (!added.has(key) || emptied.has(key)) return [];
      const made = found.at<TableChanges>([key], 'table added');
      const on = [{ name: key, isNew: true }];
      return [{ op: 'createTable', subject: key, on, for: made, table, early: preparing.table(table) }];
    }),
  ];
}

const alone = { on: [], for: [] };

/** Schemas, extensions and sequences. A schema is dropped once its tables have moved or gone. */
export function schemaOperations({
  comparison: { before, after, definition },
  preparing,
}: ScriptParts): readonly UpgradeOperation[] {
  const [then, now] = [before, after].map(({ catalog }) => new Set(catalog.schemas)) as [Set<string>, Set<string>];
  const extensions = new Set(before.catalog.extensions.map(({ name }) => name));
  const sequences = new Set(before.catalog.sequences.map(qualified));
  return [
    ...after.catalog.schemas.flatMap((name): UpgradeOperation[] =>
      then.has(name) ? [] : [{ op: 'createSchema', subject: name, ...alone, name, early: preparing.schema() }],
    ),
    ...after.catalog.extensions.flatMap(({ name }): UpgradeOperation[] =>
      extensions.has(name) ? [] : [{ op: 'createExtension', subject: name, ...alone, name }],
    ),
    ...before.catalog.schemas.flatMap((name): UpgradeOperation[] =>
      now.has(name) ? [] : [{ op: 'dropSchema', subject: name, ...alone, name }],
    ),
    ...definition.sequences.flatMap((sequence): UpgradeOperation[] => {
      const name = qualified(sequence);
      return sequences.has(name) ? [] : [{ op: 'createSequence', subject: name, ...alone, sequence }];
    }),
  ];
}
