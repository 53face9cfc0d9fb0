import type { Operation, OperationGroup } from '../declaring/operation.ts';

/** The operations with a common first word. */
export interface Family {
  readonly group: OperationGroup;
  readonly summary: string;
  readonly description: string;
}

/** Operations that are loaded together, by their first word. */
interface OperationLoader {
  /** Only for a word with several operations. */
  readonly family?: Family;
  readonly load: () => Promise<readonly Operation[]>;
}

/** The current names of renamed operations. */
export const earlierNames: Readonly<Record<string, string>> = { 'convert-documents': 'translate' };

/** The current names of renamed options. */
export const earlierOptions: Readonly<Record<string, string>> = { '--renames': '--translation' };

/** All operations that a command runs, by the first word of their names. Each is loaded on demand. */
export const operations: Readonly<Record<string, OperationLoader>> = {
  emit: { load: async () => [(await import('./emit.ts')).emit] },
  init: { load: async () => [(await import('./init.ts')).init] },
  schemas: { load: async () => [(await import('./schemas.ts')).schemas] },
  hash: { load: async () => [(await import('./hash.ts')).hash] },
  convert: { load: async () => [(await import('./convert.ts')).convert] },
  verify: { load: async () => [(await import('./verify.ts')).verify] },
  provision: { load: async () => [(await import('./provision.ts')).provision] },
  check: { load: async () => [(await import('./check.ts')).check] },
  inspect: { load: async () => [(await import('./inspect.ts')).inspect] },
  impact: { load: async () => [(await import('./impact.ts')).impact] },
  upgrade: {
    family: {
      group: 'first',
      summary: 'move a database to other schemas, with its documents',
      description: 'Moves a provisioned database from one schema set to another, and keeps every document.',
    },
    load: async () => [
      (await import('./upgrade-plan.ts')).plan,
      (await import('./upgrade-prepare.ts')).prepare,
      (await import('./upgrade-apply.ts')).apply,
      (await import('./upgrade-status.ts')).status,
    ],
  },
  reporting: {
    family: {
      group: 'ods',
      summary: 'views of a database that are named and shaped like the tables of an ODS',
      description:
        'Gives analysts the tables that they know: a view for each table of an ODS, with the names and columns of the tables that the ' +
        'older Ed-Fi server has. SQL that reads an ODS runs on them unchanged.',
    },
    load: async () => {
      const { emitReporting } = await import('./reporting-emit.ts');
      const { applyReporting } = await import('./reporting-apply.ts');
      const { dropReporting } = await import('./reporting-drop.ts');
      return [emitReporting, applyReporting, dropReporting];
    },
  },
  adopt: { load: async () => [(await import('./adopt.ts')).adopt] },
  'seed-descriptors': { load: async () => [(await import('./seed-descriptors.ts')).seedDescriptors] },
  load: { load: async () => [(await import('./load.ts')).load] },
  translate: { load: async () => [(await import('./translate.ts')).translate] },
  dump: { load: async () => [(await import('./dump.ts')).dump] },
  'read-ods': { load: async () => [(await import('./read-ods.ts')).readOds] },
  changes: { load: async () => [(await import('./changes.ts')).changes] },
  get: { load: async () => [(await import('./get.ts')).get] },
  sample: { load: async () => [(await import('./sample.ts')).sample] },
  explore: { load: async () => [(await import('./explore.ts')).explore] },
  diagram: { load: async () => [(await import('./diagram.ts')).diagram] },
  doctor: { load: async () => [(await import('./doctor.ts')).doctor] },
  comments: {
    family: {
      group: 'databases',
      summary: 'the definitions of a schema set as comments in a database',
      description:
        'Gives the tables and columns of a database the definitions that the schemas have, so that psql, SSMS and other tools show what each ' +
        'one means. See also: dms-ddl dictionary, which lists the same for people without a database.',
    },
    load: async () => {
      const { applyComments, emitComments } = await import('./comments.ts');
      return [emitComments, applyComments];
    },
  },
  dictionary: { load: async () => [(await import('./dictionary.ts')).dictionary] },
  pack: {
    family: {
      group: 'compile',
      summary: 'mapping packs: the plans of a schema set as one file for a server',
      description:
        'A pack holds everything that a server needs to read and write the documents of a schema set in one database: tables, ' +
        'statements, parameters. Its format is published as mapping-pack.proto beside this program.',
    },
    load: async () => {
      const { buildPacks, packManifest, verifyPack } = await import('./pack.ts');
      return [buildPacks, packManifest, verifyPack];
    },
  },
};
