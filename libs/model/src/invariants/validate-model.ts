import { diagnostic, failIfAny } from '@dms/diagnostics';
import type { RelationalModelSet } from '../model.ts';
import { danglingNamesOf } from './dangling-names.ts';
import { deleteActions, descriptorForeignKeys, keyTypes, storedKeyColumns } from './foreign-key-columns.ts';
import { InspectedModel } from './inspected-model.ts';
import { canonicalOrder } from './ordering.ts';
import { bindings, documentForeignKeys, referencedKeys, targetKeys } from './reference-columns.ts';
import { resourceSet } from './resource-set.ts';
import { descriptorSources, referenceSources } from './sources.ts';
import { collections, columnScopes, fieldNotes, rootTables, structuralColumns, uniqueNames } from './table-shape.ts';
import { keyUnificationViolationsOf } from './unified-columns.ts';

const invariants = [
  rootTables,
  structuralColumns,
  uniqueNames,
  columnScopes,
  documentForeignKeys,
  bindings,
  targetKeys,
  keyTypes,
  storedKeyColumns,
  descriptorForeignKeys,
  deleteActions,
  canonicalOrder,
  referencedKeys,
  referenceSources,
  descriptorSources,
  resourceSet,
  fieldNotes,
  collections,
];

/**
 * The violations of the invariants 3, 5–7, 9–16, 18 and 20–22 of design 02 §18 (and of the field notes of §15) in a model. Each
 * entry starts with the number of the invariant. Empty for every derived model.
 */
export function modelViolations(model: RelationalModelSet): string[] {
  return violationsOf(new InspectedModel(model));
}

const violationsOf = (inspected: InspectedModel) => invariants.flatMap((invariant) => invariant(inspected));

/** The violations of all invariants that a single model can show, with chapter and number: design 02 §18, 03 §13 and 04 §19. */
export function brokenInvariants(model: RelationalModelSet): string[] {
  const inspected = new InspectedModel(model);
  return [
    ...violationsOf(inspected).map((text) => `02 §18 ${text}`),
    ...danglingNamesOf(inspected).map((text) => `03 §13 ${text}`),
    ...keyUnificationViolationsOf(inspected).map((text) => `04 §19 ${text}`),
  ];
}

/** Checks a derived model, as a safety net for derivation, not for input. Throws `MODEL_INVARIANT` for every violation. */
export function validateModel(model: RelationalModelSet): void {
  failIfAny(
    brokenInvariants(model).map((violation) =>
      diagnostic(
        'MODEL_INVARIANT',
        `The derived model for ${model.dialect} breaks an invariant: ${violation}.`,
        {},
        { violation },
      ),
    ),
  );
}
