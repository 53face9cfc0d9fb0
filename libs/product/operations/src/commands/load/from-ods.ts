import { sourceNames } from '@dms/databases';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { odsOrigin } from '../../database-documents/load-origins.ts';
import { failIfSwapped, type OdsFeedOptions } from '../../database-documents/ods-source.ts';
import type { Context, Input } from '../../declaring/operation.ts';
import { flagOf } from '../../declaring/option.ts';
import { asksTranslation, odsOverridesOf } from '../../declaring/shared-options.ts';
import type { FleetDatabase } from '../../fleet/fleet-databases.ts';
import { artifactsIn, documentDesign, odsDocumentDesign } from '../../sources/source.ts';
import type { LoadOptions } from './load-options.ts';
import {
  type LoadedEntry,
  type LoadRun,
  needsSchemas,
  type PreparedLoad,
  type PreparesLoad,
  preparedWork,
} from './prepared-load.ts';

/** How the ODS of a database is read. */
type ReadableOds = Omit<OdsFeedOptions, 'isBulk' | 'design'>;

/** Prepares a load from an ODS. */
async function preparedOds(
  input: LoadRun,
  { onProgress }: Pick<Context, 'onProgress'>,
  odsOf: (entry: LoadedEntry | undefined) => ReadableOds,
): Promise<PreparedLoad> {
  const { source, dialect, options } = input;
  const { before } = options;
  const odsOverrides = odsOverridesOf(input);
  const withSchemas = needsSchemas(options);
  const later = before === undefined ? undefined : await documentDesign(source, dialect, onProgress, withSchemas);
  const { design: earlier, ods: design } =
    before === undefined
      ? await odsDocumentDesign(source, dialect, { odsOverrides, withSchemas, onProgress })
      : await odsDocumentDesign(artifactsIn(before), undefined, { odsOverrides, withSchemas: true, onProgress });
  return {
    ...(await preparedWork(later ?? earlier, asksTranslation(options) ? earlier : undefined, options)),
    documentsFor(entry) {
      const ods = { ...odsOf(entry), design };
      return {
        origin: odsOrigin(ods),
        // documents of an earlier run exist already; changes since a version replace documents
        ...(ods.since === undefined ? { onExisting: 'skip' } : {}),
        explain: (error, target, context) => failIfSwapped(error, target, ods, context),
      };
    },
    ownValue: ({ reading, comparison }) => ({ reading, comparison }),
  };
}

const readingOf = ({ odsDialect, schemaSuffix, keepIds, allowMissing, allowUnread }: LoadOptions) => ({
  odsDialect,
  schemaSuffix,
  keepIds,
  allowMissing,
  allowUnread,
});

/**
 * The documents of the ODS that options name (design 19a). Throws the codes of `documentDesign`, `odsDocumentDesign` and
 * `translationDesign`.
 */
export const namedOds: PreparesLoad = (input, context) => preparedOds(input, context, () => odsOfOptions(input));

function odsOfOptions({ options, placeOf }: Pick<Input<LoadOptions>, 'options' | 'placeOf'>): ReadableOds {
  const { fromOds: connection, fromOdsEnv: connectionEnv, fromOdsFile: connectionFile, since } = options;
  const sources = { names: sourceNames.ods, connection, connectionEnv, connectionFile };
  return { ...readingOf(options), ...mustExist(placeOf?.(), 'a place'), sources, since };
}

/** The documents of the ODS that the entry of a database in a fleet names (design 18 §7). Throws the same codes. */
export const odsOfFleet: PreparesLoad = (input, context) =>
  preparedOds(input, context, (entry) => odsOfEntry(input.options, entry));

function odsOfEntry(options: LoadOptions, entry: LoadedEntry | undefined): ReadableOds {
  const { place, since } = mustExist(entry?.ods, 'the ODS of a database, which was reported before');
  return { ...readingOf(options), ...place, since: since?.version ?? options.since };
}

/** The errors of databases of a fleet that cannot be loaded from their ODSs (design 18 §7). */
export function odsDiagnostics(
  { bulk, onExisting }: LoadOptions,
  databases: readonly FleetDatabase[],
  { file }: { readonly file: string },
): readonly Diagnostic[] {
  return databases.flatMap(({ name, ods, odsAdvice }) => {
    if (ods === undefined) {
      const message = `${file}: the database ${name} names no ODS to load documents from. ${odsAdvice}, or leave the database out (${flagOf('only')}).`;
      return [diagnostic('FLEET_ODS_MISSING', message, { file }, { name })];
    }
    if (ods.since === undefined) return [];
    const { origin } = ods.since;
    const report = (fault: string) => {
      const where = origin.startsWith('/') ? { file, path: origin } : { file };
      return [diagnostic('CONFIG_INVALID', `${origin} cannot be used ${fault}`, where, { name })];
    };
    if (bulk) return report(`with ${flagOf('bulk')}; remove one of them.`);
    return onExisting === undefined || onExisting === 'replace'
      ? []
      : report(
          `with ${flagOf('onExisting')} ${onExisting}: documents that have changed are replaced. Remove one of them.`,
        );
  });
}
