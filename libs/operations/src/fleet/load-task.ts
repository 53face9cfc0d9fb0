import path from 'node:path';
import { counted, diagnostic } from '@dms/diagnostics';
import { type LoadDatabaseOptions, type LoadedDatabase, loadDatabase, loadedValue } from '../databases/load-database.ts';
import type { OdsSourceOptions } from '../databases/ods-source.ts';
import { documentDesign, reportingDesigns } from '../sources/source.ts';
import type { FleetTask } from './fleet-task.ts';

export interface LoadFleetOptions
  extends Pick<
      LoadDatabaseOptions,
      'source' | 'verify' | 'onExisting' | 'isContinued' | 'ignoreUnknown' | 'schemaChecks' | 'isBulk' | 'jobs'
    >,
    Pick<
      OdsSourceOptions,
      'odsDialect' | 'odsOverrides' | 'schemaSuffix' | 'keepIds' | 'allowMissing' | 'allowUnread' | 'since'
    > {
  /** Folder for what was not loaded, with a file for each database. */
  readonly rejects?: string | undefined;
}

/** One word or a few for how the load of a database ended. */
function loadOutcome({ total, isStopped, comparison, changes }: LoadedDatabase): string {
  if (isStopped) return 'stopped';
  if (total.rejected > 0) return 'loaded in part';
  if (comparison !== null && comparison.differences.length > 0) return 'differs from the ODS';
  const changed = changes === undefined ? 0 : changes.keysChanged + changes.deleted;
  return total.inserted + total.replaced + changed > 0 ? 'loaded' : 'unchanged';
}

function loadDetail({ total, isStopped, comparison, changes, reading }: LoadedDatabase, verify: boolean): string {
  const different = comparison === null ? 0 : comparison.differences.length;
  const verified =
    comparison === null ? 'not verified' : `verified (${counted(comparison.tables, 'table')}, ${different} different)`;
  return [
    `${counted(total.inserted + total.replaced, 'document')} written`,
    ...(changes === undefined
      ? []
      : [`${counted(changes.keysChanged, 'key')} changed`, `${counted(changes.deleted, 'document')} deleted`]),
    `${total.rejected} rejected`,
    ...(verify ? [verified] : []),
    ...(isStopped || reading === null || reading.lastVersion === null ? [] : [`last version ${reading.lastVersion}`]),
  ].join('; ');
}

/** `load --fleet`: each database gets the documents of its ODS (design 18 §7). */
export const load: FleetTask<LoadFleetOptions> = {
  command: 'load',
  purpose: 'check',
  skipsDone: true,
  problems({ isBulk, onExisting }, databases, { file }) {
    return databases.flatMap(({ name, ods, odsAdvice }) => {
      if (ods === undefined) {
        const text = `${file}: the database ${name} names no ODS to load documents from. ${odsAdvice}, or leave the database out (--only).`;
        return [diagnostic('FLEET_ODS_MISSING', text, { file }, { name })];
      }
      if (ods.since === undefined) return [];
      const { origin } = ods.since;
      const report = (fault: string) => {
        const text = `${origin} cannot be used ${fault}`;
        const where = origin.startsWith('/') ? { file, path: origin } : { file };
        return [diagnostic('CONFIG_INVALID', text, where, { name })];
      };
      if (isBulk) return report('with --bulk; remove one of them.');
      return onExisting === undefined || onExisting === 'replace'
        ? []
        : report(`with --on-existing ${onExisting}: documents that have changed are replaced. Remove one of them.`);
    });
  },
  async prepare(
    { odsDialect, odsOverrides, schemaSuffix, keepIds, allowMissing, allowUnread, since, ...options },
    dialect,
    own,
  ) {
    const { source, schemaChecks = true, verify = false, rejects } = options;
    const design = await documentDesign(source, dialect, own.onProgress, schemaChecks);
    const odsDesign = await reportingDesigns({ source, odsOverrides, dialects: [], onProgress: own.onProgress });
    const reading = { odsDialect, odsOverrides, schemaSuffix, keepIds, allowMissing, allowUnread, design: odsDesign };
    return async (place, { signal, onProgress }, { name, ods }) => {
      if (ods === undefined) throw new Error(`The database ${name} has no ODS, which was not reported before.`);
      const loaded = await loadDatabase({
        ...{ ...options, ...place, signal, onProgress, design, paths: [] },
        fromOds: { ...reading, ...ods.place, since: ods.since?.version ?? since },
        rejects: rejects === undefined ? undefined : path.join(rejects, `${name}.jsonl`),
        onDocuments: ({ phase, resource, documents, rejected }) =>
          onProgress?.(phase === 'write' ? `${resource}: ${counted(documents, 'document')}, ${rejected} rejected` : phase),
      });
      return {
        ...{ outcome: loadOutcome(loaded), detail: loadDetail(loaded, verify), value: { ...loadedValue(loaded) } },
        ...{ diagnostics: loaded.diagnostics, failures: loaded.problems },
      };
    };
  },
};
