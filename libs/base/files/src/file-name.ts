import { type DiagnosticLocation, fail } from '@dms/diagnostics';
import { sha256Hex } from '@dms/values';

/** The maximum length of a name without its ending, in bytes of UTF-8: file systems allow 255 bytes. */
const longest = 200;

/** Characters that some file systems do not allow in a name, and the percent sign, which introduces their codes. */
const reserved = /[<>:"|?*%]/g;

/** Names of devices on Windows, with any ending. */
const devices = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$)(?=\s*(?:\.|$))/i;

/** Whether Windows takes a name for that of a device. */
export const isDeviceName = (name: string): boolean => devices.test(name);

/**
 * The name of a file or folder that is named after a text from a schema, a document, a pack or a database: one function
 * for all, because such a text must not lead out of the folder. Characters that a file system reserves are replaced by
 * their codes, and a long text is cut and gets a hash. Throws `INPUT_VALUE_UNSAFE` for a text with a path separator or
 * a control character, and for one that is empty or begins or ends with a blank or a point.
 *
 * @param what the subject of the message: `the resource Ed-Fi:School`
 */
export function fileName(text: string, what: string, where: DiagnosticLocation = {}): string {
  if (text === '' || /[/\\\p{Cc}]|^[\s.]|[\s.]$/u.test(text)) {
    const message = `${what} cannot be part of a file name: ${JSON.stringify(text)}; rename it.`;
    return fail('INPUT_VALUE_UNSAFE', message, where, { text });
  }
  const name = text
    .replace(reserved, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(devices, (device) => `${device}_`);
  if (Buffer.byteLength(name) <= longest) return name;
  // cut before a character, not inside one
  const { read } = new TextEncoder().encodeInto(name, new Uint8Array(longest - 11));
  return `${name.slice(0, read)}_${sha256Hex(text).slice(0, 10)}`;
}
