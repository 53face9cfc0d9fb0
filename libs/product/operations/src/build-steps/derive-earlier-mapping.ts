import { type DiagnosticCode, fail } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { deriveEarlier, earlierMappingText } from '@dms/ods';
import {
  documentSchemasFormat,
  inventoryFormat,
  modelFormat,
  odsMappingFormat,
} from '../incremental-build/artifact-formats.ts';
import type { Step } from '../incremental-build/step.ts';
import { type FolderStepOptions, type StepResult, stepInFolder } from '../incremental-build/stores.ts';
import { odsDocumentDesign } from '../sources/source.ts';
import { translationDesign } from '../sources/translations.ts';

/** An earlier schema set, and the translation of its documents to this one. */
export interface EarlierSetOptions {
  /** The folder with its artifacts. */
  readonly artifacts: string;
  /** Names of translations of the product, or files, in order. */
  readonly translation: readonly string[];
}

const unnamed =
  'Names alone do not carry the earlier version, and no translation from it is named. Name one with --earlier-translation, or in the member "earlier" of dms.json: a file, or one of the product, which dms-ddl translate --list prints.';

/** Notes on documents that a translation may reject; they are irrelevant, because no document is translated here. */
const ofDocuments: readonly DiagnosticCode[] = ['TRANSLATION_REQUIRED', 'TRANSLATION_NARROWER'];

/**
 * Derives the mapping from the ODS tables of an earlier set to those of this one, and the parts that cannot be given
 * back (design 21).
 */
export const deriveEarlierMappingStep: Step<'derive-earlier-mapping', EarlierSetOptions> = {
  name: 'derive-earlier-mapping',
  async run({ read, dialects }, { artifacts, translation }) {
    // names of tables, columns and places are the same in each dialect
    const dialect = mustExist(dialects[0], 'a dialect');
    const { mapping } = await read(odsMappingFormat);
    const after = {
      model: await read(modelFormat, dialect),
      inventory: await read(inventoryFormat, dialect),
      schemas: await read(documentSchemasFormat),
    };
    const source = { kind: 'artifacts', folder: artifacts } as const;
    const { design: before, ods: earlier } = await odsDocumentDesign(source, undefined, { withSchemas: true });
    if (earlier.mapping.effectiveSchemaHash === mapping.effectiveSchemaHash) {
      const text = `The artifacts of the earlier version in ${artifacts} are of this schema set itself; name those of the set that documents had before.`;
      fail('MODEL_FILE_INVALID', text, { file: artifacts }, { found: mapping.effectiveSchemaHash });
    }
    const { compiled, hash, notes } = await translationDesign(before, after, { translation, unnamed });
    const derived = deriveEarlier(earlier.mapping, mapping, compiled, hash);
    return {
      made: [{ artifact: 'earlierMapping', content: () => earlierMappingText(derived), value: derived }],
      diagnostics: notes.filter(({ code }) => !ofDocuments.includes(code)),
    };
  },
};

/** Runs the step `derive-earlier-mapping` in the folder of a mapping set. */
export function deriveEarlierMappingInFolder({
  earlier,
  ...folder
}: FolderStepOptions & { readonly earlier: EarlierSetOptions }): Promise<StepResult> {
  return stepInFolder(deriveEarlierMappingStep, folder, () => earlier);
}
