import {
  type Connection,
  connected,
  type DatabaseOptions,
  type DatabaseResult,
  dialectOfSources,
  limitedSession,
  type PersistentTarget,
  rolledBack,
  withTarget,
} from '@dms/databases';
import { DmsError, fail } from '@dms/diagnostics';
import type { DocumentFeed } from '@dms/loading';
import { mustExist, type RelationalModelSet } from '@dms/model';
import {
  askKeyFolding,
  CopiedOds,
  compareRows,
  isOds,
  type OdsReading,
  type OpenOds,
  type OpenOdsOptions,
  openOds,
  type RowComparison,
  type Since,
  sourceNameOf,
} from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import type { Context } from '../declaring/operation.ts';
import type { OdsDesign } from '../sources/source.ts';

/** An ODS to read documents from, and the options of reading. */
interface OdsSourceOptions
  extends Omit<DatabaseOptions, 'dialect' | 'signal' | 'onProgress'>,
    Pick<OpenOdsOptions, 'schemaSuffix' | 'allowMissing' | 'allowUnread'> {
  /**
   * Read only changes after this version of the source, or after the one that the target has recorded; everything by
   * default.
   */
  readonly since?: Since | undefined;
  /** The engine of the ODS; by default the one that its connection shows, otherwise PostgreSQL. */
  readonly odsDialect?: SqlDialect | undefined;
  /** Whether documents keep their `Id` of the ODS. */
  readonly keepIds?: boolean | undefined;
}

/** The engine of the ODS of a task. */
export const odsDialectOf = (
  options: Pick<OdsSourceOptions, 'odsDialect' | 'sources' | 'environment' | 'folder'>,
): SqlDialect => options.odsDialect ?? dialectOfSources(options) ?? 'pgsql';

/** The documents of an ODS for a loader. */
export interface OdsFeed extends DocumentFeed {
  /** The record of the version up to which the target has the data of the source. */
  readonly copy: CopiedOds;
  /** The last version of the source; null without change queries. */
  readonly lastVersion: bigint | null;
  /** Statistics of the reader; null before the end. */
  reading(): OdsReading | null;
  /**
   * Compares the rows of the source, as of the moment of reading, with the reporting views of the target (design 19a
   * §10).
   */
  compare(onTable?: (table: string) => void): Promise<RowComparison>;
}

/** The documents of a feed. */
type OdsDocuments = Omit<OdsFeed, 'copy' | 'lastVersion' | 'compare'>;

/** Which documents of an earlier run a target has: none, some from a copy that continues, or all. */
type EarlierDocuments = 'none' | 'some' | 'all';

/** The documents of an open ODS as a feed. */
export function feedOf(ods: OpenOds, keepIds: boolean, earlier: EarlierDocuments = 'none'): OdsDocuments {
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
    ...(earlier === 'none' ? {} : { changes, goesOn: earlier === 'some' }),
    finish() {
      reading = ods.finish();
    },
    reading: () => reading,
  };
}

/**
 * Fails for a target that refused documents of an ODS: with `ODS_SWAPPED` if the target is itself an ODS, otherwise
 * with the error of the target.
 */
export async function failIfSwapped(
  error: unknown,
  target: PersistentTarget,
  { design, schemaSuffix = '' }: Pick<OdsFeedOptions, 'design' | 'schemaSuffix'>,
  { signal }: Pick<Context, 'signal'>,
): Promise<never> {
  if (!(error instanceof DmsError) || error.code !== 'GATE_NOT_PROVISIONED') throw error;
  const label = await connected(target, { signal }, async (connection) =>
    (await isOds(connection, design.mapping, schemaSuffix)) ? connection.label : null,
  ).catch(() => null);
  if (label === null) throw error;
  const text = `${label}: the target is an ODS: documents go from an ODS into a database of this tool. Were source and target swapped?`;
  return fail('ODS_SWAPPED', text, {}, { part: 'target' });
}

export interface OdsFeedOptions extends OdsSourceOptions {
  readonly design: OdsDesign;
  /** Whether all documents are written in one transaction; an earlier run cannot have left any then. */
  readonly isBulk?: boolean | undefined;
}

/**
 * Runs `work` with the documents of an ODS for a target, in one transaction of the ODS, which sees a single moment
 * (design 19a §1).
 */
export async function withOdsFeed<Result extends DatabaseResult>(
  options: OdsFeedOptions,
  { signal, onProgress }: Context,
  model: RelationalModelSet,
  target: Connection,
  work: (feed: OdsFeed) => Promise<Result>,
): Promise<Result> {
  const { schemaSuffix, allowMissing, allowUnread, keepIds = false, isBulk = false } = options;
  const { mapping, diagnostics } = options.design;
  return withTarget({ ...options, signal, dialect: odsDialectOf(options) }, 'check', (place) =>
    connected(place, { signal }, async (session) => {
      const connection = limitedSession(session, signal);
      const read = async () => {
        onProgress?.('compare the ODS with the schema set');
        const copy = await CopiedOds.open(target, sourceNameOf(session, schemaSuffix), options.since);
        const { since } = copy;
        const changesSince = isBulk ? undefined : copy.goesOnFrom;
        const folding = await askKeyFolding(target);
        const choices = { schemaSuffix, allowMissing, allowUnread, since, changesSince, keepIds, folding };
        const ods = await openOds(connection, mapping, model, choices);
        const { lastVersion } = ods;
        const earlier = since !== undefined ? 'all' : changesSince !== undefined ? 'some' : 'none';
        const compare: OdsFeed['compare'] = (onTable) =>
          rolledBack(
            target,
            () => compareRows(connection, target, mapping, model, { schemaSuffix, onTable }),
            'reading',
          );
        // a spread would read an accessor only once
        const feed: OdsFeed = Object.assign(feedOf(ods, keepIds, earlier), { copy, lastVersion, compare });
        const result = await work(feed);
        return { ...result, diagnostics: [...diagnostics, ...result.diagnostics] };
      };
      return rolledBack(connection, read, 'reading');
    }),
  );
}
