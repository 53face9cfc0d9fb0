import { defaultMappingVersion, mappingVersions } from '@dms/api-schema';
import { dialects } from '@dms/sql';
import * as z from 'zod/mini';
import { emittedArtifactNames } from '../../engine/step-table.ts';
import { fleetMember } from '../../fleet/fleet-format.ts';
import { databaseEntry, databaseMembers } from '../config-file.ts';

/** A member of `dms.json` with the options of a step; so far it may only contain a comment. */
const stepOptions = (step: string) =>
  z
    .strictObject({ $comment: z.optional(z.unknown()) }, { error: 'an object' })
    .register(z.globalRegistry, { description: `Options of ${step}.` });

const path = (error: string, description: string) =>
  z
    .nullable(z.string({ error }).check(z.minLength(1, { error })))
    .register(z.globalRegistry, { description, default: null });

const database = databaseEntry('Where the connection text is: one of env, file and target.');

const flag = (description: string) =>
  z.optional(z.boolean({ error: 'true or false' }).register(z.globalRegistry, { description, default: false }));

const verifyMembers = {
  reference: flag('Also compare the database with the result of the script on another engine.'),
  strict: flag('Let warnings of the comparison fail the run.'),
};

const roles = 'a list of names of roles';

const reportingMembers = {
  schemaSuffix: z.optional(
    z.string({ error: 'a text' }).register(z.globalRegistry, {
      description:
        'What follows the names of schemas in those of the views; without it, views are in the schemas of the tables.',
      default: '',
    }),
  ),
  changeColumns: flag('Also give views the columns AggregateId, AggregateData and ChangeVersion.'),
  exactTypes: flag('Cast values to the types of an ODS, at the cost of indexes.'),
  descriptorTable: flag('Make Descriptor a table that foreign keys can refer to.'),
  grants: z.optional(
    z
      .array(z.string({ error: roles }).check(z.minLength(1, { error: roles })), { error: roles })
      .register(z.globalRegistry, { description: 'Roles that may read the views.', default: [] }),
  ),
};

const artifactEntry = `one of ${emittedArtifactNames.join(', ')}`;

const emitMembers = {
  only: z.optional(
    z
      .array(z.enum(emittedArtifactNames, { error: artifactEntry }), { error: 'a list of artifacts' })
      .check(z.minLength(1, { error: 'a list of artifacts' }))
      .register(z.globalRegistry, {
        description:
          'The artifacts that dms-ddl emit writes, with their manifests; all of them by default. The targets of Nx write everything.',
        uniqueItems: true,
      }),
  ),
};

const projectName = 'a name of letters, digits, "-", "_", "." and "/", that begins with a letter, a digit or "@"';

const schemaEntry = 'the name or the folder of a schema project';
const schemaList = 'a list with the name or the folder of at least one schema project';
const dialectEntry = dialects.map((dialect) => JSON.stringify(dialect)).join(' or ');
const versionEntry = mappingVersions.map((version) => JSON.stringify(version)).join(' or ');
const dialectList = `a list with ${dialectEntry} or both, each once`;

/**
 * The members of `dms.json` (design 10 §5), each with its own format, so that a mistake in one does not hide the
 * others. The `error` of a format says in a message what was expected.
 */
