/** The end of the message of an error after which the same transaction should be repeated: its data is valid. */
export const runAgain = 'Run the transaction again.';
