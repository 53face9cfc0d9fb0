import { changing } from '@dms/databases';
import { failIfAny } from '@dms/diagnostics';
import { preparedSeeding, seededCounts, seededLine } from '@dms/loading';
import { databaseOperation } from '../declaring/operation.ts';
import { choice, flag, paths, required, usually } from '../declaring/option.ts';
import { setInDatabases } from '../declaring/subject.ts';
import { documentDesign } from '../sources/source.ts';
import { emptyInput } from '../translated-files/translate-input.ts';

/**
 * Writes the descriptors of files into a database that was provisioned for the schema set (design 14a §4). Throws the
 * codes of `documentDesign`, `DOCUMENT_INPUT_EMPTY`, `SEED_*`, `GATE_*`, `DB_*`.
 */
export const seedDescriptors = databaseOperation({
  name: 'seed-descriptors',
  group: 'documents',
  summary: 'write descriptors into a database',
  description:
    'Writes the descriptors of interchange files (XML) or JSON files into a database that was provisioned for the schema set, ' +
    'all of them or none. Descriptors that are already stored with the same fields stay; running it again changes nothing.',
  examples: ['seed-descriptors Descriptors --artifacts out --connection-env CAMPUS_DB'],
  worksOn: setInDatabases(),
  arguments: { paths: required(paths('<path...>', 'files, or folders with .xml and .json files')) },
  options: {
    onConflict: usually(
      choice('<action>', 'what to do with a descriptor that is stored with different texts or dates', [
        'fail',
        'keep',
        'update',
      ]),
      'fail',
    ),
    ignoreUnknown: flag('skip descriptors that the schema set does not have'),
    allowEmpty: flag('succeed if the files hold no descriptor of the schema set'),
  },
  skipsDone: true,
  async prepare({ source, dialect, options }, context) {
    const seeding = await preparedSeeding(await documentDesign(source, dialect, context.onProgress), options, context);
    failIfAny(seeding.isEmpty && !options.allowEmpty ? [emptyInput('descriptors')] : []);
    return seeding;
  },
  run: ({ target, prepared }, _, context) => changing(() => prepared.seed(target, context)),
  lines: (seeded) => [seededLine(seeded)],
  value: (seeded, { dialect }) => ({ dialect, ...seededCounts(seeded) }),
  entry: (seeded) => ({
    outcome: seeded.inserted + seeded.updated > 0 ? 'seeded' : 'unchanged',
    detail: seededLine(seeded),
    value: seededCounts(seeded),
  }),
});
