export { adoptionCounts, adoptionLines, planAdoption } from './adopting/plan-adoption.ts';
export { applyUpgrade, type Upgraded, upgradeDatabase } from './applying/apply-upgrade.ts';
export { type SurveyedUpgrade, surveyUpgrade } from './applying/survey-upgrade.ts';
export { planErrors } from './applying/upgrade-findings.ts';
export { type ApplyOptions, impossibleItems, type RestoreViews } from './applying/upgrade-run.ts';
export {
  countedItems,
  invalidText,
  lockedText,
  rejectedText,
  shapesText,
  upgradedReport,
} from './applying/upgraded-report.ts';
export type { ComparedSet } from './comparing/compared-set.ts';
export { durationText, roughSeconds } from './hazards/estimate.ts';
export { roughBytes } from './hazards/plan-size.ts';
export type { HistoryEntry } from './history/history-text.ts';
export { type UpgradeStatus, upgradeStatus } from './history/upgrade-status.ts';
export { impactMarkdown } from './impact/impact-markdown.ts';
export { impactReport, impactText } from './impact/impact-report.ts';
export { type ImpactChange, type SchemaImpact, schemaImpact } from './impact/schema-impact.ts';
export type { ChangedObject } from './kinds/change-rules.ts';
export { planUpgrade, type UpgradeOptions } from './plan/plan-upgrade.ts';
export { type ReportedPlan, reportedPlan } from './plan/reported-plan.ts';
export { preparationSteps, type UpgradePlan } from './plan/upgrade-plan.ts';
export { upgradeMarkdown, upgradeReport, upgradeText } from './plan/upgrade-report.ts';
export { preparationLine, preparedLines, undoneLines } from './preparing/preparation-lines.ts';
export { preparationScripts } from './preparing/prepare-scripts.ts';
export {
  type PreparedUpgrade,
  prepareDatabase,
  prepareUpgrade,
  preparingDefaults,
} from './preparing/prepare-upgrade.ts';
export type { Retry } from './preparing/retried.ts';
export { undoPreparation } from './preparing/undo-preparation.ts';
export { parseRename, type Rename, type Renaming, renamedDocument } from './renaming/renaming.ts';
export {
  type CatalogRepair,
  planRepair,
  type RepairedSet,
  type RepairState,
  repairLines,
  repairValue,
} from './repairing/plan-repair.ts';
export { repairCatalog } from './repairing/repair-catalog.ts';
export { readAndTranslate, type TranslationRejects } from './translating/read-and-translate.ts';
export type { UpgradeTranslation } from './translating/translation-in-place.ts';
export { upgradeTranslation } from './translating/upgrade-translation.ts';
