export * from './applying/apply-upgrade.ts';
export type { RestoreViews } from './applying/reporting-views.ts';
export * from './applying/survey-upgrade.ts';
export { unpermittedLosses } from './applying/upgrade-objections.ts';
export { type ApplyOptions, type CountedLoss, impossibleItems, type UpgradeProgress } from './applying/upgrade-run.ts';
export { type UpgradeStatus, upgradeStatus } from './history/upgrade-status.ts';
export * from './preparing/prepare-upgrade.ts';
export type { Retry } from './preparing/retried.ts';
export { type UndonePreparation, type UndoOptions, type UndoProgress, undoPreparation } from './preparing/undo-preparation.ts';
