import { propertyNames } from '@dms/api-schema';
import { type KeyColumnRole, noSecurableElements, pascalCaseAll } from '@dms/model';
import type { DraftRules, TablePlace } from '../draft/draft-rules.ts';
import type { StructuralColumn, TableShape } from '../draft/draft-table.ts';
import type { Generation } from '../generation.ts';
import { int32Type, int64Type } from '../input/scalar-type.ts';
import { documentFkColumn } from '../naming/constraint-name.ts';
import { deriveArrayUniqueness, deriveNaturalKeys, deriveReferenceConstraints } from '../passes/derive-constraints.ts';
import { deriveDescriptorForeignKeys } from '../passes/descriptors.ts';
import { cascadeAll, type PropagationPolicy } from '../propagation/propagation.ts';
import { identityMutableResources } from './identity-mutable.ts';
import { propagateMssql } from './propagate-mssql.ts';

interface NaturalKeyColumn {
  readonly name: string;
  readonly role: KeyColumnRole;
}

/** The document id, then the ordinals of the enclosing rows, then the row's own ordinal (design 02 §6.6). */
function keyColumnsFor({ rootBaseName, collectionNames }: TablePlace): NaturalKeyColumn[] {
  if (collectionNames.length === 0) return [{ name: 'DocumentId', role: 'DocumentId' }];
  return [
    { name: documentFkColumn(rootBaseName), role: 'DocumentId' },
    ...collectionNames.slice(0, -1).map((name) => ({ name: `${name}Ordinal`, role: 'ParentOrdinal' as const })),
    { name: 'Ordinal', role: 'Ordinal' },
  ];
}

function tableShape(place: TablePlace, defaultPlace: TablePlace): TableShape {
  const { kind } = place;
  const key = keyColumnsFor(place);
  const defaults = keyColumnsFor(defaultPlace);
  const names = key.map(({ name }) => name);
  const isCollection = kind === 'Collection' || kind === 'ExtensionCollection';
  const parentLocator = isCollection ? names.slice(0, -1) : names;
  return {
    kind,
    key,
    columns: key.map(
      ({ name, role }, index): StructuralColumn => ({
        name,
        defaultName: defaults[index]?.name ?? name,
        // ordinals of enclosing rows are parts of the parent's key, like the document id
        kind: role === 'Ordinal' ? 'Ordinal' : 'ParentKeyPart',
        scalarType: role === 'DocumentId' ? int64Type : int32Type,
      }),
    ),
    rowIdentity: kind === 'Unspecified' ? [] : names,
    rootLocator: kind === 'Unspecified' ? [] : names.slice(0, 1),
    parentLocator: kind === 'Root' || kind === 'Unspecified' ? [] : parentLocator,
  };
}

/** The first generation (design 02–04). */
const draftRulesV1: DraftRules = {
  tableShape,
  parentKey: (table, parent) => ({ columns: table.parentLocator, targetColumns: parent.key }),
  referenceKey: (documentId, values) => [documentId, ...values],
  identityPart: ({ identityBindings }, path) =>
    identityBindings.find(({ referenceJsonPath }) => referenceJsonPath.canonical === path),
  isReferenceRequired: ({ isRequired }) => isRequired,
  abstractColumnName(_label, path) {
    const name = pascalCaseAll(propertyNames(path.segments));
    return { name, defaultName: name };
  },
  abstractRowsNameResource: false,
  refusesLostDescriptorParts: false,
  resourceMembers: () => ({ securableElements: noSecurableElements, queryFieldMapping: [], descriptorTexts: null }),
};

/** PostgreSQL (design 11 §2). */
const propagatePgsql: PropagationPolicy = (draft) => cascadeAll(draft, identityMutableResources(draft), true);

/** The first generation (design 02–05, 11). */
export const generationV1: Generation = {
  rules: draftRulesV1,
  constraintPasses: [deriveNaturalKeys, deriveReferenceConstraints, deriveArrayUniqueness, deriveDescriptorForeignKeys],
  strictPasses: new Set(),
  propagation: { pgsql: propagatePgsql, mssql: propagateMssql },
  finish: (model) => model,
};
