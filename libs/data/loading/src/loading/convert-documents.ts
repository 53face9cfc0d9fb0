import { resourceLabel } from '@dms/api-schema';
import type { Diagnostic, DmsError } from '@dms/diagnostics';
import type { JsonValue } from '@dms/files';
import type { RelationalModelSet } from '@dms/model';
import { changeLine } from '../changes/recorded-change.ts';
import { DocumentFolder } from '../files/document-folder.ts';
import { descriptorResolver, type ResolveDescriptor } from '../seeding/resolve-descriptor.ts';
import { DocumentSpool } from './document-queue.ts';
import { type DescriptorInput, fileReject, LoadInputs } from './load-inputs.ts';
import type { LoadReject } from './load-report.ts';
import { loadSources } from './load-sources.ts';

export interface ConvertOptions {
  /** Leaves out elements without a property, with a warning. */
  readonly ignoreUnknown?: boolean | undefined;
  /** Writes the other documents if some are rejected. By default nothing is written then. */
  readonly isContinued?: boolean | undefined;
  readonly onReject?: ((reject: LoadReject) => void) | undefined;
  readonly onDiagnostic?: ((entry: Diagnostic) => void) | undefined;
  /** Called with the number of documents and descriptors so far. */
  readonly onProgress?: ((count: number) => void) | undefined;
}

interface ConvertedDocuments {
  readonly documents: number;
  readonly descriptors: number;
  /** Number of resources with documents. */
  readonly resources: number;
  readonly rejected: number;
  readonly isWritten: boolean;
}

/** How often progress is reported, in documents. */
const step = 1000;

/** Leaves the folder unwritten. */
class NotWritten extends Error {}

/** The resource of a descriptor, or what is wrong with it. */
function resolved(resolve: ResolveDescriptor, { raw, document }: Extract<DescriptorInput, { kind: 'descriptor' }>) {
  const result = resolve(raw);
  if (result.kind === 'descriptor') return { label: resourceLabel(result.descriptor.resourceKey) };
  const diagnostics = result.kind === 'invalid' ? result.diagnostics : ([result.diagnostic] as const);
  const { file, line, resourceName: resource } = raw;
  const reject: LoadReject = { file, line, resource, diagnostics, document, uuid: null };
  return { reject };
}

/**
 * Writes the documents and descriptors of files and folders that `load` reads as a new folder,
 * `<project>/<endpoint>.jsonl` (design 14 §4.5). Documents are not checked against the model. Memory does not grow with
 * the input. Throws `INPUT_*`, `DOCUMENT_RESOURCE_UNKNOWN` for a file, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export async function convertDocuments(
  model: RelationalModelSet,
  paths: readonly string[],
  folder: string,
  { ignoreUnknown, isContinued = false, onReject, onDiagnostic, onProgress }: ConvertOptions = {},
): Promise<ConvertedDocuments> {
  const unnamed: DmsError[] = [];
  const onUnnamed = isContinued ? (error: DmsError) => void unnamed.push(error) : undefined;
  const sources = await loadSources(model, paths, onUnnamed);
  const counts = { documents: 0, descriptors: 0, rejected: 0 };
  const resources = new Set<string>();
  const reject = async (each: LoadReject) => {
    counts.rejected += 1;
    onReject?.(each);
  };
  const write = (output: DocumentFolder) =>
    DocumentSpool.use(async (spool) => {
      const add = async (kind: 'documents' | 'descriptors', label: string, document: JsonValue) => {
        await output.add(label, document);
        counts[kind] += 1;
        const count = counts.documents + counts.descriptors;
        if (count % step === 0) onProgress?.(count);
      };
      const onWarning = (entry: Diagnostic) => onDiagnostic?.(entry);
      const inputs = new LoadInputs(model, sources, spool, { ignoreUnknown, onReject: reject, onWarning });
      for (const error of unnamed) await reject(fileReject(error, String(error.diagnostics[0].where.file), null));
      await inputs.sort();
      const resolve = descriptorResolver(model);
      for await (const input of inputs.allDescriptors()) {
        const found = input.kind === 'reject' ? input : resolved(resolve, input);
        if (found.reject) await reject(found.reject);
        else if (input.kind === 'descriptor') await add('descriptors', found.label, input.document);
      }
      for (const { resourceKey, storageKind } of model.resources) {
        const label = resourceLabel(resourceKey);
        if (storageKind !== 'RelationalTables' || !inputs.hasDocuments(label)) continue;
        resources.add(label);
        for await (const { document } of inputs.documents(label)) await add('documents', label, document);
      }
      if (inputs.changes !== null) output.beginChanges();
      for (const change of inputs.changes ?? []) await output.addChange(changeLine(change));
      if (counts.rejected > 0 && !isContinued) throw new NotWritten();
    });
  const isWritten = await DocumentFolder.write(folder, model, write).then(
    () => true,
    (error: unknown) => {
      if (error instanceof NotWritten) return false;
      throw error;
    },
  );
  return { ...counts, resources: resources.size, isWritten };
}
