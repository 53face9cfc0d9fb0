import { resourceLabel } from '@dms/api-schema';
import {
  type DocumentReferenceBinding,
  endpointName,
  equalPlaces,
  Identities,
  type IdentityBlock,
  type IdentityElement,
  identityBlocksByResource,
  itemReference,
  modelIndex,
  mustExist,
  qualified,
  type ResourceModel,
  referentialIdNamespace,
  type Table,
} from '@dms/model';
import { foldCollation, keyCollation, kindFacts, type SqlDialect, textOf } from '@dms/sql';
import { cachedByObject } from '@dms/values';
import type { DocumentRules } from '../document-rules.ts';
import type { PlanGeneration } from '../generation.ts';
import { generations } from '../generations.ts';
import type { MappingSet } from '../mapping-set.ts';
import { planDialects } from '../plan-dialect.ts';
import { compileProbes, descriptorProbe } from '../probes/compile-probes.ts';
import { compileProbeStatements } from '../probes/probe-sql.ts';
import { insertionOrder } from '../write/insertion-order.ts';
import { constraintMeanings } from './constraint-meanings.ts';
import { type CoreStatementRules, coreStatements } from './core-statements.ts';
import type {
  AbstractResourceDescription,
  IdentityPart,
  MappingSetDescription,
  NaturalKeysDescription,
  ProjectDescription,
  ReferenceDescription,
  ResourceDescription,
  TableDescription,
} from './description.ts';
import { pageSource, pageTemplate } from './page-source.ts';

/** The projects of a model; a pack has them too. */
export const projectDescriptions = ({ projects }: Pick<MappingSet['model'], 'projects'>): ProjectDescription[] =>
  projects.map(({ projectName, projectEndpointName, projectVersion, physicalSchema }) => ({
    projectName,
    projectEndpointName,
    projectVersion,
    physicalSchema,
  }));

/** The description of a mapping set, compiled from its model; null for a pack without a description. */
export const mappingSetDescription = (mappingSet: MappingSet): MappingSetDescription | null =>
  mappingSet.description === undefined ? compiled(mappingSet) : mappingSet.description;

/** The namespace of hashes, and the path in the identity text of every descriptor (design 14a §4.2). */
const hashedIdentities = { namespace: referentialIdNamespace, descriptorPath: '$.descriptor' };

const compiled = cachedByObject((mappingSet: MappingSet) =>
  describeMappingSet(mappingSet, generations[mappingSet.key.relationalMappingVersion]),
);

/** The description of a mapping set by the rules of a generation. Throws the codes of {@link compileProbes}. */
export function describeMappingSet(
  mappingSet: MappingSet,
  generation: Pick<PlanGeneration, 'documents' | 'core'>,
): MappingSetDescription {
  const { key, model } = mappingSet;
  const identities = new Identities(model);
  const blocks = identityBlocksByResource(model);
  const { documents, core } = generation;
  return {
    projects: projectDescriptions(model),
    identities: core.storesReferentialIds ? hashedIdentities : null,
    naturalKeys: core.storesReferentialIds ? null : naturalKeys(model, documents),
    rules: documents,
    absentValuesAreEqual: documents.absentValuesAreEqual[key.dialect],
    coreStatements: coreStatements(key.dialect, core),
    pageTemplate: pageTemplate(key.dialect),
    abstractResources: abstractResources(model, blocks),
    resources: new Map(
      [...modelIndex(model).resources].map(([label, resource]) => [
        label,
        resourceDescription(mappingSet, resource, { identities, blocks, core, documents }),
      ]),
    ),
  };
}

const naturalKeys = (model: MappingSet['model'], documents: DocumentRules): NaturalKeysDescription => ({
  ...naturalKeyRules(model.dialect, documents),
  byResource: compileProbeStatements(model, compileProbes(model)),
});

/** How documents are found by natural keys in a dialect, by the rules of a generation (design 22 §4.6). */
export const naturalKeyRules = (
  dialect: SqlDialect,
  { textEquality }: Pick<DocumentRules, 'textEquality'>,
): Omit<NaturalKeysDescription, 'byResource'> => ({
  descriptorProbe: descriptorProbe(dialect),
  textEquality: textEquality[dialect],
  collation: keyCollation[dialect],
  fold: foldCollation[dialect],
});

function abstractResources(
  { abstractIdentityTables }: MappingSet['model'],
  blocks: ReadonlyMap<string, IdentityBlock>,
): AbstractResourceDescription[] {
  return abstractIdentityTables.map(({ resourceKey, table }) => {
    const { id, projectName, resourceName } = resourceKey;
    const block = blocks.get(resourceLabel(resourceKey));
    const parts = block ? block.identityElements.map(partOf) : [];
    const paths = parts.map(({ path }) => path);
    return {
      resource: { projectName, resourceName },
      resourceKeyId: id,
      parts,
      // the other unique constraint contains the document id, which is unique by itself
      constraints: table.constraints.flatMap(({ kind, name, ...constraint }) =>
        kind === 'Unique' && 'columns' in constraint && !constraint.columns.includes(documentColumn(table))
          ? [{ name, meaning: 'identity' as const, paths }]
          : [],
      ),
    };
  });
}

