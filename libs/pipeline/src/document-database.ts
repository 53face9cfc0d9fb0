import { type Connection, openDatabase } from '@dms/databases';
import { type DocumentPlans, documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import type { DatabaseSource } from './database-source.ts';
import { documentDesign } from './document-source.ts';
import { passGate } from './gated-connection.ts';
import { connected, type DatabaseOptions, type DatabaseResult, withTarget } from './with-database.ts';

/** A task on the documents of a database; its dialect is that of the artifacts where none is named. */
export interface DocumentTaskOptions extends Omit<DatabaseOptions, 'dialect'> {
  readonly source: DatabaseSource;
  readonly dialect?: SqlDialect | undefined;
}

/** What a task on documents works with. */
export interface DocumentSession {
  readonly plans: DocumentPlans;
  readonly connection: Connection;
  /** More sessions of the same database; the embedded engine has one alone. They are closed with the first. */
  more(count: number): Promise<readonly Connection[]>;
}

/**
 * Runs a task on the documents of a database that the gate lets the mapping set use (design 14 §4). Throws the codes of
 * `documentDesign`, `GATE_*`, `DB_*`.
 */
export async function withDocuments<Result extends DatabaseResult>(
  options: DocumentTaskOptions,
  work: (session: DocumentSession) => Promise<Result>,
): Promise<Result> {
  const { source, dialect, signal, onProgress } = options;
  const design = await documentDesign(source, dialect, onProgress);
  return withTarget({ ...options, dialect: design.model.dialect }, 'check', (target) =>
    connected(target, { signal, onProgress }, async (connection) => {
      await passGate(connection, design, signal);
      const plans = documentPlans(compileMappingSet(design.model), design.inventory);
      const opened: Connection[] = [];
      const more = async (count: number) => {
        if (connection.engine === 'embedded') return [];
        while (opened.length < count) opened.push(await openDatabase(target, { signal }));
        return opened;
      };
      try {
        return await work({ plans, connection, more });
      } finally {
        for (const other of opened) await other.close();
      }
    }),
  );
}
