export * from './applying/apply-upgrade.ts';
export type { RestoreViews } from './applying/reporting-views.ts';
export { type UpgradeStatus, upgradeStatus } from './history/upgrade-status.ts';
