import type { Row, Statement } from '@dms/databases';
import { deriveModel } from '@dms/derivation';
import { DmsError, diagnostic } from '@dms/diagnostics';
import { build, schemaSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { RecordedConnection } from '../../test/recorded-connection.ts';
import { loadDescriptors } from './load-descriptors.ts';
import type { DescriptorInput } from './load-inputs.ts';

/* The outcomes of a batch of descriptors that the database refuses (design 14 §3, 14a §1.2). */

async function* inputs(count: number): AsyncGenerator<DescriptorInput> {
  for (let line = 1; line <= count; line += 1) {
    const fields = { namespace: 'uri://x', codeValue: `c${line}`, shortDescription: 's' };
    const raw = { file: 'kinds.jsonl', line, projectName: 'Core', resourceName: 'KindDescriptor', fields };
    yield { kind: 'descriptor', raw, document: null };
  }
}

const { model } = deriveModel(schemaSet(build.project('Core', [build.descriptor('KindDescriptor')])), 'mssql');

const refusal = (code: 'DB_SQL' | 'DB_DEADLOCK' | 'DB_LOCK_TIMEOUT', driverCode: string) =>
  new DmsError([diagnostic(code, `refused with ${driverCode}`, {}, { driverCode })]);

/** A database that refuses the first searches for descriptors. */
class RefusingConnection extends RecordedConnection {
  begun = 0;
  private left: number;
  private readonly error: DmsError;

  constructor(failures: number, error: DmsError) {
    super();
    this.left = failures;
    this.error = error;
  }

  override async begin(): Promise<void> {
    this.begun += 1;
  }

  override async queryAll(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    if (this.left > 0 && statements.some(({ pieces }) => pieces[0]?.includes('LEFT JOIN [dms].[Descriptor]'))) {
      this.left -= 1;
      throw this.error;
    }
    return super.queryAll(statements);
  }
}

/** Loads descriptors into such a database. */
async function loaded(failures: number, error: DmsError, count = 2) {
  const connection = new RefusingConnection(failures, error);
  const [done, rejects]: [string[], string[]] = [[], []];
  const listener = {
    done: (_resource: string, outcome: string) => void done.push(outcome),
    reject: async ({ diagnostics }: { readonly diagnostics: readonly [{ readonly code: string }, ...unknown[]] }) =>
      void rejects.push(diagnostics[0].code),
    warn: () => undefined,
    merged: () => undefined,
    committed: () => undefined,
    next: () => undefined,
  };
  const run = loadDescriptors(connection, model, inputs(count), {
    onExisting: 'fail',
    listener,
    retry: { delay: () => 0 },
  });
  const begun = () => connection.begun;
  return { run, done, rejects, begun };
}

describe('descriptors that the database refuses', () => {
  it('are written in a second transaction when another writer was in the way', async () => {
    const { run, done, rejects, begun } = await loaded(2, refusal('DB_DEADLOCK', '1205'));
    await run;
    expect([done, rejects, begun()]).toEqual([['inserted', 'inserted'], [], 3]);
  });

  it('end the load when another writer stays in the way', async () => {
    const { run, done, rejects, begun } = await loaded(9, refusal('DB_LOCK_TIMEOUT', '1222'));
    await expect(run).rejects.toThrow('DB_LOCK_TIMEOUT');
    expect([done, rejects, begun()]).toEqual([[], [], 4]);
  });

  it('are rejected one by one when their rows are at fault', async () => {
    const { run, done, rejects } = await loaded(2, refusal('DB_SQL', '2628'));
    await run;
    expect([done, rejects]).toEqual([['inserted'], ['DOCUMENT_REFUSED']]);
  });
});
