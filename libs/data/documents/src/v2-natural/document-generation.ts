import type { DocumentGeneration } from '../document-generation.ts';
import { memoryTexts, valueTexts } from '../identity/referential-id.ts';
import { documentGenerationV2 } from '../v2/document-generation.ts';
import { descriptorStatements } from './descriptor-statements.ts';
import { naturalKeyStatements } from './identity-statements.ts';

/** Documents are found by the keys of their tables; the stored text of an identity stays (design 22 §4). */
export const documentGenerationV2Natural: DocumentGeneration = {
  ...documentGenerationV2,
  descriptors: {
    ...documentGenerationV2.descriptors,
    update: { writesUri: false, stampsDocument: false },
    identities: descriptorStatements,
  },
  identities: naturalKeyStatements,
  texts: valueTexts,
  textsInMemory: { exact: memoryTexts('exact'), ignoreCase: memoryTexts('ignoreCase') },
};
