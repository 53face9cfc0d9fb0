import { qualified } from '@dms/model';
import type { Catalog } from '../catalog.ts';
import { diffCatalogs } from '../drift/diff-catalogs.ts';
import type { CatalogDiff, Difference } from '../drift/difference.ts';
import { findOrigin, type Origin, type OriginKind } from './origin.ts';

/** How far a database is from what its maker makes of the schema set. */
export interface JudgedCatalog {
  readonly maker: Origin;
  /** The differences from what the maker makes. */
  readonly diff: CatalogDiff;
  /** Functions of the other maker that no trigger calls: `schema.name`. */
  readonly leftovers: readonly string[];
}

const keyOf = ({ object, path, change, field = '' }: Difference) => JSON.stringify([object, change, field, ...path]);

const functionOf = ({ path: [signature = ''] }: Difference) => signature.replace(/\(.*$/s, '');

/** Functions by name and arguments: an overload of one belongs to nobody. */
const signaturesOf = ({ functions }: Catalog) =>
  new Set(functions.map((routine) => `${qualified(routine)}(${routine.arguments})`));

/** The functions of a maker that the database still has, although it has another maker and no trigger calls them. */
function findLeftovers(found: readonly Difference[], maker: Catalog, live: Catalog): ReadonlySet<Difference> {
  const signatures = signaturesOf(maker);
  const called = new Set(live.tables.flatMap(({ triggers }) => triggers.flatMap(({ function: name }) => name ?? [])));
  const isLeft = (entry: Difference) => signatures.has(entry.path[0]) && !called.has(functionOf(entry));
  return new Set(found.filter((entry) => entry.object === 'function' && entry.change === 'extra' && isLeft(entry)));
}

/**
 * The differences of a database of the service from the service's set. Bodies are the service's own. A database that
 * was ours before has deferrable keys, which do not disturb the service.
 */
function withoutOwnBodies(found: readonly Difference[], ours: Catalog): readonly Difference[] {
  const deferrals = new Map(
    ours.tables.flatMap((table) =>
      table.foreignKeys.map(({ name, deferrable }) => [JSON.stringify([qualified(table), name]), deferrable] as const),
    ),
  );
  return found.filter(({ object, path, field, actual }) => {
    if (object === 'trigger' || object === 'function') return field !== 'body';
    return !(object === 'foreignKey' && field === 'deferrable' && actual === deferrals.get(JSON.stringify(path)));
  });
}

type ByMaker = Readonly<Record<OriginKind, () => Omit<JudgedCatalog, 'maker'>>>;

/**
 * Compares a live catalog with what its maker makes of a schema set (design 09 §4.5): ours, or the service's set. In a
 * mixed database, what either makes is right.
 *
 * @param service makes the catalog of the service's tool; it is not called if all triggers and functions are ours
 */
export async function diffByOrigin(
  ours: Catalog,
  live: Catalog,
  service: () => Promise<Catalog | null>,
): Promise<JudgedCatalog> {
  const diff = diffCatalogs(ours, live);
  const isCode = ({ object }: Difference) => object === 'trigger' || object === 'function';
  const theirs = diff.differences.some(isCode) ? await service() : null;
  const maker = findOrigin(ours, theirs, live);
  if (theirs === null) return { maker, diff, leftovers: [] };
  const without = ({ differences, renames }: CatalogDiff, other: Catalog): Omit<JudgedCatalog, 'maker'> => {
    const left = findLeftovers(differences, other, live);
    return {
      diff: { differences: differences.filter((entry) => !left.has(entry)), renames },
      leftovers: [...left].map(functionOf),
    };
  };
  const fromService = (): CatalogDiff => {
    const { differences, renames } = diffCatalogs(theirs, live);
    return { differences: withoutOwnBodies(differences, ours), renames };
  };
  const byMaker: ByMaker = {
    'dms-ddl': () => without(diff, theirs),
    service: () => without(fromService(), ours),
    mixed: () => {
      const first = without(diff, theirs);
      const second = without(fromService(), ours);
      const keys = new Set(second.diff.differences.map(keyOf));
      const differences = first.diff.differences.filter((entry) => keys.has(keyOf(entry)));
      return { diff: { differences, renames: first.diff.renames }, leftovers: [] };
    },
    unknown: () => ({ diff, leftovers: [] }),
  };
  return { maker, ...byMaker[maker.kind]() };
}
