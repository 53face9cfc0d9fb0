/** What a command on databases needs, in a part that other commands do not load. */
export { runOnDatabase } from '@dms/operations';
export { runFleetCommand } from '../fleet-command.ts';
