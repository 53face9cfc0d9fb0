import type { DmsError } from '@dms/diagnostics';
import { describe, expect, it } from 'vitest';
import { schoolPlans } from '../../test/school-set.ts';
import { refusal, ScriptedConnection } from '../../test/scripted-connection.ts';
import { loadDescriptors } from './load-descriptors.ts';
import type { DescriptorInput } from './load-inputs.ts';

/* What becomes of a batch of descriptors when the database refuses it (design 14 §3, §4.2). */

async function* inputs(count: number): AsyncGenerator<DescriptorInput> {
  for (let line = 1; line <= count; line += 1) {
    const fields = { namespace: 'uri://x', codeValue: `c${line}`, shortDescription: 's' };
    const raw = { file: 'kinds.jsonl', line, projectName: 'Core', resourceName: 'KindDescriptor', fields };
    yield { kind: 'descriptor', raw, document: null };
  }
}

/** Loads descriptors into a database that refuses the first `failures` searches. */
async function loaded(failures: number, error: DmsError, count = 2) {
  let left = failures;
  let id = 0;
  const connection = new ScriptedConnection('mssql', (text, parameters) => {
    if (left > 0 && text.includes('LEFT JOIN [dms].[Descriptor]')) {
      left -= 1;
      throw error;
    }
    if (!text.startsWith('SELECT [DocumentId], LOWER')) return [];
    return parameters.map((DocumentUuid) => {
      id += 1;
      return { DocumentId: String(id), DocumentUuid };
    });
  });
  const [done, rejects]: [string[], string[]] = [[], []];
  const listener = {
    done: (_resource: string, outcome: string) => void done.push(outcome),
    reject: async ({ problems }: { readonly problems: readonly [{ readonly code: string }, ...unknown[]] }) =>
      void rejects.push(problems[0].code),
    warn: () => undefined,
    next: () => undefined,
  };
  const { model } = schoolPlans('mssql').mappingSet;
  const run = loadDescriptors(connection, model, inputs(count), 'fail', listener, { delay: () => 0 });
  const begun = () => connection.requests.filter(([text]) => text === 'begin').length;
  return { run, done, rejects, begun };
}

describe('descriptors that the database refuses', () => {
  it('are written in a second transaction when another writer was in the way', async () => {
    const { run, done, rejects, begun } = await loaded(2, refusal('1205', undefined, 'DB_DEADLOCK'));
    await run;
    expect([done, rejects, begun()]).toEqual([['inserted', 'inserted'], [], 3]);
  });

  it('end the load when another writer stays in the way', async () => {
    const { run, done, rejects, begun } = await loaded(9, refusal('1222', undefined, 'DB_LOCK_TIMEOUT'));
    await expect(run).rejects.toThrow('DB_LOCK_TIMEOUT');
    expect([done, rejects, begun()]).toEqual([[], [], 4]);
  });

  it('are rejected one by one when their rows are at fault', async () => {
    const { run, done, rejects } = await loaded(2, refusal('2628'));
    await run;
    expect([done, rejects]).toEqual([['inserted'], ['DOCUMENT_REFUSED']]);
  });
});