export const mappingSetMembers = {
  $schema: z.optional(
    z
      .string({ error: 'a text' })
      .register(z.globalRegistry, { description: 'The JSON schema with which an editor checks this file.' }),
  ),
  $comment: z.optional(z.unknown()),
  name: z.optional(
    z
      .string({ error: projectName })
      .check(z.regex(/^[@a-z0-9][\w./-]*$/i, { error: projectName }))
      .register(z.globalRegistry, {
        description:
          'The name of the project; by default the name of the folder. A given name cannot clash with other folders.',
      }),
  ),
  schemas: z
    .array(z.string({ error: schemaEntry }).check(z.minLength(1, { error: schemaEntry })), { error: schemaList })
    .check(z.minLength(1, { error: schemaList }))
    .register(z.globalRegistry, {
      description:
        'The schema projects that are compiled together: folders relative to this file, or names of projects. Exactly one of them is a core.',
      uniqueItems: true,
    }),
  dialects: z.optional(
    z
      .array(z.enum(dialects, { error: dialectEntry }), { error: dialectList })
      .check(
        z.minLength(1, { error: dialectList }),
        z.refine((listed) => new Set(listed).size === listed.length, { error: dialectList }),
      )
      .register(z.globalRegistry, {
        description: 'The databases to compile for.',
        uniqueItems: true,
        default: [...dialects],
      }),
  ),
  mappingVersion: z.optional(
    z.enum(mappingVersions, { error: versionEntry }).register(z.globalRegistry, {
      description: 'The generation of the mapping that turns the schemas into a database.',
      default: defaultMappingVersion,
    }),
  ),
  outputDirectory: z.optional(
    path(
      'a folder relative to the workspace, or null',
      'The folder of the artifacts, relative to the workspace and inside it.',
    ),
  ),
  golden: z.optional(
    path(
      'a folder relative to dms.json, or null',
      'A folder of committed artifacts, relative to this file; adds the target check-golden, which compares them with those built.',
    ),
  ),
  baseline: z.optional(
    path(
      'a folder relative to dms.json, or null',
      'A folder with the artifacts of an earlier release, relative to this file; adds the target report-impact, which says how the changes since then affect a database.',
    ),
  ),
  upgradeFrom: z.optional(
    path(
      'a folder relative to dms.json, or null',
      'A folder with the committed artifacts of the last release, relative to this file; adds the targets plan-upgrade and verify-upgrade, which write and prove the script that upgrades its databases.',
    ),
  ),
  renames: z.optional(
    path(
      'a file relative to dms.json, or null',
      'A file with the renames since the release of upgradeFrom, relative to this file; plan-upgrade, verify-upgrade and upgrade-db read it, and report-impact and explore-model if baseline is the same folder.',
    ),
  ),
  odsOverrides: z.optional(
    path(
      'a file relative to dms.json, or null',
      'A file with facts about properties that an ODS needs and ApiSchema lacks, relative to this file; derive-ods-mapping reads it.',
    ),
  ),
  reporting: z.optional(
    z
      .strictObject({ $comment: z.optional(z.unknown()), ...reportingMembers }, { error: 'an object' })
      .register(z.globalRegistry, { description: 'Options of emit-reporting.' }),
  ),
  emit: z.optional(
    z
      .strictObject({ $comment: z.optional(z.unknown()), ...emitMembers }, { error: 'an object' })
      .register(z.globalRegistry, { description: 'Options of dms-ddl emit.' }),
  ),
  inventory: z.optional(stepOptions('derive-inventory')),
  plans: z.optional(stepOptions('compile-plans')),
  ddl: z.optional(stepOptions('emit-ddl')),
  verify: z.optional(
    z
      .strictObject({ $comment: z.optional(z.unknown()), ...verifyMembers }, { error: 'an object' })
      .register(z.globalRegistry, { description: 'Options of verify-db.' }),
  ),
  databases: z.optional(
    z
      .strictObject(
        {
          $comment: z.optional(z.unknown()),
          pgsql: z.optional(database),
          mssql: z.optional(database),
          fleet: z.optional(fleetMember),
        },
        {
          error: 'an object',
        },
      )
      .register(z.globalRegistry, {
        description: 'The database of each dialect, and a fleet of many databases. Never write a password here.',
      }),
  ),
} as const;

/** The members of objects inside `dms.json`, by their place; every other object may only have `$comment`. */
export const innerMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ['/emit', [...Object.keys(emitMembers), '$comment']],
  ['/verify', [...Object.keys(verifyMembers), '$comment']],
  ['/reporting', [...Object.keys(reportingMembers), '$comment']],
  ['/databases', [...dialects, 'fleet', '$comment']],
  ...dialects.map((dialect) => [`/databases/${dialect}`, [...Object.keys(databaseMembers), '$comment']] as const),
]);

export type MappingSetMember = keyof typeof mappingSetMembers;

/** The published JSON schema of `dms.json`, for editors, which support draft 7 best. */
export function mappingSetJsonSchema(): unknown {
  const title = 'A mapping set of nx-dms';
  return { ...z.toJSONSchema(z.strictObject(mappingSetMembers), { target: 'draft-7', io: 'input' }), title };
}
