import { artifactsOf, dialects, emitSteps, readsOf, type SqlDialect, type StepName, stepNames } from '@dms/pipeline';

/** The targets of the plugin: the steps of the pipeline, provisioning, and the comparison with committed artifacts. */
export type TargetName = StepName | 'provision-db' | 'check-golden';

export type TargetGroup = 'Schema' | 'Model' | 'Database';

/** What a target of Nx needs to know that is not in the table of steps. */
interface TargetFacts {
  readonly description: string;
  /** Where Nx Console shows it. */
  readonly group?: TargetGroup;
  /** The members of `dms.json` that the target reads; nothing for a schema project, which has no such file. */
  readonly members: MemberSelection | undefined;
}

/** One row of the table of design 10 §6.1: what a target needs, reads and writes. */
export interface TargetDefinition extends TargetFacts {
  /** With `^` the targets of the schema projects that a mapping set depends on. */
  readonly dependsOn: readonly (TargetName | `^${TargetName}`)[];
  /** Patterns of the files that it reads of the targets in `dependsOn`. */
  readonly reads: readonly string[];
  readonly writes: (chosen: readonly SqlDialect[]) => readonly string[];
  /** What it does is done outside of the workspace, so it is done each time. */
  readonly isNeverCached?: true;
}

export type MemberSelection = { readonly fields: readonly string[] } | { readonly excludeFields: readonly string[] };

const stepFacts: Readonly<Record<StepName, TargetFacts>> = {
  'normalize-schema': {
    description: 'Check the ApiSchema file and write the hashed part of it',
    group: 'Schema',
    members: undefined,
  },
  'derive-model': {
    description: 'Fingerprint the schemas and derive the relational model',
    group: 'Model',
    // All but what later steps read: this is the step that checks the names of the members.
    members: {
      excludeFields: [
        'inventory',
        'plans',
        'ddl',
        'verify',
        'databases',
        'golden',
        'baseline',
        'upgradeFrom',
        '$comment',
        '$schema',
      ],
    },
  },
  'derive-inventory': {
    description: 'Derive indexes and triggers',
    group: 'Model',
    members: { fields: ['dialects', 'inventory'] },
  },
  'compile-plans': {
    description: 'Compile the plans that write and read documents',
    group: 'Model',
    members: { fields: ['dialects', 'plans'] },
  },
  'emit-ddl': {
    description: 'Write the script that creates the database',
    group: 'Database',
    members: { fields: ['dialects', 'ddl'] },
  },
  'verify-db': {
    description: 'Prove the scripts on databases of their own, or as far as their text shows',
    group: 'Database',
    members: { fields: ['dialects', 'verify', 'databases'] },
  },
  'report-impact': {
    description: 'Say what the schemas do to a database of the baseline',
    members: { fields: ['dialects', 'baseline'] },
  },
  'plan-upgrade': {
    description: 'Write the script that upgrades a database of the last release',
    members: { fields: ['dialects', 'upgradeFrom'] },
  },
  'verify-upgrade': {
    description: 'Prove on an embedded database of documents that the upgrade keeps them',
    members: { fields: ['dialects', 'upgradeFrom'] },
  },
};

/** The definition of a step: what it depends on, reads and writes is what the pipeline says. */
function ofStep(step: StepName): TargetDefinition {
  const reads = readsOf(step);
  const writers = stepNames.flatMap((writer) => {
    const read = reads.find((entry) => entry.writer === writer);
    return read ? [read.of === 'schema' ? (`^${writer}` as const) : writer] : [];
  });
  return {
    ...stepFacts[step],
    dependsOn: writers,
    reads: reads.map(({ file }) => `**/${file.replace('<d>', `{${dialects.join(',')}}`)}`),
    writes: (chosen) => artifactsOf(step, chosen),
  };
}

const stepDefinitions = Object.fromEntries(stepNames.map((step) => [step, ofStep(step)])) as Record<StepName, TargetDefinition>;

export const targetDefinitions: Readonly<Record<TargetName, TargetDefinition>> = {
  ...stepDefinitions,
  'provision-db': {
    description: 'Create everything in the database that dms.json or an option names',
    group: 'Database',
    dependsOn: ['derive-model', 'emit-ddl'],
    members: { fields: ['dialects', 'databases'] },
    reads: [],
    writes: () => [],
    isNeverCached: true,
  },
  'check-golden': {
    description: 'Compare the artifacts with the committed ones',
    // Every target whose files are compared: Nx sees the outputs of these only.
    dependsOn: emitSteps,
    members: { fields: ['dialects', 'golden'] },
    reads: ['**/*.{json,sql}'],
    writes: () => [],
  },
};

/** Targets that compare the artifacts with a folder, by the member of `dms.json` that names it: there only where it does. */
export const comparingTargets = {
  golden: ['check-golden'],
  baseline: ['report-impact'],
  upgradeFrom: ['plan-upgrade', 'verify-upgrade'],
} as const satisfies Readonly<Record<string, readonly TargetName[]>>;

/** A member of `dms.json` that names a folder to compare with. */
export type ComparedFolder = keyof typeof comparingTargets;

export const comparedFolders = Object.keys(comparingTargets) as readonly ComparedFolder[];

/** The targets of a mapping set that names these folders. */
export function mappingSetTargetNames(named: readonly ComparedFolder[]): TargetName[] {
  return [...emitSteps, 'verify-db', 'provision-db', ...named.flatMap((folder) => comparingTargets[folder])];
}

/** The targets that Nx Console shows together. */
export function targetsInGroup(group: TargetGroup): TargetName[] {
  const names = Object.keys(targetDefinitions) as TargetName[];
  return names.filter((name) => targetDefinitions[name].group === group);
}

/** Whether it is for `target` to report a mistake in a member of `dms.json`: it reads that member, so it ran. */
export function checksMember(target: TargetName, member: string): boolean {
  const { members } = targetDefinitions[target];
  if (members === undefined) return false;
  if ('fields' in members) return members.fields.includes(member);
  return !members.excludeFields.includes(member);
}
