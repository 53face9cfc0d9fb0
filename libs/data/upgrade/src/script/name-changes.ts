import type { Catalog, CatalogTable } from '@dms/catalog';
import { compareOrdinal, groupBy } from '@dms/values';
import type { Comparison } from '../comparing/comparison.ts';
import type { FoundChanges } from '../kinds/found-changes.ts';
import type { KeyPlan, KeyRenamed, RenamedKey } from '../kinds/key-matching.ts';
import type { TableChanges } from '../kinds/tables.ts';
import type { TableChange } from '../matching/table-change.ts';
import { present } from '../ops/effect.ts';
import type { RenameKey, RenameTable, UpgradeOperation } from '../ops/operation.ts';
import type { UpgradeDialect } from './upgrade-dialect.ts';

/** A table that both sets have, with the current schema and names of the table and its keys. */
interface TableOnItsWay {
  /** `schema.name` in the later set. */
  readonly key: string;
  /** `schema.name` in the earlier set. */
  readonly earlierKey: string;
  readonly later: CatalogTable;
  schema: string;
  name: string;
  /** Its keys, checks and indexes; `from` is the current name. */
  keys: RenamedKey[];
}

/** The operation that renames each kind of key, and the one that gives it a temporary name. */
const renamesOf = {
  constraint: { to: 'renameConstraint', aside: 'setConstraintAside' },
  index: { to: 'renameIndex', aside: 'setIndexAside' },
} as const satisfies Record<RenamedKey['kind'], Record<'to' | 'aside', RenameKey['op']>>;

/**
 * Moves and renames the tables that both sets have, and their keys, in an order in which no name is already taken.
 * Names that form a circle pass through a temporary name (design 12 §5, step 4). Objects that are dropped for good are
 * already gone.
 */
export class NameChanges {
  private readonly dialect: UpgradeDialect;
  private readonly found: FoundChanges;
  private readonly tables: readonly TableOnItsWay[];
  private readonly views: Catalog['views'];
  private readonly temporaryName: () => string;

  constructor({ before, after, dialect, changes }: Comparison, { kept, renamed }: KeyPlan, found: FoundChanges) {
    const keys = groupBy([...kept, ...renamed], ({ table }) => table);
    this.dialect = dialect;
    this.found = found;
    this.views = before.catalog.views;
    this.tables = changes.map((change) => {
      const { before: earlier, after: later } = change.pair;
      const { schema, name } = earlier.catalog;
      const own = [...(keys.get(later.key) ?? []), ...namedDefaults(change)];
      return { key: later.key, earlierKey: earlier.key, later: later.catalog, schema, name, keys: own };
    });
    this.temporaryName = temporaryNames(
      [...namesOf(before.catalog), ...namesOf(after.catalog)],
      dialect.rules.comparedName,
    );
  }

  /** The scope in which the name of a key must be unique. */
  private scopeOf({ kind }: RenamedKey, { schema, name }: TableOnItsWay): string {
    return kind === 'index' && this.dialect.indexNamesAreAloneIn === 'table' ? `${schema}.${name}` : schema;
  }

  /** The names that a table takes with it into another schema. */
  private travelling(table: TableOnItsWay): string[] {
    const keys = table.keys.filter((key) => this.scopeOf(key, table) === table.schema);
    return [table.name, ...keys.map(({ from }) => from)];
  }

  /** The operation that renames a key; `later` is its name in the later set. */
  private renamedKey(
    op: RenameKey['op'],
    { key, earlierKey, schema, name }: TableOnItsWay,
    { kind, from, to, later }: Pick<RenamedKey, 'kind' | 'from' | 'to'> & { readonly later: string },
  ): RenameKey {
    const made = this.found.at<KeyRenamed>([key, later], `${kind} renamed`);
    return { op, subject: key, on: [present(earlierKey)], for: made, table: { schema, name }, from, to };
  }

