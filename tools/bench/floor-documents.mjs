// @ts-check
/**
 * Parses the documents of a folder and writes them into another one, a line each, and does nothing else:
 *
 *   node floor-documents.mjs <folder> <new folder> <file for the number of documents>
 */
import { closeSync, createReadStream, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const [, , from = '', to = '', count = ''] = process.argv;
let read = 0;
for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!name.endsWith('.jsonl')) continue;
  const target = path.join(to, name);
  mkdirSync(path.dirname(target), { recursive: true });
  const file = openSync(target, 'w');
  /** @type {string[]} */
  let lines = [];
  for await (const line of createInterface({ input: createReadStream(path.join(from, name)) })) {
    lines.push(`${JSON.stringify(JSON.parse(line))}\n`);
    read += 1;
    if (lines.length < 500) continue;
    writeSync(file, lines.join(''));
    lines = [];
  }
  writeSync(file, lines.join(''));
  closeSync(file);
}
writeFileSync(count, JSON.stringify({ read }));
