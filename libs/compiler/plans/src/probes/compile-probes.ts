import { resourceLabel } from '@dms/api-schema';
import { fail, forEachReported } from '@dms/diagnostics';
import {
  type AbstractIdentityTable,
  type Column,
  core,
  type DbTableName,
  type DocumentReferenceBinding,
  type ModelContent,
  type ModelIndex,
  modelIndex,
  mustExist,
  type QualifiedResourceName,
  qualified,
  type ResourceModel,
  storedName,
  type Table,
} from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { cachedByObject, groupBy } from '@dms/values';
import { planDialects } from '../plan-dialect.ts';
import { sourceKey } from '../plan-table.ts';
import type {
  DescriptorProbeTarget,
  NaturalKeyProbes,
  NaturalKeyProbeTarget,
  OwnNaturalKeyProbe,
  ProbeKeyColumn,
  ValueBinding,
} from './probe.ts';

/** The column with the resource key of a document, in `dms.Descriptor` and in the tables of abstract resources. */
const resourceKeyId = 'ResourceKeyId';

/** The parts of a model from which probes follow. */
export type ProbedModel = Pick<ModelContent, 'resources' | 'abstractIdentityTables' | 'shortenedNames'>;

/**
 * The probes of all resources with tables, concrete and abstract, by `Project:Resource`, derived from the columns and
 * references of the model (design 22 §4.1), once for a model. Throws `PLAN_PROBE_EMPTY`, `PLAN_PROBE_TARGET`,
 * `PLAN_PROBE_OWN`, for all resources together.
 */
export const compileProbes = cachedByObject((model: ProbedModel): ReadonlyMap<string, NaturalKeyProbes> => {
  const index = modelIndex(model);
  const referenced = referencedResources(index);
  const probes = new Map<string, NaturalKeyProbes>();
  for (const resource of index.relational) {
    const label = resourceLabel(resource.resourceKey);
    const root = mustExist(index.rootOf(label), `the root table of ${label}`);
    const target = referenced.has(label) ? concreteTarget(resource, root, index) : null;
    probes.set(label, { target, own: ownProbe(resource, root, index) });
  }
  for (const [label, abstract] of index.abstracts) probes.set(label, { target: abstractTarget(abstract), own: null });
  checkProbes((name) => uniqueKeys(index.table(name)?.table), probes);
  return probes;
});

/** The unique keys of a table, as lists of columns. */
export const uniqueKeys = (table: Table | undefined): readonly (readonly string[])[] =>
  (table?.constraints ?? []).flatMap((constraint) => (constraint.kind === 'Unique' ? [constraint.columns] : []));

type UniqueKeysOf = (table: DbTableName) => ReturnType<typeof uniqueKeys>;

/**
 * Checks that every probe has a column and finds at most one document, because its columns are a unique key of their
 * table. Throws `PLAN_PROBE_EMPTY`, `PLAN_PROBE_TARGET`, `PLAN_PROBE_OWN`, for all resources together.
 */
export function checkProbes(keysOf: UniqueKeysOf, probes: ReadonlyMap<string, NaturalKeyProbes>): void {
  forEachReported(probes, ([resource, { target, own }]) => {
    if (own) checkKey(keysOf, resource, own.rootTable, own, 'PLAN_PROBE_OWN');
    if (target) checkKey(keysOf, resource, target.table, target, 'PLAN_PROBE_TARGET');
  });
}

function checkKey(
  keysOf: UniqueKeysOf,
  resource: string,
  name: DbTableName,
  { keyColumns, documentIdColumn }: Pick<OwnNaturalKeyProbe | NaturalKeyProbeTarget, 'keyColumns' | 'documentIdColumn'>,
  code: 'PLAN_PROBE_OWN' | 'PLAN_PROBE_TARGET',
): void {
  const columns = keyColumns.map(({ column }) => column);
  const details = { resource, table: qualified(name), columns };
  if (columns.length === 0) {
    fail('PLAN_PROBE_EMPTY', `${resource} has no identity path, so no document can be found.`, { resource }, details);
  }
  const wanted = code === 'PLAN_PROBE_TARGET' ? [...columns, documentIdColumn] : columns;
  if (keysOf(name).some((key) => isSameSet(key, wanted))) return;
  const text = `${resource}: ${wanted.join(', ')} are not the columns of a unique key of ${qualified(name)}.`;
  fail(code, text, { resource }, details);
}

/** The order of its columns does not matter for a key. */
const isSameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((each) => b.includes(each));

/** The probe of descriptors, which share one table. */
export const descriptorProbe = (dialect: SqlDialect): DescriptorProbeTarget => ({
  table: core.descriptor,
  uriColumn: 'Uri',
  uriLoweredColumn: planDialects[dialect].foldedUriColumn,
  resourceKeyIdColumn: resourceKeyId,
  documentIdColumn: 'DocumentId',
});

