import type { DocumentSchemas, EffectiveSchemaManifest } from '@dms/api-schema';
import { type Connection, expectWriter, openDatabase } from '@dms/databases';
import { type Diagnostic, redactedDiagnostic } from '@dms/diagnostics';
import { type DocumentPlans, documentPlans, snapshotWarnings } from '@dms/documents';
import { authSchema, coreSchema } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import type { DatabaseSource } from '../sources/source.ts';
import { type DocumentDesign, documentDesign, type MappingSetSource, mappingSetOf } from '../sources/source.ts';
import { passGate } from './gated-connection.ts';
import { connected, type DatabaseOptions, type DatabaseResult, limitedSession, withTarget } from './with-database.ts';

/** A task that reads documents of a database; by default its dialect is the dialect of the source. */
export interface ReadingTaskOptions extends Omit<DatabaseOptions, 'dialect'> {
  readonly source: MappingSetSource;
  readonly dialect?: SqlDialect | undefined;
  /** Takes what must be known before anything is read; otherwise it is in the result. */
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
}

/** Says before reading where a database may show several moments in one answer; returns the warnings that nobody takes. */
export async function warnOfMoments(
  connection: Connection,
  { onWarning }: Pick<ReadingTaskOptions, 'onWarning'>,
): Promise<readonly Diagnostic[]> {
  const warnings = await snapshotWarnings(connection);
  if (onWarning === undefined) return warnings;
  for (const warning of warnings) onWarning(redactedDiagnostic(warning, connection.redact));
  return [];
}

/** A task that also writes them, for which a pack is not enough: it has no identities (design 08 §12.3). */
export interface DocumentTaskOptions extends ReadingTaskOptions {
  readonly source: DatabaseSource;
  /** Asks before the work whether the role may write documents at all (design 09 §1.8.1). */
  readonly isWriting?: boolean | undefined;
  /** Passes on the schemas of documents too. */
  readonly withSchemas?: boolean | undefined;
  /** What was read of the source before, for several databases; it is read by default. */
  readonly design?: DocumentDesign | undefined;
}

/** What a task on documents uses. */
export interface DocumentSession {
  readonly plans: DocumentPlans;
  /** Null where they were not requested. */
  readonly schemas: DocumentSchemas | null;
  readonly connection: Connection;
  /** What the role lacks to write documents of some resources, if that was asked. */
  readonly warnings: readonly Diagnostic[];
  /** More sessions of the same database; the embedded engine has only one. They are closed with the first. */
  more(count: number): Promise<readonly Connection[]>;
  /** A session of the same database for a load in bulk; on a PostgreSQL server it copies rows. It is closed with the first. */
  forCopies(): Promise<Connection>;
}

function withPlans<Result extends DatabaseResult>(
  options: ReadingTaskOptions,
  {
    info,
    plans,
    schemas = null,
    written = null,
  }: {
    readonly info: EffectiveSchemaManifest;
    readonly plans: DocumentPlans;
    readonly schemas?: DocumentSchemas | null;
    /** The schemas of the database that are written to. */
    readonly written?: readonly string[] | null;
  },
  work: (session: DocumentSession) => Promise<Result>,
): Promise<Result> {
  const { signal, onProgress } = options;
  return withTarget({ ...options, dialect: plans.dialect }, 'check', (target) =>
    connected(target, { signal, onProgress }, async (session) => {
      const connection = limitedSession(session, signal);
      await passGate(connection, info, signal);
      const warnings = written === null ? [] : await expectWriter(connection, written, { signal });
      const opened: Connection[] = [];
      const copies: Connection[] = [];
      const more = async (count: number) => {
        if (connection.engine === 'embedded') return [];
        while (opened.length < count) opened.push(limitedSession(await openDatabase(target, { signal }), signal));
        return opened;
      };
      const forCopies = async () => {
        if (connection.engine === 'embedded') return connection;
        const copying = limitedSession(await openDatabase(target, { signal, forCopies: true }), signal);
        copies.push(copying);
        return copying;
      };
      try {
        return await work({ plans, schemas, connection, warnings, more, forCopies });
      } finally {
        for (const other of [...opened, ...copies]) await other.close();
      }
    }),
  );
}

/**
 * Runs a task on the documents of a database that the gate lets the mapping set use (design 14 §4). Throws the codes of
 * `documentDesign`, `GATE_*`, `DB_*`; with `isWriting` `DB_PERMISSION` where the role can write no document.
 */
export async function withDocuments<Result extends DatabaseResult>(
  options: DocumentTaskOptions,
  work: (session: DocumentSession) => Promise<Result>,
): Promise<Result> {
  const { source, dialect, onProgress, withSchemas, isWriting = false } = options;
  const { design = await documentDesign(source, dialect, onProgress, withSchemas) } = options;
  const { info, model, inventory, schemas } = design;
  const places = [
    ...[coreSchema, authSchema],
    ...model.projects.map(({ physicalSchema }) => physicalSchema),
    ...inventory.trackedChangeTables.map(({ table }) => table.schema),
  ];
  const written = isWriting ? [...new Set<string>(places)] : null;
  return withPlans(options, { info, plans: documentPlans(compileMappingSet(model), inventory), schemas, written }, work);
}

/** The same for a task that only reads; the parts of the plans that it may use need no identities. */
export async function withStoredDocuments<Result extends DatabaseResult>(
  options: ReadingTaskOptions,
  work: (session: Omit<DocumentSession, 'schemas' | 'forCopies' | 'warnings'>) => Promise<Result>,
): Promise<Result> {
  const mappingSet = await mappingSetOf(options);
  return withPlans(options, { info: mappingSet.model.effectiveSchema, plans: documentPlans(mappingSet) }, work);
}
