import { defaultMappingVersion, mappingVersions } from '@dms/api-schema';
import { listWith } from '@dms/diagnostics';
import { collationNames, dialects } from '@dms/sql';
import * as z from 'zod/mini';
import { fleetMember } from '../../fleet/fleet-format.ts';
import { emittedArtifactNames } from '../../incremental-build/step-table.ts';
import { $schema, commented, databaseEntry, databaseMembers, described, filled } from '../config-file.ts';

/** The format of a member of `dms.json` with options. */
const options = <const Members extends z.core.$ZodLooseShape>(members: Members, of: string) =>
  z.optional(described(commented(members, 'an object'), `Options of ${of}.`));

const place = (kind: string, description: string) =>
  z.optional(described(z.nullable(filled(`${kind}, or null`)), description, { default: null }));

const folder = 'a folder relative to dms.json';
const file = 'a file relative to dms.json';
const translations = 'a file relative to dms.json, the name of a translation, or a list of these';

const database = z.optional(databaseEntry('Where the connection text is: one of env, file and target.'));

const flag = (description: string) =>
  z.optional(described(z.boolean({ error: 'true or false' }), description, { default: false }));

const verifyMembers = {
  reference: flag('Also compare the database with the result of the script on another engine.'),
  strict: flag('Let warnings of the comparison fail the run.'),
  everyShape: flag(
    'Try triggers, columns and keys on every table, not only on some of those whose bodies are one text with other names.',
  ),
};

const roles = 'a list of names of roles';

const reportingMembers = {
  schemaSuffix: z.optional(
    described(
      z.string({ error: 'a text' }),
      'What follows the names of schemas in those of the views; without it, views are in the schemas of the tables.',
      { default: '' },
    ),
  ),
  changeColumns: flag('Also give views the columns AggregateId, AggregateData and ChangeVersion.'),
  exactTypes: flag('Cast values to the types of an ODS, at the cost of indexes.'),
  descriptorTable: flag('Make Descriptor a table that foreign keys can refer to.'),
  grants: z.optional(
    described(z.array(filled(roles), { error: roles }), 'Roles that may read the views.', { default: [] }),
  ),
};

const emitMembers = {
  only: z.optional(
    described(
      z
        .array(z.enum(emittedArtifactNames, { error: `one of ${emittedArtifactNames.join(', ')}` }), {
          error: 'a list of artifacts',
        })
        .check(z.minLength(1, { error: 'a list of artifacts' })),
      'The artifacts that dms-ddl emit writes, with their manifests; all of them by default. The targets of Nx write everything.',
      { uniqueItems: true },
    ),
  ),
};

const folderOfDocuments = 'a folder of documents, relative to dms.json';
const translationEntry = 'the name of a translation of the product, or a .json file relative to dms.json';
const translationList = 'a list of names of translations and of files';

const translateMembers = {
  documents: described(
    filled(folderOfDocuments),
    'A folder with documents that load reads, relative to this file: JSON lines, JSON, or interchange XML.',
  ),
  before: place(
    folder,
    'A folder with the artifacts of the schemas that the documents have, relative to this file; null: those of this set.',
  ),
  translation: z.optional(
    described(
      z.array(filled(translationEntry), { error: translationList }),
      'The translation: names of translations that come with the product, and files (.json) relative to this file; several are one.',
      { default: [] },
    ),
  ),
  continue: flag('Write the other documents if some are rejected.'),
  keepIds: flag('Write records with the uuids of the documents.'),
  ignoreUnknown: flag('Leave out members that the earlier schemas do not have.'),
  allowEmpty: flag('Succeed if the folder holds no document.'),
};

const earlierMembers = {
  artifacts: described(filled(folder), 'A folder with the artifacts of the earlier version, relative to this file.'),
  translation: z.optional(
    described(
      z.array(filled(translationEntry), { error: translationList }),
      'The translation from the earlier version to this set: names of translations that come with the product, and files (.json) relative to this file; several are one.',
      { default: [] },
    ),
  ),
  schemaSuffix: z.optional(
    described(
      z.nullable(z.string({ error: 'a text, or null' })),
      'What follows the names of schemas in those of the views of the earlier version; null: _ and the version of the project, as in edfi_52.',
      { default: null },
    ),
  ),
};

const collationName = 'the name of a collation, or null';

const projectName = 'a name of letters, digits, "-", "_", "." and "/", that begins with a letter, a digit or "@"';

const schemaEntry = 'the name or the folder of a schema project';
const schemaList = 'a list with the name or the folder of at least one schema project';
const dialectEntry = dialects.map((dialect) => JSON.stringify(dialect)).join(' or ');
const versionEntry = listWith(
  'or',
  mappingVersions.map((version) => JSON.stringify(version)),
);
const dialectList = `a list with ${dialectEntry} or both, each once`;

/**
 * The members of `dms.json` (design 10 §5), each with its own format, so that a mistake in one does not hide the
 * others. The `error` of a format is the expected form in messages.
 */
