import { type RightPurpose, rightPurposes } from '@dms/operations';
import { type Command, Option } from 'commander';
import { textArgument } from './arguments.ts';

export interface RightsOptions {
  readonly purpose?: RightPurpose;
  readonly role?: string;
}

/** Adds `--purpose`, with which a command fails where the role lacks rights for it, and `--role`, which names another role. */
export const addRightsOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--purpose <purpose>', 'what the role must be able to do; fails when it lacks a right for that').choices(
        rightPurposes,
      ),
    )
    .addOption(
      new Option('--role <name>', 'the role whose rights are looked at (default: the role of the connection)').argParser(
        textArgument,
      ),
    );
