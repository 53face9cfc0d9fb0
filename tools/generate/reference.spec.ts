import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { environmentFacts } from './reference/environment-facts.ts';
import { referenceFiles } from './reference.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages: Readonly<Record<string, string>> = referenceFiles();

describe('the reference', () => {
  test('has no page that is no longer written', () => {
    const there = readdirSync(path.join(root, 'docs/reference'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/reference/${name.replaceAll('\\', '/')}`);
    expect(there.filter((name) => !Object.hasOwn(pages, name))).toEqual([]);
  });

  test('has each command on one page of a group', () => {
    const sections = Object.entries(pages)
      .filter(([name]) => name.startsWith('docs/reference/commands/'))
      .flatMap(([, text]) => [...text.matchAll(/^## (.*)$/gm)].map(([, name = '']) => name));
    const [listed = ''] = (pages['docs/reference/commands.md'] ?? '').split('## Options of every command');
    expect([...listed.matchAll(/^\| \[`([^`]+)`\]/gm)].map(([, name]) => name)).toEqual(sections);
    expect(sections.length).toBeGreaterThan(35);
  });

  test('leaves no row without a meaning', () => {
    const rows = Object.entries(pages).flatMap(([name, text]) =>
      text
        .split('\n')
        .filter((line) => line.startsWith('| `') && name.startsWith('docs/reference/'))
        .map((line) => [name, line] as const),
    );
    expect(rows.length).toBeGreaterThan(250);
    expect(rows.filter(([, line]) => /\| +\|$/.test(line))).toEqual([]);
  });

  test('says of every target what it reads and what it writes', () => {
    const [, targets = ''] = (pages['docs/reference/targets.md'] ?? '').split(/^## (?:Targets|Generators)$/m);
    const sections = targets.split(/^### /m).slice(1);
    const { executors } = JSON.parse(readFileSync(path.join(root, 'plugins/nx-dms/executors.json'), 'utf8'));
    expect(sections.map((section) => section.split('\n')[0]).sort()).toEqual(Object.keys(executors).sort());
    for (const section of sections) {
      expect(section).toMatch(
        /^Reads (?:`|the ApiSchema file of its project\.|the artifacts of `).* Writes (?:`|no file).*\.$/m,
      );
    }
  });

  test('shows the places of a command as its help does, also where there may be several', () => {
    const commands = Object.entries(pages)
      .filter(([name]) => name.startsWith('docs/reference/commands/'))
      .map(([, text]) => text)
      .join('\n');
    for (const usage of [
      'load [options] [path...]',
      'seed-descriptors [options] <path...>',
      'emit [options] [config]',
      'completion [options] <shell>',
    ]) {
      expect(commands).toContain(`\`dms-ddl ${usage}\``);
    }
  });

  test('keeps the lines of a description that are lines in the help', () => {
    expect(pages['docs/reference/commands/machine.md']).toMatch(
      /^bash {2}eval "\$\(dms-ddl completion bash\)".*\nzsh .*\nfish .*$/m,
    );
  });

  test('lists each variable that the product reads, with the file that reads it', () => {
    const sources = ['libs', 'plugins'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => path.join(folder, name).replaceAll('\\', '/'))
        .filter((name) => /^(?:libs|plugins)\/(?:[^/]+\/)?[^/]+\/(?:src|bin|page)\/.*\.(?:tsx?|mjs)$/.test(name))
        .filter((name) => !name.startsWith('libs/testing/') && !name.endsWith('.spec.ts')),
    );
    const textOf = (name: string) => readFileSync(path.join(root, name), 'utf8');
    const read = sources.flatMap((name) => {
      const text = textOf(name);
      const members = [...text.matchAll(/\b(?:env|environment)\??\.([A-Z]\w*)/g)].map(([, variable = '']) => variable);
      // destructuring: const { A: a, B } = environment
      const taken = [...text.matchAll(/\{([^{}]*)\} = [\w.]*\b(?:env|environment)\b/g)].flatMap(
        ([, list = '']) => list.match(/\b[A-Z][A-Z\d_]+\b/g) ?? [],
      );
      return [...members, ...taken];
    });
    expect(read.length).toBeGreaterThan(7);
    expect([...new Set(read)].filter((name) => !Object.hasOwn(environmentFacts, name))).toEqual([]);
    const wrong = Object.entries(environmentFacts).filter(
      ([name, { file }]) => !new RegExp(`\\b${name}\\b`).test(textOf(file)),
    );
    expect(wrong).toEqual([]);
    // files in which the name of a variable is computed
    const computed = sources.filter((name) => /\bprocess\.env\[/.test(textOf(name)));
    const files = Object.values(environmentFacts).map(({ file }) => file);
    expect(computed.filter((name) => !files.includes(name))).toEqual([]);
  });

  test('shows what stands in angle brackets', () => {
    const prose = Object.entries(pages)
      .filter(([name]) => name.startsWith('docs/reference/'))
      .flatMap(([, text]) =>
        text.replaceAll(/^```[\s\S]*?^```$|`[^`\n]*`|<!--.*-->|<a id="\w+"><\/a>/gm, '').split('\n'),
      );
    expect(prose.filter((line) => /(?<!\\)<[a-z]/.test(line))).toEqual([]);
  });
});
