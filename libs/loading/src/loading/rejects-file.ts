import { access, constants, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { fail, type RowPlace } from '@dms/diagnostics';
import {
  forgetFolders,
  JsonNumber,
  type JsonValue,
  jsonText,
  makeFolder,
  outputError,
  waitForReader,
} from '@dms/files';
import { changeValue } from '../changes/recorded-change.ts';
import type { LoadReject } from './load-report.ts';

type Members = readonly (readonly [string, JsonValue])[];

const inFile = (file: string, line: number): Members => [
  ['file', file],
  ['line', new JsonNumber(String(line))],
];

const ofRow = ({ table, key }: RowPlace): Members => [
  ['table', table],
  ['key', new Map(Object.entries(key))],
];

/** One line of the file of rejects: what `load` reads, and why it was not loaded. */
function rejectLine({ file, line, row, resource, problems, document, uuid, record, change }: LoadReject): string {
  const told = problems.map(({ code, message, where: { path } }) => {
    return new Map([
      ['code', code],
      ...(path === undefined ? [] : [['path', path] as const]),
      ['message', message],
    ] as const);
  });
  // members of an earlier file of rejects are replaced
  const ofRecord =
    record && [...record].filter(([name]) => !['file', 'line', 'table', 'key', 'problems'].includes(name));
  const ofDocument: Members = [
    ['resource', resource],
    ...(uuid === null ? [] : [['uuid', uuid] as const]),
    ['document', document],
  ];
  return `${jsonText(
    new Map<string, JsonValue>([
      ...(ofRecord ?? (change === undefined ? ofDocument : ([['change', changeValue(change)]] as const))),
      ...(row === undefined ? inFile(file, line) : ofRow(row)),
      ['problems', told],
    ]),
  )}\n`;
}

/** What exists at a place, in any spelling; undefined where nothing does. */
async function fileIdentity(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}

/**
 * The file of what was not loaded: lines are appended to a new file, which is created with the first line. Throws
 * `OUTPUT_*`.
 */
export function rejectsFile(file: string | undefined, signal: AbortSignal | undefined) {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  let made: readonly string[] = [];
  return {
    /** Checked before anything is loaded: the file can be written, and is not one of the inputs. */
    check: async (inputs: readonly string[]) => {
      if (file === undefined) return;
      const own = await fileIdentity(file);
      if (own === undefined) made = await makeFolder(path.dirname(file));
      else if ((await stat(file)).isFIFO()) await waitForReader(file, signal);
      try {
        await access(own === undefined ? path.dirname(file) : file, constants.W_OK);
      } catch (error) {
        throw outputError(error, file);
      }
      if (own === undefined) return;
      for (const input of inputs) {
        if ((await fileIdentity(input)) !== own) continue;
        const text = `${file} is an input of this run, which would be lost; choose another file for the rejects.`;
        fail('OUTPUT_FAILED', text, { file }, { path: file, cause: 'an input' });
      }
    },
    add: async (reject: LoadReject) => {
      if (file === undefined) return;
      try {
        handle ??= await open(file, 'w');
        await handle.appendFile(rejectLine(reject));
      } catch (error) {
        throw outputError(error, file);
      }
    },
    close: async () => {
      if (handle) await handle.close();
      else forgetFolders(made);
    },
  };
}
