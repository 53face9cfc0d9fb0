import { onDocuments, warnOfMoments } from '@dms/documents';
import { databaseOperation, printedAsGiven } from '../declaring/operation.ts';
import { asksTranslation } from '../declaring/shared-options.ts';
import { dialectUses } from '../declaring/subject.ts';
import { dumpOptions } from './dump/dump-options.ts';
import { storedDump } from './dump/stored-documents.ts';
import { translatedDump } from './dump/translated-documents.ts';

/**
 * Writes the documents and descriptors of a database into a new folder (design 14a §1), translated if a translation is
 * given (design 20 §6). Throws the codes of `mappingSetOf`, `onDocuments`, `dumpDocuments`, `readTranslation` and
 * `writeTranslated`; problems of documents are in the result.
 */
export const dump = databaseOperation({
  name: 'dump',
  group: 'documents',
  summary: 'write the documents of a database',
  description:
    'Writes the documents and descriptors of a database as files that load reads, <project>/<endpoint>.jsonl, one per line in ' +
    'the order in which they were first written. With --after and --translation they are written as documents of another version of the standard; ' +
    'the database is read as it is at one moment.',
  examples: [
    'dump --artifacts out --connection-env CAMPUS_DB --output documents',
    'dump --artifacts out-5.2 --after out-6.1 --translation ed-fi-5.2-to-6.1 --connection-env CAMPUS_DB --output documents --continue --rejects rejects.jsonl',
  ],
  worksOn: { source: 'plans', config: 'usual', dialect: dialectUses.ofPlans, connection: 'needed' },
  options: dumpOptions,
  prepare: (input, context) => (asksTranslation(input.options) ? translatedDump : storedDump)(input, context),
  dialectOf: ({ work }) => work.plans.dialect,
  run: ({ target, prepared }, _, context) =>
    onDocuments(target, prepared.work, context, async (session) => {
      const warnings = await warnOfMoments(session.connection, context);
      const dumped = await prepared.write(session, context);
      return { ...dumped, diagnostics: [...warnings, ...dumped.diagnostics, ...session.notes] };
    }),
  ...printedAsGiven,
});
