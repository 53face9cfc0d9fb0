import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { uuidOf } from './uuid.ts';

/*
 * Runs behaviour scenarios (design 07 §12.1). Expected UUIDs are part of a file; the runner also computes them from the
 * name strings, so that a file cannot merely record the output of a database.
 */

type ScenarioDialect = 'pgsql' | 'mssql';

/** The environment of scenarios: the steps in the SQL of a database. */
export interface ScenarioDatabase {
  /** The dialect whose steps and expectations apply. */
  readonly dialect: ScenarioDialect;
  begin(): Promise<void>;
  rollback(): Promise<void>;
  exec(sql: string): Promise<void>;
  /** Values as in JSON, with UUIDs in lower case; `expected` tells which texts are numbers if the engine does not. */
  queryRows(sql: string, expected?: ScenarioStep['rows']): Promise<unknown[][]>;
  /** Inserts a row into `dms.Document` with this id. */
  documentText(id: number, uuid: string, project: string, resource: string): string;
  /** A string as SQL text. */
  text(value: string): string;
  /** Id, content version, identity version of each document as text, and the number of its events. */
  readonly documentsQuery: string;
  /** Resource key and referential id of each identity of a document, in the order of the keys. */
  identitiesQuery(documentId: number): string;
  /**
   * Runs a statement that must be refused as the step says. Returns true if the refusal ended the transaction, so that
   * all earlier effects are lost.
   */
  refused(sql: string, step: ScenarioStep): Promise<boolean>;
}

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
  /** The ApiSchema document, or documents, of fixtures that have no files of their own. */
  readonly inputs: Readonly<Record<string, object | readonly object[]>>;
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

/** Runs the steps of a scenario. */
export interface StepTaker {
  /** Returns true if the transaction has ended. */
  step(step: ScenarioStep): Promise<boolean>;
}

export class ScenarioRun implements StepTaker {
  private readonly session: ScenarioDatabase;
  private readonly namespace: string;
  private marked = new Map<string, DocumentState>();

  constructor(session: ScenarioDatabase, namespace: string) {
    this.session = session;
    this.namespace = namespace;
  }

  private get dialect(): ScenarioDialect {
    return this.session.dialect;
  }

  async step(step: ScenarioStep): Promise<boolean> {
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
    else if (step.query !== undefined) {
      expect(await this.session.queryRows(step.query, step.rows)).toEqual(step.rows);
    } else if (step.referentialIdentity !== undefined)
      await this.identities(step.referentialIdentity, step.expect ?? []);
    else return this.session.refused(step.error ?? '', step);
    return false;
  }

  private async document(id: number, { project = '', resource = '' }: ScenarioStep): Promise<void> {
    const uuid = `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;
    await this.session.exec(this.session.documentText(id, uuid, project, resource));
  }

  private async descriptor(id: number, step: ScenarioStep): Promise<void> {
    await this.document(id, step);
    const { resource = '', codeValue = '' } = step;
    const namespace = `uri://ed-fi.org/${resource}`;
    const values = [namespace, codeValue, codeValue, resource, `${namespace}#${codeValue}`].map((value) =>
      this.session.text(value),
    );
    await this.session.exec(
      `INSERT INTO dms."Descriptor" ("DocumentId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
        VALUES (${id}, ${values.join(', ')})`,
    );
  }

  private async documents(): Promise<Map<string, DocumentState>> {
    const rows = await this.session.queryRows(this.session.documentsQuery);
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
    const rows = await this.session.queryRows(this.session.identitiesQuery(id));
    expect(rows, `identities of ${id}`).toEqual(expected.map(({ resourceKeyId, uuid }) => [resourceKeyId, uuid]));
  }
}

/**
 * Runs one scenario in a transaction that is rolled back; throws if a step does not have its expected effect. If a
 * refusal ends the transaction, the steps before it are repeated.
 */
export const runScenario = (database: ScenarioDatabase, scenario: Scenario, namespace: string): Promise<void> =>
  takeSteps(database, scenario, new ScenarioRun(database, namespace));

/** Runs one scenario with a given `StepTaker`, like `runScenario`. */
export async function takeSteps(
  database: ScenarioDatabase,
  scenario: Pick<Scenario, 'id' | 'steps'>,
  run: StepTaker,
): Promise<void> {
  const steps = [...scenario.steps.entries()].filter(
    ([, { dialect }]) => dialect === undefined || dialect === database.dialect,
  );
  const take = async (index: number, step: ScenarioStep): Promise<boolean> => {
    try {
      return await run.step(step);
    } catch (error) {
      throw new Error(`${scenario.id}, step ${index}: ${(error as Error).message}`, { cause: error });
    }
  };
  await database.begin();
  try {
    for (const [position, [index, step]] of steps.entries()) {
      if (!(await take(index, step))) continue;
      await database.rollback();
      await database.begin();
      for (const [before, earlier] of steps.slice(0, position))
        if (earlier.error === undefined) await take(before, earlier);
    }
  } finally {
    await database.rollback();
  }
}
