import { resourceLabel } from '@dms/api-schema';
import { type ChangeClass, changeClasses } from '@dms/catalog';
import type { RelationalModelSet } from '@dms/model';
import { textOf } from '@dms/sql';
import { compareBy } from '@dms/values';
import { type Change, describeChange, rulesOf } from '../comparing/change.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { type ChangeQueries, noQueries, type Place, type RowQuery } from '../kinds/change-rules.ts';
import type { MadeChange, StatementEffect } from '../ops/effect.ts';
import type { UpgradeStatement } from '../ops/statement.ts';
import type { DocumentsCheck, UpgradeCheck, UpgradeItem, UpgradeLoss } from './upgrade-plan.ts';

/** The items of a plan, with their queries, document rules and effects. */
export interface PlanItems {
  readonly items: readonly UpgradeItem[];
  readonly checks: readonly UpgradeCheck[];
  readonly losses: readonly UpgradeLoss[];
  /** The rules that documents may break, by their resource in the earlier set. */
  readonly documentRules: ReadonlyMap<string, DocumentsCheck['rules']>;
  readonly verdict: ChangeClass;
  /** The tables that the queries of checks and losses read, query by query. */
  readonly scanned: readonly string[];
  /** The items with the effects of their queries, by `scan`, and of the operations that make their changes. */
  withEffects(
    statements: readonly UpgradeStatement[],
    scan: (table: string) => StatementEffect,
  ): readonly UpgradeItem[];
}

/**
 * The items of changes, ordered by owner, path and change. Queries follow the order of their items, without duplicates.
 * A change that a translation makes has no queries on the rows.
 */
export function planItems(
  changes: readonly Change[],
  queriesOf: (change: Change) => ChangeQueries,
  ownerOf: (change: Change) => string,
  isTranslated: (change: Change) => boolean = () => false,
): PlanItems {
  const makeItem = (change: Change): UpgradeItem => {
    const { fixedRows } = rulesOf(change);
    return {
      ...describeChange(change),
      ...(isTranslated(change) ? { class: 'rewritten' as const, reason: undefined } : {}),
      owner: ownerOf(change),
      resource: change.owner,
      fixedRows: fixedRows?.(change),
      effects: [],
    };
  };
  const entries = changes
    .map((change) => ({
      change,
      item: makeItem(change),
      queries: isTranslated(change) ? noQueries : queriesOf(change),
    }))
    .sort(
      compareBy(
        ({ item }) => item.owner,
        ({ item }) => item.path.join('\n'),
        ({ item }) => item.change,
      ),
    );
  /** Queries with their items and numbers, each text once. */
  const numbered = <Query extends RowQuery>(prefix: string, of: (queries: ChangeQueries) => readonly Query[]) => {
    const seen = new Set<string>();
    return entries
      .flatMap(({ queries }, item) => of(queries).map((query) => ({ item, ...query })))
      .filter(({ sql }) => !seen.has(textOf(sql)) && seen.add(textOf(sql)))
      .map((query, index) => ({ id: `${prefix}${index + 1}`, ...query }));
  };
  const documentRules = new Map<string, DocumentsCheck['rules'][number][]>();
  for (const [item, { change }] of entries.entries()) {
    const checked = isTranslated(change) ? undefined : rulesOf(change).documents?.(change);
    if (checked === undefined) continue;
    const known = documentRules.get(checked.resource) ?? [];
    documentRules.set(checked.resource, known);
    known.push({ item, rule: checked.rule });
  }
  const worst = Math.max(0, ...entries.map(({ item }) => changeClasses.indexOf(item.class)));
  return {
    items: entries.map(({ item }) => item),
    checks: numbered('C', ({ checks }) => checks),
    losses: numbered('L', ({ losses }) => losses),
    documentRules,
    verdict: changeClasses[worst] ?? 'free',
    scanned: entries.flatMap(({ queries }) => scannedBy(queries)),
    withEffects(statements, scan) {
      const effects = effectsByChange(statements);
      return entries.map(({ change, item, queries }) => ({
        ...item,
        effects: [...scannedBy(queries).map(scan), ...(effects.get(change) ?? [])],
      }));
    },
  };
}

const scannedBy = ({ checks, losses }: ChangeQueries): readonly string[] =>
  [...checks, ...losses].map(({ table }) => table);

/** The effects of statements by the changes that they make. */
function effectsByChange(statements: readonly UpgradeStatement[]): ReadonlyMap<MadeChange, readonly StatementEffect[]> {
  const found = new Map<MadeChange, StatementEffect[]>();
  for (const effect of statements.flatMap(({ effects }) => effects))
    for (const change of new Set(effect.for)) {
      const known = found.get(change);
      if (known) known.push(effect);
      else found.set(change, [effect]);
    }
  return found;
}

/** The projects of a set by the schema that holds their tables. */
export const projectsBySchema = ({ projects }: Pick<RelationalModelSet, 'projects'>): ReadonlyMap<string, string> =>
  new Map(projects.map(({ physicalSchema, projectName }) => [physicalSchema, projectName]));

/** The project that declares the table of a path, if the path leads to a table of a project. */
export function declaringProject(
  [table = '']: readonly string[],
  projects: ReadonlyMap<string, string>,
): string | undefined {
  return table.includes(':') ? undefined : projects.get(table.slice(0, table.indexOf('.')));
}

/**
 * The owner of a change in the words of plans and reports: its resource, for a table of an extension with the project
 * that declares the table (design 09a §2.4).
 */
export function declaredOwners(
  before: Pick<ComparedSet, 'model'>,
  after: Pick<ComparedSet, 'model'>,
): (place: Pick<Place, 'owner' | 'path'>) => string {
  const projects = new Map([...projectsBySchema(before.model), ...projectsBySchema(after.model)]);
  return ({ owner, path }) => {
    const [project, resourceName] = owner.split(':');
    const projectName = declaringProject(path, projects);
    if (projectName === undefined || projectName === project || resourceName === undefined) return owner;
    return resourceLabel({ projectName, resourceName });
  };
}
