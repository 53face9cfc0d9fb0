import { resourceLabel } from '@dms/api-schema';
import type { Diagnostic, DmsError, RowPlace } from '@dms/diagnostics';
import type { RelationalModelSet } from '@dms/model';
import type { JsonValue } from '@dms/values';
import type { RecordedChange } from '../changes/recorded-change.ts';
import { descriptorResolver, type ResolveDescriptor } from '../seeding/resolve-descriptor.ts';
import type { DocumentFeed } from './document-feed.ts';
import { DocumentSpool } from './document-queue.ts';
import { type DescriptorInput, fileReject, LoadInputs } from './load-inputs.ts';
import type { LoadDocumentsOptions, LoadReject } from './load-report.ts';
import { loadSources } from './load-sources.ts';

/** A document or descriptor of files or of a feed. */
export interface SourceDocument {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly document: JsonValue;
  readonly uuid: string | null;
  /** Empty for a document that does not come from a file. */
  readonly file: string;
  readonly line: number;
  readonly row?: (() => RowPlace) | undefined;
}

/** The content of files or of a feed. */
export interface SourceDocuments {
  /**
   * Descriptors first, then the documents of each resource, in the order of the input, then those of resources that the
   * model does not have.
   */
  readonly documents: AsyncIterable<SourceDocument>;
  /** Deletes and changed keys; null if the input format cannot carry changes. */
  readonly changes: readonly RecordedChange[] | null;
}

interface DocumentInputOptions
  extends Pick<LoadDocumentsOptions, 'ignoreUnknown' | 'isContinued' | 'onFiles' | 'onDiagnostic'> {
  readonly onReject: (reject: LoadReject) => Promise<void>;
}

/**
 * Runs `work` with the documents and descriptors of files and folders that `load` reads, or of a feed; they are not
 * checked against the model, which may lack their resources. Memory does not grow with the input. Throws `INPUT_*`, and
 * `DOCUMENT_RESOURCE_UNKNOWN` for a file.
 */
export async function withSourceDocuments<Result>(
  model: RelationalModelSet,
  input: readonly string[] | DocumentFeed,
  { ignoreUnknown, isContinued, onFiles, onReject, onDiagnostic = () => undefined }: DocumentInputOptions,
  work: (source: SourceDocuments) => Promise<Result>,
): Promise<Result> {
  const feed = 'finish' in input ? input : null;
  const unnamed: DmsError[] = [];
  const onUnnamed = isContinued ? (error: DmsError) => void unnamed.push(error) : undefined;
  const sources = 'finish' in input ? [] : await loadSources(model, input, onUnnamed);
  await onFiles?.(sources.map(({ file }) => file));
  return DocumentSpool.use(async (spool) => {
    const onWarning = (entry: Diagnostic) => onDiagnostic(entry);
    const inputs = new LoadInputs(model, sources, spool, {
      ignoreUnknown,
      feed,
      onReject,
      onWarning,
      keepsUnknown: true,
    });
    for (const error of unnamed) await onReject(fileReject(error, String(error.diagnostics[0].where.file), null));
    await inputs.sort();
    const all = async function* () {
      yield* documentsOf(model, inputs, onReject);
      inputs.assertComplete();
    };
    return work({ documents: all(), changes: inputs.changes });
  });
}

async function* documentsOf(
  model: RelationalModelSet,
  inputs: LoadInputs,
  onReject: (reject: LoadReject) => Promise<void>,
): AsyncGenerator<SourceDocument> {
  const resolve = descriptorResolver(model);
  for await (const input of inputs.allDescriptors()) {
    const found = input.kind === 'reject' ? input : resolved(resolve, input);
    if (found.reject) await onReject(found.reject);
    else if (input.kind === 'descriptor') {
      const { document, row, raw } = input;
      const place = row === undefined ? {} : { row: () => row };
      yield { resource: found.label, document, uuid: input.uuid ?? null, file: raw.file, line: raw.line, ...place };
    }
  }
  for (const { resourceKey, storageKind } of model.resources) {
    const resource = resourceLabel(resourceKey);
    if (storageKind !== 'RelationalTables' || !inputs.hasDocuments(resource)) continue;
    for await (const { document, uuid = null, file, line, row } of inputs.documents(resource))
      yield { resource, document, uuid, file, line, row };
  }
  for await (const { resource, document, uuid = null, file, line, row } of inputs.unknownDocuments())
    yield { resource, document, uuid, file, line, row };
}

/** The resource of a descriptor, which the model may lack if the file names its project, or its reject. */
function resolved(resolve: ResolveDescriptor, input: Extract<DescriptorInput, { kind: 'descriptor' }>) {
  const { raw, document, row, uuid = null } = input;
  const result = resolve(raw);
  if (result.kind === 'descriptor') return { label: resourceLabel(result.descriptor.resourceKey) };
  if (result.kind === 'unknown' && raw.projectName !== null) return { label: result.name };
  const diagnostics = result.kind === 'invalid' ? result.diagnostics : ([result.diagnostic] as const);
  const { file, line, resourceName: resource } = raw;
  const reject: LoadReject = { file, line, row, resource, diagnostics, document, uuid };
  return { reject };
}
