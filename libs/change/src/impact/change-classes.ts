import { resourceLabel } from '@dms/api-schema';
import { type Catalog, type CatalogColumn, typeChange, type View } from '@dms/catalog';
import { qualified, type RelationalModelSet } from '@dms/model';
import type { CatalogValue, Difference, RenameHint } from '../drift/difference.ts';
import type { ImpactClass } from './impact-class.ts';
import { type TriggerFacts, type TriggersOfSet, triggerKey } from './trigger-facts.ts';

type Classes = readonly ImpactClass[];

const additive: Classes = ['A'];
const migration: Classes = ['M'];
const writers: Classes = ['W'];
const readers: Classes = ['R'];
const migrationAndWriters: Classes = ['M', 'W'];
const everything: Classes = ['M', 'W', 'R'];

/** The context of a change that decides its classes: `before` is the actual catalog of the diff, `after` the expected one. */
export interface ClassFacts {
  readonly before: SideFacts;
  readonly after: SideFacts;
  readonly renames: readonly RenameHint[];
}

export interface SideFacts {
  readonly catalog: Catalog;
  readonly model: RelationalModelSet;
  readonly triggers: TriggersOfSet;
}

const nameIsAll: ReadonlySet<string> = new Set(['unique', 'foreignKey', 'check', 'index']);

const renameKey = (object: string, path: readonly string[]) => [object, ...path].join('\n');

type Intent = TriggerFacts['intent']['kind'];

/** The classes for a change of a trigger, or of the function with its body. Stored identities must be recomputed. */
const classesOfIntent: Readonly<Record<Intent, Classes>> = {
  DocumentStamping: writers,
  DocumentJournal: writers,
  ProjectionEnqueue: writers,
  DocumentCacheUuid: writers,
  ReferentialIdentityMaintenance: migration,
  AbstractIdentityMaintenance: migration,
  IdentityPropagationFallback: writers,
  AuthHierarchyMaintenance: writers,
};

type ViewColumns = View['columns'];

/** Whether a list begins with another one. */
function startsWith(whole: readonly unknown[], start: readonly unknown[]): boolean {
  return start.length <= whole.length && start.every((entry, index) => JSON.stringify(entry) === JSON.stringify(whole[index]));
}

