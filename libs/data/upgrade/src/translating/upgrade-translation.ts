import { isWithin, resourceLabel } from '@dms/api-schema';
import { defineDatabase } from '@dms/catalog';
import { modelIndex, mustExist, qualified, type RelationalModelSet } from '@dms/model';
import { formIn } from '@dms/sql';
import { type CompiledTranslation, type Drop, type PlaceName, placeText } from '@dms/translation';
import { classOf } from '../comparing/change.ts';
import { changesOfRows } from '../comparing/compare-sets.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { otherPlace } from '../renaming/check-renames.ts';
import { type Renaming, renamingOf } from '../renaming/renaming.ts';
import { schemaObjects } from '../renaming/schema-objects.ts';
import { translatedChanges } from './translated-changes.ts';
import { translatedResources } from './translated-resources.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';

/**
 * Prepares a compiled translation for an upgrade in place: renames, dropped objects, and resources to read and write.
 */
export function upgradeTranslation(
  compiled: CompiledTranslation,
  before: ComparedSet,
  after: ComparedSet,
): UpgradeTranslation {
  const { notes } = compiled;
  const { translation } = compiled.rules;
  // an entry of which a member is not needed makes its documents
  const entries = new Set(translation.documents.map(({ rule }) => rule));
  const unused = new Set(
    notes.flatMap(({ code, rules }) =>
      code === 'TRANSLATION_UNUSED' ? rules.filter((rule) => !entries.has(rule)) : [],
    ),
  );
  const used = <Rule extends { readonly rule: string }>(rules: readonly Rule[]) =>
    rules.filter(({ rule }) => !unused.has(rule));
  const moves = used(translation.moves).map((move) => ({
    ...move,
    rename: { before: placeText(move.before), after: placeText(move.after) },
  }));
  const names = renamingOf(
    before,
    after,
    moves.map(({ rename }) => rename),
  );
  const sides = { before: schemaObjects(before), after: schemaObjects(after) };
  const isRename = ({ before: from, after: to, take, values, as }: (typeof moves)[number]): boolean => {
    if (from.path === null) return true;
    return !take && values === null && as === null && otherPlace(from, to, sides, names) === undefined;
  };
  const renames = moves.filter(isRename).map(({ rename }) => rename);
  const earlier = earlierNames(compiled.before, names);
  const isStaying = (label: string) => compiled.after.resources.has(names.resource(label));
  const rewritten = new Set<string>();
  const add = (label: string | undefined) => {
    if (label !== undefined && compiled.before.resources.get(label)?.kind === 'resource' && isStaying(label))
      rewritten.add(label);
  };
  let needsDocuments = false;
  /** The target of the reference that a place of the later set is a member of. */
  const targetAround = ({ resource, path }: PlaceName): string | null | undefined => {
    const places = compiled.after.resources.get(resource ?? '')?.places;
    return places?.get(places.get(path ?? '')?.referencePath ?? '')?.target;
  };
  for (const move of moves) {
    const { before: from, after: to } = move;
    if (!isRename(move)) {
      add(from.resource ?? undefined);
      needsDocuments = true;
    } else if (from.resource === null && before.model.projects.some(({ projectName }) => projectName === to.project)) {
      const extended = extendedBy(before, from.project);
      for (const label of extended) add(label);
      if (extended.length > 0) needsDocuments = true;
    }
  }
  for (const { resource, after: made } of used(translation.documents)) {
    needsDocuments = true;
    add(resource);
    add(earlier.get(made));
  }
  for (const { after: filled } of used(translation.fills)) {
    needsDocuments = true;
    add(earlier.get(filled.resource ?? ''));
    // a school year that has no document yet
    const target = targetAround(filled);
    if (target?.endsWith(':SchoolYearType')) add(earlier.get(target));
  }
  if (used(translation.namespaces).length > 0) needsDocuments = true;
  // where only namespaces change, rows stay
  const isUnited = (label: string) => compiled.united.has(label) && !compiled.renamed.has(label);
  const united = new Set([...earlier].flatMap(([label, before]) => (isUnited(label) ? [before] : [])));
  for (const label of [...united, ...referrersOf(before, united)]) add(label);
  const laterPart = laterParts(compiled);
  // the names that SQL gives
  const renaming = renamingOf(before, after, renames);
  for (const drop of translation.drops)
    if (isKept(compiled, renaming, drop)) {
      needsDocuments = true;
      add(drop.before.resource ?? undefined);
    }
  const copiedPart = copiedParts(compiled, renaming);
  for (const label of otherCopies(before, compiled, renaming, copiedPart)) add(label);
  addUnmade(before, after, { renames, laterPart, copiedPart }, earlier, rewritten);
  const gone = used(translation.documents)
    .filter(({ resource }) => !isStaying(resource))
    .map(({ resource }) => ({ project: '', resource, path: null }));
  const later = [...rewritten].map((label) => names.resource(label));
  const made = used(translation.documents).map((entry) => entry.after);
  return {
    compiled,
    renames,
    rewritten,
    laterPart,
    copiedPart,
    read: new Set([...rewritten, ...used(translation.documents).map(({ resource }) => resource)]),
    isRewriting: needsDocuments || rewritten.size > 0,
    written: new Set([...later, ...made]),
    dropped: droppedObjects(before, [...translation.drops.map((drop) => drop.before), ...gone]),
    resources: translatedResources(compiled, {
      later: (label) => names.resource(label),
      isStaying: (label) => isStaying(label) && !compiled.rules.resource(label).isDropped,
      rewritten,
      isUsed: (rule) => !unused.has(rule),
    }),
    text: JSON.stringify(translation, (_, value) => (value instanceof Map ? [...value] : value)),
  };
}

