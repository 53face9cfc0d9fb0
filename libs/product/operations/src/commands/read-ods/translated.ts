import { connected, limitedSession, rolledBack } from '@dms/databases';
import { mustExist } from '@dms/model';
import { openOds, readingLines, readingValue } from '@dms/ods';
import { feedOf } from '../../database-documents/ods-source.ts';
import { artifactsIn, documentDesign, odsDocumentDesign } from '../../sources/source.ts';
import { translationBetween } from '../../translated-files/translate-files.ts';
import { printedTranslation, writeTranslated } from '../../translated-files/write-translated.ts';
import type { ReadsOds } from './read-ods-options.ts';

/** Reads an ODS of an earlier version of the standard, as of one moment, and writes the translated documents. */
export const readTranslated: ReadsOds = async (target, source, options, context) => {
  const { before, odsOverrides, schemaSuffix, allowMissing, allowUnread, keepIds = false } = options;
  const { signal, onProgress } = context;
  const reading = { odsOverrides, withSchemas: true, onProgress };
  const { design: earlier, ods: odsDesign } = await odsDocumentDesign(
    artifactsIn(before) ?? source,
    undefined,
    reading,
  );
  const { mapping, diagnostics: notes } = odsDesign;
  const later = before === undefined ? earlier : await documentDesign(source, undefined, onProgress, true);
  const { design, schemas } = await translationBetween(earlier, later, options, context);
  return connected(target, context, (session) => {
    const connection = limitedSession(session, signal);
    const read = async () => {
      onProgress?.('compare the ODS with the schema set');
      const ods = await openOds(connection, mapping, earlier.model, {
        schemaSuffix,
        allowMissing,
        allowUnread,
        keepIds,
      });
      const feed = feedOf(ods, keepIds);
      const written = await writeTranslated(design, feed, { ...options, schemas, source: 'ods' }, context);
      const reading = mustExist(feed.reading(), 'what was read of the ODS');
      const printed = printedTranslation(written, options);
      return {
        ...printed,
        diagnostics: [...notes, ...reading.diagnostics, ...printed.diagnostics],
        lines: () => [...readingLines(reading), '', ...printed.lines()],
        value: () => ({ ...printed.value(), reading: readingValue(reading) }),
      };
    };
    return rolledBack(connection, read, 'reading');
  });
};
