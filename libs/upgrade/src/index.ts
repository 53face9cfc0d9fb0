export * from './applying/apply-upgrade.ts';
export type { HistoryEntry } from './history/history-text.ts';
export { type UpgradeStatus, upgradeStatus } from './history/upgrade-status.ts';
export { planUpgrade, type UpgradeOptions } from './plan-upgrade.ts';
export * from './planning/upgrade-plan.ts';
export { itemText } from './script/upgrade-statements.ts';
export { upgradeReport } from './upgrade-report.ts';
export type { UpgradeSet } from './upgrade-set.ts';
export { upgradeText } from './upgrade-text.ts';
