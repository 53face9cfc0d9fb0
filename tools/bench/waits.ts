/**
 * Measures how long a writer waits for an upgrade, with and without `upgrade prepare` (design 12a §5): four changes of
 * the schema set of this repository, on copies of one database, while another process updates students one after the
 * other. Uses a separate PostgreSQL server, from npm.
 *
 *   npm run bench -- waits                         100,000 documents
 *   npm run bench -- waits --documents 1000000     another number
 */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { parseArgs } from 'node:util';
import { buildEffectiveSchema, documentSchemas } from '@dms/api-schema';
import { type Connection, openDatabase, parseTarget, startPostgresServer } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { documentPlans, sampleDocuments } from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import { DocumentFolder, type LoadReject, loadDocuments } from '@dms/loading';
import { compileMappingSet } from '@dms/plans';
import { givenScript, textOf } from '@dms/sql';
import { applyUpgrade, type ComparedSet, planUpgrade, prepareUpgrade } from '@dms/upgrade';
import { toJsonValue } from '@dms/values';

/** The parts of a resource's schema that the changes edit. */
interface BenchSchema {
  readonly documentPathsMapping: Record<string, object>;
  readonly jsonSchemaForInsert: { readonly properties: Record<string, object>; readonly required: string[] };
}

interface Change {
  readonly title: string;
  /** A statement that gives every document the values it needs before the change. */
  readonly given?: string;
  edit(student: BenchSchema): void;
}

const plain = { isPartOfIdentity: false, isReference: false, isRequired: false };
const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });

const changes: readonly Change[] = [
  {
    title: 'an index and a reference are added',
    edit: ({ documentPathsMapping, jsonSchemaForInsert }) => {
      const staffUniqueId = jsonSchemaForInsert.properties.studentUniqueId;
      jsonSchemaForInsert.properties.advisorReference = {
        type: 'object',
        additionalProperties: false,
        properties: { staffUniqueId },
        required: ['staffUniqueId'],
      };
      const paths = {
        identityJsonPath: '$.staffUniqueId',
        referenceJsonPath: '$.advisorReference.staffUniqueId',
        type: 'string',
      };
      documentPathsMapping.Advisor = {
        ...plain,
        isReference: true,
        isDescriptor: false,
        projectName: 'Campus',
        resourceName: 'Staff',
        referenceJsonPaths: [paths],
      };
    },
  },
  {
    title: 'a property becomes required',
    given: `UPDATE campus."Student" SET "PreferredName" = 'given' WHERE "PreferredName" IS NULL`,
    edit: ({ documentPathsMapping, jsonSchemaForInsert }) => {
      documentPathsMapping.PreferredName = { ...documentPathsMapping.PreferredName, isRequired: true };
      jsonSchemaForInsert.required.push('preferredName');
    },
  },
  {
    title: 'a collection is added',
    edit: ({ documentPathsMapping, jsonSchemaForInsert }) => {
      const language = { ...plain, isRequired: true, path: '$.languages[*].language', type: 'string' };
      documentPathsMapping['Language.Language'] = language;
      jsonSchemaForInsert.properties.languages = {
        type: 'array',
        minItems: 0,
        uniqueItems: false,
        items: {
          type: 'object',
          additionalProperties: false,
          properties: { language: text(60) },
          required: ['language'],
        },
      };
    },
  },
  {
    title: 'a text becomes longer',
    edit: ({ jsonSchemaForInsert }) => {
      jsonSchemaForInsert.properties.givenName = { ...jsonSchemaForInsert.properties.givenName, maxLength: 150 };
    },
  },
];

function compiled(file: string, edit: (student: BenchSchema) => void = () => undefined) {
  const root = JSON.parse(readFileSync(file, 'utf8'));
  edit(root.projectSchema.resourceSchemas.students);
  const set = buildEffectiveSchema([{ file, root: toJsonValue(root) }]);
  const { model } = deriveModel(set, 'pgsql');
  const inventory = deriveInventory(model);
  const { catalog, script } = emitDdl(model, inventory);
  const compared: ComparedSet = {
    info: model.effectiveSchema,
    model,
    inventory,
    catalog,
    schemas: documentSchemas(set),
  };
  return { ...compared, script, plans: documentPlans(compileMappingSet(model), inventory) };
}

type WaitingSet = ReturnType<typeof compiled>;

function open(url: string, forCopies = false): Promise<Connection> {
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind === 'static') throw new Error(`${url} is not a database`);
  return openDatabase(target, { forCopies });
}

