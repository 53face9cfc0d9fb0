import type { Catalog } from '@dms/catalog';
import type { KeptPartName, LaterObjects } from '@dms/databases';
import { mustExist, qualified, unqualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import type { KeyPlan } from '../kinds/key-matching.ts';
import { matchColumns, type SideTable } from '../matching/table-pairs.ts';

/** A table of the earlier set under its later name, with the later names of its columns. */
interface LaterTable {
  readonly key: string;
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

/**
 * The later names of the tables of the earlier set and of their parts, also of tables that a translation makes anew
 * (design 12a §3).
 */
export function laterObjects(comparison: Comparison, keys: Pick<KeyPlan, 'renamed'>): LaterObjects {
  const { before, after } = comparison;
  const tables = laterTables(comparison);
  const parts = partsByTable(after.catalog);
  const renamed = new Map(keys.renamed.map(({ table, from, to }) => [partKey(table, from), to]));
  const schemas = laterSchemas(before.catalog, after.catalog, tables);
  return {
    schema: (name) => schemas.get(name) ?? name,
    relation: (name) => {
      const later = tables.get(qualified(name));
      return later === undefined ? name : unqualified(later.key);
    },
    part(relation, { kind, name }: KeptPartName) {
      const earlier = qualified(relation);
      const later = tables.get(earlier);
      if (later === undefined) return name;
      if (kind === 'column') return later.columns.get(name)?.[0] ?? name;
      const known = renamed.get(partKey(later.key, name));
      if (known !== undefined) return known;
      // names of keys, indexes and triggers contain the name of their table
      const own = mustExist(parts.get(later.key), later.key);
      const inLater = name.replace(relation.name, () => unqualified(later.key).name);
      return own.has(name) || !own.has(inLater) ? name : inLater;
    },
  };
}

const partKey = (table: string, name: string) => JSON.stringify([table, name]);

/** The tables of both sets, and those whose documents a translation writes again, by their earlier names. */
function laterTables({ changes, match }: Comparison): ReadonlyMap<string, LaterTable> {
  const found = new Map<string, LaterTable>();
  for (const { pair, kept } of changes) {
    const columns = new Map(pair.later);
    for (const [earlier, later] of kept) columns.set(earlier, [later]);
    found.set(pair.before.key, { key: pair.after.key, columns });
  }
  const roleOf = ({ model }: SideTable) => model?.role;
  const added = new Map(match.added.flatMap((side) => (side.model === null ? [] : [[side.model.role, side] as const])));
  // where several tables become one, what others gave the one of the same name counts, else the first
  const taken = new Set(match.pairs.map(({ after }) => after.key));
  const isSameName = (side: SideTable) => added.get(roleOf(side) ?? '')?.key === side.key;
  for (const side of [...match.removed.filter(isSameName), ...match.removed.filter((each) => !isSameName(each))]) {
    const later = added.get(roleOf(side) ?? '');
    if (later === undefined || taken.has(later.key)) continue;
    taken.add(later.key);
    found.set(side.key, { key: later.key, columns: matchColumns({ before: side, after: later }).later });
  }
  return found;
}

/** The names of the keys, checks, indexes and triggers of each table. */
function partsByTable({ tables }: Catalog): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    tables.map((table) => {
      const { primaryKey, uniques, foreignKeys, checks, indexes, triggers } = table;
      const named = [
        ...(primaryKey ? [primaryKey] : []),
        ...uniques,
        ...foreignKeys,
        ...checks,
        ...indexes,
        ...triggers,
      ];
      return [qualified(table), new Set(named.map(({ name }) => name))];
    }),
  );
}

/** Schemas that only the earlier set has, with the one into which their tables move. */
function laterSchemas(
  before: Catalog,
  after: Catalog,
  tables: ReadonlyMap<string, LaterTable>,
): ReadonlyMap<string, string> {
  const staying = new Set(after.schemas);
  const found = new Map<string, string>();
  for (const [earlier, { key }] of tables) {
    const [from, to] = [unqualified(earlier).schema, unqualified(key).schema];
    if (from !== to && !staying.has(from) && !before.schemas.includes(to) && !found.has(from)) found.set(from, to);
  }
  return found;
}
