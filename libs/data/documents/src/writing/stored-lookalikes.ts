import { resourceLabel } from '@dms/api-schema';
import type { Row, Statement } from '@dms/databases';
import { type Column, core, type DbTableName, modelIndex, mustExist, type RelationalModelSet } from '@dms/model';
import { cachedByObject } from '@dms/values';
import type { SoughtTarget } from '../checking/checked-document.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import type { SoughtTexts, SoughtValue } from '../statements/hidden-text-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { appearance } from './hidden-differences.ts';

/** A stored text of an identity that looks like a text of a reference, but differs from it. */
export interface LookalikeText {
  readonly path: string;
  readonly value: string;
}

/** The texts of a stored document that looks like a missing target, by the referential id of the target. */
export type Lookalikes = ReadonlyMap<string, readonly LookalikeText[]>;

/** The number of targets that a connection looks for, and the number of stored rows that each is compared with. */
const mostLooks = 20;

/** A query for the rows that may look like a target, with the paths of the texts that it returns. */
interface Lookalike {
  readonly target: SoughtTarget;
  readonly paths: readonly string[];
  readonly sought: SoughtTexts;
}

/** The targets of which some are missing. */
interface Search {
  readonly all: DocumentPlans;
  readonly targets: readonly SoughtTarget[];
  /** The ids of the targets that were found. */
  readonly ids: ReadonlyMap<string, string>;
  /**
   * Labels of resources of which documents may still be written: if targets in them are missing, no lookalikes are
   * sought.
   */
  readonly awaited?: ReadonlySet<string> | undefined;
}

/**
 * Stored documents that look like missing targets (design 14 §2). Each look reads a table, so a connection makes only a
 * few, and looks for each target once.
 */
export class StoredLookalikes {
  private readonly known = new Map<string, readonly LookalikeText[]>();

  /** The looks that {@link of} would make. */
  private looks({ all, targets, ids, awaited }: Search): readonly Lookalike[] {
    const left = mostLooks - this.known.size;
    if (left <= 0) return [];
    const looks = new Map<string, Lookalike>();
    for (const target of targets) {
      const { referentialId } = target;
      if (ids.has(referentialId) || this.known.has(referentialId) || looks.has(referentialId)) continue;
      if (awaited?.has(resourceLabel(target.resource))) continue;
      const look = lookFor(all, target, ids);
      if (look !== null) looks.set(referentialId, look);
      if (looks.size === left) break;
    }
    return [...looks.values()];
  }

  /** Whether {@link of} queries the database. */
  asksFor(search: Search): boolean {
    return this.looks(search).length > 0;
  }

  /**
   * Finds the lookalikes of missing targets.
   *
   * @param ask returns the rows of each statement
   */
  async of(
    search: Search,
    ask: (statements: readonly Statement[]) => Promise<readonly (readonly Row[])[]>,
  ): Promise<Lookalikes> {
    const looks = this.looks(search);
    if (looks.length > 0) {
      const answers = await ask(looks.map(({ sought }) => documentStatements[search.all.dialect].hiddenTexts(sought)));
      for (const [index, look] of looks.entries())
        this.known.set(look.target.referentialId, lookalikeOf(look, answers[index] ?? []));
    }
    return this.known;
  }
}
const mostRows = 1_000;

/** Null if no text of the target can have a lookalike, or if a descriptor of its identity is also missing. */
function lookFor(all: DocumentPlans, target: SoughtTarget, ids: ReadonlyMap<string, string>): Lookalike | null {
  if (target.reference === null) return descriptorLook(all, target);
  const stored = storedIdentities(all.mappingSet.model).get(resourceLabel(target.resource));
  if (!stored) return null;
  const texts = new Map<string, string>();
  const equal: SoughtValue[] = [];
  for (const { path, value } of target.identity()) {
    const column = stored.columns.get(path);
    if (!column) return null;
    const { name, scalarType, targetResource } = column;
    if (targetResource !== null) {
      const id = ids.get(all.referentialIds.ofDescriptor(targetResource, value));
      if (id === undefined) return null;
      equal.push({ column: name, value: id, type: null });
    } else if (scalarType?.kind === 'String') texts.set(path, name);
    else equal.push({ column: name, value, type: scalarType });
  }
  if (texts.size === 0) return null;
  const sought = { table: stored.table, texts: [...texts.values()], equal, resourceKeyId: null, limit: mostRows };
  return { target, paths: [...texts.keys()], sought };
}

function descriptorLook({ mappingSet }: DocumentPlans, target: SoughtTarget): Lookalike | null {
  const label = resourceLabel(target.resource);
  const key = mappingSet.model.effectiveSchema.resourceKeys.find((each) => resourceLabel(each) === label);
  if (!key) return null;
  const sought = { table: core.descriptor, texts: ['Uri'], equal: [], resourceKeyId: key.id, limit: mostRows };
  return { target, paths: target.identity().map(({ path }) => path), sought };
}

/** The table and columns in which the identity of a resource is stored. */
interface StoredIdentity {
  readonly table: DbTableName;
  /** Columns by the path of the identity. */
  readonly columns: ReadonlyMap<string, Column>;
}

const storedIdentities = cachedByObject((model: RelationalModelSet): ReadonlyMap<string, StoredIdentity> => {
  const identities = new Map<string, StoredIdentity>();
  const { roots, abstracts, columnOf } = modelIndex(model);
  for (const { label, resource, table } of roots) {
    const columns = resource.identityElements.map(
      ({ column, identityJsonPath }) =>
        [identityJsonPath.canonical, mustExist(columnOf(table, column), `the column ${column}`)] as const,
    );
    identities.set(label, { table: table.table, columns: new Map(columns) });
  }
  for (const [label, { table }] of abstracts) {
    const columns = table.columns.flatMap((column) =>
      column.sourcePath ? [[column.sourcePath.canonical, column] as const] : [],
    );
    identities.set(label, { table: table.table, columns: new Map(columns) });
  }
  return identities;
});

/** The texts of the first row that looks like the target; empty if none does. */
function lookalikeOf({ target, paths }: Lookalike, rows: readonly Row[]): readonly LookalikeText[] {
  const wanted = new Map(target.identity().map(({ path, value }) => [path, value]));
  // the identity of a descriptor ignores letter case
  const compared = (text: string) => appearance(target.reference === null ? text.toLowerCase() : text);
  for (const row of rows) {
    const texts = paths.map((path, index) => ({ path, value: String(row[index]) }));
    const looksAlike = texts.every(({ path, value }) => compared(value) === compared(wanted.get(path) ?? ''));
    if (looksAlike) return texts.filter(({ path, value }) => value !== wanted.get(path));
  }
  return [];
}
