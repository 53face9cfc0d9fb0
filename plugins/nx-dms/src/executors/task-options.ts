import type { OptionsOf } from '@dms/operations';
import * as z from 'zod/mini';
import { allDialects } from '../inference/targets.ts';
import { filled, noted } from '../option-schema.ts';

/** An option that the plugin fills in. */
const filledIn = { 'x-priority': 'internal', hidden: true } as const;
const important = { 'x-priority': 'important' } as const;

const conflictOptions = {
  others: z.optional(
    noted(z.array(z.string()), {
      description: 'Files of other projects that are in the way of this one; filled in by the plugin.',
      ...filledIn,
    }),
  ),
  namesakes: z.optional(
    noted(z.array(z.string()), {
      description: 'Files of the projects that would have the same name; filled in by the plugin.',
      ...filledIn,
    }),
  ),
};

const dialectOption = {
  dialect: z.optional(
    noted(z.enum(['pgsql', 'mssql', allDialects]), {
      default: allDialects,
      description: `The database to work for; ${allDialects} stands for all dialects of dms.json.`,
      ...important,
    }),
  ),
};

const outputOption = {
  outputDirectory: z.optional(
    noted(filled(), {
      description:
        'The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>.',
      ...filledIn,
    }),
  ),
};

/** The options of all targets of a mapping set. */
export const mappingSetOptions = { ...dialectOption, ...outputOption, ...conflictOptions };

/** The options of targets that work on databases. */
export const databaseOptions = {
  ...dialectOption,
  database: z.optional(
    noted(filled(), {
      description:
        'A database of the fleet of dms.json, by its name; single stands for the one that dms.json names beside the fleet.',
      ...important,
    }),
  ),
  connectionEnv: z.optional(
    noted(filled(), {
      description:
        'Name of an environment variable that holds the connection text, instead of the one that dms.json names.',
      ...important,
    }),
  ),
  connectionFile: z.optional(
    noted(filled(), {
      description:
        'File that holds the connection text, relative to the workspace, instead of the one that dms.json names.',
      ...important,
    }),
  ),
  ...outputOption,
  ...conflictOptions,
};

export const goldenOptions = {
  ...dialectOption,
  ...outputOption,
  acceptCommand: z.optional(
    noted(z.string(), {
      description: 'The command that accepts the artifacts; printed if they differ from the committed ones.',
    }),
  ),
  ...conflictOptions,
};

const jsonFile = { 'x-completion-type': 'file', 'x-completion-glob': '*.json', hidden: true } as const;

/** The options of a schema project. */
export const schemaOptions = {
  source: noted(filled(), {
    description: 'The ApiSchema file, relative to the workspace; filled in by the plugin.',
    'x-priority': 'internal',
    ...jsonFile,
  }),
  output: z.optional(
    noted(filled(), {
      description:
        'The file to write, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>/schema.normalized.json.',
      'x-priority': 'internal',
      ...jsonFile,
    }),
  ),
  ...conflictOptions,
};

export type MappingSetOptions = OptionsOf<typeof mappingSetOptions>;
export type DatabaseTaskOptions = OptionsOf<typeof databaseOptions>;
export type GoldenOptions = OptionsOf<typeof goldenOptions>;
export type SchemaTaskOptions = OptionsOf<typeof schemaOptions>;
