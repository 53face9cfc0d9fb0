import { fail } from '@dms/diagnostics';
import type { SchemaProject } from '../../schema-projects.ts';

/** Whether a user can answer: `nx g` runs on a terminal, and no option or environment variable forbids questions. */
function canAsk(): boolean {
  const isRefused = process.argv.some((argument) => /^--(?:no-interactive|interactive=false)$/.test(argument));
  const isSilent = isRefused || process.env.NX_INTERACTIVE === 'false' || (process.env.CI ?? 'false') !== 'false';
  return !isSilent && process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/**
 * The folders of the schema projects that are chosen from a list on a terminal, all of them at first. Undefined where
 * there is no terminal, and where there is no choice. Throws `GENERATOR_OPTION_INVALID` if the question is cancelled.
 */
export async function askForSchemas(projects: readonly SchemaProject[]): Promise<readonly string[] | undefined> {
  if (projects.length < 2 || !canAsk()) return undefined;
  // loaded only here: a run without a terminal does not need it
  const { isCancel, multiselect } = await import('@clack/prompts');
  const chosen = await multiselect({
    message: 'Which schema projects?',
    options: projects.map(({ name, root }) => ({ value: root, label: name, ...(name === root ? {} : { hint: root }) })),
    initialValues: projects.map(({ root }) => root),
  });
  if (!isCancel(chosen)) return chosen;
  const message = 'No schema project was chosen; nothing was written. Name them with --schemas.';
  return fail('GENERATOR_OPTION_INVALID', message, {}, { option: 'schemas', expected: 'schema projects' });
}
