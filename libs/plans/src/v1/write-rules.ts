import type { WriteRules } from '../write/write-rules.ts';

/** Rows are found by the document and the positions in the arrays around them, and replaced (design 08 §6). */
export const writeRulesV1: WriteRules = {
  structuralColumns: ({ key }) => key.columns.map(({ name }) => name),
  structuralSource({ key }, { name, kind }) {
    if (kind !== 'ParentKeyPart') return undefined;
    if (name === 'DocumentId') return { kind: 'document_id' };
    const parts = key.columns.filter((part) => part.kind === 'ParentKeyPart');
    return { kind: 'parent_key_part', index: parts.findIndex((part) => part.name === name) };
  },
  referenceSources: () => new Map(),
  deleteByParentColumns({ jsonScope, key }) {
    if (jsonScope.canonical === '$') return null;
    return key.columns.filter(({ kind }) => kind === 'ParentKeyPart').map(({ name }) => name);
  },
  collectionPlans: () => ({ collectionMergePlan: null, collectionKeyPreallocationPlan: null }),
};