/** The resources to which references with at least one value lead, by `Project:Resource`. */
export const referencedResources = ({ relational }: ModelIndex): ReadonlySet<string> =>
  new Set(
    relational.flatMap(({ documentReferenceBindings }) =>
      documentReferenceBindings
        .filter(({ identityBindings }) => identityBindings.length > 0)
        .map(({ targetResource }) => resourceLabel(targetResource)),
    ),
  );

const nameOf = ({ projectName, resourceName }: QualifiedResourceName): QualifiedResourceName => ({
  projectName,
  resourceName,
});

/** Columns in the order of their first path, each once with all its paths. */
function keyColumns<Binding>(parts: readonly ProbeKeyColumn<Binding>[]): ProbeKeyColumn<Binding>[] {
  return [...groupBy(parts, ({ column }) => column).values()].flatMap((same) =>
    same.slice(0, 1).map((first) => ({
      ...first,
      identityJsonPaths: same.flatMap(({ identityJsonPaths }) => identityJsonPaths),
    })),
  );
}

function valueBinding(table: Table, { name, kind, scalarType, targetResource }: Column): ValueBinding {
  const place = sourceKey(table.table, name);
  return kind === 'DescriptorFk'
    ? { kind: 'descriptor', descriptorResource: nameOf(mustExist(targetResource, `the descriptor of ${place}`)) }
    : { kind: 'scalar', scalarType: mustExist(scalarType, `the type of ${place}`) };
}

/** The id of the document of a row is the first column of every key. */
const documentIdOf = ({ key, table }: Table) => mustExist(key.columns[0], `the key of ${qualified(table)}`).name;

const rootColumn = (root: Table, index: ModelIndex, name: string): Column =>
  mustExist(index.columnOf(root, name), sourceKey(root.table, name));

/** The stored column of each identity path, which for a value of a reference is its copy in the root. */
function concreteTarget(
  { resourceKey, identityElements }: ResourceModel,
  root: Table,
  index: ModelIndex,
): NaturalKeyProbeTarget {
  return {
    resource: nameOf(resourceKey),
    kind: 'concrete',
    table: root.table,
    keyColumns: keyColumns(
      identityElements.map(({ column, identityJsonPath }) => {
        const named = rootColumn(root, index, column);
        const stored = rootColumn(root, index, storedName(named));
        const binding = valueBinding(root, { ...stored, targetResource: named.targetResource });
        return { column: stored.name, identityJsonPaths: [identityJsonPath], binding };
      }),
    ),
    documentIdColumn: documentIdOf(root),
    resourceKeyIdColumn: null,
  };
}

function abstractTarget({ resourceKey, table }: AbstractIdentityTable): NaturalKeyProbeTarget {
  return {
    resource: nameOf(resourceKey),
    kind: 'abstract',
    table: table.table,
    keyColumns: keyColumns(
      table.columns.flatMap((column) =>
        column.sourcePath === null
          ? []
          : [{ column: column.name, identityJsonPaths: [column.sourcePath], binding: valueBinding(table, column) }],
      ),
    ),
    documentIdColumn: documentIdOf(table),
    resourceKeyIdColumn: resourceKeyId,
  };
}

/**
 * The foreign keys of the references in the identity, and the columns of its other values. They are the columns of the
 * natural key, so an alias is named as the key names it.
 */
function ownProbe(resource: ResourceModel, root: Table, index: ModelIndex): OwnNaturalKeyProbe {
  const references = identityReferences(resource, root);
  return {
    resource: nameOf(resource.resourceKey),
    rootTable: root.table,
    keyColumns: keyColumns(
      resource.identityElements.map(({ column, identityJsonPath }): ProbeKeyColumn => {
        const identityJsonPaths = [identityJsonPath];
        const reference = references.get(identityJsonPath.canonical);
        if (reference) {
          const binding = { kind: 'documentReference', bindingIndex: reference.bindingIndex } as const;
          return { column: reference.fkColumn, identityJsonPaths, binding };
        }
        return { column, identityJsonPaths, binding: valueBinding(root, rootColumn(root, index, column)) };
      }),
    ),
    documentIdColumn: documentIdOf(root),
  };
}

/** The references of a root by the paths of their values in a document. */
function identityReferences(
  { documentReferenceBindings }: ResourceModel,
  { table }: Table,
): ReadonlyMap<string, { readonly bindingIndex: number } & Pick<DocumentReferenceBinding, 'fkColumn'>> {
  const root = qualified(table);
  return new Map(
    documentReferenceBindings.flatMap(({ table: owner, fkColumn, identityBindings }, bindingIndex) =>
      qualified(owner) === root
        ? identityBindings.map(
            ({ referenceJsonPath }) => [referenceJsonPath.canonical, { bindingIndex, fkColumn }] as const,
          )
        : [],
    ),
  );
}
