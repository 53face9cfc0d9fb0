import { type ResourceKeyEntry, resourceLabel, rootPath } from '@dms/api-schema';
import {
  type DescriptorEdgeSource,
  type DocumentReferenceBinding,
  type KeyedResource,
  type KeyUnificationDiagnostics,
  noSecurableElements,
  type ResourceModel,
} from '@dms/model';
import { failInvariant, type PackPlace } from '../fail-pack.ts';
import type { PackRules } from '../pack-rules.ts';
import type * as format from '../wire/pack-format.ts';
import {
  columnNameMessage,
  nameOf,
  type PayloadReader,
  resourceNameMessage,
  tableNameMessage,
} from './payload-reader.ts';
import { tableMessage } from './table.ts';

/* The model of a resource (design 08 §12.3). */

type KeyedBinding = KeyedResource['documentReferenceBindings'][number];
type KeyedEdge = KeyedResource['descriptorEdgeSources'][number];

const referenceMessage = {
  write: (binding: DocumentReferenceBinding, { roles }: PackRules): format.DocumentReferenceBinding => ({
    isIdentityComponent: binding.isIdentityComponent,
    referenceObjectPath: binding.referenceObjectPath.canonical,
    table: tableNameMessage.write(binding.table),
    fkColumn: columnNameMessage.write(binding.fkColumn),
    targetResource: resourceNameMessage.write(binding.targetResource),
    identityBindings: binding.identityBindings.map(({ referenceJsonPath, column }) => ({
      referenceJsonPath: referenceJsonPath.canonical,
      column: columnNameMessage.write(column),
    })),
    ...roles(binding),
  }),
  read(message: format.DocumentReferenceBinding, resource: PackPlace, { pathOf }: PayloadReader): KeyedBinding {
    const referenceObjectPath = pathOf(message.referenceObjectPath, resource, 'reference_object_path');
    const at = { ...resource, part: referenceObjectPath.canonical };
    return {
      isIdentityComponent: message.isIdentityComponent,
      referenceObjectPath,
      table: tableNameMessage.read(message.table, at, 'table'),
      fkColumn: columnNameMessage.read(message.fkColumn, at, 'fk_column'),
      targetResource: resourceNameMessage.read(message.targetResource, at, 'target_resource'),
      identityBindings: message.identityBindings.map(({ referenceJsonPath, column }) => ({
        identityJsonPath: rootPath,
        referenceJsonPath: pathOf(referenceJsonPath, at, 'reference_json_path'),
        column: columnNameMessage.read(column, at, 'identity_bindings.column'),
      })),
    };
  },
} as const;

const edgeMessage = {
  write: (edge: DescriptorEdgeSource, { roles }: PackRules): format.DescriptorEdgeSource => ({
    isIdentityComponent: edge.isIdentityComponent,
    descriptorValuePath: edge.descriptorValuePath.canonical,
    table: tableNameMessage.write(edge.table),
    fkColumn: columnNameMessage.write(edge.fkColumn),
    descriptorResource: resourceNameMessage.write(edge.descriptorResource),
    ...roles(edge),
  }),
  read(message: format.DescriptorEdgeSource, resource: PackPlace, { pathOf }: PayloadReader): KeyedEdge {
    const descriptorValuePath = pathOf(message.descriptorValuePath, resource, 'descriptor_value_path');
    const at = { ...resource, part: descriptorValuePath.canonical };
    return {
      isIdentityComponent: message.isIdentityComponent,
      descriptorValuePath,
      table: tableNameMessage.read(message.table, at, 'table'),
      fkColumn: columnNameMessage.read(message.fkColumn, at, 'fk_column'),
      descriptorResource: resourceNameMessage.read(message.descriptorResource, at, 'descriptor_resource'),
    };
  },
} as const;

const noDiagnostics: KeyUnificationDiagnostics = {
  applied: [],
  redundant: [],
  ignored: [],
  ignoredByReason: [],
  skipped: [],
};

/** The members of a resource that a model has and a pack omits (design 08 §12.3). */
const notCarried = {
  naturalKey: { columns: [] },
  identityElements: [],
  superclass: null,
  descriptorFkDeduplications: [],
  decimalPrecisionFallbacks: [],
  keyUnificationDiagnostics: noDiagnostics,
  extensionSites: [],
  descriptorMetadata: null,
} as const satisfies Partial<KeyedResource>;

/** The members of a resource that plans do not need, although a generation may have them. */
export const notCarriedOfQueries = {
  securableElements: noSecurableElements,
  queryFieldMapping: [],
  descriptorTexts: null,
} as const satisfies Partial<ResourceModel>;

/** A descriptor resource, which has no tables of its own. */
export function descriptorModel(resourceKey: ResourceKeyEntry, physicalSchema: string): ResourceModel {
  return {
    resourceKey,
    physicalSchema,
    storageKind: 'SharedDescriptorTable',
    tablesInDependencyOrder: [],
    documentReferenceBindings: [],
    descriptorEdgeSources: [],
    ...notCarried,
    ...notCarriedOfQueries,
  };
}

/** The model of a resource with tables of its own. */
export const resourceModelMessage = {
  write(resource: ResourceModel, rules: PackRules): format.RelationalResourceModel {
    const tables = resource.tablesInDependencyOrder.map((table) => tableMessage.write(table, rules));
    return {
      resource: resourceNameMessage.write(resource.resourceKey),
      physicalSchema: resource.physicalSchema,
      root: tables.find(({ jsonScope }) => jsonScope === '$') ?? null,
      tablesInDependencyOrder: tables,
      documentReferenceBindings: resource.documentReferenceBindings.map((each) => referenceMessage.write(each, rules)),
      descriptorEdgeSources: resource.descriptorEdgeSources.map((each) => edgeMessage.write(each, rules)),
    };
  },
  read(
    message: format.RelationalResourceModel,
    resourceKey: ResourceKeyEntry,
    at: PackPlace,
    reader: PayloadReader,
  ): ResourceModel {
    const label = resourceLabel(resourceNameMessage.read(message.resource, at, 'relational_model.resource'));
    if (label !== resourceLabel(resourceKey)) {
      failInvariant(at, 'relational_model.resource', resourceLabel(resourceKey), label);
    }
    const keyed: KeyedResource = {
      resourceKey,
      physicalSchema: nameOf(message.physicalSchema, at, 'relational_model.physical_schema'),
      storageKind: 'RelationalTables',
      tablesInDependencyOrder: message.tablesInDependencyOrder.map((table) => tableMessage.read(table, at, reader)),
      documentReferenceBindings: message.documentReferenceBindings.map((each) =>
        referenceMessage.read(each, at, reader),
      ),
      descriptorEdgeSources: message.descriptorEdgeSources.map((each) => edgeMessage.read(each, at, reader)),
      ...notCarried,
    };
    return reader.rules.completeModel(keyed, message, at, reader.pathOf);
  },
} as const;
