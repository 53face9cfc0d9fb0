import {
  apply,
  check,
  executorOf,
  factsOf,
  type Operation,
  provision,
  status,
  stepNames,
  taskOf,
} from '@dms/operations';
import { type NxPresentation, optionSchema } from '../option-schema.ts';
import { databaseOptions, goldenOptions, mappingSetOptions, schemaOptions } from './task-options.ts';

/** The executor of an operation on databases, with those options of the operation that Nx has too. */
export function databaseExecutor(operation: Pick<Operation, 'name' | 'task' | 'options'>): NxPresentation {
  const { name: _, ...task } = executorOf(operation);
  const own = Object.entries(operation.options).filter(([, option]) => factsOf(option).isOfTask);
  return { ...task, options: { ...databaseOptions, ...Object.fromEntries(own) } };
}

/**
 * All executors: for the steps, for the operations on databases, for the comparison with committed artifacts, for the
 * translation.
 */
export const executors: Readonly<Record<string, NxPresentation>> = {
  ...Object.fromEntries(stepNames.map((step) => [step, { ...taskOf(step), options: mappingSetOptions }])),
  'normalize-schema': { ...taskOf('normalize-schema'), options: schemaOptions, isBatched: true },
  ...Object.fromEntries(
    [provision, check, apply, status].map((operation) => [executorOf(operation).name, databaseExecutor(operation)]),
  ),
  'check-golden': {
    title: 'Check golden',
    description: 'Compares the artifacts of a mapping set with the committed ones.',
    examples: {
      'npx nx run schools:check-golden': 'Compare the artifacts with the committed ones',
    },
    options: goldenOptions,
  },
  'translate-documents': {
    title: 'Translate documents',
    description: 'Turns documents of an earlier version of the standard into documents of a mapping set.',
    examples: {
      'npx nx run schools:translate-documents': 'Translate the documents that dms.json names',
    },
    options: mappingSetOptions,
  },
};

/** The `schema.json` of an executor. */
export const executorSchema = (facts: NxPresentation) =>
  optionSchema({ version: 2, outputCapture: 'direct-nodejs' }, facts);
