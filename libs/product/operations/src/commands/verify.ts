import { changing } from '@dms/databases';
import { defaultRandom } from '@dms/documents';
import { mustExist } from '@dms/model';
import { verificationLines, verificationValue, verifyScripts } from '../build-steps/verify-db.ts';
import { fileOperation } from '../declaring/operation.ts';
import { count, flag, flagOf, output, text } from '../declaring/option.ts';
import { severalDialects } from '../declaring/subject.ts';
import { chosenDialects, type DatabaseSource } from '../sources/source.ts';

/**
 * Verifies the scripts of ApiSchema files, or of a folder, which stays unchanged (design 09b §2). Throws the codes of
 * `verifyScripts`.
 */
export const verify = fileOperation({
  name: 'verify',
  group: 'first',
  summary: 'prove the scripts of a schema set on an empty database',
  description:
    'Runs each script in a database of its own, which is dropped afterwards, and checks the result: ' +
    'objects, seed rows, behaviour of triggers, a second run, a run that fails. Without a connection PostgreSQL runs as an ' +
    'embedded engine. SQL Server is started in a container if testcontainers and mssql are installed and Docker answers; ' +
    'otherwise only the text of its script is checked, and none of it is run.',
  examples: ['verify --artifacts out --connection-env CAMPUS_SERVER'],
  worksOn: {
    source: 'set',
    config: 'usual',
    dialect: severalDialects('those of the artifacts or the dms.json, otherwise both'),
    connection: 'temporary',
  },
  options: {
    reference: flag('also compare the database with the result of the script on another engine'),
    scratchDatabase: text('<name>', 'name of the database to create, use and drop; it must not exist', {
      group: 'database',
    }),
    strict: flag('let warnings of the comparison fail the run'),
    documents: count('<n>', `random documents of each resource to write, read and replace (default: ${defaultRandom})`),
    everyShape: flag(
      'try triggers, columns and keys on every table, not only on some of those whose bodies are one text with other names',
    ),
    shapes: output(
      '<file>',
      'file of shapes that earlier runs on the embedded engine proved, and of those that this one proves; overrides verify.everyShape of dms.json (default: in the cache of the user)',
      {
        group: 'work',
        conflicts: ['everyShape'],
      },
    ),
    keep: flag('leave the database on the server and print its name; refused where no server stays after the run'),
    output: output('<dir>', 'folder for verification.<dialect>.json'),
  },
  async check({ isDatabaseNamed, source, dialects }, misuse) {
    // a connection has one dialect, so the options must name it if the source has both; a missing source is reported
    // later
    if (isDatabaseNamed && source && (await chosenDialects(source as DatabaseSource, dialects)).length !== 1)
      misuse(`a connection has one dialect; name it with the option '${flagOf('dialect')} <name>'`, 'OPTION_MISSING');
  },
  async run(input, { signal, onProgress, onNotice }) {
    const { source, set, options, placeOf } = input;
    const { scratchDatabase, documents, shapes, keep, output: folderOfReports } = options;
    const { environment, folder, projectFile } = mustExist(placeOf?.(), 'a place');
    const chosen = await chosenDialects(source, input.dialects);
    const work = () =>
      verifyScripts({
        environment,
        folder,
        projectFile,
        scratchDatabase,
        documents,
        shapes,
        keep,
        output: folderOfReports,
        reference: options.reference ?? set?.verify.reference,
        strict: options.strict ?? set?.verify.strict,
        everyShape: options.everyShape ?? (shapes === undefined && set?.verify.everyShape),
        sources: (dialect) => mustExist(placeOf?.(dialect), 'a place').sources,
        dialects: chosen,
        source,
        startsContainers: true,
        signal,
        onProgress,
        onKept: (name) => onNotice?.(`The database ${name} was left on the server.`),
      });
    return keep ? work() : changing(work);
  },
  lines: verificationLines,
  value: verificationValue,
});
