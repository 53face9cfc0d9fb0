import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Connection } from '@dms/databases';
import { generateDocuments, sampleDocuments } from '@dms/documents';
import { givenScript, trusted } from '@dms/sql';
import { propertyRuns } from '@dms/testing';
import { jsonText } from '@dms/values';
import { loadDocuments } from '../src/loading/load-documents.ts';
import type { LoadDocumentsOptions, LoadReject } from '../src/loading/load-report.ts';
import type { Bench, LoadableSet } from './bench.ts';
import { storedRows } from './stored-rows.ts';

type SetOfPlans = Pick<LoadableSet, 'plans' | 'script'>;

/** A database, and loads into it. */
export class BulkTarget {
  readonly bench: Bench;
  readonly set: SetOfPlans;
  private bulk: Connection | undefined;

  constructor(bench: Bench, set: SetOfPlans) {
    this.bench = bench;
    this.set = set;
  }

  async load(paths: readonly string[], isBulk: boolean, options: LoadDocumentsOptions = {}) {
    const rejects: LoadReject[] = [];
    if (isBulk) this.bulk ??= await this.bench.open({ forCopies: true });
    const summary = await loadDocuments([this.bench.connection], this.set.plans, paths, {
      isContinued: true,
      bulk: isBulk ? this.bulk : undefined,
      onReject: (reject) => void rejects.push(reject),
      ...options,
    });
    const told = rejects.map(({ line, resource, diagnostics }) => [
      line,
      resource,
      diagnostics.map(({ code }) => code),
    ]);
    const messages = rejects.map(({ diagnostics: [{ message }] }) => message);
    return { summary, rejects, told, messages };
  }

  async count(table = 'dms."Document"'): Promise<number> {
    const [row] = await this.bench.connection.query<{ n: number }>(trusted(`SELECT count(*)::int AS n FROM ${table}`));
    return row?.n ?? -1;
  }

  /** All rows, without the values that differ between any two loads. */
  rows() {
    return storedRows(this.bench.connection, this.set.plans);
  }

  /** Triggers that are disabled, of those of the script. */
  disabled(): Promise<number> {
    return this.count(`pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'`);
  }

  /** The foreign keys of the database. */
  async keys(): Promise<readonly string[]> {
    const keys = await this.bench.connection.query<{ key: string }>(
      trusted(`SELECT format('%s %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) AS key
FROM pg_constraint WHERE contype = 'f' ORDER BY 1`),
    );
    return keys.map(({ key }) => key);
  }

  async empty(): Promise<void> {
    const tables = await this.bench.connection.query<{ name: string }>(
      trusted(`SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
        WHERE table_type = 'BASE TABLE' AND (table_schema = 'auth' OR table_schema LIKE 'tracked_changes_%' OR table_name = 'DocumentChangeEvent')`),
    );
    const names = ['dms."Document"', ...tables.map(({ name }) => name)];
    await this.bench.connection.execute(
      givenScript(
        `TRUNCATE TABLE ${names.join(', ')} CASCADE; ALTER TABLE dms."Document" ALTER COLUMN "DocumentId" RESTART`,
      ),
    );
  }
}

/** Writes files of records into a folder. */
export class RecordFiles {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  private write(name: string, lines: readonly string[]): string {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(path.join(this.folder, name), lines.join(''));
    return path.join(this.folder, name);
  }

  records(name: string, ...records: readonly unknown[]): string {
    return this.write(
      name,
      records.map((each) => `${JSON.stringify(each)}\n`),
    );
  }

  private documents(
    name: string,
    documents: Iterable<{ resource: string; document: Parameters<typeof jsonText>[0] }>,
  ): string {
    const line = ({ resource, document }: { resource: string; document: Parameters<typeof jsonText>[0] }) =>
      `{"resource":${JSON.stringify(resource)},"document":${jsonText(document)}}\n`;
    return this.write(name, [...documents].map(line));
  }

  /** A sample of so many documents. */
  sample({ plans }: SetOfPlans, documents: number, seed: number): string {
    return this.documents(`sample-${seed}.jsonl`, sampleDocuments(plans.mappingSet.model, { documents, seed }));
  }

  /** Documents of all shapes of every resource. */
  shapes({ plans }: SetOfPlans, seed: number): string {
    const { descriptors, documents } = generateDocuments(plans.mappingSet.model, seed, { random: propertyRuns(1) - 1 });
    return this.documents(`shapes-${seed}.jsonl`, [...descriptors, ...documents]);
  }
}