  /** The operation that moves or renames a table, but for its own part. */
  private ofTable({ key, earlierKey }: Pick<TableOnItsWay, 'key' | 'earlierKey'>) {
    return { on: [present(earlierKey)], for: this.found.at<TableChanges>([key], 'table renamed') };
  }

  /** Gives a table and its keys temporary names if their names are taken in the schema that they move to. */
  private outOfTheWay(table: TableOnItsWay, taken: NamesInSchemas): UpgradeOperation[] {
    const isMet = (name: string) => taken.has(table.later.schema, name);
    const found: UpgradeOperation[] = [];
    table.keys = table.keys.map((key) => {
      if (this.scopeOf(key, table) !== table.schema || !isMet(key.from)) return key;
      const from = this.temporaryName();
      const { kind, to: later } = key;
      found.push(this.renamedKey(renamesOf[kind].aside, table, { kind, from: key.from, to: from, later }));
      return { ...key, from };
    });
    if (isMet(table.name)) {
      const to = this.temporaryName();
      const { schema, name } = table;
      found.push({ op: 'setTableAside', subject: table.key, ...this.ofTable(table), table: { schema, name }, to });
      table.name = to;
    }
    return found;
  }

  /** Moves tables into their schemas; keys move with them. */
  *moves(): Generator<UpgradeOperation> {
    const taken = new NamesInSchemas(this.dialect.rules.comparedName);
    for (const { schema, name } of this.views) taken.add(schema, [name]);
    for (const table of this.tables) taken.add(table.schema, this.travelling(table));
    let waiting = this.tables.filter(({ schema, later }) => schema !== later.schema);
    while (waiting.length > 0) {
      const free = waiting.find((table) =>
        this.travelling(table).every((name) => !taken.has(table.later.schema, name)),
      );
      const table = (free ?? waiting[0]) as TableOnItsWay;
      taken.remove(table.schema, this.travelling(table));
      if (!free) yield* this.outOfTheWay(table, taken);
      const { schema, name } = table;
      const into = { table: { schema, name }, schema: table.later.schema };
      yield { op: 'moveTable', subject: `${schema}.${name}`, ...this.ofTable(table), ...into };
      table.schema = table.later.schema;
      taken.add(table.schema, this.travelling(table));
      waiting = waiting.filter((other) => other !== table);
    }
  }

  /** Renamings of entries of one scope, without entries that already have their names. */
  private ordered<Entry extends RenameStep>(entries: readonly Entry[]): readonly Entry[] {
    const isThere = ({ from, to }: Entry) => from === to;
    const stay = entries.filter(isThere).map(({ from }) => from);
    const renames = entries.filter((entry) => !isThere(entry));
    return renameOrder(renames, stay, this.dialect.rules.comparedName, this.temporaryName);
  }

  /** Renames tables, once they are in their schemas. */
  *renames(): Generator<RenameTable> {
    const schemas = groupBy(this.tables, ({ schema }) => schema);
    for (const [schema, tables] of [...schemas].sort(([left], [right]) => compareOrdinal(left, right)))
      for (const { from, to, key, earlierKey } of this.ordered(
        tables.map((table) => ({
          from: table.name,
          to: table.later.name,
          key: table.key,
          earlierKey: table.earlierKey,
        })),
      )) {
        const of = this.ofTable({ key, earlierKey });
        yield { op: 'renameTable', subject: `${schema}.${to}`, ...of, table: { schema, name: from }, to };
      }
    for (const table of this.tables) table.name = table.later.name;
  }

  /** Renames keys, checks and indexes, once their tables have their names. */
  *keyRenames(): Generator<RenameKey> {
    const entries = this.tables.flatMap((owner) => owner.keys.map((key) => ({ ...key, owner })));
    const scopes = groupBy(entries, (key) => this.scopeOf(key, key.owner));
    for (const [, keys] of [...scopes].sort(([left], [right]) => compareOrdinal(left, right)))
      for (const { kind, owner, from, to } of this.ordered(keys))
        yield this.renamedKey(renamesOf[kind].to, owner, { kind, from, to, later: to });
  }
}

