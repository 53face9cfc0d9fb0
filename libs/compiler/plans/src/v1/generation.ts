import { finiteEnds } from '../document-rules.ts';
import type { PlanGeneration, PlanManifestForm, PlansFileFormat, ReadRules, WriteRules } from '../generation.ts';
import { armPerColumn } from '../read/projections.ts';

/** Rows are identified by the document id and the ordinals of the enclosing arrays, and replaced (design 08 §6). */
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

/** Reads all columns of a table, ordered by its key (design 08 §7). */
const readRulesV1: ReadRules = {
  hydration: ({ columns, key }) => ({ columns, orderBy: key.columns.map(({ name }) => name) }),
  readsSingleDocuments: false,
  descriptorArms: (_, columns) => armPerColumn(columns),
  documentLookup: () => null,
  checkContract: () => undefined,
};

/** The manifest of the first generation (design 08 §11.2). */
const manifestFormV1: PlanManifestForm = {
  mergePlan: () => ({}),
  preallocation: () => ({}),
  singleDocument: () => ({}),
  identityField: () => ({}),
  capabilities: () => ({}),
};

/** Rows have no ids, documents are read by pages, and the caller determines the possible queries (design 08 §11.5). */
const plansFileV1: PlansFileFormat = {
  absent: new Set([
    ...['collectionMergePlan', 'collectionKeyPreallocationPlan'],
    ...['selectBySingleDocumentSql', 'scalarType', 'documentReferenceLookup'],
    ...['queryCapability', 'descriptorQueryCapability'],
  ]),
};

/** The first generation (design 08). */
export const generationV1: PlanGeneration = {
  write: writeRulesV1,
  read: readRulesV1,
  queryCapability: () => null,
  descriptorQueryCapability: () => null,
  manifest: manifestFormV1,
  // values are stored in the form that documents have (design 14 §1)
  documents: {
    values: { keepsSecondFractions: true, endsOfTime: finiteEnds },
    emptyExtensionsHaveRows: true,
    absentValuesAreEqual: { pgsql: false, mssql: true },
    textEquality: { pgsql: 'exact', mssql: 'exact' },
    filtersCompareCodeUnits: false,
  },
  core: {
    storesReferentialIds: true,
    descriptorsRepeatResourceKey: false,
    descriptorsAreStamped: false,
    rowsHaveIds: false,
    deletesRootsFirst: false,
  },
  file: plansFileV1,
};
