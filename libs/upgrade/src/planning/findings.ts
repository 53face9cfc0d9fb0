import { compareBy } from '@dms/canonical-json';
import { type ChangeClass, changeClasses, type UpgradeCheck, type UpgradeItem } from './upgrade-plan.ts';

interface Query {
  readonly item: UpgradeItem;
  readonly sql: string;
}

const order = compareBy<UpgradeItem>(
  ({ owner }) => owner,
  ({ path }) => path.join('\n'),
  ({ change }) => change,
);

/** What is found while two sets are compared: items, with the queries that belong to them. */
export class Findings {
  private readonly found: UpgradeItem[] = [];
  private readonly queries: { readonly checks: Query[]; readonly losses: Query[] } = { checks: [], losses: [] };

  item(entry: UpgradeItem): UpgradeItem {
    this.found.push(entry);
    return entry;
  }

  check(item: UpgradeItem, sql: string): void {
    this.queries.checks.push({ item, sql });
  }

  loss(item: UpgradeItem, sql: string): void {
    this.queries.losses.push({ item, sql });
  }

  /** By owner, path and change; queries in the order of their items, one of each text. */
  result(): {
    readonly items: readonly UpgradeItem[];
    readonly checks: readonly UpgradeCheck[];
    readonly losses: readonly UpgradeCheck[];
    readonly verdict: ChangeClass;
  } {
    const items = [...this.found].sort(order);
    const positions = new Map(items.map((item, position) => [item, position]));
    const numbered = (prefix: string, queries: readonly Query[]): UpgradeCheck[] => {
      const seen = new Set<string>();
      return queries
        .map(({ item, sql }) => ({ item: positions.get(item) ?? 0, sql }))
        .sort((left, right) => left.item - right.item)
        .filter(({ sql }) => !seen.has(sql) && seen.add(sql))
        .map((query, index) => ({ id: `${prefix}${index + 1}`, ...query }));
    };
    const worst = Math.max(0, ...items.map((item) => changeClasses.indexOf(item.class)));
    return {
      items,
      checks: numbered('C', this.queries.checks),
      losses: numbered('L', this.queries.losses),
      verdict: changeClasses[worst] ?? 'free',
    };
  }
}
