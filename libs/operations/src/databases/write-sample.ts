import { counted, DmsError } from '@dms/diagnostics';
import { sampleDocuments } from '@dms/documents';
import { DocumentFolder } from '@dms/loading';
import { type DatabaseSource, type DocumentDesign, documentDesign } from '../sources/source.ts';

export interface WriteSampleOptions {
  readonly source: DatabaseSource;
  /** The number of documents, not counting descriptors. */
  readonly documents: number;
  readonly seed: number;
  readonly outputDirectory: string;
  readonly onProgress?: ((part: string) => void) | undefined;
}

export interface WrittenSample {
  readonly documents: number;
  readonly descriptors: number;
  /** Resources that have documents. */
  readonly resources: number;
}

/** How often progress is reported, in documents. */
const step = 1000;

/** With the data that an API uses to check documents; artifacts of an earlier version of this tool do not have it. */
async function designOf(source: DatabaseSource, onProgress: WriteSampleOptions['onProgress']): Promise<DocumentDesign> {
  try {
    return await documentDesign(source, undefined, onProgress, true);
  } catch (error) {
    if (!(error instanceof DmsError) || error.diagnostics[0].code !== 'INPUT_FILE_NOT_FOUND') throw error;
    return documentDesign(source, undefined, onProgress);
  }
}

/**
 * `dms-ddl sample`: documents in realistic numbers as files that `load` reads, `<project>/<endpoint>.jsonl` (design 14 §5).
 * Throws the codes of `documentDesign`, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export async function writeSample(options: WriteSampleOptions): Promise<WrittenSample> {
  const { source, documents, seed, outputDirectory, onProgress } = options;
  const { model, schemas } = await designOf(source, onProgress);
  return DocumentFolder.write(outputDirectory, model, async (folder) => {
    const counts = { document: 0, descriptor: 0 };
    const resources = new Set<string>();
    for (const { kind, resource, document } of sampleDocuments(model, { documents, seed, schemas: schemas ?? undefined })) {
      counts[kind] += 1;
      if (kind === 'document') resources.add(resource);
      await folder.add(resource, document);
      if ((counts.document + counts.descriptor) % step !== 0) continue;
      onProgress?.(`${counts.document} of ${counted(documents, 'document')}`);
      // lets signals arrive
      await new Promise(setImmediate);
    }
    return { documents: counts.document, descriptors: counts.descriptor, resources: resources.size };
  });
}
