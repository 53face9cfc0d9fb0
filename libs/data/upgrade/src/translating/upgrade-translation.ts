import { resourceLabel } from '@dms/api-schema';
import { mustExist, qualified, type RelationalModelSet } from '@dms/model';
import { type CompiledTranslation, isWithin, type PlaceName, pathName } from '@dms/translation';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { Rename } from '../renaming/renaming.ts';
import { otherPlace, translatedNames } from '../renaming/resolve-renames.ts';
import { schemaObjects } from '../renaming/schema-objects.ts';

/** What an upgrade in place does of a translation (design 12 §15). */
export interface UpgradeTranslation {
  /** The moves that only change names. */
  readonly renames: readonly Rename[];
  /**
   * What rules drop, so that its loss needs no permission: `Project:Resource`, `schema.table` and `schema.table.column`
   * of the earlier set.
   */
  readonly dropped: ReadonlySet<string>;
  /** The rules that it cannot carry out. */
  readonly unsupported: readonly string[];
}

const placeText = ({ project, resource, path }: PlaceName) =>
  resource === null ? project : path === null ? resource : pathName(resource, path);

/** Places that rules drop, by resource; null where the resource is dropped. */
type DroppedPlaces = Map<string, Set<string> | null>;

/** Adds what references repeat of dropped parts of identities, through any number of references. */
function addRepeated({ resources }: RelationalModelSet, dropped: DroppedPlaces): void {
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const { resourceKey, documentReferenceBindings } of resources) {
      const label = resourceLabel(resourceKey);
      for (const { targetResource, identityBindings } of documentReferenceBindings) {
        const ofTarget = dropped.get(resourceLabel(targetResource));
        const own = dropped.get(label) ?? new Set<string>();
        if (!ofTarget || dropped.get(label) === null) continue;
        for (const { identityJsonPath, referenceJsonPath } of identityBindings) {
          if (!ofTarget.has(identityJsonPath.canonical) || own.has(referenceJsonPath.canonical)) continue;
          dropped.set(label, own.add(referenceJsonPath.canonical));
          isChanged = true;
        }
      }
    }
  }
}

/** The tables and columns that hold only what rules drop. */
function droppedObjects({ model }: ComparedSet, places: readonly PlaceName[]): ReadonlySet<string> {
  const dropped: DroppedPlaces = new Map();
  for (const { resource, path } of places) {
    if (resource === null) continue;
    if (path === null) dropped.set(resource, null);
    else if (dropped.get(resource) !== null) dropped.set(resource, (dropped.get(resource) ?? new Set()).add(path));
  }
  addRepeated(model, dropped);
  const found = new Set<string>();
  for (const { resourceKey, tablesInDependencyOrder, documentReferenceBindings } of model.resources) {
    const label = resourceLabel(resourceKey);
    const paths = dropped.get(label);
    if (paths === null) found.add(label);
    if (!paths) continue;
    const isDropped = (path: string) => [...paths].some((object) => isWithin(path, object));
    for (const { table, jsonScope, columns, keyUnificationClasses } of tablesInDependencyOrder) {
      const key = qualified(table);
      if (isDropped(jsonScope.canonical)) found.add(key);
      const references = documentReferenceBindings.filter((binding) => qualified(binding.table) === key);
      const held = new Map<string, string[]>(columns.map(({ name }) => [name, []]));
      const add = (name: string, ...of: readonly string[]) => held.get(name)?.push(...of);
      for (const { name, sourcePath } of columns) if (sourcePath) add(name, sourcePath.canonical);
      for (const { fkColumn, referenceObjectPath, identityBindings } of references) {
        add(fkColumn, referenceObjectPath.canonical);
        for (const { column, referenceJsonPath } of identityBindings) add(column, referenceJsonPath.canonical);
      }
      for (const { canonicalColumn, memberPathColumns } of keyUnificationClasses)
        add(canonicalColumn, ...memberPathColumns.flatMap((member) => held.get(member) ?? []));
      for (const { name, storage } of columns)
        if (storage.kind === 'UnifiedAlias' && storage.presenceColumn !== null)
          add(storage.presenceColumn, ...(held.get(name) ?? []));
      for (const [name, own] of held) if (own.length > 0 && own.every(isDropped)) found.add(`${key}.${name}`);
    }
  }
  return found;
}

/**
 * Whether a project that moves into one of the earlier set adds something to resources of others: what is at its
 * members of `_ext` has no table of its own afterwards.
 */
function mergesExtensions({ model }: ComparedSet, project: string, into: string): boolean {
  if (!model.projects.some(({ projectName }) => projectName === into)) return false;
  const schema = mustExist(
    model.projects.find(({ projectName }) => projectName === project),
    `the project ${project}`,
  ).physicalSchema;
  return model.resources.some(
    ({ resourceKey, tablesInDependencyOrder }) =>
      resourceKey.projectName !== project && tablesInDependencyOrder.some(({ table }) => table.schema === schema),
  );
}

/** Sorts the rules of a translation by what an upgrade in place does of them. */
export function upgradeTranslation(
  { rules: { translation }, notes }: CompiledTranslation,
  before: ComparedSet,
  after: ComparedSet,
): UpgradeTranslation {
  const unused = new Set(notes.flatMap(({ code, rules }) => (code === 'TRANSLATION_UNUSED' ? rules : [])));
  const used = <Rule extends { readonly rule: string }>(rules: readonly Rule[]) =>
    rules.filter(({ rule }) => !unused.has(rule));
  const moves = used(translation.moves).map((move) => ({
    ...move,
    rename: { before: placeText(move.before), after: placeText(move.after) },
  }));
  const names = translatedNames(
    before,
    after,
    moves.map(({ rename }) => rename),
  );
  const sides = { before: schemaObjects(before), after: schemaObjects(after) };
  const isRename = ({ before: from, after: to, take, values, as }: (typeof moves)[number]): boolean => {
    if (from.path === null) return from.resource !== null || !mergesExtensions(before, from.project, to.project);
    return !take && values === null && as === null && otherPlace(from, to, sides, names) === undefined;
  };
  const others = [translation.documents, translation.namespaces, translation.fills].flatMap((list) =>
    used<{ readonly rule: string }>(list),
  );
  return {
    renames: moves.filter(isRename).map(({ rename }) => rename),
    dropped: droppedObjects(
      before,
      translation.drops.map((drop) => drop.before),
    ),
    unsupported: [...moves.filter((move) => !isRename(move)), ...others].map(({ rule }) => rule),
  };
}
