export * from './applying/apply-upgrade.ts';
export { type UpgradeStatus, upgradeStatus } from './history/upgrade-status.ts';