/** The earlier names of resources by their later ones. */
const earlierNames = ({ resources }: CompiledTranslation['before'], renaming: Renaming) =>
  new Map([...resources.keys()].map((label) => [renaming.resource(label), label]));

/** The resources of other projects to which a project adds something. */
function extendedBy({ model }: ComparedSet, project: string): readonly string[] {
  const { physicalSchema } = mustExist(
    model.projects.find(({ projectName }) => projectName === project),
    `the project ${project}`,
  );
  const added = modelIndex(model).tables.filter(
    ({ resource, table }) => resource.resourceKey.projectName !== project && table.table.schema === physicalSchema,
  );
  return [...new Set(added.map(({ label }) => label))];
}

/** Resources that refer to one of `targets`, itself or as a member of an abstract resource. */
function referrersOf({ model }: ComparedSet, targets: ReadonlySet<string>): readonly string[] {
  const named = new Set(targets);
  for (const { resourceKey, superclass } of model.resources)
    if (superclass && targets.has(resourceLabel(resourceKey))) named.add(resourceLabel(superclass.resource));
  return model.resources.flatMap(({ resourceKey, documentReferenceBindings }) =>
    documentReferenceBindings.some(({ targetResource }) => named.has(resourceLabel(targetResource)))
      ? [resourceLabel(resourceKey)]
      : [],
  );
}

/**
 * Finds the later paths of identity parts whose earlier values have a form in the later type, so that recorded changes
 * can follow them.
 */
const laterParts =
  ({ before, after, identities, rules }: CompiledTranslation): UpgradeTranslation['laterPart'] =>
  (resource, path) => {
    if (!before.resources.get(resource)?.identity.includes(path)) return undefined;
    const part = identities.of(resource, path);
    if (part.kind !== 'part') return null;
    const { does, changesValues } = part.conversion;
    if (!changesValues || does.kind === 'descriptor' || does.kind === 'type') return part.path;
    if (does.kind !== 'values') return null;
    const kindOf = (side: typeof before, label: string, at: string) => {
      const leaf = side.resources.get(label)?.places.get(at)?.leaf;
      return leaf?.value === 'scalar' ? leaf.scalarType.kind : leaf?.value;
    };
    // a recorded change keeps the value that it has
    const from = kindOf(before, resource, path);
    const into = kindOf(after, rules.resource(resource).later, part.path);
    if (from === 'descriptor' || into === 'descriptor') return from === into ? part.path : null;
    if (from === undefined || into === undefined) return null;
    return from === into || formIn(from, into) !== undefined ? part.path : null;
  };

