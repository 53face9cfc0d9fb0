/** A directive of the client: the line ends a batch and is never sent to the server (design 06 §2.3). */
export const batchSeparator = 'GO';
