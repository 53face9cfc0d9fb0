import { withTarget } from '@dms/databases';
import { mustExist } from '@dms/model';
import { odsDialectOf } from '../database-documents/ods-source.ts';
import { fileOperation, printedAsGiven } from '../declaring/operation.ts';
import { asksTranslation, odsOverridesOf } from '../declaring/shared-options.ts';
import { readAsStored } from './read-ods/as-stored.ts';
import { readOdsOptions } from './read-ods/read-ods-options.ts';
import { readTranslated } from './read-ods/translated.ts';

/**
 * Writes the documents of an ODS into a new folder that `load` reads (design 19a). If rows cannot be read and
 * `continue` is not set, there is no folder. Throws the codes of `reportingDesigns`, `readOds` and `DocumentFolder`;
 * problems of rows are in the result.
 */
export const readOds = fileOperation({
  name: 'read-ods',
  group: 'ods',
  summary: 'write the documents of an ODS',
  description:
    'Reads a database of the older Ed-Fi server (PostgreSQL; SQL Server is experimental) and writes its documents and descriptors as files that load reads, ' +
    '<project>/<endpoint>.jsonl. The ODS is read in one transaction, as it is at one moment, and not changed. Before that, its ' +
    'tables and columns are compared with the schema set; at the end, its rows with what was written. With --before and --translation the documents ' +
    'of an ODS of another version of the standard become those of the schema set.',
  examples: [
    'read-ods --schema core/ApiSchema.json --connection-env ODS --output documents',
    'load documents --artifacts out --connection-env CAMPUS_DB --continue --rejects rejects.jsonl',
    'read-ods --artifacts out-6.1 --before out-5.2 --translation ed-fi-5.2-to-6.1 --connection-env ODS --output documents --continue --rejects rejects.jsonl',
  ],
  worksOn: { source: 'set', config: 'usual', connection: 'needed' },
  options: readOdsOptions,
  run({ source, set, options: given, placeOf }, context) {
    const options = { ...given, odsOverrides: odsOverridesOf({ options: given, set }) };
    const place = mustExist(placeOf?.(), 'a connection');
    const dialect = odsDialectOf({ ...place, odsDialect: options.odsDialect });
    const read = asksTranslation(options) ? readTranslated : readAsStored;
    return withTarget({ ...place, signal: context.signal, dialect }, 'check', (target) =>
      read(target, source, options, context),
    );
  },
  ...printedAsGiven,
});
