import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { isDeviceName } from './file-name.ts';
import { isMountPoint } from './mount-point.ts';
import { outputError } from './output-error.ts';
import { isThere } from './read-input.ts';

/** Whether a path is the device of Windows that keeps nothing: `NUL` as it is written alone, or its full name. */
export const isNullDevice = (file: string): boolean =>
  process.platform === 'win32' && /^(?:\\\\[.?]\\)?nul:?$/i.test(file);

/** Why Windows cannot have a name; undefined if it can. */
function refusal(name: string): string | undefined {
  if (/\s$/.test(name)) return 'a name that ends in a blank';
  if (name.endsWith('.') && !/^\.\.?$/.test(name)) return 'a name that ends in a point';
  if (isDeviceName(name)) return `${name.split('.')[0]?.trimEnd()}, the name of a device`;
  // what follows a colon is a stream of another file
  return process.platform === 'win32' && name.includes(':') ? 'a name with a colon' : undefined;
}

/**
 * Refuses an output with a name that Windows cannot have: a program there makes such a file all the same, but neither
 * Explorer nor Git can open or remove it. The rule is the same on every system, so that an output fits everywhere.
 * Folders that exist are not looked at, and neither is `NUL` as a file on Windows. Throws `OUTPUT_NAME_REFUSED`.
 */
export function expectOutputName(output: string, kind: 'file' | 'folder'): void {
  if (kind === 'file' && isNullDevice(output)) return;
  const { root } = path.parse(output);
  const parts = output.slice(root.length).split(process.platform === 'win32' ? /[\\/]/ : '/');
  const last = parts.findLastIndex((part) => part !== '');
  parts.forEach((part, index) => {
    const why = refusal(part);
    if (why === undefined) return;
    if (index < last && isThere(path.join(root, ...parts.slice(0, index + 1)))) return;
    const nowhere = kind === 'file' && /^nul$/i.test(output) ? ', or /dev/null to keep nothing' : '';
    const text = `${JSON.stringify(output)} has ${why}: Windows cannot open or remove it; choose another name${nowhere}.`;
    fail('OUTPUT_NAME_REFUSED', text, { file: output }, { path: output, name: part });
  });
}

/**
 * Refuses an output that cannot be written whatever the run does: `OUTPUT_NAME_REFUSED`, and `OUTPUT_MOUNTED` for a file
 * that is a mount point and may not be written. Called before any work, so that no other output is written.
 */
export function expectUsableOutput(output: string, kind: 'file' | 'folder'): void {
  expectOutputName(output, kind);
  if (kind === 'folder' || !isMountPoint(output)) return;
  try {
    accessSync(output, constants.W_OK);
  } catch (error) {
    throw outputError(error, output);
  }
}
