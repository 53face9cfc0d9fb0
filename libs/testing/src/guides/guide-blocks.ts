import { exactPattern } from '../exact-pattern.ts';

/**
 * A block of a guide. Commands are in `sh` and `console` blocks; a `powershell` block repeats commands that Windows
 * shells read differently. A block with a file name in its fence is the content of this file; a `diff` block with a
 * file name changes lines of the file.
 */
export interface GuideBlock {
  /** The language of the fence. */
  readonly kind: string;
  readonly file: string | undefined;
  readonly content: string;
  /** The position of the block in the guide, including its fences. */
  readonly start: number;
  readonly end: number;
}

const fence = /^```(?<kind>\w*)(?: (?<file>\S+))?\n(?<content>[\s\S]*?)^```$/gm;

export const blocksOfGuide = (text: string): readonly GuideBlock[] =>
  [...text.matchAll(fence)].map(({ 0: { length }, index, groups }) => ({
    kind: groups?.kind ?? '',
    file: groups?.file,
    content: groups?.content ?? '',
    start: index,
    end: index + length,
  }));

/** A text quoted for a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

const change = `
const fs = require('node:fs');
const [file, before, after] = process.argv.slice(1);
const parts = fs.readFileSync(file, 'utf8').split(before);
if (parts.length !== 2) throw new Error(file + ' has these lines ' + (parts.length - 1) + ' times: ' + before);
fs.writeFileSync(file, parts.join(after));
`;

/** The lines of a change before it, or after it. */
const linesWith = (sign: '-' | '+', content: string) =>
  content
    .split('\n')
    .filter((line) => line.startsWith(' ') || line.startsWith(sign))
    .map((line) => `${line.slice(1)}\n`)
    .join('');

/** The POSIX shell commands that do the work of a reader for a block; undefined if there is none. */
export function commandsOfBlock({ kind, file, content }: GuideBlock): string | undefined {
  if (file === undefined) return kind === 'sh' ? content : undefined;
  if (kind === 'diff')
    return `node -e ${[change, file, linesWith('-', content), linesWith('+', content)].map(quoted).join(' ')}\n`;
  return `mkdir -p "$(dirname ${quoted(file)})"\nprintf %s ${quoted(content)} > ${quoted(file)}\n`;
}

/**
 * The expected output of a block: the `text` block that directly follows it, or its form for PowerShell. In its lines,
 * `…` stands for any text.
 */
export function printedBehind(text: string, blocks: readonly GuideBlock[], index: number): readonly string[] {
  const [block, next] = [blocks[index], blocks[index + 1]];
  if (block === undefined || next === undefined || text.slice(block.end, next.start).trim() !== '') return [];
  if (next.kind === 'powershell') return printedBehind(text, blocks, index + 1);
  return next.kind === 'text' && next.file === undefined ? next.content.trimEnd().split('\n') : [];
}

/** The first expected line that is not printed after the lines before it; undefined if all are printed. */
export function missingLine(expected: readonly string[], printed: string): string | undefined {
  let rest = printed;
  return expected.find((line) => {
    const found = new RegExp(line.split('…').map(exactPattern).join('.*')).exec(rest);
    rest = rest.slice((found?.index ?? 0) + (found?.[0].length ?? 0));
    return found === null;
  });
}