/** The defaults of columns that stay, where they are constraints with names. */
function namedDefaults({ pair: { before, after }, fates }: TableChange): RenamedKey[] {
  return fates.flatMap((fate): RenamedKey[] => {
    if (fate.kind !== 'kept' || fate.before.default === null) return [];
    const from = before.defaultNames.get(fate.before.name);
    if (from === undefined) return [];
    const to = after.defaultNames.get(fate.after.name) ?? from;
    return [{ kind: 'constraint', table: after.key, from, to }];
  });
}

/** All names that a set has in its schemas. */
function namesOf({ tables, views }: Catalog): string[] {
  const keysOf = ({ primaryKey, uniques, foreignKeys, checks, indexes }: CatalogTable) =>
    [...(primaryKey ? [primaryKey] : []), ...uniques, ...foreignKeys, ...checks, ...indexes].map(({ name }) => name);
  return [...tables.flatMap((table) => [table.name, ...keysOf(table)]), ...views.map(({ name }) => name)];
}

/** The names that are currently taken in each schema. */
class NamesInSchemas {
  private readonly bySchema = new Map<string, Set<string>>();
  private readonly compared: (name: string) => string;

  constructor(compared: (name: string) => string) {
    this.compared = compared;
  }

  has(schema: string, name: string): boolean {
    return this.bySchema.get(schema)?.has(this.compared(name)) ?? false;
  }

  add(schema: string, names: readonly string[]): void {
    const taken = this.bySchema.get(schema) ?? new Set();
    for (const name of names) taken.add(this.compared(name));
    this.bySchema.set(schema, taken);
  }

  remove(schema: string, names: readonly string[]): void {
    for (const name of names) this.bySchema.get(schema)?.delete(this.compared(name));
  }
}

/** One step of a sequence of renames; after each step every name is unique. */
export interface RenameStep {
  readonly from: string;
  readonly to: string;
}

/** Creates a generator of temporary names: no name twice, and none from `used`, as the engine compares names. */
export function temporaryNames(
  used: Iterable<string>,
  compared: (name: string) => string,
  stem = 'Upgrade',
): () => string {
  const taken = new Set([...used].map(compared));
  let number = 0;
  return () => {
    let name: string;
    do {
      number += 1;
      name = `${stem}_${number}`;
    } while (taken.has(compared(name)));
    return name;
  };
}

/**
 * An order of renames in which no name is already taken. Names that form a circle pass through a temporary name.
 * `taken` are names that stay; names that `compared` maps to the same text are equal to the engine. Steps keep the
 * other members of their entry.
 */
export function renameOrder<Entry extends RenameStep>(
  renames: readonly Entry[],
  taken: Iterable<string>,
  compared: (name: string) => string,
  temporary?: () => string,
): readonly Entry[] {
  const stay = [...taken];
  const nextName = temporary ?? temporaryNames([...stay, ...renames.flatMap(({ from, to }) => [from, to])], compared);
  const present = new Set([...stay, ...renames.map(({ from }) => from)].map(compared));
  const steps: Entry[] = [];
  const move = (entry: Entry) => {
    present.delete(compared(entry.from));
    present.add(compared(entry.to));
    steps.push(entry);
  };
  let waiting = [...renames];
  while (waiting.length > 0) {
    const free = waiting.find(({ from, to }) => compared(from) === compared(to) || !present.has(compared(to)));
    if (free) {
      move(free);
      waiting = waiting.filter((entry) => entry !== free);
      continue;
    }
    const [first, ...others] = waiting as [Entry, ...Entry[]];
    const name = nextName();
    move({ ...first, to: name });
    waiting = [...others, { ...first, from: name }];
  }
  return steps;
}
