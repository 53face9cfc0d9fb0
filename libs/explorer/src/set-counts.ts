import type { ModelLookup } from './model-lookup.ts';
import type { DbTrigger } from './plain-artifacts.ts';
import { triggerKinds } from './trigger-sentence.ts';

/** One line of the table of counts; `parts` breaks the number down. */
export interface SetCount {
  readonly name: string;
  readonly count: number;
  readonly parts: readonly { readonly name: string; readonly count: number }[];
}

/** The counts of objects in a set: of the model and the inventory, and of core objects of the same kinds. */
export function setCounts({ set, tables, resources, coreTables, trackedTable }: ModelLookup): SetCount[] {
  const trackedTables = coreTables.filter((table) => trackedTable(table));
  const core = coreTables.filter((table) => !trackedTable(table));
  const { indexes, triggers } = set.inventory;
  const columns = tables.flatMap(({ table }) => table.columns);
  const constraints = tables.flatMap(({ table }) => table.constraints);
  const of = (name: string, count: number) => ({ name, count });
  const total = (name: string, parts: SetCount['parts']): SetCount => {
    return {
      name,
      count: parts.reduce((sum, part) => sum + part.count, 0),
      parts: parts.filter(({ count }) => count > 0),
    };
  };
  const kindsOfIndexes = {
    PrimaryKey: 'primary key',
    UniqueConstraint: 'unique',
    ForeignKeySupport: 'foreign-key support',
    Explicit: 'explicit',
    Authorization: 'authorization',
  } as const;
  return [
    total('Resources', [
      of('with tables', resources.filter(({ kind }) => kind === 'concrete').length),
      of('descriptors', resources.filter(({ kind }) => kind === 'descriptor').length),
      of('abstract', resources.filter(({ kind }) => kind === 'abstract').length),
    ]),
    total('Tables', [
      of('roots', tables.filter(({ owner, isRoot }) => owner.kind === 'resource' && isRoot).length),
      of('below a root', tables.filter(({ owner, isRoot }) => owner.kind === 'resource' && !isRoot).length),
      of('abstract identities', tables.filter(({ owner }) => owner.kind === 'abstract').length),
      of('tracked changes', trackedTables.length),
      of('core', core.length),
    ]),
    total('Columns', [
      of('stored', columns.filter(({ storage }) => storage.kind === 'Stored').length),
      of('aliases', columns.filter(({ storage }) => storage.kind === 'UnifiedAlias').length),
      of(
        'tracked changes',
        trackedTables.reduce((sum, table) => sum + table.columns.length, 0),
      ),
      of(
        'core',
        core.reduce((sum, table) => sum + table.columns.length, 0),
      ),
    ]),
    total('Foreign keys', [
      of(
        'that cascade on update',
        constraints.filter((each) => each.kind === 'ForeignKey' && each.onUpdate === 'Cascade').length,
      ),
      of('that do not', constraints.filter((each) => each.kind === 'ForeignKey' && each.onUpdate !== 'Cascade').length),
      of(
        'core',
        coreTables.reduce((sum, table) => sum + table.foreignKeys.length, 0),
      ),
    ]),
    total(
      'Indexes',
      (Object.keys(kindsOfIndexes) as (keyof typeof kindsOfIndexes)[]).map((kind) =>
        of(kindsOfIndexes[kind], indexes.filter((index) => index.kind === kind).length),
      ),
    ),
    total(
      'Triggers',
      (Object.keys(triggerKinds) as DbTrigger['kind'][]).map((kind) =>
        of(triggerKinds[kind].toLowerCase(), triggers.filter((trigger) => trigger.kind === kind).length),
      ),
    ),
    of1('Shortened names', set.model.shortenedNames.length),
  ];
}

const of1 = (name: string, count: number): SetCount => ({ name, count, parts: [] });
