import type { Command } from 'commander'
import type { Context } from '../context.ts'
import type { Answer } from '../exit.ts'

/** Does a command, prints what it has to say, and remembers how it ended. */
export type Perform = (run: (context: Context) => Promise<Answer>) => Promise<void>

export function withCredentials(command: Command): Command {
  return command
    .option('--email <address>', 'your e-mail address; asked for when absent')
    .option('--password-stdin', 'read the password from standard input; asked for otherwise')
}

/** What opens the root key of this machine where a passphrase seals it. */
export function withPassphrase(command: Command): Command {
  return command.option(
    '--passphrase-stdin',
    'read the passphrase of the root key, if it has one, from standard input; asked for otherwise',
  )
}

export function example(line: string): string {
  return `\nExample:\n  ${line}`
}

/** For an option that may be given again. */
export function gather(value: string, before: readonly string[]): string[] {
  return [...before, value]
}
