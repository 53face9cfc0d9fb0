import type { CatalogColumn, CatalogTable } from '@dms/catalog';
import type { UpgradeDialect } from '../script/upgrade-dialect.ts';
import type { EarlierValues, MatchedPair } from './earlier-values.ts';
import type { Value } from './value.ts';

/** The transition of a column of the later set in a table that both sets have. */
export type ColumnTransition =
  /** The stored column exists, maybe under another name or with another type. */
  | { readonly kind: 'kept'; readonly after: CatalogColumn; readonly before: CatalogColumn }
  /** Added, and filled with existing values. */
  | { readonly kind: 'filled'; readonly after: CatalogColumn; readonly value: Value }
  /** Added, without values. */
  | { readonly kind: 'added'; readonly after: CatalogColumn }
  /** Generated again. */
  | { readonly kind: 'generated'; readonly after: CatalogColumn }
  /** Generated as it was. */
  | { readonly kind: 'keptGenerated'; readonly after: CatalogColumn; readonly before: CatalogColumn };

/** A column of the earlier set that is dropped. */
interface DroppedColumn {
  readonly column: CatalogColumn;
  /** `early`: before anything is added; `late`: when its values have been moved. */
  readonly when: 'early' | 'late';
  /** Whether its values are lost. */
  readonly isLost: boolean;
}

export interface TableChange {
  readonly pair: MatchedPair;
  readonly fates: readonly ColumnTransition[];
  readonly dropped: readonly DroppedColumn[];
  /** Later names by earlier names, for the columns that stay. */
  readonly kept: ReadonlyMap<string, string>;
  /** Earlier columns that must have no key, check or index while they change. */
  readonly touched: ReadonlySet<string>;
  /** Stored columns of the later set whose texts get another collation (design 22 §7.1), by name. */
  readonly recollated: ReadonlyMap<string, CatalogColumn>;
  /** Whether rows are written. */
  readonly isRewritten: boolean;
}

/**
 * The transitions of the columns of a pair (design 12 §3.2, §3.3). `collation` is the collation of the database; null if
 * no column declares one.
 */
export function tableChange(
  pair: MatchedPair,
  values: EarlierValues,
  dialect: UpgradeDialect,
  collation: string | null = null,
): TableChange {
  const earlier = byName(pair.before.catalog);
  const table = pair.after.key;
  const kept = new Map<string, string>();
  const touched = new Set<string>();
  const recollated = new Map<string, CatalogColumn>();
  const stored = new Map<string, ColumnTransition>();
  for (const after of pair.after.catalog.columns) {
    if (after.generated) continue;
    const before = earlier.get(values.kept(table, after.name) ?? '');
    if (before) {
      kept.set(before.name, after.name);
      stored.set(after.name, { kind: 'kept', after, before });
      const changesNullability = before.nullable !== after.nullable && dialect.keysHinderNullability;
      if (collation !== null && (before.collation ?? collation) !== (after.collation ?? collation))
        recollated.set(after.name, after);
      if (before.type !== after.type || changesNullability || recollated.has(after.name)) touched.add(before.name);
    } else {
      const value = values.of(table, after.name);
      stored.set(after.name, value.kind === 'null' ? { kind: 'added', after } : { kind: 'filled', after, value });
    }
  }
  const fates = pair.after.catalog.columns.map((after): ColumnTransition => {
    if (!after.generated) return stored.get(after.name) ?? { kind: 'added', after };
    const before = earlier.get(pair.earlier.get(after.name) ?? '');
    if (!before?.generated || before.type !== after.type || kept.has(before.name)) return { kind: 'generated', after };
    const parts = expressionColumns(before.generated.expression);
    const isFree = parts.every(
      (name) => !touched.has(name) && (dialect.dependentsFollowRenames || kept.get(name) === name),
    );
    const isSame =
      renamedExpression(before.generated.expression, (name) => kept.get(name)) === after.generated.expression;
    if (!isFree || !isSame) return { kind: 'generated', after };
    kept.set(before.name, after.name);
    return { kind: 'keptGenerated', after, before };
  });
  const dropped = pair.before.catalog.columns.flatMap((column): DroppedColumn[] => {
    if (kept.has(column.name)) return [];
    touched.add(column.name);
    const roles = pair.before.roles.get(column.name) ?? [];
    const serves =
      roles.every((role) => /^(?:class|presence) /.test(role)) || (pair.later.get(column.name) ?? []).length > 0;
    return [{ column, when: column.generated || !serves ? 'early' : 'late', isLost: !serves }];
  });
  const isRewritten = fates.some(({ kind }) => kind === 'filled');
  return { pair, fates, dropped, kept, touched, recollated, isRewritten };
}

const byName = (table: CatalogTable) => new Map(table.columns.map((column) => [column.name, column]));

/** An expression in its normal form with its columns renamed; null if `names` has no name for one of them. */
export function renamedExpression(expression: string, names: (name: string) => string | undefined): string | null {
  let isWhole = true;
  const renamed = expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (token) => {
    if (token.startsWith("'")) return token;
    const name = names(token.slice(1, -1).replaceAll('""', '"'));
    if (name !== undefined) return `"${name.replaceAll('"', '""')}"`;
    isWhole = false;
    return token;
  });
  return isWhole ? renamed : null;
}

/** The columns that an expression in its normal form uses. */
export function expressionColumns(expression: string): readonly string[] {
  const names: string[] = [];
  renamedExpression(expression, (name) => {
    names.push(name);
    return name;
  });
  return names;
}
