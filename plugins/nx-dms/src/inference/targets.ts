import {
  dialects,
  emitSteps,
  type MappingSetMember,
  readsOf,
  type SqlDialect,
  type StepName,
  stepNames,
  writtenBy,
} from '@dms/pipeline';

/** The targets of the plugin: the steps of the pipeline, what works on databases, and the comparison with committed artifacts. */
export type TargetName = StepName | 'provision-db' | 'check-db' | 'upgrade-db' | 'status-db' | 'check-golden';

export const targetGroups = ['Schema', 'Model', 'Database', 'Comparison'] as const;

export type TargetGroup = (typeof targetGroups)[number];

/** A member of `dms.json` that names a folder of artifacts; it adds targets that read this folder. */
export type FolderMember = 'golden' | 'baseline' | 'upgradeFrom';

export const folderMembers: readonly FolderMember[] = ['golden', 'baseline', 'upgradeFrom'];

/** What a target of Nx needs to know that is not in the table of steps. */
interface TargetFacts {
  readonly description: string;
  /** Where Nx Console shows it. */
  readonly group: TargetGroup;
  /** The members of `dms.json` that the target reads; nothing for a schema project, which has no such file. */
  readonly members: readonly MappingSetMember[] | 'all-that-no-other-reads' | undefined;
  /** It is there only where `dms.json` names this folder, and all files of the folder are inputs. */
  readonly folder?: FolderMember;
  /** It only does more where `dms.json` names the folder. */
  readonly isThereWithoutFolder?: true;
  /** It works on the databases of `dms.json`: its result is kept only when none of them is a server. */
  readonly usesDatabases?: true;
  /** It works on an embedded database, so that the engine is an input. */
  readonly usesEngine?: true;
  /** What it does is done outside of the workspace, so it is done each time. */
  readonly isNeverCached?: true;
  /** It is there once more for each database of a fleet. */
  readonly fleet?: FleetTarget;
}

/** The target that runs another one for each database of a fleet. */
interface FleetTarget {
  readonly name: `${string}-fleet`;
  readonly description: string;
  /** How the description of the target of a database begins. */
  readonly ofDatabase: string;
}

/** One row of the table of design 10 §6.1: what a target needs, reads and writes. */
export interface TargetDefinition extends Omit<TargetFacts, 'members'> {
  readonly members: MemberSelection | undefined;
  /** With `^` the targets of the schema projects that a mapping set depends on. */
  readonly dependsOn: readonly (TargetName | `^${TargetName}`)[];
  /** Patterns of the files that it reads of the targets in `dependsOn`. */
  readonly reads: readonly string[];
  /** Names of files; `<d>` stands for the dialects of a run. */
  readonly writes: readonly string[];
}

export type MemberSelection = { readonly fields: readonly string[] } | { readonly excludeFields: readonly string[] };

/**
 * The targets, in the order in which they are shown. A step needs nothing but its row here: what it depends on, reads and writes
 * is what the pipeline says (`step-table.ts`).
 */
const targetFacts: Readonly<Record<TargetName, TargetFacts>> = {
  'normalize-schema': {
    description: 'Check the ApiSchema file and write the hashed part of it',
    group: 'Schema',
    members: undefined,
  },
  'derive-model': {
    description: 'Fingerprint the schemas and derive the relational model',
    group: 'Model',
    // this is the step that checks the names of the members
    members: 'all-that-no-other-reads',
  },
  'derive-inventory': {
    description: 'Derive indexes and triggers',
    group: 'Model',
    members: ['dialects', 'inventory'],
  },
  'compile-plans': {
    description: 'Compile the plans that write and read documents',
    group: 'Model',
    members: ['dialects', 'plans'],
  },
  'build-pack': {
    description: 'Pack the plans into one file for a server',
    group: 'Model',
    members: ['dialects', 'plans'],
  },
  'emit-ddl': {
    description: 'Write the script that creates the database',
    group: 'Database',
    members: ['dialects', 'ddl'],
  },
  'verify-db': {
    description: 'Prove the scripts on databases of their own, or as far as their text shows',
    group: 'Database',
    members: ['dialects', 'verify', 'databases'],
    usesDatabases: true,
    usesEngine: true,
  },
  'explore-model': {
    description: 'Write a page that shows the model',
    group: 'Model',
    members: ['dialects', 'baseline'],
    folder: 'baseline',
    isThereWithoutFolder: true,
  },
  'provision-db': {
    description: 'Create everything in the database that dms.json or an option names',
    group: 'Database',
    members: ['dialects', 'databases'],
    isNeverCached: true,
    fleet: {
      name: 'provision-fleet',
      description: 'Create everything in each database of the fleet',
      ofDatabase: 'Create everything in the database',
    },
  },
  'check-db': {
    description: 'Compare the database that dms.json or an option names with the schemas',
    group: 'Database',
    members: ['dialects', 'databases'],
    isNeverCached: true,
    fleet: {
      name: 'check-fleet',
      description: 'Compare each database of the fleet with the schemas',
      ofDatabase: 'Compare with the schemas the database',
    },
  },
  'upgrade-db': {
    description: 'Upgrade the database that dms.json or an option names from the last release',
    group: 'Database',
    members: ['dialects', 'databases', 'upgradeFrom', 'renames'],
    folder: 'upgradeFrom',
    isNeverCached: true,
    fleet: {
      name: 'upgrade-fleet',
      description: 'Upgrade each database of the fleet from the last release',
      ofDatabase: 'Upgrade from the last release the database',
    },
  },
  'status-db': {
    description: 'Say of which schemas the database that dms.json or an option names is, and since when',
    group: 'Database',
    members: ['dialects', 'databases'],
    isNeverCached: true,
  },
  'check-golden': {
    description: 'Compare the artifacts with the committed ones',
    group: 'Comparison',
    members: ['dialects', 'golden'],
    folder: 'golden',
  },
  'report-impact': {
    description: 'Say what the schemas do to a database of the baseline',
    group: 'Comparison',
    members: ['dialects', 'baseline'],
    folder: 'baseline',
  },
  'plan-upgrade': {
    description: 'Write the script that upgrades a database of the last release',
    group: 'Database',
    members: ['dialects', 'upgradeFrom', 'renames'],
    folder: 'upgradeFrom',
  },
  'verify-upgrade': {
    description: 'Prove on an embedded database of documents that the upgrade keeps them',
    group: 'Database',
    members: ['dialects', 'upgradeFrom', 'renames'],
    folder: 'upgradeFrom',
    usesEngine: true,
  },
};

