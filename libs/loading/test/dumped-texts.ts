import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The texts of the files of documents below a folder, by name. */
export const dumpedTexts = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
  );
