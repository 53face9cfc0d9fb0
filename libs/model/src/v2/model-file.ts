import * as z from 'zod/mini';
import { readArtifact } from '../model-file/artifact-file.ts';
import type { ModelFileFormat } from '../model-file/model-content.ts';
import { modelFile } from '../model-file/model-format.ts';

// the format number first: it identifies another format better than missing members do
const file = z.extend(z.object({ modelFormat: z.literal(2) }), modelFile.shape);

/** Everything of a model (design 15 §11). */
export const modelFileV2: ModelFileFormat = {
  format: 2,
  write: (content) => ({ ...content }),
  read(text, name, dialect, kind) {
    const { modelFormat: _, ...content } = readArtifact(file, text, name, dialect, kind);
    return content;
  },
};
