import { counted, DmsError, failIfAny } from '@dms/diagnostics';
import { type DocumentDesign, sampleDocuments } from '@dms/documents';
import { DocumentFolder } from '@dms/loading';
import { type Context, fileOperation } from '../declaring/operation.ts';
import { anyNumber, count, output, required, usually } from '../declaring/option.ts';
import { type DatabaseSource, documentDesign, withoutResources } from '../sources/source.ts';

/** The number of documents between two progress reports. */
const step = 1000;

/** Reads the design with the JSON schemas of an API, which artifacts of an earlier version of this tool lack. */
async function readDesign(source: DatabaseSource, { onProgress }: Context): Promise<DocumentDesign> {
  try {
    return await documentDesign(source, undefined, onProgress, true);
  } catch (error) {
    if (!(error instanceof DmsError) || error.diagnostics[0].code !== 'INPUT_FILE_NOT_FOUND') throw error;
    return documentDesign(source, undefined, onProgress);
  }
}

/**
 * Generates documents in realistic numbers, as files that `load` reads, `<project>/<endpoint>.jsonl` (design 14 §4).
 * Throws the codes of `documentDesign`, `INPUT_SET_EMPTY`, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export const sample = fileOperation({
  name: 'sample',
  group: 'documents',
  summary: 'generate documents to test with',
  description:
    'Generates documents of all resources in realistic numbers, with the descriptors that they name, as input for load. ' +
    'The same schema set, number and seed give the same files.',
  examples: ['sample --artifacts out --documents 20000 --output sample'],
  worksOn: { source: 'set', config: 'usual' },
  options: {
    documents: required(count('<n>', 'how many documents, not counting descriptors')),
    seed: usually(anyNumber('<n>', 'seed of the generator; another number gives other documents'), 1),
    output: required(output('<dir>', 'folder for <project>/<endpoint>.jsonl; new or empty')),
  },
  async run({ source, options: { documents, seed, output: folder } }, context) {
    const { model, schemas } = await readDesign(source, context);
    failIfAny(withoutResources([model], 'generate'));
    return DocumentFolder.write(folder, model, async (made) => {
      const counts = { document: 0, descriptor: 0 };
      const resources = new Set<string>();
      for (const { kind, resource, document } of sampleDocuments(model, {
        documents,
        seed,
        schemas: schemas ?? undefined,
      })) {
        counts[kind] += 1;
        if (kind === 'document') resources.add(resource);
        await made.add(resource, document);
        if ((counts.document + counts.descriptor) % step !== 0) continue;
        context.onCount?.(`${counts.document} of ${counted(documents, 'document')}`);
        // let signals arrive
        await new Promise(setImmediate);
      }
      return { documents: counts.document, descriptors: counts.descriptor, resources: resources.size, diagnostics: [] };
    });
  },
  lines: ({ documents, descriptors, resources }, { options }) => [
    `${counted(documents, 'document')} of ${counted(resources, 'resource')} and ${counted(descriptors, 'descriptor')} written to ${options.output}`,
  ],
  value: ({ documents, descriptors, resources }, { options: { seed, output: folder } }) => ({
    seed,
    output: folder,
    documents,
    descriptors,
    resources,
  }),
});
