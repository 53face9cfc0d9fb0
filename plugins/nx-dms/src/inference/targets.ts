import { artifactNames, artifactsOf, dialects, type SqlDialect, type Step } from '@dms/pipeline';

/** The targets of the plugin: the steps of the pipeline, and the comparison with committed artifacts. */
export type TargetName = Step | 'check-golden';

/** One row of the table of design 10 §6.1: what a target needs, reads and writes. */
export interface TargetDefinition {
  readonly description: string;
  /** With `^` the targets of the schema projects that a mapping set depends on. */
  readonly dependsOn: readonly (TargetName | `^${TargetName}`)[];
  /** The members of `dms.json` that the target reads; nothing for a schema project, which has no such file. */
  readonly members: MemberSelection | undefined;
  /** Patterns of the files that it reads of the targets in `dependsOn`. */
  readonly reads: readonly string[];
  readonly writes: (chosen: readonly SqlDialect[]) => readonly string[];
}

export type MemberSelection = { readonly fields: readonly string[] } | { readonly excludeFields: readonly string[] };

const anyDialect = `{${dialects.join(',')}}`;

/** A pattern for the outputs with one file per dialect. The name is put together here, as a type admits real dialects only. */
function ofEachDialect(nameOf: (dialect: SqlDialect) => string): string {
  return `**/${nameOf('pgsql').replace('pgsql', anyDialect)}`;
}

const effectiveSchema = `**/${artifactNames.effectiveSchemaManifest}`;
const models = ofEachDialect(artifactNames.model);
const inventories = ofEachDialect(artifactNames.inventory);

export const targetDefinitions: Readonly<Record<TargetName, TargetDefinition>> = {
  'normalize-schema': {
    description: 'Check the ApiSchema file and write the hashed part of it',
    dependsOn: [],
    members: undefined,
    reads: [],
    writes: (chosen) => artifactsOf('normalize-schema', chosen),
  },
  'derive-model': {
    description: 'Fingerprint the schemas and derive the relational model',
    dependsOn: ['^normalize-schema'],
    // All but what later steps read: this is the step that checks the names of the members.
    members: { excludeFields: ['inventory', 'plans', 'ddl', 'verify', 'databases', 'golden', '$comment', '$schema'] },
    reads: [`**/${artifactNames.normalizedSchema}`],
    writes: (chosen) => artifactsOf('derive-model', chosen),
  },
  'derive-inventory': {
    description: 'Derive indexes and triggers',
    dependsOn: ['derive-model'],
    members: { fields: ['dialects', 'inventory'] },
    reads: [models, effectiveSchema],
    writes: (chosen) => artifactsOf('derive-inventory', chosen),
  },
  'compile-plans': {
    description: 'Compile the plans that write and read documents',
    dependsOn: ['derive-model'],
    members: { fields: ['dialects', 'plans'] },
    reads: [models, effectiveSchema],
    writes: (chosen) => artifactsOf('compile-plans', chosen),
  },
  'emit-ddl': {
    description: 'Write the script that creates the database',
    dependsOn: ['derive-model', 'derive-inventory'],
    members: { fields: ['dialects', 'ddl'] },
    reads: [models, inventories, effectiveSchema],
    writes: (chosen) => artifactsOf('emit-ddl', chosen),
  },
  'check-golden': {
    description: 'Compare the artifacts with the committed ones',
    // Every target whose files are compared: Nx sees the outputs of these only.
    dependsOn: ['derive-model', 'derive-inventory', 'compile-plans', 'emit-ddl'],
    members: { fields: ['dialects', 'golden'] },
    reads: ['**/*.{json,sql}'],
    writes: () => [],
  },
};

/** The targets of a mapping set; `check-golden` only where there is something to compare with. */
export function mappingSetTargetNames(hasGolden: boolean): TargetName[] {
  const names: TargetName[] = ['derive-model', 'derive-inventory', 'compile-plans', 'emit-ddl'];
  return hasGolden ? [...names, 'check-golden'] : names;
}

/** Members of `dms.json` that no target reads yet. Until one does, `derive-model` checks their form, although it hashes neither. */
const unreadMembers = ['verify', 'databases'];

/** Whether it is for `target` to report a mistake in a member of `dms.json`: it reads that member, so it ran. */
export function checksMember(target: TargetName, member: string): boolean {
  const { members } = targetDefinitions[target];
  if (members === undefined) return false;
  if ('fields' in members) return members.fields.includes(member);
  return !members.excludeFields.includes(member) || unreadMembers.includes(member);
}
