import { check } from '@dms/operations';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { completionScript, shells } from '../../libs/product/cli/src/commands/completion.ts';
import { addOperation } from '../../libs/product/cli/src/commands/operation-command.ts';
import { count } from '../../libs/product/operations/src/declaring/option.ts';
import { databaseExecutor, executorSchema } from '../../plugins/nx-dms/src/executors/tasks.ts';
import { commandFacts } from './reference/facts.ts';
import { commandSections } from './reference.ts';

/* An option is one member of an operation, from which everything that shows it is derived. */

const text = 'rows of each table to look at';
const operation = { ...check, options: { ...check.options, rowsPerTable: count('<n>', text, { isOfTask: true }) } };

const nothingRuns = (): never => {
  throw new Error('Nothing is run here.');
};

test('an option that is added to an operation is in the help, the completion, the executor and the reference', () => {
  const program = new Command('dms-ddl').helpCommand(false);
  addOperation(program, operation, { printerFor: nothingRuns, cancellation: { hold: nothingRuns } });
  expect(program.commands[0]?.helpInformation()).toMatch(/--rows-per-table <n> +rows of each table/);
  for (const shell of shells) expect(completionScript(shell, program)).toContain('rows-per-table');
  expect(executorSchema(databaseExecutor(operation))).toMatchObject({
    properties: { rowsPerTable: { type: 'integer', minimum: 1, description: 'Rows of each table to look at.' } },
  });
  expect(commandSections(commandFacts(program), []).join('\n')).toContain(`| \`--rows-per-table <n>\` | ${text}. |`);
});
