import { v5 } from 'uuid';

/**
 * UUID version 5 of a name, as the application computes it. The namespace is passed as bytes: the namespace of
 * referential ids has no variant bits, so the package does not accept it as text.
 */
export function uuidOf(namespace: string, name: string): string {
  return v5(name, Buffer.from(namespace.replaceAll('-', ''), 'hex'));
}

/** Namespace of all referential ids (design 07 §9.2). */
export const referentialNamespace = 'edf1edf1-3df1-3df1-3df1-3df1edf1edf1';
