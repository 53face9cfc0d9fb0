import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { blocksOfGuide } from '../libs/testing/src/guides/guide-blocks.ts';
import { cmdWords, powershellEditions, powershellWords } from '../libs/testing/src/guides/windows-words.ts';
import { pages } from './pages.ts';

/*
 * Every command that a page shows, also those of the help in docs/reference, has the same arguments in PowerShell and cmd as in a POSIX shell. Blocks
 * with a form for PowerShell beside them are compared with it in `guide-shells.spec.ts`.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const files = ['CHANGELOG.md', ...pages];

const isCommand = (line: string) => /^(?:npx |npm |nx |dms-ddl |--[a-z])/.test(line);

/** Placeholders, and signs of shells, whose forms for Windows docs/windows.md has. */
const isOfNoShell = (line: string) => /[…|;&]|<[^>]+>|\[|\$[A-Za-z(]| > | # |\\$|\{\w+\}/.test(line);

/** The commands in the text and the blocks of a page, but for blocks that have a form for PowerShell. */
function commandsOf(page: string): readonly string[] {
  const text = readFileSync(path.join(root, page), 'utf8');
  const blocks = blocksOfGuide(text);
  const lines = blocks.flatMap(({ kind, content, end }, index) => {
    const next = blocks[index + 1];
    const hasForm = next?.kind === 'powershell' && text.slice(end, next.start).trim() === '';
    return hasForm || !['sh', 'console', 'powershell', 'text', ''].includes(kind) ? [] : content.split('\n');
  });
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  // the table of docs/windows.md compares the shells
  const rows = page === 'docs/windows.md' ? prose.replace(/^\|.*$/gm, '') : prose;
  const spans = [...rows.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return [...lines, ...spans]
    .map((line) => line.trim().replace(/^\$ /, ''))
    .filter((line) => isCommand(line) && !isOfNoShell(line));
}

const shown = files.flatMap((page) => commandsOf(page).map((line) => ({ place: page, line })));

/** The words of a line in a POSIX shell. */
const posixWords = (line: string) =>
  (line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []).map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'));

it('commands are found in pages, also in those of the help', () => {
  expect(shown.length).toBeGreaterThan(200);
  const lines = shown.map(({ line }) => line);
  expect(lines).toContain('--fail-on "loss,impossible"');
  expect(lines.filter((line) => line.startsWith('dms-ddl impact --before released'))).not.toEqual([]);
});

it('every command has the same arguments in PowerShell and cmd', () => {
  const wrong = shown.flatMap(({ place, line }) => {
    const expected = posixWords(line).join('\n');
    const read = (words: () => readonly string[]) => {
      try {
        return words().join('\n') === expected;
      } catch {
        return false;
      }
    };
    const isSame = powershellEditions.every((edition) => read(() => powershellWords(line, edition)));
    return isSame && read(() => cmdWords(line)) ? [] : [`${place}: ${line}`];
  });
  expect(wrong).toEqual([]);
});

it('a list of names without quotes would be two arguments', () => {
  expect(powershellWords('--fail-on loss,impossible', '5.1')).toEqual(['--fail-on', 'loss', 'impossible']);
});