async function fill(url: string, { model, plans, script }: WaitingSet, documents: number): Promise<void> {
  const connection = await open(url);
  const bulk = await open(url, true);
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-bench-'));
  try {
    await connection.execute(givenScript(script));
    await DocumentFolder.write(folder, model, async (files) => {
      for (const { resource, document } of sampleDocuments(model, { documents, seed: 3 }))
        await files.add(resource, document);
    });
    const problems: string[] = [];
    const onReject = (reject: LoadReject) => void problems.push(reject.diagnostics[0]?.message ?? '');
    const { isStopped } = await loadDocuments([connection], plans, [folder], { bulk, onReject });
    if (isStopped) throw new Error(`a document of the sample cannot be loaded: ${problems[0]}`);
    // as after autovacuum on a server that was loaded a day ago
    await connection.execute(givenScript('VACUUM ANALYZE'));
  } finally {
    await bulk.close();
    await connection.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A process that writes, and reports how long it had to wait. */
class Writer {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;

  constructor(url: string) {
    const program = ['--import', 'tsx', path.join(import.meta.dirname, 'writer.ts')];
    this.process = spawn(process.execPath, program, { env: { ...process.env, BENCH_URL: url } });
    this.process.stderr.pipe(process.stderr);
    this.process.once('exit', (code) => {
      // the process has printed its error
      if (code !== 0) process.exit(1);
    });
    this.lines = createInterface(this.process.stdout);
  }

  /** The longest wait since the last call, in milliseconds. */
  async longest(): Promise<number> {
    const answer = once(this.lines, 'line');
    this.process.stdin.write('\n');
    return Number((await answer)[0]);
  }

  async end(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.stdin.end();
    await ended;
  }
}

/** The times of a part of an upgrade, in milliseconds. */
interface MeasuredPhase {
  readonly time: number;
  /** The time for which its locks were held; 0 if it held none for longer than a statement. */
  readonly held: number;
  /** The longest wait of a writer. */
  readonly wait: number;
}

/** A session that measures how long its transaction held the locks of the upgrade, in milliseconds. */
function timed(connection: Connection): { readonly connection: Connection; held(): number } {
  let taken = 0;
  let held = 0;
  return {
    connection: {
      ...connection,
      execute: async (statement, limits) => {
        // a retry starts again
        if (textOf(statement).includes('LOCK TABLE')) taken = performance.now();
        await connection.execute(statement, limits);
      },
      commit: async () => {
        await connection.commit();
        held = performance.now() - taken;
      },
    },
    held: () => held,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { documents: { type: 'string', default: '100000' } } });
  const schema = path.resolve(import.meta.dirname, '../../fixtures/schemas/campus/ApiSchema.json');
  const before = compiled(schema);
  const server = await startPostgresServer();
  const urlOf = (database: string) => {
    const url = new URL(server.url);
    url.pathname = `/${database}`;
    return url.href;
  };
  const administrator = await open(server.url);

  /** Runs the work on a copy of the loaded database, while a writer writes. */
  async function beside(
    change: Change,
    work: (phase: (part: (connection: Connection) => Promise<number>) => Promise<MeasuredPhase>) => Promise<void>,
  ) {
    await administrator.execute(givenScript('CREATE DATABASE upgraded TEMPLATE loaded'));
    const connection = await open(urlOf('upgraded'));
    try {
      if (change.given !== undefined) await connection.execute(givenScript(change.given));
      const writer = new Writer(urlOf('upgraded'));
      const pause = () => new Promise((resolve) => setTimeout(resolve, 1000));
      await pause();
      await work(async (part) => {
        await writer.longest();
        const start = performance.now();
        const held = await part(connection);
        const time = performance.now() - start;
        // an update that had to wait ends only after the upgrade
        await pause();
        return { time, held, wait: await writer.longest() };
      });
      await writer.end();
    } finally {
      await connection.close();
      await administrator.execute(givenScript('DROP DATABASE upgraded WITH (FORCE)'));
    }
  }

  const line = (...cells: readonly string[]) =>
    console.log(cells.map((cell, index) => (index ? cell.padStart(16) : cell.padEnd(38))).join(''));
  const milliseconds = (...values: readonly number[]) => values.map((value) => `${Math.round(value)} ms`);
  try {
    await administrator.execute(givenScript(`CREATE DATABASE loaded TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`));
    await fill(urlOf('loaded'), before, Number(values.documents));
    line(
      '',
      'upgrade alone',
      'longest wait',
      'prepare',
      'longest wait',
      'upgrade after',
      'locks held',
      'longest wait',
      'held / alone',
    );
    for (const change of changes) {
      const after = compiled(schema, change.edit);
      const plan = planUpgrade(before, after);
      const options = { plan, reopen: () => open(urlOf('upgraded')) };
      const apply = async (session: Connection) => {
        const { connection, held } = timed(session);
        await applyUpgrade(connection, before, after, options);
        return held();
      };
      const prepare = async (connection: Connection) => {
        await prepareUpgrade(connection, before, after, options);
        return 0;
      };
      const phases: MeasuredPhase[] = [];
      await beside(change, async (phase) => {
        phases.push(await phase(apply));
      });
      await beside(change, async (phase) => {
        phases.push(await phase(prepare), await phase(apply));
      });
      const [alone, made, last] = phases;
      if (!alone || !made || !last) throw new Error('a part of the measurement is missing');
      const times = milliseconds(alone.time, alone.wait, made.time, made.wait, last.time, last.held, last.wait);
      line(change.title, ...times, (last.held / alone.time).toFixed(2));
    }
  } finally {
    await administrator.close();
    await server.stop();
  }
}

await main();
