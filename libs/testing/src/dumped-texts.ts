import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The contents of the `.jsonl` files below a folder, by name with `/`. */
export const dumpedTexts = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => [name.replaceAll('\\', '/'), readFileSync(path.join(folder, name), 'utf8')]),
  );

/** The sorted lines of each file, to compare dumps whose documents are in another order. */
export const dumpedLines = (folder: string): ReadonlyMap<string, readonly string[]> =>
  new Map(Object.entries(dumpedTexts(folder)).map(([name, text]) => [name, text.trimEnd().split('\n').sort()]));
