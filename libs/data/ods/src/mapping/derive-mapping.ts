import type { EffectiveSchemaSet } from '@dms/api-schema';

import { counted, type Diagnostic, diagnostic, failIfAny, listOfNames } from '@dms/diagnostics';
import { type ColumnRules, columnRules } from './column-rules.ts';
import { equalGroups, type GroupsOf } from './equal-paths.ts';
import { finishedTables } from './finished-tables.ts';
import { type Leaf, valuePaths } from './leaves.ts';
import { fixedColumns, type OdsMapping, type OdsTable, tableLabel } from './ods-mapping.ts';
import { type LeafOverrides, overridesFor } from './overrides.ts';
import {
  type AbstractResource,
  type OdsResource,
  type OdsResources,
  readResources,
  resourceKey,
} from './resource-parts.ts';
import { type DraftTable, type TableBuilder, tableBuilder } from './tables.ts';

export interface DerivedMapping {
  readonly mapping: OdsMapping;
  /** Notes for readers of the mapping: {@link mappingNotes}. */
  readonly notes: readonly Diagnostic[];
}

/** Whether a leaf of a subclass is a property of the abstract resource. */
type IsBaseProperty = (leaf: Leaf) => boolean;

/** An abstract resource, and the properties that its subclasses have in common. */
type Base = readonly [AbstractResource, IsBaseProperty | undefined];

/** The abstract resources by label. */
type Bases = ReadonlyMap<string, Base>;

/**
 * Derives the tables and columns of an ODS, and the document paths of each column, from a schema set (design 19 §1–§5).
 * The set must be one from which a model was derived. The result depends on the schemas only: not on the dialect, and
 * on the generation only in the hash. Throws `ODS_OVERRIDE_UNKNOWN`.
 *
 * @param own overrides of the user (design 19 §5.8), in addition to those for published projects
 */
export function deriveMapping(set: EffectiveSchemaSet, own?: LeafOverrides): DerivedMapping {
  const resources = readResources(set);
  checkOverrides(resources, own);
  const rules = columnRules(resources, overridesFor(set, own));
  const bases: Bases = new Map(
    resources.abstractResources.map((each) => [resourceKey(each.name), [each, baseProperties(each)]]),
  );
  const groupsOf = equalGroups(rules);
  const drafts = draftTables(resources, bases, rules, groupsOf);
  const { tables, notes } = finishedTables(drafts, resources, rules, groupsOf);
  return {
    mapping: { effectiveSchemaHash: set.info.effectiveSchemaHash, tables },
    notes: [...unknownBases(bases), ...notes, ...guessedNames(set, tables, rules.guessedRoles())],
  };
}

/** Throws if an override names no leaf: the name is wrong, or for a set of another version. */
function checkOverrides({ resources }: OdsResources, own: LeafOverrides = {}): void {
  if (Object.keys(own).length === 0) return;
  const known = new Set(
    resources.flatMap(({ name, own: part, extensions }) =>
      [part, ...extensions].flatMap(({ leaves }) => leaves.map((leaf) => `${name.resourceName}|${leaf.name}`)),
    ),
  );
  failIfAny(
    Object.keys(own)
      .filter((name) => !known.has(name))
      .map((name) => {
        const text = `The ODS override ${JSON.stringify(name)} names no entry of documentPathsMapping; write "<Resource>|<key>".`;
        return diagnostic('ODS_OVERRIDE_UNKNOWN', text, {}, { name });
      }),
  );
}

/**
 * The properties that all subclasses of an abstract resource have (design 19 §2.3): leaves with the same key, kind and
 * target, and leaves of its identity, with any keys. Undefined for fewer than two subclasses, which do not show common
 * properties.
 */
function baseProperties({ identityPaths, subclasses }: AbstractResource): IsBaseProperty | undefined {
  const [first, ...others] = subclasses.map(({ own }) => new Set(own.leaves.map(propertyOf)));
  if (first === undefined || others.length === 0) return undefined;
  const common = new Set([...first].filter((property) => others.every((properties) => properties.has(property))));
  const identity = new Set(identityPaths);
  return (leaf) => common.has(propertyOf(leaf)) || valuePaths(leaf).every((path) => identity.has(path));
}

