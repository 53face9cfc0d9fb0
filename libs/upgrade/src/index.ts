export { type Adoption, adoptionCounts, adoptionLines, planAdoption } from './adopting/plan-adoption.ts';
export * from './applying/apply-upgrade.ts';
export * from './applying/survey-upgrade.ts';
export { refusals } from './applying/upgrade-objections.ts';
export {
  type ApplyOptions,
  type CountedLoss,
  impossibleItems,
  type RestoreViews,
  type UpgradeProgress,
} from './applying/upgrade-run.ts';
export { countedItems, invalidText, upgradedLines } from './applying/upgraded-lines.ts';
export type { ComparedSet } from './comparing/compared-set.ts';
export {
  durationText,
  type RowCounts,
  roughSeconds,
  type UpgradeEstimate,
  type UpgradeTime,
} from './hazards/estimate.ts';
export type { LockedUpgrade, StartLock } from './hazards/locks-at-start.ts';
export type { StatementEffect, StatementKind, TouchedObject } from './hazards/statement-effect.ts';
export type { HistoryEntry } from './history/history-text.ts';
export { type UpgradeStatus, upgradeStatus } from './history/upgrade-status.ts';
export { impactMarkdown } from './impact/impact-markdown.ts';
export { impactReport, impactText } from './impact/impact-report.ts';
export {
  type ImpactChange,
  type ImpactSide,
  type OwnerImpact,
  type SchemaImpact,
  schemaImpact,
} from './impact/schema-impact.ts';
export type { ChangedObject } from './kinds/change-rules.ts';
export { planUpgrade, type UpgradeOptions } from './plan/plan-upgrade.ts';
export type { OwnObjects } from './plan/planned-objects.ts';
export * from './plan/reported-plan.ts';
export type { MadeName, NameSpace, PlannedObjects } from './plan/upgrade-plan.ts';
export * from './plan/upgrade-plan.ts';
export * from './plan/upgrade-plan.ts';
export { upgradeMarkdown, upgradeReport, upgradeText } from './plan/upgrade-report.ts';
export * from './preparing/preparation.ts';
export * from './preparing/preparation-lines.ts';
export * from './preparing/prepare-scripts.ts';
export * from './preparing/prepare-upgrade.ts';
export type { Retry } from './preparing/retried.ts';
export {
  type UndonePreparation,
  type UndoOptions,
  type UndoProgress,
  undoPreparation,
} from './preparing/undo-preparation.ts';
export { type Rename, type Renaming, renamedDocument, renameOf } from './renaming/renaming.ts';
export type { MildDrift } from './script/mild-drift.ts';
