import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of conformance data beside the workspace; without it, the tests that need it are skipped. */
const sharedFolder = path.resolve(import.meta.dirname, '../../../..', 'shared');

export const hasSharedData = existsSync(path.join(sharedFolder, 'fixtures'));

/** The path of a file of the conformance data. */
export function sharedFile(...parts: string[]): string {
  return path.join(sharedFolder, ...parts);
}

export function readSharedText(...parts: string[]): string {
  return readFileSync(sharedFile(...parts), 'utf8');
}

// biome-ignore lint/suspicious/noExplicitAny: test vectors are read as they are
export function readSharedJson(...parts: string[]): any {
  return JSON.parse(readSharedText(...parts));
}