export const mappingSetMembers = {
  $schema,
  $comment: z.optional(z.unknown()),
  name: z.optional(
    described(
      z.string({ error: projectName }).check(z.regex(/^[@a-z0-9][\w./-]*$/i, { error: projectName })),
      'The name of the project; by default the name of the folder. A given name cannot clash with other folders.',
    ),
  ),
  schemas: described(
    z.array(filled(schemaEntry), { error: schemaList }).check(z.minLength(1, { error: schemaList })),
    'The schema projects that are compiled together: folders relative to this file, or names of projects. Exactly one of them is a core.',
    { uniqueItems: true },
  ),
  dialects: z.optional(
    described(
      z.array(z.enum(dialects, { error: dialectEntry }), { error: dialectList }).check(
        z.minLength(1, { error: dialectList }),
        z.refine((listed) => new Set(listed).size === listed.length, { error: dialectList }),
      ),
      'The databases to compile for.',
      { uniqueItems: true, default: [...dialects] },
    ),
  ),
  mappingVersion: z.optional(
    described(
      z.enum(mappingVersions, { error: versionEntry }),
      'The generation of the mapping that turns the schemas into a database.',
      { default: defaultMappingVersion },
    ),
  ),
  outputDirectory: place(
    'a folder relative to the workspace',
    'The folder of the artifacts, relative to the workspace and inside it.',
  ),
  golden: place(
    folder,
    'A folder of committed artifacts, relative to this file; adds the target check-golden, which compares them with those built.',
  ),
  baseline: place(
    folder,
    'A folder with the artifacts of an earlier release, relative to this file; adds the target report-impact, which says how the changes since then affect a database.',
  ),
  upgradeFrom: place(
    folder,
    'A folder with the committed artifacts of the last release, relative to this file; adds the targets plan-upgrade and verify-upgrade, which write and prove the script that upgrades its databases.',
  ),
  translation: z.optional(
    described(
      z.nullable(z.union([filled(translations), z.array(filled(translations))], { error: `${translations}, or null` })),
      'The translation from the release of upgradeFrom: a file that ends in .json, relative to this file, or the name of a translation that comes with the product; if there are several, later ones take precedence. plan-upgrade, verify-upgrade and upgrade-db read it, and report-impact and explore-model if baseline is the same folder.',
      { default: null },
    ),
  ),
  collation: z.optional(
    described(
      z.nullable(z.string({ error: collationName }).check(z.regex(collationNames, { error: collationName }))),
      'The collation of the SQL Server databases of the last release, if it is not SQL_Latin1_General_CP1_CI_AS and the upgrade changes collations of columns; plan-upgrade, verify-upgrade and upgrade-db read it, only for SQL Server.',
      { default: null },
    ),
  ),
  odsOverrides: place(
    file,
    'A file with facts about properties that an ODS needs and ApiSchema lacks, relative to this file; derive-ods-mapping reads it.',
  ),
  reporting: options(reportingMembers, 'emit-reporting'),
  translate: z.optional(
    described(
      commented(translateMembers, 'an object with "documents"'),
      'Documents of an earlier version of the standard; adds the target translate-documents, which turns them into documents of this set.',
    ),
  ),
  earlier: z.optional(
    described(
      commented(earlierMembers, 'an object with "artifacts"'),
      'An earlier version of the standard whose reports go on; adds the targets derive-earlier-mapping and emit-earlier-reporting, for views that are named and shaped like its ODS tables, and explore-model finds these.',
    ),
  ),
  emit: options(emitMembers, 'dms-ddl emit'),
  inventory: options({}, 'derive-inventory'),
  plans: options({}, 'compile-plans'),
  ddl: options({}, 'emit-ddl'),
  verify: options(verifyMembers, 'verify-db'),
  databases: z.optional(
    described(
      commented({ pgsql: database, mssql: database, fleet: z.optional(fleetMember) }, 'an object'),
      'The database of each dialect, and a fleet of many databases. Never write a password here.',
    ),
  ),
} as const;

/** The members of objects inside `dms.json`, by place; every other object may only have `$comment`. */
export const innerMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ['/emit', [...Object.keys(emitMembers), '$comment']],
  ['/verify', [...Object.keys(verifyMembers), '$comment']],
  ['/reporting', [...Object.keys(reportingMembers), '$comment']],
  ['/earlier', [...Object.keys(earlierMembers), '$comment']],
  ['/translate', [...Object.keys(translateMembers), '$comment']],
  ['/databases', [...dialects, 'fleet', '$comment']],
  ...dialects.map((dialect) => [`/databases/${dialect}`, [...Object.keys(databaseMembers), '$comment']] as const),
]);

export type MappingSetMember = keyof typeof mappingSetMembers;

/** The published JSON schema of `dms.json`, for editors; it is draft 7, which they support best. */
export function mappingSetJsonSchema(): unknown {
  const title = 'A mapping set of nx-dms';
  return { ...z.toJSONSchema(z.strictObject(mappingSetMembers), { target: 'draft-7', io: 'input' }), title };
}
