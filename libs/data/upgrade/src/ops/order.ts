import type { OperationName } from './operation.ts';

/*
 * The order of an upgrade (design 12 §5): its phases, and in each phase the operations. Names on one line are made in
 * the order in which they were planned.
 */

interface Phase {
  /** The title in a script and in messages. */
  readonly title: string;
  readonly ops: readonly (readonly OperationName[])[];
}

export const phases = {
  preflight: { title: 'Preflight', ops: [] },
  checks: { title: 'Check the rows', ops: [['checkRows']] },
  'drop code': { title: 'Drop triggers and views', ops: [['dropTrigger'], ['dropFunction'], ['dropView']] },
  'drop keys': {
    title: 'Drop keys, checks and indexes',
    // objects that no other object needs any more come first
    ops: [['dropForeignKey'], ['dropConstraint'], ['dropIndex']],
  },
  'tables and names': {
    title: 'Drop, rename and create tables',
    ops: [
      ['dropTable', 'emptyTable'],
      ['deleteDocuments'],
      ['settleDocuments'],
      ['deleteTrackedChanges'],
      ['dropLostDefault', 'dropLostColumn'],
      ['createSchema'],
      ['createExtension'],
      ['setConstraintAside', 'setIndexAside', 'setTableAside', 'moveTable'],
      ['renameTable'],
      ['dropSchema'],
      ['renameColumn'],
      ['renameConstraint', 'renameIndex'],
      ['createSequence'],
      ['createTable'],
    ],
  },
  columns: {
    title: 'Change columns',
    ops: [
      ['addColumn'],
      ['moveValues'],
      ['settleValues'],
      // table by table
      [
        'dropMovedColumn',
        'dropDefault',
        'changeType',
        'changeCollation',
        'requireValue',
        'allowNull',
        'setDefault',
        'addGeneratedColumn',
      ],
    ],
  },
  'resource keys': {
    title: 'Change resource keys',
    ops: [
      ['renumberRows'],
      ['deleteResourceKeys'],
      ['changeVersions'],
      ['insertResourceKeys'],
      // once resources have their later numbers
      ['renameDiscriminators'],
    ],
  },
  'add keys': {
    title: 'Add keys, checks and indexes',
    ops: [['settleKeys'], ['addPrimaryKey'], ['addUnique'], ['addCheck'], ['addForeignKey'], ['createIndex']],
  },
  'make code': {
    title: 'Create functions, views and triggers',
    ops: [['createFunction'], ['createView'], ['createTrigger'], ['restoreRights']],
  },
  'derived rows': {
    title: 'Recompute derived rows',
    ops: [
      ['deleteAbstractIdentities'],
      ['insertAbstractIdentities'],
      ['deleteReferentialIds'],
      ['insertReferentialIds'],
      ['closeHierarchy'],
    ],
  },
  // before the fingerprint changes: it names when the earlier set was installed
  history: { title: 'Record the upgrade', ops: [['recordUpgrade']] },
  fingerprint: {
    title: 'Write seeds and fingerprint',
    ops: [['emptyCache'], ['refillCache'], ['deleteFingerprint'], ['writeFingerprint']],
  },
} as const satisfies Record<string, Phase>;

/** A phase of an upgrade; messages and reports call it a step. */
export type UpgradeStep = keyof typeof phases;

const steps = Object.keys(phases) as readonly UpgradeStep[];

/** The number and title of a step in a script and in messages. */
export const stepFacts = (step: UpgradeStep): { readonly number: number; readonly title: string } => ({
  number: steps.indexOf(step),
  title: phases[step].title,
});

/** Where an operation stands: its step, and its rank among all operations. */
export interface Place {
  readonly step: UpgradeStep;
  readonly rank: number;
}

const places: ReadonlyMap<OperationName, Place> = new Map(
  steps
    .flatMap((step) => (phases[step] as Phase).ops.map((names) => ({ step, names })))
    .flatMap(({ step, names }, rank) => names.map((name) => [name, { step, rank }] as const)),
);

/** Where operations of a name stand. */
export function placeOf(name: OperationName): Place {
  const place = places.get(name);
  if (place === undefined) throw new Error(`the order of an upgrade lacks ${name}`);
  return place;
}
