import * as z from 'zod/mini';
import type { ResourceModel, Table } from '../model.ts';
import { readArtifact } from '../model-file/artifact-file.ts';
import type { ModelFileFormat } from '../model-file/model-content.ts';
import {
  abstractIdentityTable,
  descriptorEdge,
  modelFile,
  referenceBinding,
  resource,
  table,
  unionView,
  unionViewColumn,
} from '../model-file/model-format.ts';
import { completeKeyedResource, completeView, unspecifiedIdentity } from './complete-model.ts';

const roleFlags = { isRequired: true, isRoleNamed: true } as const;
const fileTable = z.omit(table, { identity: true });

const fileResource = z.extend(z.omit(resource, { securableElements: true, queryFieldMapping: true, descriptorTexts: true }), {
  tablesInDependencyOrder: z.array(fileTable),
  documentReferenceBindings: z.array(z.omit(referenceBinding, roleFlags)),
  descriptorEdgeSources: z.array(z.omit(descriptorEdge, roleFlags)),
});

// the format number first: it identifies another format better than missing members do
const file = z.extend(z.object({ modelFormat: z.literal(1) }), {
  ...modelFile.shape,
  resources: z.array(fileResource),
  abstractIdentityTables: z.array(z.extend(abstractIdentityTable, { table: fileTable })),
  abstractUnionViews: z.array(
    z.extend(unionView, { outputColumns: z.array(z.omit(unionViewColumn, { isDescriptorReference: true })) }),
  ),
});

const withoutIdentity = ({ identity: _, ...rest }: Table) => rest;

const withoutRoles = <Item extends { readonly isRequired: boolean; readonly isRoleNamed: boolean }>(item: Item) => {
  const { isRequired: _, isRoleNamed: __, ...rest } = item;
  return rest;
};

function written({ securableElements: _, queryFieldMapping: __, descriptorTexts: ___, ...entry }: ResourceModel) {
  return {
    ...entry,
    tablesInDependencyOrder: entry.tablesInDependencyOrder.map(withoutIdentity),
    documentReferenceBindings: entry.documentReferenceBindings.map(withoutRoles),
    descriptorEdgeSources: entry.descriptorEdgeSources.map(withoutRoles),
  };
}

/** The file is older than some members of a model; they follow from the rest (design 02 §15.1). */
export const modelFileV1: ModelFileFormat = {
  format: 1,
  write: (content) => ({
    ...content,
    resources: content.resources.map(written),
    abstractIdentityTables: content.abstractIdentityTables.map((entry) => ({ ...entry, table: withoutIdentity(entry.table) })),
    abstractUnionViews: content.abstractUnionViews.map((view) => ({
      ...view,
      outputColumns: view.outputColumns.map(({ isDescriptorReference: _, ...column }) => column),
    })),
  }),
  read(text, name, dialect, kind) {
    const { modelFormat: _, ...content } = readArtifact(file, text, name, dialect, kind);
    return {
      ...content,
      resources: content.resources.map(completeKeyedResource),
      abstractIdentityTables: content.abstractIdentityTables.map((entry) => ({
        ...entry,
        table: { ...entry.table, identity: unspecifiedIdentity },
      })),
      abstractUnionViews: content.abstractUnionViews.map(completeView),
    };
  },
};
