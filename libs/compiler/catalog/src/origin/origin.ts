import { qualified } from '@dms/model';
import type { Catalog, Trigger } from '../catalog.ts';
import { diffCatalogs } from '../drift/diff-catalogs.ts';
import type { CatalogDiff, CatalogDifference } from '../drift/difference.ts';

/**
 * The maker of the triggers and functions of a database: `dms-ddl`, the tool of the Ed-Fi `service`, both (`mixed`), or
 * somebody unknown (design 09a §2.5).
 */
export type OriginKind = 'dms-ddl' | 'service' | 'mixed' | 'unknown';

export interface Origin {
  readonly kind: OriginKind;
  /**
   * The triggers that dms-ddl made, in this version or an earlier one: `schema.table.name`, ordered as in the catalog.
   */
  readonly ours: readonly string[];
  /** The triggers that the service's tool made. */
  readonly service: readonly string[];
}

type OriginVerdict = 'ours' | 'service' | 'notOurs' | 'neither';

/**
 * The maker of a live catalog, determined from its triggers: names, attachment and hashes of bodies (design 09a §2.5). A
 * trigger that both makers attach alike, but whose body is not ours, counts as the service's, unless some triggers are
 * certainly ours and none is certainly the service's: on SQL Server, a database without any body of ours belongs to the
 * service.
 *
 * @param service the catalog that the service's tool makes from the same schema set; null if it makes none
 */
export function findOrigin(ours: Catalog, service: Catalog | null, live: Catalog): Origin {
  const objectsByVerdict: Record<OriginVerdict, string[]> = { ours: [], service: [], notOurs: [], neither: [] };
  const wanted = new TriggersOf(ours);
  const theirs = service && new TriggersOf(service);
  const actual = new TriggersOf(live);
  for (const [place, trigger] of actual)
    objectsByVerdict[verdictOn(place, trigger, actual, wanted, theirs)].push(place);
  const ofService =
    objectsByVerdict.ours.length > 0 && objectsByVerdict.service.length === 0
      ? []
      : [...objectsByVerdict.service, ...objectsByVerdict.notOurs];
  const kinds: readonly (readonly [OriginKind, boolean])[] = [
    ['mixed', objectsByVerdict.ours.length > 0 && ofService.length > 0],
    ['dms-ddl', objectsByVerdict.ours.length > 0],
    ['service', ofService.length > 0],
  ];
  const [kind] = kinds.find(([, is]) => is) ?? ['unknown' as const];
  return { kind, ours: objectsByVerdict.ours, service: ofService };
}

/** A catalog's triggers, each with the hash of its body. */
class TriggersOf {
  private readonly bodies: ReadonlyMap<string, string>;
  private readonly triggers: ReadonlyMap<string, Trigger>;
  /** The called functions with the table of their trigger: `schema.table schema.function`. */
  private readonly calls: ReadonlySet<string>;

  constructor({ tables, functions }: Catalog) {
    this.bodies = new Map(functions.map((routine) => [qualified(routine), routine.body]));
    this.triggers = new Map(
      tables.flatMap((table) => table.triggers.map((trigger) => [`${qualified(table)}.${trigger.name}`, trigger])),
    );
    this.calls = new Set(
      tables.flatMap((table) => table.triggers.map(({ function: name }) => `${qualified(table)} ${name ?? ''}`)),
    );
  }

  at(place: string): Trigger | undefined {
    return this.triggers.get(place);
  }

  /** Whether a trigger at this place would call a function that another trigger of its table calls. */
  callsAt(place: string, { name, function: called }: Trigger): boolean {
    return called !== null && this.calls.has(`${place.slice(0, -name.length - 1)} ${called}`);
  }

  bodyOf({ function: name, body }: Trigger): string | undefined {
    return name === null ? (body ?? undefined) : this.bodies.get(name);
  }

  [Symbol.iterator](): Iterator<readonly [string, Trigger]> {
    return this.triggers.entries();
  }
}

/**
 * Judges one trigger. If both makers attach it alike, only the body distinguishes them: a body that is not ours belongs
 * to the service or was changed by somebody.
 */
function verdictOn(
  place: string,
  trigger: Trigger,
  live: TriggersOf,
  ours: TriggersOf,
  service: TriggersOf | null,
): OriginVerdict {
  const own = ours.at(place);
  const theirs = service?.at(place);
  if (!own && !theirs) {
    // earlier versions of dms-ddl had other names for their triggers, but the same names for the functions
    return ours.callsAt(place, trigger) ? 'ours' : 'neither';
  }
  const isOurForm = own !== undefined && form(trigger) === form(own);
  const isOurBody = own !== undefined && live.bodyOf(trigger) === ours.bodyOf(own);
  if (isOurBody) return isOurForm ? 'ours' : 'neither';
  if (!theirs || form(trigger) !== form(theirs)) return 'neither';
  return isOurForm ? 'notOurs' : 'service';
}

/** Members that describe how a trigger is attached; whether it is enabled does not depend on its maker. */
const formFields = ['timing', 'level', 'events', 'updateOf', 'oldTable', 'newTable', 'function'] as const;

const form = (trigger: Trigger) => JSON.stringify(formFields.map((field) => trigger[field]));

/** The comparison of a database with the catalog that its maker makes of the schema set. */
export interface JudgedCatalog {
  readonly maker: Origin;
  /** The differences from the catalog of the maker. */
  readonly diff: CatalogDiff;
  /** Functions of the other maker that no trigger calls: `schema.name`. */
  readonly leftovers: readonly string[];
}

type ByMaker = Readonly<Record<OriginKind, () => Omit<JudgedCatalog, 'maker'>>>;

/**
 * Compares a live catalog with the catalog that its maker makes of a schema set (design 09a §2.5): ours, or the
 * service's. In a mixed database, objects of either maker are right.
 *
 * @param service makes the catalog of the service's tool; it is not called if all triggers and functions are ours
 */
export async function diffByOrigin(
  ours: Catalog,
  live: Catalog,
  service: () => Promise<Catalog | null>,
): Promise<JudgedCatalog> {
  const diff = diffCatalogs(ours, live);
  const isCode = ({ object }: CatalogDifference) => object === 'trigger' || object === 'function';
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

/** Extra functions of the given maker in a database of another maker, if no trigger calls them. */
function findLeftovers(
  found: readonly CatalogDifference[],
  maker: Catalog,
  live: Catalog,
): ReadonlySet<CatalogDifference> {
  const signatures = signaturesOf(maker);
  const called = new Set(live.tables.flatMap(({ triggers }) => triggers.flatMap(({ function: name }) => name ?? [])));
  const isLeft = (entry: CatalogDifference) => signatures.has(entry.path[0]) && !called.has(functionOf(entry));
  return new Set(found.filter((entry) => entry.object === 'function' && entry.change === 'extra' && isLeft(entry)));
}

/** Functions by name and arguments: an overload that somebody added belongs to neither maker. */
const signaturesOf = ({ functions }: Catalog) =>
  new Set(functions.map((routine) => `${qualified(routine)}(${routine.arguments})`));

const functionOf = ({ path: [signature = ''] }: CatalogDifference) => signature.replace(/\(.*$/s, '');

/**
 * The differences between a database of the service and the service's set, without bodies, which are the service's own.
 * A database that was ours before has deferrable keys; the service works with them, so they are no difference.
 */
function withoutOwnBodies(found: readonly CatalogDifference[], ours: Catalog): readonly CatalogDifference[] {
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

const keyOf = ({ object, path, change, field = '' }: CatalogDifference) =>
  JSON.stringify([object, change, field, ...path]);
