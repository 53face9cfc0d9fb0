import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { blocksOfGuide, commandsOfBlock, missingLine, printedBehind } from '@dms/testing';
import { expect } from 'vitest';
import { repository, run } from './run-nx.ts';

/* The commands of a documentation page, and their expected output. */

export interface DocumentedStep {
  readonly title: string;
  readonly commands: string;
  /** Lines that must be printed, in this order; `…` matches anything. */
  readonly expected: readonly string[];
}

const linesOf = (text = '') => text.trimEnd().split('\n');

/**
 * The actions of a reader of a document, block by block: the commands of `sh`, with the lines of the `text` block that
 * follows, the command of `console` with its lines, and the files that are saved or changed.
 */
export function stepsOf(document: string): readonly DocumentedStep[] {
  const text = readFileSync(path.join(repository, document), 'utf8');
  const blocks = blocksOfGuide(text);
  return blocks.flatMap((block, index): readonly DocumentedStep[] => {
    const [first = '', ...others] = linesOf(block.content);
    const title = `${document}: ${block.file ?? first}`;
    if (block.kind === 'console') return [{ title, commands: `${first.replace(/^\$ /, '')}\n`, expected: others }];
    const commands = commandsOfBlock(block);
    return commands === undefined ? [] : [{ title, commands, expected: printedBehind(text, blocks, index) }];
  });
}

/**
 * Runs commands in one shell until one fails; returns the output of each command that ran.
 *
 * @param prelude commands that the shell runs first
 * @param user the user who runs them; the current one by default
 */
export async function printedBySteps(
  steps: readonly Pick<DocumentedStep, 'commands'>[],
  {
    folder,
    scriptFile,
    environment,
    prelude = '',
    user = {},
  }: {
    readonly folder: string;
    readonly scriptFile: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly prelude?: string;
    readonly user?: { readonly uid?: number; readonly gid?: number };
  },
): Promise<readonly string[]> {
  const script = steps.map(({ commands }) => `printf '\\n@@step@@\\n'\n${commands}`).join('\n');
  writeFileSync(scriptFile, `set -euo pipefail\n${prelude}\n${script}\nprintf '\\n@@done@@\\n'\n`);
  const { output } = await run('bash', [scriptFile], folder, environment, user);
  return output.split('\n@@step@@\n').slice(1);
}

/** Expects that all steps ran to the end. */
export function expectAllRan(steps: readonly DocumentedStep[], printed: readonly string[]): void {
  expect(printed.at(-1)).toContain('@@done@@');
  expect(printed).toHaveLength(steps.length);
}

/** Expects that a step printed the lines of its document, in their order. */
export function expectDocumented({ expected }: DocumentedStep, printed: string): void {
  expect(missingLine(expected, printed), printed).toBeUndefined();
}
