import { exactPattern } from '../exact-pattern.ts';

/**
 * Blocks of a guide. Commands stand in `sh` and `console` blocks; those of `powershell` say the same where a shell of
 * Windows reads them otherwise. A block whose fence names a file holds it, and `diff` with a file changes its lines.
 */
export interface GuideBlock {
  /** The language of the fence. */
  readonly kind: string;
  readonly file: string | undefined;
  readonly content: string;
  /** Where it begins and ends in the guide, with its fences. */
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

/** What a POSIX shell reads as the same text. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

const change = `
const fs = require('node:fs');
const [file, before, after] = process.argv.slice(1);
const parts = fs.readFileSync(file, 'utf8').split(before);
if (parts.length !== 2) throw new Error(file + ' has these lines ' + (parts.length - 1) + ' times: ' + before);
fs.writeFileSync(file, parts.join(after));
`;

/** The lines of a change as they were, or as they will be. */
const linesWith = (sign: '-' | '+', content: string) =>
  content
    .split('\n')
    .filter((line) => line.startsWith(' ') || line.startsWith(sign))
    .map((line) => `${line.slice(1)}\n`)
    .join('');

/** The commands of a POSIX shell that do what a reader does with a block; undefined where there is nothing to do. */
export function commandsOfBlock({ kind, file, content }: GuideBlock): string | undefined {
  if (file === undefined) return kind === 'sh' ? content : undefined;
  if (kind === 'diff')
    return `node -e ${[change, file, linesWith('-', content), linesWith('+', content)].map(quoted).join(' ')}\n`;
  return `mkdir -p "$(dirname ${quoted(file)})"\nprintf %s ${quoted(content)} > ${quoted(file)}\n`;
}

/**
 * What a guide says that a block prints: the `text` block that follows at once, or behind the form for PowerShell. A line
 * of it stands for one with the same words, in which `…` is anything.
 */
export function printedBehind(text: string, blocks: readonly GuideBlock[], index: number): readonly string[] {
  const [block, next] = [blocks[index], blocks[index + 1]];
  if (block === undefined || next === undefined || text.slice(block.end, next.start).trim() !== '') return [];
  if (next.kind === 'powershell') return printedBehind(text, blocks, index + 1);
  return next.kind === 'text' && next.file === undefined ? next.content.trimEnd().split('\n') : [];
}

/** The first of some lines that is not printed behind those before it; undefined if all are. */
export function missingLine(expected: readonly string[], printed: string): string | undefined {
  let rest = printed;
  return expected.find((line) => {
    const found = new RegExp(line.split('…').map(exactPattern).join('.*')).exec(rest);
    rest = rest.slice((found?.index ?? 0) + (found?.[0].length ?? 0));
    return found === null;
  });
}
