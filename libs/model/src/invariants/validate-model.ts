import { diagnostic, failIfAny } from '@dms/diagnostics';
import type { RelationalModelSet } from '../model.ts';
import { danglingNames } from './dangling-names.ts';
import { deleteActions, descriptorForeignKeys, keyTypes, storedKeyColumns } from './foreign-key-columns.ts';
import { InspectedModel } from './inspected-model.ts';
import { canonicalOrder } from './ordering.ts';
import { bindings, documentForeignKeys, referencedKeys, targetKeys } from './reference-columns.ts';
import { columnScopes, fieldNotes, keyColumns, rootTables, uniqueNames } from './table-shape.ts';
import { keyUnificationViolations } from './unified-columns.ts';

/**
 * What contradicts the invariants 3, 5, 6, 7, 9–16 and 18 of design 02 §18 (and the field notes of §15) in a model; each entry
 * starts with the number of the invariant. Empty for every model that derivation makes.
 */
export function modelViolations(model: RelationalModelSet): string[] {
  const inspected = new InspectedModel(model);
  return [
    rootTables,
    keyColumns,
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
    fieldNotes,
  ].flatMap((invariant) => invariant(inspected));
}

/**
 * Checks a finished model against the invariants of design 02 §18, 03 §13 and 04 §19: a net under derivation, not under input.
 * Throws `MODEL_INVARIANT` for everything that is broken.
 */
export function validateModel(model: RelationalModelSet): void {
  const broken = [
    ...modelViolations(model).map((text) => `02 §18 ${text}`),
    ...danglingNames(model).map((text) => `03 §13 ${text}`),
    ...keyUnificationViolations(model).map((text) => `04 §19 ${text}`),
  ];
  failIfAny(
    broken.map((violation) =>
      diagnostic(
        'MODEL_INVARIANT',
        `The derived model for ${model.dialect} breaks an invariant: ${violation}.`,
        {},
        { violation },
      ),
    ),
  );
}
