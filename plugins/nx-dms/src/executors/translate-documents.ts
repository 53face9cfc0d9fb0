import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { translateInFolder } from '@dms/operations';
import { mappingSetExecutor, translationAt } from './mapping-set-task.ts';

/** Turns the documents that `dms.json` names into those of the mapping set. */
export const translateDocuments = /* @__PURE__ */ mappingSetExecutor('translate-documents', async (task) => {
  const { root, file, mappingSet, dialects, outputDirectory } = task;
  if (mappingSet.translate === null) {
    // the target was added by hand: inference adds it only with the member
    const expected = 'an object with "documents"';
    const message = `/translate is missing; expected ${expected}.`;
    return fail('CONFIG_INVALID', message, { file, path: '/translate' }, { expected });
  }
  const { documents, before, translation, ...options } = mappingSet.translate;
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