/** The text that is equal for two leaves of subclasses that are one property of the base. JSON paths may differ. */
function propertyOf(leaf: Leaf): string {
  return [leaf.key.join('.'), leaf.kind, leaf.kind === 'scalar' ? '' : resourceKey(leaf.target)].join(' ');
}

const schoolYearColumns = fixedColumns.filter((column) => column !== 'Discriminator');

function draftTables({ resources }: OdsResources, bases: Bases, rules: ColumnRules, groupsOf: GroupsOf): DraftTable[] {
  return resources
    .filter(({ kind }) => kind !== 'descriptor')
    .flatMap((resource) => {
      const builder = tableBuilder(resource, rules, groupsOf);
      const { own, name, kind, superclass, extensions } = resource;
      const root = { schema: own.schema, name: name.resourceName, key: rules.keyOf(name), parent: null, has: all };
      if (superclass !== null) addSubclass(builder, resource, bases.get(superclass.label), rules);
      else if (kind === 'schoolYears') builder.addRoot({ ...root, kind: 'schoolYear', fixed: schoolYearColumns });
      else builder.addRoot({ ...root, kind: 'root', fixed: fixedColumns });
      for (const extension of extensions) builder.addExtension(extension);
      return builder.tables;
    });
}

const all = () => true;

/** Adds the root tables of a subclass: one with the common properties, and one with its own (design 19 §2.3). */
function addSubclass(builder: TableBuilder, resource: OdsResource, found: Base | undefined, rules: ColumnRules) {
  const [base, isBase] = found ?? [];
  const { own, name, identityPaths } = resource;
  const key = rules.keyOf(name);
  const root = { schema: own.schema, name: name.resourceName, key };
  if (base === undefined || isBase === undefined) {
    builder.addRoot({ ...root, kind: 'root', parent: null, fixed: fixedColumns, has: all });
    return;
  }
  // the base has the identity under its own name, with the paths of the subclass
  const baseKey = rules.keyOf(base.name);
  const isRenamed = baseKey.length === 1 && identityPaths.length === 1;
  const renamed = isRenamed ? baseKey.map((column) => ({ ...column, paths: identityPaths })) : baseKey;
  const baseName = { schema: base.schema, name: base.name.resourceName };
  const parent = builder.addRoot({
    ...baseName,
    kind: 'base',
    key: renamed,
    parent: null,
    fixed: fixedColumns,
    has: isBase,
  });
  builder.addRoot({ ...root, kind: 'subclass', parent, fixed: [], has: (leaf) => !isBase(leaf) });
}

function unknownBases(bases: Bases): Diagnostic[] {
  return [...bases.values()]
    .filter(([, isBase]) => isBase === undefined)
    .map(([{ name, subclasses }]) => {
      const resource = resourceKey(name);
      const text = `${resource} has ${subclasses.length === 0 ? 'no subclass' : 'one subclass'}, which does not show what its subclasses have in common; an ODS gets no table ${name.resourceName}.`;
      return diagnostic('ODS_BASE_UNKNOWN', text, { resource }, { resource, subclasses: subclasses.length });
    });
}

/**
 * Notes the names that depend on roles, if the older format does not carry these and no facts are shipped for the
 * version (design 19 §3.2).
 */
function guessedNames(
  { projects }: EffectiveSchemaSet,
  tables: readonly OdsTable[],
  references: readonly string[],
): Diagnostic[] {
  const columns = tables.flatMap((table) =>
    table.columns.filter(({ isGuessed }) => isGuessed).map(({ name }) => `${tableLabel(table)}.${name}`),
  );
  const [first] = references;
  if (first === undefined || columns.length === 0) return [];
  const versions = projects.map(({ projectName, projectVersion }) => `${projectName} ${projectVersion}`);
  const text = `Guessed: the names of ${counted(columns.length, 'column')}, because the older format does not say which roles ${counted(references.length, 'reference')} of ${versions.join(', ')} have: ${listOfNames(columns)}. Where the ODS has another name, give the role in a file of overrides, such as ${JSON.stringify(first)}: { "role": "…" }.`;
  return [diagnostic('ODS_NAME_GUESSED', text, {}, { columns, references })];
}
