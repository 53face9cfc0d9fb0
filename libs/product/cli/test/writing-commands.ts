import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, copyOfDatabase, createScratchDatabase, openSession, type PostgresDatabase } from '@dms/testing';
import { expect } from 'vitest';
import type { WritingCommand } from './cut-run.ts';
import { ran } from './ran.ts';
import { makeServiceDatabase } from './service-database.ts';
import { makeOds, odsOptions } from './source-ods.ts';

const { integer, object, project, resource, string, descriptor } = build;
const rooms = (properties: build.JsonRecord) =>
  project('Ed-Fi', [
    descriptor('ColorDescriptor'),
    resource('Room', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object(properties, ['code']) }),
  ]);

/** The number of documents of a load: two batches. */
const documents = 700;

/** Databases and commands that write to them, of one generation. */
export class WritingCommands {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'dms-writing-commands-'));
  private readonly version: 'v1' | 'v2';
  private readonly made: PostgresDatabase[] = [];

  constructor(version: 'v1' | 'v2') {
    this.version = version;
  }

  private place(name: string): string {
    return path.join(this.folder, name);
  }

  private async done(...args: readonly string[]): Promise<void> {
    const { code, err } = await ran(args);
    expect([code, err]).toEqual([0, expect.any(String)]);
  }

  /** A copy of a database, or an empty one, after `work` has run on it. */
  private async database(
    from: PostgresDatabase | null,
    work: (url: string) => Promise<void>,
  ): Promise<PostgresDatabase> {
    const database = from === null ? await createScratchDatabase() : await copyOfDatabase(from);
    this.made.push(database);
    await work(database.url);
    return database;
  }

  private on(url: string, artifacts = 'before'): readonly string[] {
    return ['--artifacts', this.place(artifacts), '--dialect', 'pgsql', '--connection', url];
  }

  private provisioned: PostgresDatabase | undefined;

  /** Makes the artifacts of two sets, the input files and a provisioned database. */
  async prepare(): Promise<void> {
    const schemas = {
      before: rooms({ code: integer() }),
      after: rooms({ code: integer(), name: string(20), size: integer() }),
    };
    for (const [name, schema] of Object.entries(schemas)) {
      writeFileSync(this.place(`${name}.json`), JSON.stringify(schema));
      const output = ['--mapping-version', this.version, '--output', this.place(name), '--quiet'];
      await this.done('emit', '--schema', this.place(`${name}.json`), ...output);
    }
    const color = { namespace: 'uri://x/ColorDescriptor', codeValue: 'red', shortDescription: 'red' };
    const lines = Array.from({ length: documents }, (_, index) => ({
      resource: 'Ed-Fi:Room',
      document: { code: index + 1 },
    }));
    writeFileSync(this.place('colors.json'), JSON.stringify({ colorDescriptors: [color] }));
    writeFileSync(this.place('rooms.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    this.provisioned = await this.database(null, (url) => this.done('provision', ...this.on(url)));
  }

  private get base(): PostgresDatabase {
    if (this.provisioned === undefined) throw new Error('not prepared');
    return this.provisioned;
  }

  async provision(): Promise<WritingCommand> {
    const before = await this.database(null, async () => undefined);
    return { before, args: (url) => ['provision', ...this.on(url), '--seed-descriptors', this.place('colors.json')] };
  }

  seed(): WritingCommand {
    return { before: this.base, args: (url) => ['seed-descriptors', this.place('colors.json'), ...this.on(url)] };
  }

  load(...options: readonly string[]): WritingCommand {
    const files = [this.place('colors.json'), this.place('rooms.jsonl')];
    return {
      before: this.base,
      args: (url) => ['load', ...files, '--artifacts', this.place('before'), '--connection', url, ...options],
      documents: 'SELECT count(*)::int AS n FROM edfi."Room"',
    };
  }

  /** For the second generation only. The documents are of many resources, so the message counts all of them. */
  async loadFromOds(): Promise<WritingCommand> {
    const ods = await makeOds((name) => this.place(`ods-${name}`));
    this.made.push(ods);
    const before = await this.database(null, (url) =>
      this.done('provision', '--artifacts', this.place('ods-out'), '--dialect', 'pgsql', '--connection', url),
    );
    const from = ['load', '--from-ods', ods.url, ...odsOptions, '--dialect', 'pgsql'];
    return {
      before,
      args: (url) => [...from, '--connection', url],
      documents:
        'SELECT count(*)::int AS n FROM dms."Document" WHERE "DocumentId" NOT IN (SELECT "DocumentId" FROM dms."Descriptor")',
    };
  }

  /** Writes a fleet of empty databases, of which the first is the canary; returns the command that provisions them. */
  fleet(databases: Readonly<Record<string, string>>): readonly string[] {
    const entries = Object.entries(databases).map(([name, url]) => {
      writeFileSync(this.place(`${name}.txt`), url);
      return { name, file: this.place(`${name}.txt`) };
    });
    writeFileSync(this.place('fleet.json'), JSON.stringify({ dialect: 'pgsql', databases: entries }));
    return [
      'provision',
      '--artifacts',
      this.place('before'),
      '--fleet',
      this.place('fleet.json'),
      '--concurrency',
      '1',
    ];
  }

  private upgradeArgs(url: string): readonly string[] {
    return ['--before', this.place('before'), '--after', this.place('after'), '--connection', url];
  }

  apply(): WritingCommand {
    return { before: this.base, args: (url) => ['upgrade', 'apply', ...this.upgradeArgs(url)] };
  }

  prepareUpgrade(): WritingCommand {
    return { before: this.base, args: (url) => ['upgrade', 'prepare', ...this.upgradeArgs(url), '--retries', '0'] };
  }

  async undo(): Promise<WritingCommand> {
    const before = await this.database(this.base, (url) => this.done('upgrade', 'prepare', ...this.upgradeArgs(url)));
    return { before, args: (url) => ['upgrade', 'prepare', '--undo', '--connection', url, '--retries', '0'] };
  }

  reporting(): WritingCommand {
    const source = ['--schema', this.place('before.json'), '--mapping-version', this.version];
    return {
      before: this.base,
      args: (url) => ['reporting', 'apply', ...source, '--dialect', 'pgsql', '--connection', url],
    };
  }

  comments(): WritingCommand {
    const source = ['--schema', this.place('before.json'), '--mapping-version', this.version];
    return {
      before: this.base,
      args: (url) => ['comments', 'apply', ...source, '--dialect', 'pgsql', '--connection', url],
    };
  }

  async adopt(): Promise<WritingCommand> {
    const before = await this.database(this.base, (url) => makeServiceDatabase(url, this.place('before')));
    return { before, args: (url) => ['adopt', ...this.on(url)] };
  }

  async repair(): Promise<WritingCommand> {
    const before = await this.database(this.base, async (url) => {
      writeFileSync(this.place('room.jsonl'), '{"resource":"Ed-Fi:Room","document":{"code":1}}\n');
      await this.done('load', this.place('room.jsonl'), '--artifacts', this.place('before'), '--connection', url);
      const session = await openSession(url);
      await session.exec(`SET session_replication_role TO replica; DELETE FROM dms."ReferentialIdentity"`);
      await session.close();
    });
    return { before, args: (url) => ['check', '--data', '--repair', ...this.on(url)] };
  }

  async drop(): Promise<void> {
    for (const database of this.made) await database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
