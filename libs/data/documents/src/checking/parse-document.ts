import { counted, DmsError, fail } from '@dms/diagnostics';
import { type JsonValue, parseJson } from '@dms/values';

/** The limits of a document as text. */
export interface TextLimits {
  /** Bytes of UTF-8; 4 MiB by default. */
  readonly textLimit?: number | undefined;
}

export const defaultTextLimit = 4 * 1024 * 1024;

/**
 * Parses the text of a document. Numbers keep their digits; `file` names the text in messages. Throws
 * `DOCUMENT_TOO_LARGE` and the `INPUT_*` codes of JSON.
 */
export function parseDocument(
  text: string,
  file: string,
  { textLimit = defaultTextLimit }: TextLimits = {},
): JsonValue {
  // at most three bytes for each code unit
  const bytes = text.length * 3 <= textLimit ? 0 : Buffer.byteLength(text);
  if (bytes > textLimit) {
    fail(
      'DOCUMENT_TOO_LARGE',
      `${file} is a document of ${counted(bytes, 'byte')}; the limit is ${textLimit}.`,
      { file },
      { bytes, limit: textLimit },
    );
  }
  try {
    return parseJson(text, file);
  } catch (error) {
    if (!(error instanceof DmsError) || error.code !== 'INPUT_JSON_TOO_DEEP') throw error;
    const { where, details, message } = error.diagnostics[0];
    return fail('DOCUMENT_TOO_LARGE', message, where, details);
  }
}
