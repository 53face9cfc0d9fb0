/*
 * Texts that may hold a password where no connection belongs: in a name, a path, an argument. Such a text is refused or
 * left out as a whole; nothing is replaced in it.
 */

/** The scheme of a server, or of a client of one, wherever it stands in a text. */
const serverScheme = /(?<![A-Za-z])(?:postgres(?:ql)?|mssql|sqlserver)(?:\+\w+)?:\/|jdbc:\w+:/i;

/** `scheme://user:password@`, in which the text after the colon is not a port. */
const userInUrl = /:\/+[^\s"'/:]*:(?!\d{1,5}(?:[/?#]|$))[\s\S]*@/;

/** The same in a text that ends before the host. */
const cutUrl = /(?:postgres(?:ql)?|mssql|sqlserver):\/+[^\s"'/:@[\]]+:(?!\d{1,5}(?:\W|$)|port\b)\S/i;

/** A key that names a password, and its value. */
const passwordKey =
  /(?:^|[\s;&?"'{,])-{0,2}(?:\w*(?:password|passwd|passphrase|pwd|psw)|pass)\\?(?:\s*(?:=|%3D)|"\s*:)\s*(?:\\?["'])?(?!\*{3}|…)[^\s;&"'\\]/i;

/** `user:password@host` without a scheme, with a port or a database, or on this machine. */
const userAtHost =
  /^[/\s]*(?:\w+:)?[^\s/@:=;]+:(?=[^\s/\\])[\s\S]+@(?:[^\s@/]+(?:\/|:\d)|localhost$|\d+(?:\.\d+){3}$)/i;

const possible = [userInUrl, cutUrl, passwordKey, userAtHost];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether a text may hold a password, as the whole of it or in a part. */
export const mayHoldPassword = (text: string): boolean =>
  // the names of parameters may be encoded too
  [text, decoded(text)].some((each) => possible.some((form) => form.test(each)));

/** Whether a text is or contains a connection to a server, with a password or not. */
export const holdsConnection = (text: string): boolean => serverScheme.test(text) || mayHoldPassword(text);
