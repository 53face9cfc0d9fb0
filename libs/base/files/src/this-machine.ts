import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The name of this machine; empty if the system does not tell it. */
function hostName(): string {
  try {
    return hostname();
  } catch {
    return '';
  }
}

/** The namespace of process ids; a container has its own. Empty if the system has no such namespaces. */
function numbering(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/**
 * Identifies the scope of process ids: the machine and, in a container, its namespace. Containers that share a folder
 * would otherwise mistake each other's processes for ended ones.
 */
export const machine = (): string =>
  createHash('sha256').update(`${hostName()} ${numbering()}`).digest('hex').slice(0, 8);
