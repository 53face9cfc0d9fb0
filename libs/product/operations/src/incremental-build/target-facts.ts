export const targetGroups = ['Schema', 'Model', 'Database', 'Comparison', 'Documents'] as const;

type TargetGroup = (typeof targetGroups)[number];

/** The members of `dms.json` that add targets. They name folders and files that these targets read. */
export const addingMembers = ['golden', 'baseline', 'upgradeFrom', 'translate', 'earlier'] as const;

export type AddingMember = (typeof addingMembers)[number];

/** The members that name only a folder of artifacts. */
export type FolderMember = Exclude<AddingMember, 'translate' | 'earlier'>;

/**
 * The facts about a target of Nx that do not follow from the artifacts that it reads and writes (design 10 §6.1). The
 * plugin checks that each `Member` is one of `dms.json`.
 */
export interface TargetFacts<Member extends string = string> {
  readonly description: string;
  /** The group of the target in Nx Console. */
  readonly group: TargetGroup;
  /** The members of `dms.json` that the target reads; undefined for a schema project, which has no such file. */
  readonly members: readonly Member[] | 'all-that-no-other-reads' | undefined;
  /** The target exists only if `dms.json` has this member. */
  readonly addedBy?: AddingMember;
  /** The places that this member names are inputs: files, and folders with all their files. */
  readonly placesOf?: AddingMember;
  /** The target works on the databases of `dms.json`: its result is cached only if none of them is a server. */
  readonly usesDatabases?: true;
  /** The target works on an embedded database, so the engine is an input. */
  readonly usesEngine?: true;
  /** The target has effects outside of the workspace, so it is never cached. */
  readonly isNeverCached?: true;
  /** The target works on one database, which must be named if the set has a fleet. */
  readonly isOnDatabase?: true;
  /** Whether the target has a dry run, which reports the changes without making them. */
  readonly hasDryRun?: true;
  /** The variant of the target for each database of a fleet. */
  readonly fleet?: FleetTarget;
}

/** The target that runs another one for each database of a fleet. */
interface FleetTarget {
  readonly name: `${string}-fleet`;
  readonly description: string;
  /** The beginning of the description of the target for one database. */
  readonly ofDatabase: string;
}
