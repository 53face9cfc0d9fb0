import { filesOrigin } from '../../database-documents/load-origins.ts';
import { asksTranslation } from '../../declaring/shared-options.ts';
import { artifactsIn, documentDesign } from '../../sources/source.ts';
import { needsSchemas, type PreparesLoad, preparedWork } from './prepared-load.ts';

/** The documents of files and folders (design 14a §1). Throws the codes of `documentDesign` and `translationDesign`. */
export const inputFiles: PreparesLoad = async ({ source, dialect, options }, { onProgress }) => {
  const { before, paths = [] } = options;
  const later = await documentDesign(source, dialect, onProgress, needsSchemas(options));
  const earlier = before === undefined ? later : await documentDesign(artifactsIn(before), undefined, onProgress, true);
  return {
    ...(await preparedWork(later, asksTranslation(options) ? earlier : undefined, options)),
    documentsFor: () => ({ origin: filesOrigin(paths) }),
  };
};
