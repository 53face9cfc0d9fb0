import { close, constants, open } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DmsError, diagnostic } from '@dms/diagnostics';
import { isMountPoint } from './mount-point.ts';
import { failingAs, isFolder } from './output-error.ts';
import { replacedPlace } from './real-name.ts';
import { replaceFiles } from './replace-files.ts';
import { expectOutputName, isNullDevice } from './usable-output.ts';

/** Milliseconds between two checks for a reader. */
const patience = 50;

function unread(file: string): DmsError {
  const text = `Nobody reads the pipe ${file}; nothing was written to it.`;
  return new DmsError([diagnostic('OUTPUT_FAILED', text, { file }, { path: file, cause: 'no reader' })]);
}

/**
 * Opens a pipe if it has a reader, and returns its non-blocking descriptor. No signal could end the wait of a blocking
 * open.
 */
async function openPipe(file: string, signal: AbortSignal | undefined): Promise<number> {
  for (;;) {
    try {
      return await promisify(open)(file, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    }
    await wait(patience, undefined, { signal }).catch(() => {
      throw unread(file);
    });
  }
}

/** Waits until a pipe has a reader. Throws `OUTPUT_*`, also if the task is cancelled. */
export async function waitForReader(file: string, signal?: AbortSignal): Promise<void> {
  await failingAs(file, async () => promisify(close)(await openPipe(file, signal)));
}

async function writeToPipe(file: string, text: string | Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  const pipe = new Socket({ fd: await openPipe(file, signal), readable: false, writable: true });
  pipe.end(text);
  await finished(pipe, { readable: false });
}

/**
 * Writes one file completely, or leaves the old one. Follows links and makes missing folders. Writes into a device, a
 * pipe or a mount point without replacing it, and waits for a reader of a pipe. Throws `OUTPUT_*`.
 *
 * @param writer the name of the writer, as in `Replacement`
 * @param signal ends the wait
 */
export async function writeOutput(
  writer: string,
  file: string,
  content: string | Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  if (isNullDevice(file)) return;
  const there = await stat(file).catch(() => undefined);
  // `site/` may be a folder that does not exist yet
  if (there?.isDirectory() || file.endsWith('/') || file.endsWith(path.sep)) throw isFolder(file);
  if (there?.isFIFO()) return failingAs(file, () => writeToPipe(file, content, signal));
  if (there && !there.isFile()) return failingAs(file, () => writeFile(file, content));
  expectOutputName(file, 'file');
  // the folder of a mount point is often not writable
  if (there && isMountPoint(file)) return failingAs(file, () => writeFile(file, content));
  const place = there ? await failingAs(file, () => replacedPlace(file)) : file;
  const files = [{ name: path.basename(place), content }];
  await replaceFiles(path.dirname(place), { writer, files, earlier: [], markers: [] });
}
