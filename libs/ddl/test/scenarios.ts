import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { failureOf, type SqlSession, sqlText } from './sql-session.ts';
import { uuidOf } from './uuid.ts';

/*
 * Runs behaviour scenarios on PostgreSQL (design 07 §12.1); those of SQL Server on a session that runs its bodies there. Expected UUIDs are part of a file; the runner computes them a
 * second time from the name strings, so that a file cannot hold what a database once said.
 */

type Dialect = 'pgsql' | 'mssql';

interface Stamp {
  readonly content: number;
  readonly identity: number;
}

type StepKey = 'document' | 'descriptor' | 'do' | 'mark' | 'stamps' | 'query' | 'referentialIdentity' | 'error';

/** A step has exactly one of the members of `StepKey`. */
export interface ScenarioStep {
  readonly dialect?: 'pgsql' | 'mssql';
  readonly document?: number;
  readonly descriptor?: number;
  readonly project?: string;
  readonly resource?: string;
  readonly codeValue?: string;
  readonly do?: string;
  readonly mark?: true;
  readonly stamps?: Readonly<Record<string, Stamp>>;
  readonly mssqlStamps?: Readonly<Record<string, Stamp>>;
  readonly query?: string;
  readonly rows?: readonly (readonly unknown[])[];
  readonly referentialIdentity?: number;
  readonly expect?: readonly { readonly resourceKeyId: number; readonly name: string; readonly uuid: string }[];
  readonly error?: string;
  readonly sqlstate?: string;
  readonly constraint?: string;
  readonly mssqlError?: number;
  readonly mssqlConstraint?: string;
}

export interface Scenario {
  readonly id: string;
  readonly fixture: string;
  readonly dialects: readonly ('pgsql' | 'mssql')[];
  readonly title: string;
  readonly steps: readonly ScenarioStep[];
}

export interface ScenarioFile {
  readonly formatVersion: 2;
  readonly uuidNamespace: string;
  /** ApiSchema documents of fixtures that have no files of their own. */
  readonly inputs: Readonly<Record<string, object>>;
  readonly scenarios: readonly Scenario[];
}

export function readScenarioFile(file: string): ScenarioFile {
  const content: ScenarioFile = JSON.parse(readFileSync(file, 'utf8'));
  if (content.formatVersion !== 2) throw new Error(`${file}: format version ${content.formatVersion}`);
  return content;
}

/** The scenarios of a dialect by fixture, in the order of the file. */
export function byFixture(file: ScenarioFile, dialect: 'pgsql' | 'mssql'): Map<string, Scenario[]> {
  const groups = new Map<string, Scenario[]>();
  for (const scenario of file.scenarios) {
    if (!scenario.dialects.includes(dialect)) continue;
    groups.set(scenario.fixture, [...(groups.get(scenario.fixture) ?? []), scenario]);
  }
  return groups;
}

interface DocumentState {
  readonly content: bigint;
  readonly identity: bigint;
  readonly events: number;
}

class ScenarioRun {
  private readonly session: SqlSession;
  private readonly namespace: string;
  private readonly dialect: Dialect;
  private marked = new Map<string, DocumentState>();

  constructor(session: SqlSession, namespace: string, dialect: Dialect) {
    this.session = session;
    this.namespace = namespace;
    this.dialect = dialect;
  }

  async step(step: ScenarioStep): Promise<void> {
    const keys: readonly StepKey[] = [
      'document',
      'descriptor',
      'do',
      'mark',
      'stamps',
      'query',
      'referentialIdentity',
      'error',
    ];
    expect(keys.filter((key) => key in step)).toHaveLength(1);
    if (step.document !== undefined) await this.document(step.document, step);
    else if (step.descriptor !== undefined) await this.descriptor(step.descriptor, step);
    else if (step.do !== undefined) await this.session.exec(step.do);
    else if (step.mark) this.marked = await this.documents();
    else if (step.stamps) await this.stamps(this.dialect === 'mssql' ? (step.mssqlStamps ?? step.stamps) : step.stamps);
    else if (step.query !== undefined) expect(await this.session.queryRows(step.query)).toEqual(step.rows);
    else if (step.referentialIdentity !== undefined) await this.identities(step.referentialIdentity, step.expect ?? []);
    else await this.refused(step);
  }