/** Assigns classes to the differences of two schema sets. */
export function classifier({ before, after, renames }: ClassFacts): (difference: Difference) => Classes {
  const named = new Set(
    renames
      .filter(({ object }) => nameIsAll.has(object))
      .flatMap(({ object, expected, actual }) => [renameKey(object, expected), renameKey(object, actual)]),
  );
  const primaryKeys = new Map(
    [before, after].flatMap(({ catalog }) =>
      catalog.tables.map((table) => [`${table.schema}.${table.name}`, table.primaryKey?.columns ?? []]),
    ),
  );
  const [viewsBefore, viewsAfter] = [before, after].map(
    ({ model }) => new Map(model.abstractUnionViews.map((entry) => [qualified(entry.view), entry.unionArms])),
  );

  /** A unique over the primary key and more never refuses a row; it exists as a reference target. */
  function impliedByPrimaryKey(table: string, columns: readonly string[]): boolean {
    const key = primaryKeys.get(table) ?? [];
    return key.length > 0 && key.every((column) => columns.includes(column));
  }

  /** Whether a view still shows all its earlier rows, in the same columns. */
  function showsAllItDid(view: string): boolean {
    const [earlier, later] = [viewsBefore?.get(view), viewsAfter?.get(view)];
    if (!earlier || !later) return false;
    const armsOf = (arms: typeof later) => new Map(arms.map((arm) => [resourceLabel(arm.concreteMember), arm]));
    const now = armsOf(later);
    return [...armsOf(earlier)].every(([member, { fromTable, projections }]) => {
      const arm = now.get(member);
      return arm && qualified(arm.fromTable) === qualified(fromTable) && startsWith(arm.projections, projections);
    });
  }

  function ofTrigger(facts: TriggerFacts | undefined): Classes {
    return facts ? classesOfIntent[facts.intent.kind] : writers;
  }

  function ofFunction({ path: [place = ''], change }: Difference): Classes {
    if (change === 'missing') return additive;
    const name = place.replace(/\(.*\)$/s, '');
    return ofTrigger(after.triggers.functions.get(name) ?? before.triggers.functions.get(name));
  }

  function ofUnique({ path: [table = ''], change, expected, actual }: Difference): Classes {
    const columnsOf = (value: CatalogValue | undefined) =>
      Array.isArray(value)
        ? (value as readonly string[])
        : ((value as { readonly columns?: readonly string[] } | undefined)?.columns ?? []);
    const [then, now] = [columnsOf(actual), columnsOf(expected)];
    const refusesMore = change !== 'extra' && !impliedByPrimaryKey(table, now) && then.some((column) => !now.includes(column));
    const isNew = change === 'missing' && !impliedByPrimaryKey(table, now);
    const acceptsMore =
      change !== 'missing' && !impliedByPrimaryKey(table, then) && now.some((column) => !then.includes(column));
    const isGone = change === 'extra' && !impliedByPrimaryKey(table, then);
    const classes: ImpactClass[] = [
      ...(refusesMore || isNew ? migrationAndWriters : []),
      ...(acceptsMore || isGone ? readers : []),
    ];
    return classes.length > 0 ? classes : additive;
  }

  function ofView({ path: [view = ''], change, field, expected, actual }: Difference): Classes {
    if (change !== 'changed') return change === 'missing' ? additive : readers;
    const isAppended = field === 'columns' && startsWith(expected as ViewColumns, actual as ViewColumns);
    return isAppended || (field === 'body' && showsAllItDid(view)) ? additive : readers;
  }

  return (difference) => {
    const { object, path, change, field } = difference;
    if (change !== 'changed' && named.has(renameKey(object, path))) return additive;
    switch (object) {
      case 'schema':
      case 'table':
        if (change === 'missing') return additive;
        return change === 'extra' ? everything : migration;
      case 'extension':
      case 'sequence':
      case 'tableType':
      case 'role':
      case 'grant':
        return change === 'missing' ? additive : writers;
      case 'column':
        return classesOfColumn(difference);
      case 'columnOrder':
        return additive;
      case 'primaryKey':
        return field === 'name' || field === 'clustered' ? additive : everything;
      case 'unique':
        return field === 'clustered' ? additive : ofUnique(difference);
      case 'foreignKey':
        if (change === 'extra') return additive;
        return ['onDelete', 'onUpdate', 'deferrable'].includes(field ?? '') ? writers : migrationAndWriters;
      case 'check':
        return change === 'extra' ? additive : migrationAndWriters;
      case 'index':
        return classesOfIndex(difference);
      case 'trigger':
        return ofTrigger(after.triggers.triggers.get(triggerKey(path)) ?? before.triggers.triggers.get(triggerKey(path)));
      case 'view':
        return ofView(difference);
      case 'function':
        return ofFunction(difference);
      case 'seed':
        if (change === 'missing') return additive;
        return change === 'extra' ? everything : migration;
    }
  };
}

function classesOfColumn({ change, field, expected, actual }: Difference): Classes {
  if (change === 'missing') {
    const { nullable, generated, default: value, identity } = expected as unknown as Partial<CatalogColumn>;
    return nullable || generated || value || identity ? additive : migrationAndWriters;
  }
  if (change === 'extra') return (actual as unknown as Partial<CatalogColumn>).generated ? readers : everything;
  switch (field) {
    case 'type': {
      const kind = typeChange(String(actual), String(expected));
      return { widened: additive, narrowed: migrationAndWriters, other: everything }[kind];
    }
    case 'nullable':
      return expected === false ? migrationAndWriters : readers;
    case 'identity':
      return migrationAndWriters;
    case 'default':
      return actual === null ? additive : writers;
    case 'generated':
      // a column that was computed and is now stored must be filled, and then written
      return actual !== null && expected !== null ? migration : migrationAndWriters;
    default:
      return everything;
  }
}

function classesOfIndex({ change, field, expected, actual }: Difference): Classes {
  const isUnique = (value: CatalogValue | undefined) => (value as { readonly unique?: boolean } | undefined)?.unique === true;
  if (change === 'missing') return isUnique(expected) ? migrationAndWriters : additive;
  if (change === 'extra') return isUnique(actual) ? readers : additive;
  if (field === 'unique') return expected === true ? migrationAndWriters : readers;
  return additive;
}
