import { type Connection, dialectOfSources, rolledBack } from '@dms/databases';
import type { DocumentFeed } from '@dms/loading';
import { mustExist, type RelationalModelSet } from '@dms/model';
import { compareRows, type OdsReading, type OpenOds, type OpenOdsOptions, openOds, type RowComparison } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import type { Context } from '../operation/context.ts';
import { type DatabaseSource, type ReportingDesigns, reportingDesigns } from '../sources/source.ts';
import { connected, type DatabaseOptions, type DatabaseResult, limitedSession, withTarget } from './with-database.ts';

/** An ODS to read documents from, and what a reader may do there. */
export interface OdsSourceOptions
  extends Omit<DatabaseOptions, 'dialect' | 'signal' | 'onProgress'>,
    Pick<OpenOdsOptions, 'schemaSuffix' | 'allowMissing' | 'allowUnread' | 'since'> {
  /** The engine that holds it; by default the one that its connection shows, otherwise PostgreSQL. */
  readonly odsDialect?: SqlDialect | undefined;
  /** A file of ODS overrides, for schemas. */
  readonly odsOverrides?: string | undefined;
  /** Whether documents keep the `Id` that the ODS has for them. */
  readonly keepIds?: boolean | undefined;
  /** The schema set, if it was read before for several sources. */
  readonly design?: OdsDesign | undefined;
}

/** What a reader needs to know of a schema set. */
export type OdsDesign = Pick<ReportingDesigns, 'mapping' | 'diagnostics'>;

/** The engine that holds the ODS of a task. */
export const odsDialectOf = (
  options: Pick<OdsSourceOptions, 'odsDialect' | 'sources' | 'environment' | 'folder'>,
): SqlDialect => options.odsDialect ?? dialectOfSources(options) ?? 'pgsql';

/** The documents of an ODS for a loader. */
export interface OdsFeed extends DocumentFeed {
  /** What the reader has seen; null before the end. */
  reading(): OdsReading | null;
  /** Compares the rows of the source, at the moment that was read, with the reporting views of the target (design 19 §10.10). */
  compare(target: Connection, onTable?: (table: string) => void): Promise<RowComparison>;
}

/** The documents of an open ODS, as a loader takes them; `hasChanges` says that the target has documents of an earlier version. */
export function feedOf(ods: OpenOds, keepIds: boolean, compare: OdsFeed['compare'], hasChanges = false): OdsFeed {
  const single = new Map(ods.trees.flatMap((tree) => (tree.resource === null ? [] : [[tree.resource, tree] as const])));
  let reading: OdsReading | null = null;
  async function* changes() {
    for await (const change of ods.changes()) yield { ...change, uuid: change.uuid.toLowerCase(), file: '', line: 0 };
  }
  return {
    hasUuids: keepIds,
    get share() {
      return ods.allRows === 0 ? 1 : Math.min(ods.rows / ods.allRows, 1);
    },
    rowsOf: (resource) => single.get(resource)?.rows ?? 0,
    descriptors: (refuse) => ods.descriptors(refuse),
    async *mixed(refuse) {
      for (const tree of ods.trees) if (tree.resource === null) yield* tree.documents(refuse);
    },
    documents(resource, refuse) {
      return mustExist(single.get(resource), `the rows of ${resource}`).documents(refuse);
    },
    ...(hasChanges ? { changes } : {}),
    finish() {
      reading = ods.finish();
    },
    reading: () => reading,
    compare,
  };
}

/** Runs `work` with the documents of an ODS, in one transaction there that sees a single moment (design 19 §10.1). */
export async function withOdsFeed<Result extends DatabaseResult>(
  options: OdsSourceOptions & { readonly source: DatabaseSource },
  { signal, onProgress }: Context,
  model: RelationalModelSet,
  work: (feed: OdsFeed) => Promise<Result>,
): Promise<Result> {
  const { source, odsOverrides, schemaSuffix, allowMissing, allowUnread, since, keepIds = false } = options;
  const { design = await reportingDesigns({ source, odsOverrides, dialects: [], onProgress }) } = options;
  const { mapping, diagnostics } = design;
  return withTarget({ ...options, signal, dialect: odsDialectOf(options) }, 'check', (target) =>
    connected(target, { signal }, async (session) => {
      const connection = limitedSession(session, signal);
      const read = async () => {
        onProgress?.('compare the ODS with the schema set');
        const ods = await openOds(connection, mapping, model, { schemaSuffix, allowMissing, allowUnread, since, keepIds });
        const compare: OdsFeed['compare'] = (target, onTable) =>
          rolledBack(target, () => compareRows(connection, target, mapping, model, { schemaSuffix, onTable }), 'reading');
        const result = await work(feedOf(ods, keepIds, compare, since !== undefined));
        return { ...result, diagnostics: [...diagnostics, ...result.diagnostics] };
      };
      return rolledBack(connection, read, 'reading');
    }),
  );
}
