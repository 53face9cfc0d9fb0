import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parse, print, Refusal } from '../../../../../fixtures/clients/typescript/values.ts';
import type { ReferenceClient } from './client-tests.ts';

/** A reference client as a child process, which answers each line of JSON with a line of JSON. */
export function clientOfProcess(child: ChildProcessWithoutNullStreams): ReferenceClient {
  let problem = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problem += text;
  });
  // a program that ended early reports why on its standard error
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: string) => {
    child.stdin.write(`${request}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(problem);
    const answer = parse(value);
    if (typeof answer.refused === 'string') throw new Refusal(answer.refused);
    return answer;
  };
  return {
    write: async (resource, document) =>
      String((await ask(`{"write":${JSON.stringify(resource)},"document":${document}}`)).uuid),
    read: async (uuid) => {
      const { document } = await ask(JSON.stringify({ read: uuid }));
      return document === undefined || document === null ? null : print(document);
    },
    remove: (uuid) => ask(JSON.stringify({ remove: uuid })),
    end: async () => {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}
