import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { expect } from 'vitest';
import { ran } from './ran.ts';

type Run = readonly string[];

/** Commands that databases of the first generation do not support: they have no service, and no records of deletes. */
export const ofSecond = ['adopt', 'changes'];

/** A run with the file of the pack in place of its folder. */
const withPack = ([folder = '', ...rest]: Run) => {
  const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.mpack'));
  return [path.join(folder, file), ...rest];
};

/** A schema set with a core `Ed-Fi`, for all commands that take a folder of artifacts. */
interface SetOfRuns {
  readonly version: 'v1' | 'v2';
  readonly schemas: readonly string[];
  /** Changes the folder before the commands read it. */
  readonly change?: ((folder: string) => void) | undefined;
}

/** Runs each command that takes a folder of artifacts on one that `emit` has written, and expects it to succeed. */
export class ArtifactRuns {
  private readonly scratch = mkdtempSync(path.join(tmpdir(), 'dms-artifact-runs-'));
  private readonly databases: PostgresDatabase[] = [];

  private place(name: string): string {
    return path.join(this.scratch, name);
  }

  private async newDatabase(): Promise<PostgresDatabase> {
    const database = await createScratchDatabase();
    this.databases.push(database);
    return database;
  }

  /** The runs of each command in a sensible order; in both dialects if no server is needed. */
  private async runs(version: 'v1' | 'v2'): Promise<Readonly<Record<string, readonly Run[]>>> {
    const [database, target, other] = [await this.newDatabase(), await this.newDatabase(), await this.newDatabase()];
    const out = this.place(version);
    const own = (name: string) => this.place(`${version}-${name}`);
    const artifacts = ['--artifacts', out];
    const at = ({ url }: PostgresDatabase) => [...artifacts, '--dialect', 'pgsql', '--connection', url];
    const sets = ['--before', own('before'), '--after', out];
    const inBoth = (run: Run) => ['pgsql', 'mssql'].map((dialect) => [...run, '--dialect', dialect]);
    const ofGeneration = {
      v1: {},
      v2: {
        changes: [[...at(database), '--since', '0']],
        adopt: [at(database), ...inBoth([...artifacts, '--script', own('adopt.sql')])],
      },
    };
    return {
      // on the server, which takes a third of the time that the embedded engine takes
      verify: [at(database), [...artifacts, '--dialect', 'mssql']],
      provision: [at(database), [...at(database), '--dry-run'], at(target), at(other)],
      check: [[...at(database), '--data', '--deep']],
      doctor: [at(database)],
      sample: [[...artifacts, '--documents', '40', '--output', own('sample')]],
      'seed-descriptors': [[this.place('grades.json'), ...at(database)]],
      'reporting emit': inBoth(artifacts),
      'reporting apply': [at(database), [...at(database), '--schema-suffix', '_ods']],
      load: [
        [own('sample'), ...at(database)],
        ['--from-ods', database.url, '--schema-suffix', '_ods', ...at(target), '--continue', '--verify'],
      ],
      'read-ods': [
        [...artifacts, '--connection', database.url, '--schema-suffix', '_ods', '--output', own('read'), '--continue'],
      ],
      'reporting drop': [at(database)],
      dump: [[...at(database), '--output', own('dump')]],
      get: [['Ed-Fi:School', ...at(database)]],
      translate: [[own('sample'), '--before', artifacts[1] ?? '', '--output', own('converted')]],
      'comments emit': inBoth(artifacts),
      'comments apply': [at(database)],
      ...ofGeneration[version],
      explore: [[...artifacts, '--before', out]],
      diagram: inBoth([...artifacts, 'Ed-Fi:School', '--format', 'mermaid']),
      dictionary: [artifacts],
      'pack build': [[...artifacts, '--output', own('packs')]],
      'pack verify': ['pgsql', 'mssql'].map((dialect) => [path.join(own('packs'), dialect), ...artifacts]),
      impact: inBoth(sets),
      'upgrade plan': [
        ...inBoth([...sets, '--output', own('upgrade')]),
        [...sets, '--dialect', 'pgsql', '--connection', other.url],
      ],
      'upgrade prepare': [[...sets, '--dialect', 'pgsql', '--connection', other.url]],
      'upgrade apply': [[...sets, '--dialect', 'pgsql', '--connection', other.url]],
    };
  }

  /** Emits a set and runs the commands on it; returns their names. */
  async run({ version, schemas, change }: SetOfRuns): Promise<readonly string[]> {
    const grade = { namespace: 'uri://example.org/GradeLevelDescriptor', codeValue: 'x', shortDescription: 'x' };
    writeFileSync(this.place('grades.json'), JSON.stringify({ gradeLevelDescriptors: [grade] }));
    const named = schemas.flatMap((file) => ['--schema', file]);
    const emitted = await ran(['emit', ...named, '--mapping-version', version, '--output', this.place(version)]);
    expect([emitted.code, emitted.err]).toEqual([0, expect.any(String)]);
    change?.(this.place(version));
    cpSync(this.place(version), this.place(`${version}-before`), { recursive: true });
    const runs = await this.runs(version);
    for (const [name, each] of Object.entries(runs))
      for (const run of each) {
        const words = [...name.split(' '), ...(name === 'pack verify' ? withPack(run) : run)];
        const { code, err } = await ran(words);
        expect([words.join(' '), code, code === 0 ? '' : err]).toEqual([words.join(' '), 0, '']);
      }
    return Object.keys(runs);
  }

  /** Drops the databases and removes the folder. */
  async end(): Promise<void> {
    for (const database of this.databases) await database.drop();
    rmSync(this.scratch, { recursive: true, force: true });
  }
}
