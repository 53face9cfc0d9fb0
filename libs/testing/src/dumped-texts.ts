import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The texts of the files of documents below a folder, by name with `/`. */
export const dumpedTexts = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => [name.replaceAll('\\', '/'), readFileSync(path.join(folder, name), 'utf8')]),
  );

/** The lines of each of these files, sorted: for dumps whose documents come in another order. */
export const dumpedLines = (folder: string): ReadonlyMap<string, readonly string[]> =>
  new Map(Object.entries(dumpedTexts(folder)).map(([name, text]) => [name, text.trimEnd().split('\n').sort()]));
