import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The name of this machine; empty where the system does not tell it. */
function hostName(): string {
  try {
    return hostname();
  } catch {
    return '';
  }
}

/** Which numbers of processes a process sees: in a container its own. Empty where the system has no such thing. */
function numbering(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/**
 * Where the number of a process means this one: the machine and, in a container, its own numbering, so that containers
 * that share a folder do not take each other's processes for ended.
 */
export const machine = (): string =>
  createHash('sha256').update(`${hostName()} ${numbering()}`).digest('hex').slice(0, 8);
