import { append, counted, type Diagnostic, mostShown } from '@dms/diagnostics';
import { convertDocuments as convertInto } from '@dms/loading';
import { fileOperation } from '../operation/operation.ts';
import { flag, output, required, texts } from '../operation/option.ts';
import { documentDesign } from '../sources/source.ts';

/**
 * Writes the inputs of `load` as JSON lines, without a database (design 14 §4.5). Throws the codes of `documentDesign`
 * and `convertDocuments`. Diagnostics of single documents are in the result.
 */
export const convertDocuments = fileOperation({
  name: 'convert-documents',
  group: 'documents',
  summary: 'write interchange XML as JSON lines',
  description:
    'Writes the documents and descriptors of interchange XML as JSON lines, without a database. It reads all files that load ' +
    'reads, and writes a folder that load reads too. Documents are not checked against the schema set; load does that.',
  examples: ['convert-documents Samples/*.xml --artifacts out --output documents'],
  worksOn: { source: 'set' },
  arguments: { paths: required(texts('<path...>', 'files or folders')) },
  options: {
    output: required(output('<dir>', 'folder for <project>/<endpoint>.jsonl; new or empty')),
    continue: flag('write the other documents if some cannot be converted'),
    ignoreUnknown: flag('leave out elements that the schema set does not have'),
  },
  async run({ source, options }, { onProgress, onCount }) {
    const { model } = await documentDesign(source, undefined, onProgress);
    const [failures, diagnostics]: [Diagnostic[], Diagnostic[]] = [[], []];
    const keep = (list: Diagnostic[], added: readonly Diagnostic[]) =>
      append(list, added.slice(0, mostShown - list.length));
    const converted = await convertInto(model, options.paths, options.output, {
      ignoreUnknown: options.ignoreUnknown,
      isContinued: options.continue ?? false,
      onReject: (reject) => keep(failures, reject.diagnostics),
      onDiagnostic: (entry) => keep(diagnostics, [entry]),
      onProgress: (documents) => onCount?.(counted(documents, 'document')),
    });
    return { ...converted, failures, diagnostics };
  },
  lines({ documents, descriptors, resources, rejected, isWritten }, { options }) {
    const written = `${counted(documents, 'document')} of ${counted(resources, 'resource')} and ${counted(descriptors, 'descriptor')} written to ${options.output}`;
    return [
      isWritten ? written : 'Nothing was written; --continue writes the other documents.',
      ...(rejected > 0 ? [`${counted(rejected, 'document')} could not be converted.`] : []),
    ];
  },
  value: ({ documents, descriptors, resources, rejected, isWritten }, { options }) => ({
    output: options.output,
    documents,
    descriptors,
    resources,
    rejected,
    isWritten,
  }),
});
