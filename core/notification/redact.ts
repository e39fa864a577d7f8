const credential = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  // A JSON Web Token; a long one may have been cut off before its signature.
  /\beyJ[\w-]{8,}\.[\w.-]*/g,
  /\bx(?:ox[a-z]|app)-[\w-]{10,}/g,
  /\b(?:gh[oprsu]|github_pat)_\w{20,}/g,
  /(?<=\bhooks\.slack(?:-gov)?\.com\/)[\w/-]+/g,
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)[^\s/]+(?=@)/gi,
  /(?<=\b[\w-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|authorization|credential)[\w-]*\\?["']?\s*[:=]\s*)(?:(?:bearer|basic) +)?(?:\\?"[^"]*"?|'[^']*'?|[^\s"',;&]+)/gi,
];

/** Replaces what looks like a credential in a line from outside, such as a log, by `***`. */
export const redact = (line: string): string => credential.reduce((text, pattern) => text.replace(pattern, '***'), line);

const secretOption = /^--?[\w-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|authorization|credential)[\w-]*$/i;

/** The words of a command without what looks like a credential, such as the argument after `--password`. */
export const redactCommand = (command: readonly string[]): string[] =>
  command.map((word, place) => (secretOption.test(command[place - 1] ?? '') ? '***' : redact(word)));
