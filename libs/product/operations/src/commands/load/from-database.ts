import { dialectOfSources, sourceNames } from '@dms/databases';
import { mustExist } from '@dms/model';
import { databaseOrigin } from '../../database-documents/load-origins.ts';
import type { Input, Place } from '../../declaring/operation.ts';
import { artifactsIn, documentDesign } from '../../sources/source.ts';
import type { LoadOptions } from './load-options.ts';
import { type PreparesLoad, preparedWork } from './prepared-load.ts';

/**
 * The documents of another database, which are always translated, even if no rule changes them (design 14a §1). Throws
 * the codes of `documentDesign` and `translationDesign`.
 */
export const otherDatabase: PreparesLoad = async (input, { onProgress }) => {
  const { source, dialect, options } = input;
  const { before } = options;
  const later = await documentDesign(source, dialect, onProgress, true);
  const place = placeOfDatabase(input);
  const named = dialectOfSources(place);
  const isSame = before === undefined && (named === undefined || named === later.model.dialect);
  const earlier = isSame ? later : await documentDesign(artifactsIn(before) ?? source, named, onProgress, true);
  const origin = databaseOrigin({ ...place, design: earlier });
  return {
    ...(await preparedWork(later, earlier, options)),
    // documents of an earlier run exist already
    documentsFor: () => ({ origin, onExisting: 'skip' }),
  };
};

/** The database that the options name. */
function placeOfDatabase({ options, placeOf }: Pick<Input<LoadOptions>, 'options' | 'placeOf'>): Place {
  const { fromDatabase: connection, fromDatabaseEnv: connectionEnv, fromDatabaseFile: connectionFile } = options;
  const sources = { names: sourceNames.otherDatabase, connection, connectionEnv, connectionFile };
  return { ...mustExist(placeOf?.(), 'a place'), sources };
}
