export { diffCatalogs } from './drift/diff-catalogs.ts';
export { differenceCounts, diffText } from './drift/diff-text.ts';
export type * from './drift/difference.ts';
export { affectedRows, type RowCounts, rowsKey } from './hazards/affected-rows.ts';
export { durationText, roughSeconds } from './hazards/duration.ts';
export { estimateUpgrade, type UpgradeEstimate, type UpgradeTime } from './hazards/estimate.ts';
export { hazardsOf } from './hazards/hazard.ts';
export { lockStrength } from './hazards/locks.ts';
export { type StatementEffect, type StatementKind, statementKinds } from './hazards/statement-effect.ts';
export { historyDialects } from './history/history-dialects.ts';
export {
  entryPattern,
  type HistoryEntry,
  historyHeader,
  historyPattern,
  keptEntries,
  parseHistory,
  projectsText,
} from './history/history-text.ts';
export type * from './impact/impact.ts';
export { type ImpactClass, impactClasses } from './impact/impact-class.ts';
export { impactText } from './impact/impact-json.ts';
export { impactMarkdown } from './impact/impact-markdown.ts';
export { impactReport } from './impact/impact-report.ts';
export { productNames } from './impact/impact-words.ts';
export { type CompiledSet, schemaImpact } from './impact/schema-impact.ts';
export { planUpgrade, type UpgradeOptions } from './plan-upgrade.ts';
export * from './planning/upgrade-plan.ts';
export { type Rename, renameOf, renameOption, renameText } from './renaming/rename.ts';
export { renamedDocument } from './renaming/renamed-document.ts';
export type { Renaming } from './renaming/renaming.ts';
export { schemaObjects } from './renaming/schema-objects.ts';
export { upgradeDialects } from './script/upgrade-dialects.ts';
export { itemText } from './script/upgrade-statements.ts';
export { upgradeMarkdown } from './upgrade-markdown.ts';
export { upgradeReport } from './upgrade-report.ts';
export type { UpgradeSet } from './upgrade-set.ts';
export { upgradeText } from './upgrade-text.ts';
