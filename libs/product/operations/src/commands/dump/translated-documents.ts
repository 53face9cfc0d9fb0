import { atOneMoment } from '@dms/databases';
import { documentWork } from '@dms/documents';
import { databaseFeed } from '@dms/loading';
import type { Context, Input } from '../../declaring/operation.ts';
import type { DatabaseSource, MappingSetSource } from '../../sources/source.ts';
import { readTranslation } from '../../translated-files/translate-files.ts';
import { printedTranslation, writeTranslated } from '../../translated-files/write-translated.ts';
import type { DumpOptions, PreparedDump } from './dump-options.ts';

/**
 * A dump of the documents as those of other schemas (design 20 §6). Throws the codes of `readTranslation` and
 * `writeTranslated`.
 */
export async function translatedDump(
  { source, dialect, options }: Input<DumpOptions, MappingSetSource>,
  context: Context,
): Promise<PreparedDump> {
  const { after, translation, rename, schemaChecks } = options;
  const sets = {
    before: source as DatabaseSource,
    ...(after === undefined ? {} : { after: { kind: 'artifacts', folder: after } as const }),
    dialects: { before: dialect },
  };
  const { design, earlier, schemas } = await readTranslation({ ...sets, translation, rename, schemaChecks }, context);
  return {
    work: documentWork(earlier),
    write: ({ connection, plans }, ofRun) =>
      atOneMoment(connection, async (moment) => {
        const writing = { ...options, schemas, allowEmpty: true };
        const written = await writeTranslated(design, await databaseFeed(moment, plans), writing, ofRun);
        return printedTranslation(written, options);
      }),
  };
}
