import type { Command } from 'commander';
import type { PrinterFor } from '../terminal.ts';
import { addConvert } from './convert.ts';
import { addEmit } from './emit.ts';
import { addHash } from './hash.ts';
import { addImpact } from './impact.ts';

/** All commands in the order in which help lists them. */
const commands = [addEmit, addHash, addConvert, addImpact];

/** Adds all commands to the program. */
export function addCommands(program: Command, printerFor: PrinterFor): void {
  for (const add of commands) add(program, printerFor);
}