/** What the targets that are not steps of the pipeline depend on, read and write. */
const otherTargets: Readonly<Record<Exclude<TargetName, StepName>, Pick<TargetDefinition, 'dependsOn' | 'reads' | 'writes'>>> =
  {
    'provision-db': { dependsOn: ['derive-model', 'emit-ddl'], reads: [], writes: [] },
    'check-db': { dependsOn: ['derive-model', 'emit-ddl'], reads: [], writes: [] },
    'upgrade-db': { dependsOn: ['derive-model', 'derive-inventory', 'emit-ddl'], reads: [], writes: [] },
    // it asks the database alone
    'status-db': { dependsOn: [], reads: [], writes: [] },
    // every target whose files are compared: Nx sees the outputs of these only
    'check-golden': { dependsOn: emitSteps, reads: ['**/*.{json,sql}'], writes: [] },
  };

export const targetNames = Object.keys(targetFacts) as readonly TargetName[];

/**
 * The dialects of a run as a part of file names, in a pattern: the value of the option `dialect`, so that the outputs of a run for
 * one dialect are its own only (design 10 §6.3).
 */
export function dialectPattern(chosen: readonly SqlDialect[]): string {
  return chosen.length === 1 ? chosen.join() : `{${chosen.join(',')}}`;
}

const isStep = (target: TargetName): target is StepName => !Object.hasOwn(otherTargets, target);

/** What a step depends on, reads and writes, as the pipeline says. */
function ofStep(step: StepName): Pick<TargetDefinition, 'dependsOn' | 'reads' | 'writes'> {
  const reads = readsOf(step);
  const writers = stepNames.flatMap((writer) => {
    const read = reads.find((entry) => entry.writer === writer);
    return read ? [read.of === 'schema' ? (`^${writer}` as const) : writer] : [];
  });
  return {
    dependsOn: writers,
    reads: reads.map(({ file }) => `**/${file.replace('<d>', dialectPattern(dialects))}`),
    writes: writtenBy(step).map(({ file }) => file),
  };
}

/** Read by every target, and so checked by each. */
const sharedMembers: readonly MappingSetMember[] = ['dialects'];

function memberSelection(members: TargetFacts['members']): MemberSelection | undefined {
  if (members === undefined) return undefined;
  if (members !== 'all-that-no-other-reads') return { fields: members };
  const ofOthers = Object.values(targetFacts).flatMap((facts) => (Array.isArray(facts.members) ? facts.members : []));
  const excludeFields = [...new Set(ofOthers)].filter((member) => !sharedMembers.includes(member));
  return { excludeFields: [...excludeFields, '$comment', '$schema'] };
}

export const targetDefinitions = Object.fromEntries(
  targetNames.map((name) => [
    name,
    {
      ...targetFacts[name],
      members: memberSelection(targetFacts[name].members),
      ...(isStep(name) ? ofStep(name) : otherTargets[name as Exclude<TargetName, StepName>]),
    },
  ]),
) as unknown as Readonly<Record<TargetName, TargetDefinition>>;

/** The targets of a mapping set that names these folders. */
export function mappingSetTargetNames(named: readonly FolderMember[]): TargetName[] {
  return targetNames.filter((name) => {
    const { members, folder, isThereWithoutFolder } = targetDefinitions[name];
    return members !== undefined && (folder === undefined || isThereWithoutFolder === true || named.includes(folder));
  });
}

/** Whether it is for `target` to report a mistake in a member of `dms.json`: it reads that member, so it ran. */
export function checksMember(target: TargetName, member: string): boolean {
  const { members } = targetDefinitions[target];
  if (members === undefined) return false;
  if ('fields' in members) return members.fields.includes(member);
  return !members.excludeFields.includes(member);
}