  private async document(id: number, { project = '', resource = '' }: ScenarioStep): Promise<void> {
    await this.session.exec(
      `INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE VALUES (${id},
        '00000000-0000-4000-8000-${String(id).padStart(12, '0')}', (SELECT "ResourceKeyId" FROM dms."ResourceKey"
          WHERE "ProjectName" = ${sqlText(project)} AND "ResourceName" = ${sqlText(resource)}))`,
    );
  }

  private async descriptor(id: number, step: ScenarioStep): Promise<void> {
    await this.document(id, step);
    const { resource = '', codeValue = '' } = step;
    const namespace = `uri://ed-fi.org/${resource}`;
    const values = [namespace, codeValue, codeValue, resource, `${namespace}#${codeValue}`].map(sqlText);
    await this.session.exec(
      `INSERT INTO dms."Descriptor" ("DocumentId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
        VALUES (${id}, ${values.join(', ')})`,
    );
  }

  private async documents(): Promise<Map<string, DocumentState>> {
    const rows = await this.session.queryRows(
      `SELECT d."DocumentId"::text, d."ContentVersion"::text, d."IdentityVersion"::text,
        (SELECT count(*) FROM dms."DocumentChangeEvent" e WHERE e."DocumentId" = d."DocumentId") FROM dms."Document" d`,
    );
    return new Map(
      rows.map(([id, content, identity, events]) => [
        String(id),
        { content: BigInt(String(content)), identity: BigInt(String(identity)), events: Number(events) },
      ]),
    );
  }

  private async stamps(expected: Readonly<Record<string, Stamp>>): Promise<void> {
    const now = await this.documents();
    const found: Record<string, Stamp> = {};
    for (const [id, before] of this.marked) {
      const after = now.get(id);
      if (!after) continue;
      const content = after.events - before.events;
      expect(after.content > before.content, `content version of ${id} grew`).toBe(content > 0);
      expect(after.content >= before.content, `content version of ${id} never decreases`).toBe(true);
      const identity = after.identity === before.identity ? 0 : 1;
      if (content > 0 || identity > 0 || id in expected) found[id] = { content, identity };
    }
    expect(found, 'stamps').toEqual(expected);
  }

  private async identities(id: number, expected: NonNullable<ScenarioStep['expect']>): Promise<void> {
    for (const { name, uuid } of expected) expect(uuidOf(this.namespace, name), `UUID of ${name}`).toBe(uuid);
    const rows = await this.session.queryRows(
      `SELECT "ResourceKeyId", "ReferentialId"::text FROM dms."ReferentialIdentity" WHERE "DocumentId" = ${id} ORDER BY 1`,
    );
    expect(rows, `identities of ${id}`).toEqual(expected.map(({ resourceKeyId, uuid }) => [resourceKeyId, uuid]));
  }

  private async refused({ error = '', sqlstate, constraint, mssqlError, mssqlConstraint }: ScenarioStep): Promise<void> {
    const failure = await failureOf(this.session, error);
    if (this.dialect === 'mssql') expect(errorNumbers[failure.code ?? ''], failure.message).toBe(mssqlError);
    else if (sqlstate !== undefined) expect(failure.code, failure.message).toBe(sqlstate);
    // the names of the database are those of PostgreSQL, which shortens more
    const isOther = this.dialect === 'mssql' && mssqlConstraint !== undefined && mssqlConstraint.length <= 63;
    const name = isOther ? mssqlConstraint : constraint;
    if (name !== undefined) expect(failure.constraint, failure.message).toBe(name);
  }
}

/** The numbers of SQL Server for what PostgreSQL reports. */
const errorNumbers: Readonly<Record<string, number>> = { 22001: 2628, 23503: 547, 23514: 547, 23505: 2627, '428C9': 271 };

/** Runs one scenario as a transaction that is rolled back; throws where a step does not do what it says. */
export async function runScenario(
  session: SqlSession,
  scenario: Scenario,
  namespace: string,
  dialect: Dialect = 'pgsql',
): Promise<void> {
  await session.exec('BEGIN');
  try {
    const run = new ScenarioRun(session, namespace, dialect);
    for (const [index, step] of scenario.steps.entries()) {
      if (step.dialect !== undefined && step.dialect !== dialect) continue;
      try {
        await run.step(step);
      } catch (error) {
        throw new Error(`${scenario.id}, step ${index}: ${(error as Error).message}`, { cause: error });
      }
    }
  } finally {
    await session.exec('ROLLBACK');
  }
}
