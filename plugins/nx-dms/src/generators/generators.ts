import {
  dialects,
  factsOf,
  generationPurposes,
  mappingVersions,
  newSetOptions,
  type OptionsOf,
  productNames,
} from '@dms/operations';
import * as z from 'zod/mini';
import { filled, type NxPresentation, noted, optionSchema, sentence } from '../option-schema.ts';

/** An option that most users never need. */
const internal = { 'x-priority': 'internal' } as const;
const important = { 'x-priority': 'important' } as const;
const withoutEffect = { hidden: true, ...internal } as const;
const folder = { 'x-completion-type': 'directory' } as const;
const firstArgument = { $default: { $source: 'argv', index: 0 } } as const;

type Notes = Readonly<Record<string, unknown>>;

const flag = (isOn: boolean, description: string, notes: Notes = internal) =>
  z.optional(noted(z.boolean(), { default: isOn, description, ...notes }));
const text = (description: string, notes: Notes = {}) => z.optional(noted(filled(), { description, ...notes }));
const named = (pattern: RegExp, description: string, notes: Notes = {}) =>
  noted(z.string().check(z.regex(pattern)), { description, ...notes });

const skipPackageJson = flag(false, 'Leave package.json as it is.');
const skipFormat = flag(false, 'Leave the changed files as they are.');

const initOptions = {
  outputDirectory: text(
    'The artifacts of a project in <root> are written to <outputDirectory>/<root>; dist by default.',
    folder,
  ),
  skipPackageJson,
  keepExistingVersions: flag(true, 'Keep the version of nx-dms that package.json names.'),
  updatePackageScripts: flag(false, 'Without effect: there are no scripts that the targets replace.', withoutEffect),
  skipFormat,
};

const schemaOptions = {
  from: noted(filled(), {
    description:
      'An ApiSchema file, a folder with one, an npm tarball (.tgz) or a NuGet package (.nupkg); relative to the workspace.',
    ...firstArgument,
    'x-prompt': 'Which ApiSchema file, folder or package (.tgz, .nupkg)?',
    ...important,
    'x-completion-type': 'file',
  }),
  directory: text('The folder of the project; schemas/<endpoint name> by default.', { ...important, ...folder }),
  project: text('The endpoint name or project name of the schema to add, if there are several.'),
  name: z.optional(
    named(
      /^[@A-Za-z0-9][A-Za-z0-9_./-]*$/,
      'The name of the project in the workspace; by default the name of its folder.',
    ),
  ),
  skipFormat: flag(false, 'Without effect: a copy stays as it is.', withoutEffect),
};

/**
 * An option of the command `init` as an option of the generator, with the facts that only Nx shows. Its earlier names
 * still work.
 */
const shared = <Schema extends z.ZodMiniType>(
  option: z.ZodMiniOptional<Schema>,
  notes: Notes,
): z.ZodMiniOptional<Schema> => {
  noted(option._zod.def.innerType, { description: sentence(factsOf(option).description), ...notes });
  return option;
};

const mappingSetOptions = {
  ...newSetOptions,
  // Nx derives the folder from it
  name: shared(newSetOptions.name, {
    description: 'The name of the mapping set, in lower case letters, digits and hyphens.',
    ...firstArgument,
    'x-prompt': 'What is the name of the mapping set?',
    ...important,
  })._zod.def.innerType,
  schema: shared(newSetOptions.schema, {
    description:
      'ApiSchema files, core and extensions, or folders with them, as paths or patterns (*, **), or names of schema projects; by default all schema projects below the current folder.',
    aliases: ['schemas'],
    ...important,
  }),
  dialect: shared(newSetOptions.dialect, {
    description: 'The databases to compile for.',
    aliases: ['dialects'],
    default: dialects,
    'x-prompt': {
      message: 'Which databases?',
      type: 'list',
      multiselect: true,
      items: dialects.map((value) => ({ value, label: productNames[value] })),
    },
    ...important,
  }),
  mappingVersion: shared(newSetOptions.mappingVersion, {
    'x-prompt': {
      message: 'Which generation of the mapping?',
      type: 'list',
      items: mappingVersions.map((value) => {
        return { value, label: `${value}: ${generationPurposes[value].replace(/^for /, '')}` };
      }),
    },
    ...important,
  }),
  output: shared(newSetOptions.output, {
    description: 'The folder of the mapping set, or its dms.json; mapping-sets/<name> by default.',
    aliases: ['directory'],
    ...folder,
  }),
  skipFormat: shared(newSetOptions.skipFormat, { default: false, ...internal }),
};

const removeOptions = { skipPackageJson, skipFormat };

export type InitOptions = OptionsOf<typeof initOptions>;
export type SchemaGeneratorOptions = OptionsOf<typeof schemaOptions>;
export type NewMappingSetOptions = OptionsOf<typeof mappingSetOptions>;
export type RemoveOptions = OptionsOf<typeof removeOptions>;

interface GeneratorFacts extends NxPresentation {
  readonly id: string;
  /** Whether lists of generators omit it. */
  readonly isHidden?: boolean;
}

/** All generators, in the order in which Nx lists them. */
export const generators: Readonly<Record<string, GeneratorFacts>> = {
  init: {
    id: 'NxDmsInit',
    title: 'Set up nx-dms',
    description: 'Registers nx-dms in nx.json and adds it to the devDependencies.',
    isHidden: true,
    options: initOptions,
    examples: {
      'npx nx add nx-dms': 'Install the plugin and register it',
      'npx nx g nx-dms:init --outputDirectory=build': 'Register it with another folder for artifacts',
    },
  },
  schema: {
    id: 'NxDmsSchema',
    title: 'Add schema projects',
    description: 'Adds an Ed-Fi ApiSchema project, or all those of a package.',
    options: schemaOptions,
    examples: {
      'npx nx g nx-dms:schema ../ApiSchema.json': 'Copy one file to schemas/<endpoint name>',
      'npx nx g nx-dms:schema EdFi.ApiSchema.5.2.0.nupkg --dry-run':
        'Show what a package would add, core and extensions',
      'npx nx g nx-dms:schema standard.tgz --project=tpdm --directory=schemas/tpdm': 'Copy one schema of a package',
    },
  },
  'mapping-set': {
    id: 'NxDmsMappingSet',
    title: 'Add a mapping set',
    description: 'Adds a mapping set: schemas that are compiled together into a relational backend.',
    options: mappingSetOptions,
    examples: {
      'npx nx g nx-dms:mapping-set schools --schema=ed-fi,tpdm --dialect=pgsql': 'Compile two schemas for PostgreSQL',
      'npx nx g nx-dms:mapping-set schools --dry-run': 'Show what would be written',
    },
  },
  remove: {
    id: 'NxDmsRemove',
    title: 'Remove nx-dms',
    description: 'Removes nx-dms from nx.json and from the dependencies; schemas, dms.json files and artifacts stay.',
    options: removeOptions,
    examples: { 'npx nx g nx-dms:remove': 'Remove the plugin and uninstall it' },
  },
};

/** The `schema.json` of a generator. */
export const generatorSchema = ({ id, ...facts }: GeneratorFacts) => optionSchema({ $id: id }, facts);