/** Whether SQL would keep something that a rule drops, because the later set has a place of the same name. */
function isKept(
  { before, after, rules }: CompiledTranslation,
  renaming: Renaming,
  { rule, before: { resource, path } }: Drop,
): boolean {
  const label = resource ?? '';
  const later = after.resources.get(renaming.resource(label))?.places;
  if (path === null || later === undefined) return later !== undefined;
  return [...(before.resources.get(label)?.places.keys() ?? [])].some(
    (at) => rules.placeRule(label, at)?.rule === rule && later.has(renaming.path(label, at)),
  );
}

/**
 * Finds the later paths of identity parts that go to another place, which is no rename, and keep their values: copies of
 * them in rows stay as they are.
 */
const copiedParts =
  ({ before, identities }: CompiledTranslation, renaming: Renaming): UpgradeTranslation['copiedPart'] =>
  (resource, path) => {
    const places = before.resources.get(resource);
    if (places?.kind !== 'resource' || !places.identity.includes(path)) return undefined;
    const part = identities.of(resource, path);
    if (part.kind !== 'part' || part.path === renaming.path(resource, path)) return undefined;
    const { changesValues, isNarrower, isGiven } = part.conversion;
    return changesValues || isNarrower || isGiven ? undefined : part.path;
  };

/**
 * The resources with copies of identity parts that go to another place, where a copy does not stay as it is: its values
 * change, or the reference has another name for it.
 */
function* otherCopies(
  { model }: ComparedSet,
  { identities }: CompiledTranslation,
  renaming: Renaming,
  copiedPart: UpgradeTranslation['copiedPart'],
): Generator<string> {
  for (const { resourceKey, documentReferenceBindings } of model.resources) {
    const label = resourceLabel(resourceKey);
    for (const { targetResource, referenceObjectPath, identityBindings } of documentReferenceBindings)
      for (const { identityJsonPath, referenceJsonPath } of identityBindings) {
        const target = resourceLabel(targetResource);
        const part = identities.of(target, identityJsonPath.canonical);
        if (part.kind !== 'part' || part.path === renaming.path(target, identityJsonPath.canonical)) continue;
        const member = identities.member(label, referenceObjectPath.canonical, referenceJsonPath.canonical);
        // a rule drops the reference, whose columns go
        if (member.kind === 'dropped') continue;
        const isSame = member.kind === 'part' && member.path === renaming.path(label, referenceJsonPath.canonical);
        if (!isSame || copiedPart(target, identityJsonPath.canonical) === undefined) yield label;
      }
  }
}

/** Adds the resources whose later rows SQL alone cannot make. */
function addUnmade(
  before: ComparedSet,
  after: ComparedSet,
  { renames, laterPart, copiedPart }: Pick<UpgradeTranslation, 'renames' | 'laterPart' | 'copiedPart'>,
  earlier: ReadonlyMap<string, string>,
  rewritten: Set<string>,
): void {
  const labels = new Set(before.model.resources.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const definitions = {
    before: defineDatabase(before.model, before.inventory),
    after: defineDatabase(after.model, after.inventory),
  };
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    const translation = { renames, rewritten, laterPart, copiedPart };
    const { comparison, changes } = changesOfRows(before, after, { translation, definitions, permits: () => true });
    const isTranslated = translatedChanges(comparison, translation);
    for (const change of changes) {
      if (classOf(change) !== 'impossible' && change.kind !== 'required column added') continue;
      const label = earlier.get(change.owner) ?? (labels.has(change.owner) ? change.owner : undefined);
      if (isTranslated(change) || label === undefined || rewritten.has(label)) continue;
      rewritten.add(label);
      isChanged = true;
    }
  }
}

/** Places that rules drop, by resource; null where the resource is dropped. */
type DroppedPlaces = Map<string, Set<string> | null>;

/** The tables and columns that hold only places that rules drop. */
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

/** Adds the members of references that repeat dropped parts of identities, through any number of references. */
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
