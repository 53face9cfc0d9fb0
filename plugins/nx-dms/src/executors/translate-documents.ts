import path from 'node:path';
import { translateInFolder } from '@dms/operations';
import { mappingSetExecutor, memberOf, translationAt } from './mapping-set-task.ts';

/** Translates the documents that `dms.json` names for the mapping set. */
export const translateDocuments = /* @__PURE__ */ mappingSetExecutor('translate-documents', async (task) => {
  const { root, dialects, outputDirectory } = task;
  const named = memberOf(task, 'translate', 'an object with "documents"');
  const { documents, before, translation, ...options } = named;
  const inWorkspace = (place: string) => path.join(root, place);
  return translateInFolder({
    ...options,
    documents: inWorkspace(documents),
    before: before === null ? null : inWorkspace(before),
    translation: translationAt(root, translation),
    dialect: dialects[0],
    relativeTo: root,
    outputDirectory,
  });
});