const partOf = ({ identityJsonPath, isDescriptor, scalarType }: IdentityElement): IdentityPart => ({
  path: identityJsonPath.canonical,
  form: isDescriptor ? 'descriptor' : kindFacts[scalarType.kind].textForm,
});

const documentColumn = ({ key }: Table) => mustExist(key.columns[0], 'the key of an abstract resource').name;

/** What the descriptions of all resources of a mapping set share. */
interface ResourceContext {
  readonly identities: Identities;
  readonly blocks: ReadonlyMap<string, IdentityBlock>;
  readonly core: CoreStatementRules;
  readonly documents: DocumentRules;
}

function resourceDescription(
  mappingSet: MappingSet,
  resource: ResourceModel,
  { identities, blocks, core, documents }: ResourceContext,
): ResourceDescription {
  const { key, queryCapabilities } = mappingSet;
  const { resourceKey, tablesInDependencyOrder, documentReferenceBindings } = resource;
  const { sql } = planDialects[key.dialect];
  const [root] = tablesInDependencyOrder;
  const superclass = identities.ofSuperclass(resource);
  const own = new Set(tablesInDependencyOrder.map(({ table }) => qualified(table)));
  const identityPaths = resource.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical);
  return {
    resourceKeyId: resourceKey.id,
    endpointName: endpointName(resourceKey.resourceName),
    identities:
      root === undefined ? [] : [identities.own(resource), ...(superclass ? [superclass] : [])].map(identityOf),
    references: documentReferenceBindings.map((binding) => referenceDescription(binding, blocks)),
    tables: tablesInDependencyOrder.map((table) => tableDescription(resource, table, own, identityPaths)),
    insertionOrder: insertionOrder(tablesInDependencyOrder.map((tableModel) => ({ tableModel }))),
    deleteRootSql:
      core.deletesRootsFirst && root !== undefined
        ? textOf(sql`DELETE FROM ${root.table} WHERE "DocumentId" = @documentId;`)
        : null,
    page: pageSource(key.dialect, resource, queryCapabilities.get(resourceLabel(resourceKey)), documents),
    equalPaths: equalPlaces(resource).map(({ a, b }) => ({ a: a.path.canonical, b: b.path.canonical })),
    distinctReferences: tablesInDependencyOrder.flatMap((table) => {
      const reference = itemReference(resource, table);
      return reference ? [reference.referenceObjectPath.canonical] : [];
    }),
  };
}

const identityOf = ({ projectName, resourceName, identityElements }: IdentityBlock) => ({
  resource: { projectName, resourceName },
  parts: identityElements.map(partOf),
});

function referenceDescription(
  { referenceObjectPath, targetResource, table, fkColumn, identityBindings }: DocumentReferenceBinding,
  blocks: ReadonlyMap<string, IdentityBlock>,
): ReferenceDescription {
  const label = resourceLabel(targetResource);
  const { identityElements } = mustExist(blocks.get(label), `the identity of ${label}`);
  // several values may repeat one value of the target; they are equal, and the last one is used
  const places = new Map(identityBindings.map((each) => [each.identityJsonPath.canonical, each.referenceJsonPath]));
  return {
    path: referenceObjectPath.canonical,
    targetResource,
    table,
    column: fkColumn,
    identity: identityElements.map((element) => {
      const part = partOf(element);
      return { ...part, referencePath: places.get(part.path)?.canonical ?? null };
    }),
  };
}

function tableDescription(
  resource: ResourceModel,
  table: Table,
  own: ReadonlySet<string>,
  identityPaths: readonly string[],
): TableDescription {
  const { jsonScope, identity } = table;
  const parent = parentTable(table, own);
  return {
    jsonScope: jsonScope.canonical,
    tableKind: identity.tableKind,
    rowIdentity: identity.rowIdentity,
    parentLocator: identity.parentLocator,
    parentTable: parent?.kind === 'ForeignKey' ? parent.targetTable : null,
    constraints: constraintMeanings(resource, table, identityPaths),
  };
}

/** The foreign key to the table with the enclosing rows; undefined for a root. */
const parentTable = ({ constraints, identity }: Table, own: ReadonlySet<string>) =>
  constraints.find(
    (each) =>
      each.kind === 'ForeignKey' &&
      each.onDelete === 'Cascade' &&
      own.has(qualified(each.targetTable)) &&
      identity.parentLocator.length > 0 &&
      identity.parentLocator.every((name) => each.columns.includes(name)),
  );
