import { apply, check, factsOf, type Operation, provision, status } from '@dms/operations';
import type { TargetName } from '../inference/targets.ts';
import { type OptionFacts, optionSchema } from '../option-schema.ts';
import { databaseOptions, goldenOptions, mappingSetOptions, schemaOptions } from './task-options.ts';

/** The executor of an operation on databases, with the options of the operation that are options of Nx too. */
export function databaseExecutor(operation: Pick<Operation, 'name' | 'task' | 'options'>): OptionFacts {
  if (operation.task === undefined) throw new Error(`${operation.name} has no executor.`);
  const { name: _, ...task } = operation.task;
  const own = Object.entries(operation.options).filter(([, option]) => factsOf(option).isOfTask);
  return { ...task, options: { ...databaseOptions, ...Object.fromEntries(own) } };
}

/** The executor of a target on the artifacts of a mapping set. */
const onMappingSet = (task: Omit<OptionFacts, 'options'>): OptionFacts => ({ ...task, options: mappingSetOptions });

/** All executors. */
export const executors: Readonly<Record<TargetName, OptionFacts>> = {
  'build-pack': onMappingSet({
    title: 'Build pack',
    description: 'Packs the plans of a mapping set into one file for a server.',
    examples: [{ command: 'npx nx run schools:build-pack', description: 'Pack the plans of all dialects' }],
  }),
  'check-db': databaseExecutor(check),
  'check-golden': {
    title: 'Check golden',
    description: 'Compares the artifacts of a mapping set with the committed ones.',
    examples: [
      { command: 'npx nx run schools:check-golden', description: 'Compare the artifacts with the committed ones' },
    ],
    options: goldenOptions,
  },
  'compile-plans': onMappingSet({
    title: 'Compile plans',
    description: 'Compiles the plans that write and read documents.',
    examples: [{ command: 'npx nx run schools:compile-plans', description: 'Compile the plans of all dialects' }],
  }),
  'derive-inventory': onMappingSet({
    title: 'Derive inventory',
    description: 'Derives the indexes and triggers of a relational model.',
    examples: [
      { command: 'npx nx run schools:derive-inventory', description: 'List the indexes and triggers of the model' },
    ],
  }),
  'derive-model': onMappingSet({
    title: 'Derive model',
    description: 'Fingerprints the schemas of a mapping set and derives its relational model.',
    examples: [
      { command: 'npx nx run schools:derive-model', description: 'Derive the model for all dialects of dms.json' },
      { command: 'npx nx run schools:derive-model --dialect=pgsql', description: 'Derive it for PostgreSQL only' },
    ],
  }),
  'derive-ods-mapping': onMappingSet({
    title: 'Derive ODS mapping',
    description:
      'Derives which tables and columns an ODS has for the schemas of a mapping set, and the paths that they hold.',
    examples: [
      {
        command: 'npx nx run schools:derive-ods-mapping',
        description: 'Write ods-mapping.json, which is the same for all dialects',
      },
    ],
  }),
  'emit-comments': onMappingSet({
    title: 'Emit comments',
    description: 'Writes the script that gives the tables and columns of a database their definitions as comments.',
    examples: [
      { command: 'npx nx run schools:emit-comments', description: 'Write the scripts of all dialects' },
      {
        command: 'npx nx run schools:emit-comments --dialect=pgsql',
        description: 'Write the script for PostgreSQL only; the other one stays as it is',
      },
    ],
  }),
  'emit-ddl': onMappingSet({
    title: 'Emit DDL',
    description: 'Writes the script that creates the database of a mapping set.',
    examples: [
      { command: 'npx nx run schools:emit-ddl', description: 'Write the scripts of all dialects' },
      {
        command: 'npx nx run schools:emit-ddl --dialect=pgsql',
        description: 'Write the script for PostgreSQL only; the other one stays as it is',
      },
      { command: 'npx nx affected -t emit-ddl', description: 'Write the scripts that a change reaches' },
    ],
  }),
  'emit-reporting': onMappingSet({
    title: 'Emit reporting',
    description: 'Writes the script of views that are named and shaped like the tables of an ODS.',
    examples: [
      { command: 'npx nx run schools:emit-reporting', description: 'Write the scripts of all dialects' },
      {
        command: 'npx nx run schools:emit-reporting --dialect=pgsql',
        description: 'Write the script for PostgreSQL only; the other one stays as it is',
      },
    ],
  }),
  'explore-model': onMappingSet({
    title: 'Explore model',
    description: 'Writes a page that shows the model of a mapping set.',
    examples: [{ command: 'npx nx run schools:explore-model', description: 'Write the page of all dialects' }],
  }),
  'normalize-schema': {
    title: 'Normalize schema',
    description: 'Checks an ApiSchema file and writes the hashed part of it canonically.',
    examples: [
      { command: 'npx nx run ed-fi:normalize-schema', description: 'Check one schema' },
      { command: 'npx nx run-many -t normalize-schema', description: 'Check all schemas of the workspace' },
    ],
    options: schemaOptions,
  },
  'plan-upgrade': onMappingSet({
    title: 'Plan upgrade',
    description: 'Writes the script that upgrades a database of the last release.',
    examples: [
      {
        command: 'npx nx run schools:plan-upgrade',
        description: 'Write the script that upgrades a database of the last release',
      },
    ],
  }),
  'provision-db': databaseExecutor(provision),
  'report-impact': onMappingSet({
    title: 'Report impact',
    description: 'Says how the schemas of a mapping set affect a database of its baseline.',
    examples: [
      {
        command: 'npx nx run schools:report-impact',
        description: 'Say how the change since the baseline affects a database',
      },
    ],
  }),
  'status-db': databaseExecutor(status),
  'upgrade-db': databaseExecutor(apply),
  'verify-db': onMappingSet({
    title: 'Verify database',
    description: 'Proves the scripts of a mapping set on databases of their own, or as far as their text shows.',
    examples: [
      { command: 'npx nx run schools:verify-db', description: 'Prove the scripts of all dialects' },
      { command: 'npx nx run schools:verify-db --dialect=pgsql', description: 'Prove the script for PostgreSQL only' },
    ],
  }),
  'verify-upgrade': onMappingSet({
    title: 'Verify upgrade',
    description: 'Proves on an embedded database of documents that the upgrade from the last release keeps them.',
    examples: [
      { command: 'npx nx run schools:verify-upgrade', description: 'Prove that the upgrade keeps the documents' },
    ],
  }),
};

/** The `schema.json` of an executor. */
export const executorSchema = (facts: OptionFacts) =>
  optionSchema({ version: 2, outputCapture: 'direct-nodejs' }, facts);
