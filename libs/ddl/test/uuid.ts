import { v5 } from 'uuid';

/**
 * UUID version 5 of a name, as the application computes it. The namespace goes in as bytes: that of the referential ids has no
 * variant bits, and the package takes no such text.
 */
export function uuidOf(namespace: string, name: string): string {
  return v5(name, Buffer.from(namespace.replaceAll('-', ''), 'hex'));
}

/** Namespace of all referential ids (design 07 §9.2). */
export const referentialNamespace = 'edf1edf1-3df1-3df1-3df1-3df1edf1edf1';
